"""Tiles of the terrain for a map in three dimensions: terrarium coding, 256 pixels, web mercator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from genrejs.city.grid import Grid
from genrejs.web.pictures import terrarium
from genrejs.web.places import transformer

Floats = NDArray[np.float64]

ZOOMS = (9, 14)
SIZE = 256
MERCATOR = "EPSG:3857"
HALF = 20_037_508.342789244
"""[m] half the side of the web mercator's square (its definition)."""
KNOTS = 17
"""Points along a tile's side that are projected; between them straight lines: 0.3 m off at zoom 9, nothing at 14."""
FADE = 2000.0
"""[m] beyond the city's map in which its edge sinks to 0 (assumption: how it looks)."""
SEA_BED = -1.0
"""[m] the bed of the sea is drawn no deeper, so that the flat sea lies on the ground (assumption: how it looks)."""
STEPS = 32
"""Steps a metre: finer ones would only make the files larger."""
MOST_KEPT = 600
"""Tiles kept in memory, about 30 kB each."""


@dataclass(frozen=True)
class Tiles:
    """The terrain of a grid ``(y, x)`` [m] at halving detail, and the tiles cut from it."""

    grid: Grid
    levels: tuple[Floats, ...]
    cut: Callable[[int, int, int], bytes] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cut", lru_cache(MOST_KEPT)(self._cut))

    def png(self, zoom: int, column: int, row: int) -> bytes | None:
        """Return one tile, None where there is none of that zoom, column and row."""
        if not (ZOOMS[0] <= zoom <= ZOOMS[1] and 0 <= column < 2**zoom and 0 <= row < 2**zoom):
            return None
        return self.cut(zoom, column, row)

    def _cut(self, zoom: int, column: int, row: int) -> bytes:
        return terrarium(self.heights(zoom, column, row), STEPS)

    def heights(self, zoom: int, column: int, row: int) -> Floats:
        """Return the heights ``(y, x)`` [m] at the middle of each pixel."""
        x, y = pixels(zoom, column, row, self.grid.crs)
        west, south, east, north = self.grid.bounds
        beyond = np.hypot(_outside(x, west, east), _outside(y, south, north))
        if beyond.min() >= FADE:
            return np.zeros((SIZE, SIZE))
        level = self._level(float(np.hypot(x[0, 1] - x[0, 0], y[0, 1] - y[0, 0])))
        cell = self.grid.cell * 2**level
        height = bilinear(self.levels[level], (north - y) / cell - 0.5, (x - west) / cell - 0.5)
        share = np.clip(1.0 - beyond / FADE, 0.0, 1.0)
        return np.asarray(height * share * share * (3 - 2 * share), dtype=np.float64)

    def _level(self, pixel: float) -> int:
        """Return the level whose cells are as wide as a pixel [m], or nearly."""
        wanted = np.log2(max(pixel / self.grid.cell, 1.0))
        return min(round(float(wanted)), len(self.levels) - 1)


def tiles_of(grid: Grid, elevation: Floats) -> Tiles:
    """Return the tiles of a terrain ``(y, x)`` [m]; without ground it is 0."""
    known = np.maximum(np.nan_to_num(np.asarray(elevation, dtype=np.float64), nan=0.0), SEA_BED)
    levels = [known]
    while min(levels[-1].shape) >= 32:
        levels.append(_halved(levels[-1]))
    return Tiles(grid, tuple(levels))


def pixels(zoom: int, column: int, row: int, crs: str) -> tuple[Floats, Floats]:
    """Return the places x, y ``(y, x)`` [m] of a tile's pixels in the coordinates of `crs`."""
    side = 2 * HALF / 2**zoom
    knots = np.linspace(0.0, 1.0, KNOTS)
    east, north = np.meshgrid(-HALF + (column + knots) * side, HALF - (row + knots) * side)
    weights = _weights()
    x, y = transformer(MERCATOR, crs).transform(east, north)
    return weights @ x @ weights.T, weights @ y @ weights.T


@lru_cache(1)
def _weights() -> Floats:
    """Return the shares ``(pixel, knot)`` of the two knots beside each pixel's middle."""
    at = (np.arange(SIZE) + 0.5) / SIZE * (KNOTS - 1)
    return np.asarray(np.clip(1.0 - np.abs(at[:, None] - np.arange(KNOTS)), 0.0, 1.0), dtype=np.float64)


def bilinear(field: Floats, row: Floats, column: Floats) -> Floats:
    """Return `field` ``(y, x)`` between its cells at rows and columns, beyond its edge the edge's value."""
    rows, columns = (np.clip(at, 0.0, n - 1.0) for at, n in zip((row, column), field.shape, strict=True))
    top, left = np.floor(rows).astype(np.intp), np.floor(columns).astype(np.intp)
    down, right = np.minimum(top + 1, field.shape[0] - 1), np.minimum(left + 1, field.shape[1] - 1)
    south, east = rows - top, columns - left
    upper = field[top, left] * (1 - east) + field[top, right] * east
    lower = field[down, left] * (1 - east) + field[down, right] * east
    return np.asarray(upper * (1 - south) + lower * south, dtype=np.float64)


def _outside(at: Floats, low: float, high: float) -> Floats:
    return np.asarray(np.maximum(np.maximum(low - at, at - high), 0.0), dtype=np.float64)


def _halved(level: Floats) -> Floats:
    """Return the means of two by two cells; a last odd row or column counts twice."""
    even = np.pad(level, [(0, n % 2) for n in level.shape], mode="edge")
    return np.asarray(even.reshape(even.shape[0] // 2, 2, even.shape[1] // 2, 2).mean(axis=(1, 3)), dtype=np.float64)
