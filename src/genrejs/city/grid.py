"""The raster grid that every field of a city lies on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genrejs.errors import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Grid:
    """A north-up grid of square cells: arrays on it are ``(y, x)`` with row 0 in the north, as in a GeoTIFF."""

    west: float
    north: float
    cell: float
    rows: int
    columns: int
    crs: str = "EPSG:25832"

    def __post_init__(self) -> None:
        if self.cell <= 0 or self.rows < 1 or self.columns < 1:
            raise InputError(
                f"A grid needs a positive cell size and at least one cell; got {self.cell} m, "
                f"{self.rows} rows, {self.columns} columns."
            )

    @classmethod
    def covering(cls, bounds: tuple[float, float, float, float], cell: float, crs: str = "EPSG:25832") -> Grid:
        """Return the grid of `cell` metres over ``(west, south, east, north)``, rounded up to whole cells."""
        west, south, east, north = bounds
        if cell <= 0:
            raise InputError(f"The cell size must be above 0 m; got {cell}.")
        return cls(west, north, cell, int(np.ceil((north - south) / cell)), int(np.ceil((east - west) / cell)), crs)

    @property
    def shape(self) -> tuple[int, int]:
        """``(rows, columns)``."""
        return self.rows, self.columns

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """``(west, south, east, north)`` [m]."""
        return self.west, self.north - self.rows * self.cell, self.west + self.columns * self.cell, self.north

    @property
    def x(self) -> Floats:
        """Eastings of the cell centres, west to east, ``(x,)`` [m]."""
        return np.asarray(self.west + (np.arange(self.columns) + 0.5) * self.cell, dtype=np.float64)

    @property
    def y(self) -> Floats:
        """Northings of the cell centres, north to south, ``(y,)`` [m]."""
        return np.asarray(self.north - (np.arange(self.rows) + 0.5) * self.cell, dtype=np.float64)

    def index(self, x: float, y: float) -> tuple[int, int]:
        """Return ``(row, column)`` of the cell that holds the point; raise InputError outside the grid."""
        row, column = int(np.floor((self.north - y) / self.cell)), int(np.floor((x - self.west) / self.cell))
        if not (0 <= row < self.rows and 0 <= column < self.columns):
            raise InputError(f"The point ({x:.0f}, {y:.0f}) lies outside the grid {self.bounds} ({self.crs}).")
        return row, column

    def nearest(self, x: ArrayLike, y: ArrayLike) -> tuple[Integers, Integers]:
        """Return the rows of `y` and the columns of `x` [m], as many as given; outside the grid those of its edge."""
        rows = np.floor((self.north - np.asarray(y, dtype=np.float64)) / self.cell).astype(np.int64)
        columns = np.floor((np.asarray(x, dtype=np.float64) - self.west) / self.cell).astype(np.int64)
        return rows.clip(0, self.rows - 1), columns.clip(0, self.columns - 1)

    def window(self, bounds: tuple[float, float, float, float]) -> tuple[Grid, tuple[slice, slice]]:
        """Return the sub-grid of whole cells over `bounds` and the ``(y, x)`` slices that cut it out."""
        west, south, east, north = bounds
        top, left = round((self.north - north) / self.cell), round((west - self.west) / self.cell)
        bottom, right = round((self.north - south) / self.cell), round((east - self.west) / self.cell)
        if not (0 <= top < bottom <= self.rows and 0 <= left < right <= self.columns):
            raise InputError(f"The window {bounds} does not lie inside the grid {self.bounds} ({self.crs}).")
        sub = Grid(
            self.west + left * self.cell, self.north - top * self.cell, self.cell, bottom - top, right - left, self.crs
        )
        return sub, (slice(top, bottom), slice(left, right))
