"""What the 2D solver is given and what it gives back: plain arrays, ``(y, x)`` with row 0 in the north, SI units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from genrejs.hazard.flood.series import Floats, Series
from genrejs.hazard.flood.soil import Soil
from genrejs.hazard.flood.structures import Bridge, Culvert, Drain, Gate, Pump, Rating, Weir, Works

__all__ = [
    "LEAST_POROSITY",
    "NARROWEST",
    "OPEN",
    "Bridge",
    "Culvert",
    "Drain",
    "Floats",
    "Flood",
    "Forcing",
    "Gate",
    "Ground",
    "ImposedFlow",
    "Inflow",
    "Outfall",
    "Pump",
    "Rating",
    "Series",
    "Soil",
    "Weir",
    "Works",
]
OPEN = -np.inf
"""Crest of a face without a wall."""
LEAST_POROSITY = 0.05
"""Cells that are less open than this are blocked."""
NARROWEST = 0.01
"""Faces that are less open than this are closed."""


@dataclass(frozen=True)
class Ground:
    """The ground of a flood: all arrays ``(y, x)``; NaN elevation lies outside and is closed.

    `wall_east[r, c]` is the crest [m] between cells (r, c) and (r, c+1), `wall_south[r, c]` between (r, c) and
    (r+1, c); `OPEN` where there is none. `blocked` cells (buildings) hold and pass no water;
    rain on them runs to nobody's ground and is not counted as input. `infiltration` and `drain_capacity` are constant
    rates [m/s]; `soil` gives the infiltration by class instead. `porosity` is the share of each cell that is open to
    water, `LEAST_POROSITY` to 1, the rest being built; `open_east[r, c]` and `open_south[r, c]` the narrowest open
    share of the way from a cell to its neighbour (None: the smaller porosity of the two, the most that counts).
    """

    elevation: Floats
    cell: float
    manning: Floats
    infiltration: Floats | None = None
    drain_capacity: Floats | None = None
    blocked: NDArray[np.bool_] | None = None
    wall_east: Floats | None = None
    wall_south: Floats | None = None
    soil: Soil | None = None
    porosity: Floats | None = None
    open_east: Floats | None = None
    open_south: Floats | None = None


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
class Forcing:
    """What drives the water: `level_cells` ``(y, x)`` hold the imposed `level` [m]; `rain` [m/s] falls everywhere.

    `zone_rain` falls besides, each series on the cells whose `rain_zones` ``(y, x)`` hold its number; both are
    multiplied by `rain_factor` ``(y, x)``.
    """

    level: Series | None = None
    level_cells: NDArray[np.bool_] | None = None
    rain: Series | None = None
    inflows: tuple[Inflow, ...] = ()
    outfalls: tuple[Outfall, ...] = ()
    flows: tuple[ImposedFlow, ...] = ()
    rain_zones: NDArray[np.integer] | None = None
    zone_rain: tuple[Series, ...] = ()
    rain_factor: Floats | None = None
    ratings: tuple[Rating, ...] = ()


@dataclass(frozen=True)
class Flood:
    """The result: maxima over the run ``(y, x)``, NaN where never wet (0 for depth), and the water account.

    `balance` holds m3: rain, sea_in, sea_out, inflow, infiltration, drain (out of the model), rating, pipes (drained,
    on the way to an outlet at the end), stored_start, stored_end, moved, error; and, moved within the model or through
    its sea, drain_moved, pump, weir and culvert. `pumped`, `weir`, `culvert`, `drained`, `rating` m3 by name, backward
    negative; `gauges` level and `gauge_depths` [m] ``(gauge, time)`` at `gauge_times` [s]; `slices` depth
    ``(time, y, x)`` when asked for, else None; `final_depth` ``(y, x)``. When asked for: `duration_above` [s]
    ``(threshold, y, x)``, `max_depth_speed` [m2/s] and `recession`, the last moment [s] with water, ``(y, x)``.
    """

    max_depth: Floats
    max_level: Floats
    max_speed: Floats
    arrival: Floats
    final_depth: Floats
    velocity_east: Floats
    velocity_north: Floats
    balance: Mapping[str, float]
    steps: int
    cell_updates: int
    active_cell_updates: int
    wall_seconds: float
    gauges: Floats | None = None
    gauge_depths: Floats | None = None
    gauge_velocities: Floats | None = None
    gauge_times: Floats | None = None
    pumped: Mapping[str, float] = field(default_factory=dict)
    weir: Mapping[str, float] = field(default_factory=dict)
    slices: Floats | None = None
    slice_times: Floats | None = None
    max_froude: float = 0.0
    engine: str = "cpu"
    culvert: Mapping[str, float] = field(default_factory=dict)
    drained: Mapping[str, float] = field(default_factory=dict)
    rating: Mapping[str, float] = field(default_factory=dict)
    duration_above: Floats | None = None
    max_depth_speed: Floats | None = None
    recession: Floats | None = None
