"""The flat, padded arrays that the kernels work on: one tuple of arrays per kind of thing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genrejs.hazard.flood.problem import Floats

Ints = NDArray[np.int64]
TILE_ROWS = 16
TILE_COLUMNS = 32
RING = 2
"""Closed rows above and below the cells; beside them one closed column is enough."""
RUN_TILES = 16
"""Neighbouring tiles at most that the shallow-water scheme steps together."""
REACH = 4
"""Steps between two looks at which tiles are wet; water moves at most one cell a step, so this many cells of margin."""
CLOSED = 1e30
"""[m] bed of a face that lets nothing through; finite, so that no kernel meets infinity minus infinity."""
RAIN, SEA_IN, SEA_OUT, INFLOW, INFILTRATION, DRAIN, RATING = range(7)
"""Places in the water account [m3]."""
ACCOUNTS = 7
NO_SOIL, CONSTANT, HORTON, GREEN_AMPT = range(4)
"""Kinds of soil in `Sky.kind`."""
PUMP, WEIR, CULVERT = range(3)
"""Kinds of links in `Operated.link_kind`."""
HELD_LEVEL, NORMAL_DEPTH, HELD_FLOW = range(3)
"""Kinds of imposed cells."""
OUTSIDE, IN_CELL, IN_SEA = range(3)
"""Where a drain's outlet lies."""


class Fields(NamedTuple):
    """Cells ``(n,)`` and faces ``(n,)``, face k lying east or south of cell k; discharges twice: old and new.

    `lost`, `infiltration` and `drain` have one element where they are not used; so have `porosity`, the share of a cell
    that is open to water, `thin`, one over it, and the throats, the shares of a face that are open. Discharges are per
    width of the whole face, built or not.
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
    porosity: Floats
    thin: Floats
    throat_east: Floats
    throat_south: Floats


class Waves(NamedTuple):
    """Cells ``(n,)`` of the shallow-water scheme: depth and discharges to the east and south, old and new.

    Two of these share all arrays with old and new exchanged, one for even and one for odd steps.
    """

    ground: Floats
    depth: Floats
    lost: Floats
    east: Floats
    south: Floats
    next_depth: Floats
    next_lost: Floats
    next_east: Floats
    next_south: Floats
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
    porosity: Floats
    thin: Floats
    throat_east: Floats
    throat_south: Floats


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
    """Imposed cells beside free cells, the faces between them and the ghost faces beyond that carry on their momentum.

    `held` ``(n, 3)`` is the depth and velocity of cells that hold a flow; `inner` each cell's lowest free neighbour,
    `inner_axis` the direction to it, -1 where free neighbours lie in both directions.
    """

    cell: NDArray[np.uint64]
    true_ground: Floats
    face: NDArray[np.uint64]
    axis: Ints
    sign: Floats
    ghost: NDArray[np.uint64]
    ghost_of: NDArray[np.uint64]
    ghost_axis: Ints
    kind: Ints
    held: Floats
    inner: NDArray[np.uint64]
    inner_axis: Ints


class Drivers(NamedTuple):
    """All series end to end with their integrals: number 0 is the level, 1 the rain, from 2 the inflows, then zones.

    `sky` is None where rain is even and no soil is given by class: nothing of it is compiled then.
    """

    times: Floats
    values: Floats
    totals: Floats
    start: Ints
    inflow_cell: NDArray[np.uint64]
    inflow_start: Ints
    sky: Sky | None


class Sky(NamedTuple):
    """Rain by place and soil by class, ``(n,)`` or one element where not used; `soaked` [m] is the soil's memory.

    `fallen` is the rain [m] since the last tick: outside zones, then by zone; `most` is the largest factor.
    """

    zone: NDArray[np.uint8]
    factor: Floats
    soil: NDArray[np.uint8]
    soaked: Floats
    table: Floats
    fallen: Floats
    kind: int
    first_series: int
    most: float


class Operated(NamedTuple):
    """Gates and bridges on faces, links (pumps, weirs, culverts) from cell to cell, drains and rating edges.

    `..._start` and `..._curve` are places of the first and the one after the last; curves lie end to end.
    """

    gate_face: NDArray[np.uint64]
    gate_axis: Ints
    gate_start: Ints
    gate_bed: Floats
    gate_cells: NDArray[np.uint64]
    gate_sea: Ints
    gate_rule: Ints
    gate_numbers: Floats
    gate_curve: Ints
    gate_share: Floats
    link_kind: Ints
    link_cells: NDArray[np.uint64]
    link_sea: Ints
    link_slot: Ints
    link_numbers: Floats
    link_curve: Ints
    link_on: Ints
    link_total: Floats
    link_wish: Floats
    slot_wanted: Floats
    bridge_face: NDArray[np.uint64]
    bridge_axis: Ints
    bridge_bed: Floats
    bridge_numbers: Floats
    bridge_wish: Floats
    drain_cell: NDArray[np.uint64]
    drain_start: Ints
    drain_rate: Floats
    drain_outlet: NDArray[np.uint64]
    drain_place: Ints
    drain_limit: Floats
    drain_pipe: Floats
    drain_flow: Floats
    drain_total: Floats
    rating_cell: NDArray[np.uint64]
    rating_start: Ints
    rating_curve: Ints
    rating_total: Floats
    curve_x: Floats
    curve_y: Floats
    last: Floats
    width: int


class Structures(NamedTuple):
    """Walls on faces, the tiles that never sleep, and what is operated: None (and not compiled) where there is none."""

    wall: NDArray[np.uint64]
    wall_axis: Ints
    forced_tile: Ints
    forced_bit: NDArray[np.int32]
    works: Operated | None


class Notes(NamedTuple):
    """What is recorded on request: time above depths, largest depth x speed, last moment wet; one element if not."""

    thresholds: Floats
    above: Floats
    force: Floats
    recession: Floats
    before: Floats


class Clock(NamedTuple):
    """What changes from step to step, and the numbers that do not.

    `now`: time, time of the last tick, largest depth, highest and present imposed level; `counts`: steps, steps since
    the tick, active tiles, tile updates; `numbers`: cell size, grain of the ground, factor, longest step, whether water
    is lost at constant rates, cells that catch rain, whether a level is imposed; `notes` is None if not wanted.
    """

    now: Floats
    counts: Ints
    account: Floats
    numbers: Floats
    notes: Notes | None
