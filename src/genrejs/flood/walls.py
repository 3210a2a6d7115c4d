"""Walls and levees thinner than a cell: lines burned onto the faces between cells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np

from genrejs.city.raster import read_vector
from genrejs.errors import InputError
from genrejs.flood.surface import Surface
from genrejs.hazard.faces import Faces, line_faces
from genrejs.hazard.flood.problem import OPEN, Floats

LINES = {"LineString", "MultiLineString"}
COLUMNS = ("crest", "height")


def burn_walls(given: gpd.GeoDataFrame | Path | str, surface: Surface) -> tuple[Floats, Floats]:
    """Return the crests [m] on the east and south faces ``(y, x)`` of lines with a `crest` or a `height` [m].

    A `height` stands on the higher of the two cells beside each face; where lines meet, the higher crest counts.

    Raises
    ------
    InputError
        The layer has no CRS, other shapes than lines, no such column or number, or nothing on the terrain.
    """
    what, layer = _layer(given, surface)
    column = next((name for name in COLUMNS if name in layer.columns), None)
    if column is None:
        raise InputError(f"{what} need a column crest [m above zero] or height [m above the ground].")
    crests = np.full(surface.grid.shape, OPEN), np.full(surface.grid.shape, OPEN)
    found = 0
    for place, (line, value) in enumerate(zip(layer.geometry, layer[column], strict=True), start=1):
        top = _number(what, place, column, value)
        for part in getattr(line, "geoms", [line]):
            for axis, faces in enumerate(line_faces(part, surface.grid)):
                _raise(crests[axis], faces, top + (_ground(surface, faces, axis) if column == "height" else 0.0))
                found += len(faces)
    if not found:
        raise InputError(f"{what} lie outside the terrain {surface.grid.bounds} ({surface.grid.crs}).")
    return crests


def _layer(given: Any, surface: Surface) -> tuple[str, gpd.GeoDataFrame]:
    """Return the name and the lines of a layer in the terrain's CRS."""
    if isinstance(given, (str, Path)):
        what, layer = f"The walls in {given}", read_vector(given, surface.grid.crs)
    elif isinstance(given, gpd.GeoDataFrame):
        if given.crs is None:
            raise InputError("The walls have no coordinate reference system; set one, e.g. EPSG:25832.")
        what, layer = "The walls", given.to_crs(surface.grid.crs)
    else:
        raise InputError(f"Walls must be a GeoDataFrame or the path of a layer; got {type(given).__name__}.")
    layer = layer[~(layer.geometry.isna() | layer.geometry.is_empty)]
    if layer.empty or not layer.geometry.geom_type.isin(LINES).all():
        raise InputError(f"{what} must be lines; there are other shapes or none.")
    return what, layer


def _number(what: str, place: int, column: str, value: Any) -> float:
    """Return a crest or height; raise InputError with its line."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if not np.isfinite(number):
        raise InputError(f"{what}, line {place}: {column} must be a number of metres; got {value!r}.")
    if column == "height" and number < 0:
        raise InputError(f"{what}, line {place}: height must be 0 m or more above the ground; got {number:g}.")
    return number


def _ground(surface: Surface, faces: Faces, axis: int) -> Floats:
    """Return the higher ground [m] beside each face."""
    rows, columns = faces.T
    here = surface.elevation[rows, columns]
    there = surface.elevation[rows + (axis == 1), columns + (axis == 0)]
    return np.asarray(np.fmax(here, there))


def _raise(crests: Floats, faces: Faces, tops: Floats | float) -> None:
    """Raise the crest of faces where it is lower."""
    rows, columns = faces.T
    crests[rows, columns] = np.fmax(crests[rows, columns], tops)
