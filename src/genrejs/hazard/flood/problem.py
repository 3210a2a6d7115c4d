"""What the 2D solver is given and what it gives back: plain arrays, ``(y, x)`` with row 0 in the north, SI units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
OPEN = -np.inf
"""Crest of a face without a wall."""


@dataclass(frozen=True)
class Series:
    """A quantity over time, linear between its points and constant outside them: seconds and values, both ``(n,)``."""

    times: Floats
    values: Floats

    def scaled(self, factor: float) -> Series:
        """Return the same series with every value times `factor`."""
        return Series(self.times, self.values * factor)


@dataclass(frozen=True)
class Ground:
    """The ground of a flood: all arrays ``(y, x)``; NaN elevation lies outside and is closed.

    `wall_east[r, c]` is the crest [m] between cells (r, c) and (r, c+1), `wall_south[r, c]` between (r, c) and
    (r+1, c); `OPEN` where there is none. `blocked` cells (buildings) hold and pass no water;
    rain on them runs to nobody's ground and is not counted as input.
    """

    elevation: Floats
    cell: float
    manning: Floats
    infiltration: Floats | None = None
    drain_capacity: Floats | None = None
    blocked: NDArray[np.bool_] | None = None
    wall_east: Floats | None = None
    wall_south: Floats | None = None


@dataclass(frozen=True)
class Inflow:
    """Discharge [m3/s] over time, spread evenly on the cells (rows, columns)."""

    name: str
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    discharge: Series


@dataclass(frozen=True)
class Outfall:
    """Ghost cells (rows, columns) through which water leaves at the normal depth of `slope` [m/m]."""

    name: str
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    slope: float


@dataclass(frozen=True)
class ImposedFlow:
    """Ghost cells (rows, columns) that hold a `depth` [m] and a velocity `east`, `north` [m/s]: a fast inlet."""

    name: str
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    depth: float
    east: float
    north: float


@dataclass(frozen=True)
class Gate:
    """Faces that shut to `crest` while level(outer) > closes_at and level(outer) > level(inner).

    `east_faces`, `south_faces`: ``(n, 2)`` rows and columns as of `Ground.wall_east`, `wall_south`.
    """

    name: str
    east_faces: NDArray[np.int64]
    south_faces: NDArray[np.int64]
    outer: tuple[int, int]
    inner: tuple[int, int]
    closes_at: float
    crest: float


@dataclass(frozen=True)
class Pump:
    """`capacity` [m3/s] from cell `intake` to `outlet`, on above `starts_at` [m], off below `stops_at` [m]."""

    name: str
    intake: tuple[int, int]
    outlet: tuple[int, int]
    capacity: float
    starts_at: float
    stops_at: float


@dataclass(frozen=True)
class Weir:
    """A free or drowned rectangular weir of `width` [m] and `crest` [m] from cell `intake` to `outlet`, no backflow."""

    name: str
    intake: tuple[int, int]
    outlet: tuple[int, int]
    crest: float
    width: float


@dataclass(frozen=True)
class Forcing:
    """What drives the water: `level_cells` ``(y, x)`` hold the imposed `level` [m]; `rain` [m/s] falls everywhere."""

    level: Series | None = None
    level_cells: NDArray[np.bool_] | None = None
    rain: Series | None = None
    inflows: tuple[Inflow, ...] = ()
    outfalls: tuple[Outfall, ...] = ()
    flows: tuple[ImposedFlow, ...] = ()


@dataclass(frozen=True)
class Works:
    """Operated structures on cells."""

    gates: tuple[Gate, ...] = ()
    pumps: tuple[Pump, ...] = ()
    weirs: tuple[Weir, ...] = ()


@dataclass(frozen=True)
class Flood:
    """The result: maxima over the run ``(y, x)``, NaN where never wet (0 for depth), and the water account.

    `balance` holds m3: rain, sea_in, sea_out, inflow, infiltration, drain, stored_start, stored_end, moved, error;
    `pumped` m3 by pump, `weir` m3 by weir; `gauges` level and `gauge_depths` [m]
    ``(gauge, time)`` at `gauge_times` [s];
    `slices` depth ``(time, y, x)`` when asked for, else None; `final_depth` ``(y, x)``.
    """

    max_depth: Floats
    max_level: Floats
    max_speed: Floats
    arrival: Floats
    final_depth: Floats
    balance: Mapping[str, float]
    steps: int
    cell_updates: int
    active_cell_updates: int
    wall_seconds: float
    gauges: Floats | None = None
    gauge_depths: Floats | None = None
    gauge_times: Floats | None = None
    pumped: Mapping[str, float] = field(default_factory=dict)
    weir: Mapping[str, float] = field(default_factory=dict)
    slices: Floats | None = None
    slice_times: Floats | None = None
    max_froude: float = 0.0
