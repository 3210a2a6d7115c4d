"""The ground to be screened, from a GeoTIFF or an embedded city: its walls, its gates open or shut, its sea."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio.features
import shapely
from numpy.typing import NDArray
from rasterio.transform import Affine

from genrejs.city import structures as built
from genrejs.city.embedded import load_city
from genrejs.city.grid import Floats, Grid
from genrejs.city.model import City
from genrejs.city.raster import read_raster, read_vector
from genrejs.errors import InputError
from genrejs.hazard.faces import line_faces
from genrejs.hazard.flood.problem import OPEN

Flags = NDArray[np.bool_]
Walls = tuple[Floats, Floats] | tuple[None, None]
EDGES: dict[str, Any] = {"n": np.s_[0, :], "s": np.s_[-1, :], "w": np.s_[:, 0], "e": np.s_[:, -1]}
"""Which cells ``(y, x)`` are each edge of the map."""


@dataclass(frozen=True)
class Place:
    """Ground ``(y, x)`` [m] on a grid; wall crests ``(y, x)`` [m] with gates `open` and `shut`; `sea` cells or None."""

    name: str
    elevation: Floats
    grid: Grid
    sea: Flags | None
    open: Walls = (None, None)
    shut: Walls = (None, None)
    constructed: bool = False


def read_place(terrain: str, sea: Path | None, open_edges: str | None, cache: Path | None) -> Place:
    """Return the ground of a raster or of the embedded city of that name; `sea` polygons or edges say where the sea is.

    Raises
    ------
    InputError
        The terrain is neither a raster nor an embedded city, or the sea does not fit it.
    """
    path = Path(terrain)
    if path.exists() or path.suffix.lower() in {".tif", ".tiff"}:
        elevation, grid = read_raster(path)
        return Place(path.name, elevation, grid, _sea(sea, open_edges, grid))
    city = load_city(terrain, cache=cache)
    given = _sea(sea, open_edges, city.grid)
    return Place(
        city.name, np.array(city.terrain["elevation"].to_numpy(), dtype=np.float64), city.grid,
        _open_sea(city) if given is None else given, city_walls(city, gates_shut=False),
        city_walls(city, gates_shut=True), city.constructed,
    )  # fmt: skip


def city_walls(city: City, *, gates_shut: bool) -> tuple[Floats, Floats]:
    """Return the crests ``(y, x)`` [m] of a city's walls towards east and south, with its gates shut or open.

    The higher crest stands where two meet; a gate that does not work stays open.
    """
    crests = np.full((2, *city.grid.shape), OPEN)
    for part in city.structures:
        if isinstance(part, built.Wall) or (gates_shut and isinstance(part, built.Gate) and part.works):
            for side, faces in zip(crests, line_faces(part.line, city.grid), strict=True):
                side[faces[:, 0], faces[:, 1]] = np.maximum(side[faces[:, 0], faces[:, 1]], part.crest)
    return crests[0], crests[1]


def _open_sea(city: City) -> Flags | None:
    if city.open_sea is None:
        return None
    x, y = np.meshgrid(city.grid.x, city.grid.y)
    return np.asarray(shapely.contains_xy(city.open_sea, x, y))


def _sea(sea: Path | None, open_edges: str | None, grid: Grid) -> Flags | None:
    """Return the sea cells ``(y, x)`` of polygons or edges, None when neither is given."""
    if sea is not None and open_edges is not None:
        raise InputError("Give the sea once: --sea FILE or --open-edges, not both.")
    if open_edges is not None:
        return _edges(open_edges, grid)
    return None if sea is None else _polygons(sea, grid)


def _edges(text: str, grid: Grid) -> Flags:
    cells = np.zeros(grid.shape, bool)
    for name in text.split(","):
        if name.strip().lower() not in EDGES:
            raise InputError(f"--open-edges takes n, e, s, w separated by commas; got {name.strip()!r} in {text!r}.")
        cells[EDGES[name.strip().lower()]] = True
    return cells


def _polygons(path: Path, grid: Grid) -> Flags:
    layer = read_vector(path, grid.crs)
    shapes = [shape for shape in layer.geometry if shape is not None and not shape.is_empty]
    if not all(shape.geom_type in {"Polygon", "MultiPolygon"} for shape in shapes):
        raise InputError(f"The sea {path} must be polygons; it holds other shapes too.")
    burnt = rasterio.features.rasterize(shapes, out_shape=grid.shape, transform=affine(grid), dtype="uint8")
    if not burnt.any():
        raise InputError(f"The sea {path} covers no cell of the terrain {grid.bounds} ({grid.crs}).")
    return np.asarray(burnt > 0)


def affine(grid: Grid) -> Affine:
    """Return the grid's place as rasterio wants it."""
    return Affine(grid.cell, 0.0, grid.west, 0.0, -grid.cell, grid.north)
