"""The city as GeoJSON layers in longitude and latitude, made once and kept compressed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import numpy as np
import rasterio.features
import shapely
from numpy.typing import NDArray

from genrejs.city import structures as built
from genrejs.city.landcover import read_land_cover
from genrejs.city.model import City
from genrejs.hazard.screening.place import affine
from genrejs.impact.damage import damage_categories
from genrejs.web.places import shapes_lonlat

STOREY = 3.0
"""[m] a floor is this high (assumption)."""
USES = ("home", "business", "public", "utility", "other")
"""Groups of uses; a building's `u` is its group's place here."""
USE_OF = MappingProxyType(
    {"home": 0, "summer_house": 0, "business": 1, "business_low": 1, "culture": 2, "public": 2, "utility": 3}
)
"""Group of each damage category; every other is 4."""
SMOOTH = 12.0
"""[m] the sea's outline is drawn no closer: its cells are 10 m (assumption: how it looks)."""

Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Layer:
    """A layer's GeoJSON, compressed, and the tag that changes with it."""

    packed: bytes
    tag: str


def layer(city: City, name: str) -> Layer:
    """Return one of `LAYERS`: each feature carries its row `i`, the whole says whether the city is constructed."""
    shapes, properties = LAYERS[name](city)
    text = collection(shapes_lonlat(shapes, city.grid.crs), properties, bool(city.constructed))
    # No time in the file's head: the same layer is the same bits.
    return Layer(gzip.compress(text.encode(), 7, mtime=0), sha256(text.encode()).hexdigest()[:16])


def collection(shapes: Shapes, properties: Iterable[Mapping[str, Any]], constructed: bool) -> str:
    """Return shapes and their properties as the text of a FeatureCollection."""
    features = [
        f'{{"type":"Feature","properties":{json.dumps(dict(own), ensure_ascii=False, separators=(",", ":"))},'
        f'"geometry":{shape}}}'
        for shape, own in zip(shapely.to_geojson(shapes), properties, strict=True)
    ]
    said = json.dumps(constructed)
    return f'{{"type":"FeatureCollection","constructed":{said},"features":[{",".join(features)}]}}'


Made = tuple[Any, list[dict[str, Any]]]


def _districts(city: City) -> Made:
    rows = city.districts
    people = city.buildings.groupby(city.buildings["district"].astype(str), observed=True)["residents"].sum()
    return rows.geometry.to_numpy(), [
        {"i": k, "id": str(row.id), "name": str(row.name_da), "residents": int(people.get(str(row.id), 0))}
        for k, row in enumerate(rows.itertuples())
    ]


def _buildings(city: City) -> Made:
    use = uses(city)
    height = city.buildings["floors"].to_numpy(np.float64) * STOREY
    return city.buildings.geometry.to_numpy(), [
        {"i": k, "h": round(h), "u": u} for k, (h, u) in enumerate(zip(height.tolist(), use, strict=True))
    ]


def uses(city: City) -> list[int]:
    """Return the place in `USES` of every building's group."""
    return [USE_OF.get(str(name), 4) for name in damage_categories(city.buildings["bbr_code"].to_numpy())]


def _streams(city: City) -> Made:
    return city.streams.geometry.to_numpy(), [
        {"i": k, "name": str(row.name), "width": float(row.width)}
        for k, row in enumerate(city.streams.itertuples(index=False))
    ]


def _sea(city: City) -> Made:
    cover = city.terrain["land_cover"].to_numpy()
    sea = np.asarray(cover == read_land_cover().code("sea"))
    found = rasterio.features.shapes(sea.astype(np.uint8), mask=sea, transform=affine(city.grid))
    shapes = shapely.simplify(np.array([shapely.geometry.shape(each) for each, _ in found], dtype=np.object_), SMOOTH)
    return shapes, [{"i": k} for k in range(len(shapes))]


def _streets(city: City) -> Made:
    if city.streets is None:
        return np.empty(0, np.object_), []
    parts = zip(city.streets.kind, city.streets.name, city.streets.bridge, strict=True)
    return city.streets.lines, [
        {"i": k, "k": str(kind)} | ({"n": str(name)} if name else {}) | ({"b": 1} if bridge else {})
        for k, (kind, name, bridge) in enumerate(parts)
    ]


def _components(city: City) -> Made:
    rows = city.components
    shapes = shapely.points(rows["x"].to_numpy(np.float64), rows["y"].to_numpy(np.float64))
    names = rows[["id", "name_da", "name_en", "service"]].to_dict(orient="records")
    return np.asarray(shapes, dtype=np.object_), [
        {"i": k, **{str(key): value for key, value in row.items()}} for k, row in enumerate(names)
    ]


def _structures(city: City) -> Made:
    kept = [(k, part, shape_of(part)) for k, part in enumerate(city.structures)]
    drawn = [(k, part, shape) for k, part, shape in kept if shape is not None]
    shapes = np.array([shape for _, _, shape in drawn], dtype=np.object_)
    return shapes, [{"i": k, "id": part.id, "kind": type(part).__name__.lower()} for k, part, _ in drawn]


def shape_of(part: built.Structure) -> Any:
    """Return a structure as a line or a point on the map, None for one that lies nowhere on it."""
    if isinstance(part, built.Wall | built.Gate):
        return part.line
    if isinstance(part, built.Pump | built.Weir):
        return part.intake
    return part.area.exterior if isinstance(part, built.Basin) else None


LAYERS: Mapping[str, Callable[[City], Made]] = MappingProxyType(
    {
        "districts": _districts, "buildings": _buildings, "streams": _streams, "sea": _sea, "streets": _streets,
        "components": _components, "structures": _structures,
    }
)  # fmt: skip
"""What makes each layer's shapes, in the city's coordinates, and their properties."""
