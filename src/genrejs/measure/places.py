"""Where the physical measures of an embedded city stand: lines, points and areas from its `measures.geojson`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from genrejs.city.model import City
from genrejs.city.structures import Structure
from genrejs.city.works import embedded_structures, read_structures
from genrejs.errors import InputError

OUTBUILDINGS = 900
"""BBR use codes from here on are garages, sheds and other outbuildings (bbr.dk): no doors, no roof to plant."""


def _features(city: City, measure: str, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the features of a measure that are of one of `kinds`; raise InputError where none lies inside the city."""
    package = city.name.casefold()
    try:
        text = resources.files(f"genrejs.cities.{package}").joinpath("measures.geojson").read_text(encoding="utf-8")
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise InputError(
            f"The measure '{measure}' needs lines or areas on the map, and {city.name} has no measures.geojson."
        ) from error
    found = [
        feature
        for feature in json.loads(text)["features"]
        if feature["properties"]["measure"] == measure and feature["properties"]["kind"] in kinds
    ]
    inside = shapely.box(*city.grid.bounds)
    if not any(shape(feature["geometry"]).intersects(inside) for feature in found):
        raise InputError(
            f"The measure '{measure}' lies outside the grid {city.grid.bounds} of {city.name}; "
            "add its lines or areas to measures.geojson."
        )
    return found


def planned(city: City, measure: str, values: Mapping[str, Mapping[str, Any]]) -> tuple[Structure, ...]:
    """Return the structures that a measure adds, their places from the map and their `values` by kind."""
    features = []
    for feature in _features(city, measure, tuple(values)):
        properties = {key: value for key, value in feature["properties"].items() if key != "measure"}
        features.append({**feature, "properties": properties | dict(values[properties["kind"]])})
    return read_structures({"features": features}, f"measures.geojson of {city.name}, measure '{measure}'")


def shapes(city: City, measure: str, kind: str) -> tuple[tuple[str, BaseGeometry], ...]:
    """Return the ``(id, geometry)`` pairs of a measure's places or areas."""
    return tuple((f["properties"]["id"], shape(f["geometry"])) for f in _features(city, measure, (kind,)))


def cells_inside(city: City, measure: str) -> NDArray[np.bool_]:
    """Return which cells of the city's grid have their centre inside the measure's areas, ``(y, x)``."""
    area = shapely.union_all([geometry for _, geometry in shapes(city, measure, "area")])
    x, y = np.meshgrid(city.grid.x, city.grid.y)
    return np.asarray(shapely.contains_xy(area, x, y), dtype=np.bool_)


def covered(city: City, roofs: Iterable[BaseGeometry]) -> NDArray[np.float64]:
    """Return the share 0..1 of each cell of the city's grid that the `roofs` cover, ``(y, x)``."""
    grid, half = city.grid, city.grid.cell / 2
    share = np.zeros(grid.shape)
    for roof in roofs:
        west, south, east, north = roof.bounds
        rows = np.flatnonzero((grid.y > south - half) & (grid.y < north + half))
        columns = np.flatnonzero((grid.x > west - half) & (grid.x < east + half))
        x, y = np.meshgrid(grid.x[columns], grid.y[rows])
        cells = shapely.box(x - half, y - half, x + half, y + half)
        share[np.ix_(rows, columns)] += shapely.area(shapely.intersection(cells, roof)) / grid.cell**2
    return np.minimum(share, 1.0)


def ground_at_buildings(city: City) -> NDArray[np.float64]:
    """Return the ground [m DVR90] under the middle of each building, ``(building,)``."""
    at = shapely.centroid(np.asarray(city.buildings.geometry.array))
    rows, columns = city.grid.nearest(shapely.get_x(at), shapely.get_y(at))
    return np.asarray(city.terrain["elevation"].to_numpy()[rows, columns], dtype=np.float64)


def soak(city: City, extra: NDArray[np.float64]) -> City:
    """Return the city whose ground takes `extra` ``(y, x)`` [m/s] more water; the given city stays as it was."""
    infiltration = city.terrain["infiltration"]
    return city.change(
        terrain=city.terrain.assign(infiltration=infiltration.copy(data=infiltration.to_numpy() + extra))
    )


def standing(city: City, prefix: str) -> tuple[Structure, ...]:
    """Return the structures whose id starts with `prefix`: those of the city, else those the embedded city has today.

    Raises InputError when neither has any.
    """
    found = tuple(part for part in city.structures if part.id.startswith(prefix))
    if found:
        return found
    try:
        built = embedded_structures(city.name.casefold())
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise InputError(
            f"{city.name} has no structures whose id starts with '{prefix}', and none to take over."
        ) from error
    return tuple(part for part in built if part.id.startswith(prefix))


def put(city: City, prefix: str, parts: tuple[Structure, ...]) -> City:
    """Return the city with `parts` in place of its structures whose id starts with `prefix`, the others untouched."""
    ids = {part.id for part in city.structures if part.id.startswith(prefix)}
    if ids == {part.id for part in parts}:
        by_id = {part.id: part for part in parts}
        return city.change(structures=tuple(by_id.get(part.id, part) for part in city.structures))
    others = tuple(part for part in city.structures if part.id not in ids)
    return city.change(structures=others + parts)
