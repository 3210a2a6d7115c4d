"""The flat, padded arrays that the kernels work on: one tuple of arrays per kind of thing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genrejs.hazard.flood.problem import Floats

Ints = NDArray[np.int64]
TILE_ROWS = 16
TILE_COLUMNS = 32
REACH = 4
"""Steps between two looks at which tiles are wet; water moves at most one cell a step, so this many cells of margin."""
CLOSED = 1e30
"""[m] bed of a face that lets nothing through; finite, so that no kernel meets infinity minus infinity."""
RAIN, SEA_IN, SEA_OUT, INFLOW, INFILTRATION, DRAIN = range(6)
"""Places in the water account [m3]."""


class Fields(NamedTuple):
    """Cells ``(n,)`` and faces ``(n,)``, face k lying east or south of cell k; discharges twice: old and new.

    `lost`, `infiltration` and `drain` have one element where they are not used.
    """

    ground: Floats
    depth: Floats
    lost: Floats
    east: Floats
    south: Floats
    bed_east: Floats
    bed_south: Floats
    friction: Floats
    share: Floats
    top: Floats
    speed: Floats
    arrival: Floats
    infiltration: Floats
    drain: Floats
    catch: NDArray[np.uint8]


class Tiles(NamedTuple):
    """Blocks of cells that are stepped only while water is in them or within reach of them."""

    first: NDArray[np.uint64]
    active: NDArray[np.uint8]
    wet: NDArray[np.int32]
    order: Ints
    crowded: NDArray[np.int32]
    check: Ints
    peak: Floats
    froude: Floats
    taken: Floats
    across: int
    width: np.uint64


class Edge(NamedTuple):
    """Level cells beside free cells, the faces between them and the ghost faces beyond that carry on their momentum."""

    cell: NDArray[np.uint64]
    true_ground: Floats
    face: NDArray[np.uint64]
    axis: Ints
    sign: Floats
    ghost: NDArray[np.uint64]
    ghost_of: NDArray[np.uint64]
    ghost_axis: Ints


class Drivers(NamedTuple):
    """All series end to end with their integrals; number 0 is the level, 1 the rain, from 2 the inflows."""

    times: Floats
    values: Floats
    totals: Floats
    start: Ints
    inflow_cell: NDArray[np.uint64]
    inflow_start: Ints


class Structures(NamedTuple):
    """Weir walls on faces, gates on faces, and links (pumps first, then weirs) from cell to cell."""

    wall: NDArray[np.uint64]
    wall_axis: Ints
    gate_face: NDArray[np.uint64]
    gate_axis: Ints
    gate_start: Ints
    gate_bed: Floats
    gate_cells: NDArray[np.uint64]
    gate_levels: Floats
    gate_sea: Ints
    gate_shut: Ints
    link_cells: NDArray[np.uint64]
    link_sea: Ints
    link_numbers: Floats
    link_on: Ints
    link_total: Floats
    link_wish: Floats
    pumps: int
    forced_tile: Ints
    forced_bit: NDArray[np.int32]


class Clock(NamedTuple):
    """What changes from step to step, and the numbers that do not.

    `now`: time, time of the last tick, largest depth, highest and present imposed level; `counts`: steps, steps since
    the tick, active tiles, tile updates; `numbers`: cell size, grain of the ground, factor, longest step.
    """

    now: Floats
    counts: Ints
    account: Floats
    numbers: Floats
