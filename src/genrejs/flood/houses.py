"""Buildings on the cells of a flood: cells that are built, or the shares of cells and faces that are not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import rasterio.features
import shapely
from numpy.typing import NDArray
from rasterio.transform import Affine

from genrejs.city.grid import Floats, Grid
from genrejs.city.raster import read_vector
from genrejs.errors import InputError

FINE = 8
"""Parts along a side into which a cell is cut to see how much of it is built."""
BAND = 256
"""Rows of cells that are cut at a time."""


def built_cells(buildings: gpd.GeoDataFrame | Path | str, grid: Grid) -> NDArray[np.bool_]:
    """Return the cells ``(y, x)`` whose centre lies in a building.

    Raises
    ------
    InputError
        The buildings are no polygons or have no CRS.
    """
    return _burn(_polygons(buildings, grid), grid.west, grid.north, grid.cell, grid.shape)


def open_shares(buildings: gpd.GeoDataFrame | Path | str, grid: Grid) -> tuple[Floats, Floats, Floats]:
    """Return the share of each cell that is not built, and the narrowest open share of the way to its east and south.

    All ``(y, x)``, 0..1, from `FINE` x `FINE` points a cell. The way from a cell to the next is cut into as many lines
    across it; the narrowest one counts (after the conveyance reduction of `chen2012`).

    Raises
    ------
    InputError
        The buildings are no polygons or have no CRS.
    """
    shapes = _polygons(buildings, grid)
    tree = shapely.STRtree(shapes)
    cells, east, south = (np.ones(grid.shape) for _ in range(3))
    for first, last in _bands(grid.rows):
        below = min(last + 1, grid.rows)
        north = grid.north - first * grid.cell
        box = shapely.box(
            grid.west, grid.north - below * grid.cell, grid.west + grid.columns * grid.cell, north
        )  # fmt: skip
        near = [shapes[k] for k in np.sort(tree.query(box))]
        if not near:
            continue
        shape = ((below - first) * FINE, grid.columns * FINE)
        free = ~_burn(near, grid.west, north, grid.cell / FINE, shape)
        shares = _cell_shares(free)
        cells[first:last] = shares[0][: last - first]
        east[first:last, :-1] = shares[1][: last - first]
        south[first : below - 1] = shares[2]
    return cells, east, south


def _bands(rows: int) -> Iterator[tuple[int, int]]:
    """Yield the first row of each band and the one after its last."""
    for first in range(0, rows, BAND):
        yield first, min(first + BAND, rows)


def _cell_shares(free: NDArray[np.bool_], fine: int = FINE) -> tuple[Floats, Floats, Floats]:
    """Return the open share of cells of `fine` x `fine` points, and the narrowest of their ways east and south."""
    rows, columns = free.shape[0] // fine, free.shape[1] // fine
    half = fine // 2
    across_east = free.reshape(rows, fine, columns * fine).mean(axis=1)
    across_south = free.reshape(rows * fine, columns, fine).mean(axis=2)
    east = across_east[:, half : columns * fine - half].reshape(rows, columns - 1, fine).min(axis=2)
    south = across_south[half : rows * fine - half].reshape(rows - 1, fine, columns).min(axis=1)
    return across_east.reshape(rows, columns, fine).mean(axis=2), east, south


def _polygons(buildings: gpd.GeoDataFrame | Path | str, grid: Grid) -> list[Any]:
    """Return the polygons of the buildings in the CRS of the grid."""
    if isinstance(buildings, (str, Path)):
        what, layer = str(buildings), read_vector(buildings, grid.crs)
    elif isinstance(buildings, gpd.GeoDataFrame):
        if buildings.crs is None:
            raise InputError("The buildings have no coordinate reference system; set one, e.g. EPSG:25832.")
        what, layer = "given", buildings.to_crs(grid.crs)
    else:
        raise InputError(f"Buildings must be a GeoDataFrame or the path of a layer; got {type(buildings).__name__}.")
    shapes = [shape for shape in layer.geometry if shape is not None and not shape.is_empty]
    if not all(shape.geom_type in {"Polygon", "MultiPolygon"} for shape in shapes):
        raise InputError(f"The buildings {what} must be polygons; there are other shapes among them.")
    return shapes


def _burn(shapes: list[Any], west: float, north: float, cell: float, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Return the cells whose centre lies in a shape, from the north-west corner on."""
    if not shapes:
        return np.zeros(shape, bool)
    place = Affine(cell, 0.0, west, 0.0, -cell, north)
    burnt = rasterio.features.rasterize(shapes, out_shape=shape, transform=place, dtype="uint8")
    return np.asarray(burnt > 0)
