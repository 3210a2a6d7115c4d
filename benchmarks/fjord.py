"""The synthetic fjord valley: terrain by formula, its sea, its surge and its rain, for timing the flood engine.

The floor is 1 m above the sea at the quay (x = 4,800 m) and rises inland; valley sides of 15 % up to 60 m; a fjord
of 4 m depth east of the quay; a river 20 m wide; blocks of houses (+8 m) between. Row 0 is the north.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

LENGTH, BREADTH = 6400.0, 4000.0
QUAY = 4800.0


def _smooth(s):
    s = np.clip(s, 0.0, 1.0)
    return s * s * (3.0 - 2.0 * s)


def terrain(cell: float):
    """Return elevation [m] ``(y, x)`` and where the houses stand."""
    rows, columns = round(BREADTH / cell), round(LENGTH / cell)
    x, y = np.meshgrid((np.arange(columns) + 0.5) * cell, BREADTH - (np.arange(rows) + 0.5) * cell)
    off_axis = np.abs(y - 2000.0 - 150.0 * np.sin(2.0 * np.pi * x / 3200.0))
    half_width = 150.0 + 750.0 * _smooth((x - 1500.0) / 3000.0)
    floor = 1.0 + 0.0005 * np.maximum(0.0, QUAY - x) + 0.002 * np.maximum(0.0, 2800.0 - x)
    bed = np.where(x > QUAY, 1.2 - 5.2 * _smooth((x - QUAY) / 60.0), floor)
    z = np.minimum(bed + 0.15 * np.maximum(0.0, off_axis - half_width), 60.0)
    z += 0.05 * np.sin(2.0 * np.pi * x / 57.0) * np.cos(2.0 * np.pi * y / 71.0)
    in_town = (x > 3200.0) & (x < 4700.0) & (off_axis < half_width - 60.0) & (off_axis > 40.0)
    houses = in_town & (np.mod(x - 3200.0, 65.0) < 40.0) & (np.mod(y, 50.0) < 25.0)
    z = np.where(houses, z + 8.0, z)
    river = (x < QUAY) & (off_axis < max(10.0, 0.75 * cell))
    return np.where(river, np.minimum(z, floor - 2.0), z), houses


def sea(z, level: float = 0.0):
    """Return the cells below `level` that are connected to the east edge."""
    part, _ = ndimage.label(z < level)
    return np.isin(part, np.setdiff1d(part[:, -1], [0]))


def surge(times, duration: float, height: float = 2.0):
    """Return the level [m] of a surge of `height` that begins and ends at 0."""
    return height * np.sin(np.pi * np.clip(times, 0.0, duration) / duration) ** 2
