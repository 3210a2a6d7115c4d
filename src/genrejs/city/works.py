"""Read water structures from GeoJSON: one feature each, its `kind` says which and its properties fill the fields."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from importlib import resources
from typing import Any

from shapely import Point
from shapely.geometry import shape

from genrejs.city.structures import Basin, Gate, Pump, Storage, Structure, Wall, Weir
from genrejs.errors import InputError

KINDS: Mapping[str, type] = {
    "wall": Wall, "gate": Gate, "pump": Pump, "weir": Weir, "storage": Storage, "basin": Basin,
}  # fmt: skip
POINTS = ("outer", "inner", "intake", "outlet")


def embedded_structures(name: str = "vejle") -> tuple[Structure, ...]:
    """Return the water structures of an embedded city as it stands today."""
    text = resources.files(f"genrejs.cities.{name}").joinpath("structures.geojson").read_text(encoding="utf-8")
    return read_structures(json.loads(text), f"cities/{name}/structures.geojson")


def read_structures(collection: Mapping[str, Any], place: str) -> tuple[Structure, ...]:
    """Return the structures of a GeoJSON collection in the city's CRS; InputError names `place` for wrong fields."""
    return tuple(_structure(feature, place) for feature in collection["features"])


def _structure(feature: Mapping[str, Any], place: str) -> Structure:
    properties = dict(feature["properties"])
    kind = properties.pop("kind", None)
    if kind not in KINDS:
        raise InputError(f"{place}: a structure of kind {kind!r}; accepted are {', '.join(KINDS)}.")
    values = {key: Point(value) if key in POINTS else value for key, value in properties.items()}
    names = {field.name for field in fields(KINDS[kind])}
    for key in ("line", "area"):
        if key in names:
            values[key] = shape(feature["geometry"])
    try:
        structure: Structure = KINDS[kind](**values)
    except TypeError as error:
        raise InputError(f"{place}: the {kind} {properties.get('id')!r} does not fit: {error}.") from error
    return structure
