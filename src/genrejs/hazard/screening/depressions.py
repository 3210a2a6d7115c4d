"""Hollows that hold water (bluespots): how deep, how much, where they spill, and the pits nested in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genrejs.errors import InputError
from genrejs.hazard.screening.kernels_flow import cascade, downstream, survey, tally
from genrejs.hazard.screening.kernels_nest import bottoms, overs, ranked
from genrejs.hazard.screening.kernels_nest import nest as grow
from genrejs.hazard.screening.kernels_spill import OUTSIDE, flood, steepest
from genrejs.hazard.screening.surface import Flags, Floats, Surface, at_edge, directions, mask, surface

Whole = NDArray[np.int32]


@dataclass(frozen=True)
class Nest:
    """Basins nested in bluespots: the first `pits` have one lowest place, the others join two, children before parents.

    All arrays ``(basins,)``: `parent` and `sibling` (-1 at the top), `target` the pit its overflow runs to (-1: off the
    ground), `bluespot` it lies in, `spill` level [m], `volume` [m3] below that, children's included.
    """

    pits: int
    parent: Whole
    sibling: Whole
    target: Whole
    bluespot: Whole
    spill: NDArray[np.float64]
    volume: NDArray[np.float64]


@dataclass(frozen=True)
class Depressions:
    """What the ground holds back. Rasters ``(y, x)``; tables ``(bluespots,)``, number n in place n - 1.

    `filled` [m] is the ground filled to where it spills; `bluespot` is 1, 2, ... in hollows, 0 elsewhere; `catchment`
    is the pit (1, 2, ...) whose hollow water meets first from a cell, 0 where it leaves; `direction` is 0..7 for E, S,
    W, N, SE, SW, NW, NE on the filled ground, 8 off the map, 9 outlet, 10 no ground. `level`, `depth` [m], `volume`
    [m3], `area`, `drained` (own catchment) and `upstream` (with all that spills into it) [m2]; `sill` is the
    ``(bluespots, 2)`` row and column of the cell it pours over; `spills_to` the next bluespot, always of lower number,
    0 off the ground.
    """

    elevation: Floats
    cell: float
    filled: Floats
    bluespot: Whole
    catchment: Whole
    direction: NDArray[np.int8]
    level: NDArray[np.float64]
    depth: NDArray[np.float64]
    volume: NDArray[np.float64]
    area: NDArray[np.float64]
    drained: NDArray[np.float64]
    upstream: NDArray[np.float64]
    sill: NDArray[np.int64]
    spills_to: Whole
    nest: Nest


def find_depressions(
    elevation: Floats,
    cell: float,
    wall_east: Floats | None = None,
    wall_south: Floats | None = None,
    *,
    outlets: Flags | None = None,
    neighbours: int = 8,
) -> Depressions:
    """Return the bluespots of `elevation` ``(y, x)`` [m, NaN outside] and walls as in `Ground` (barnes2014).

    Water leaves at the edge of the map, beside NaN and at `outlets` ``(y, x)``. Each cell drains the steepest way down
    the filled ground to one of its `neighbours`; of equal slopes to the lower ground, of equal ground to the first of
    E, S, W, N, SE, SW, NW, NE; flats drain the way they are flooded from where they spill. Levels, extents and volumes
    do not depend on such ties, catchments may. Nested basins are those of barnes2020.

    Raises
    ------
    InputError
        The arrays do not fit each other or hold no ground, or the cell is not above 0 m.
    """
    if not (np.isfinite(cell) and cell > 0):
        raise InputError(f"The cell size must be above 0 m; got {cell}.")
    ground = surface(elevation, wall_east, wall_south, neighbours)
    shape = np.shape(elevation)
    out = None if outlets is None else mask(outlets, shape, "outlets")
    state = directions(np.asarray(elevation), at_edge(np.asarray(elevation)), out)
    walls = (ground.east, ground.south, ground.width, ground.ways)
    level, hollow, count = flood(ground.z, state, *walls, True)
    level[state == OUTSIDE] = np.nan
    steepest(ground.z, level, hollow, state, *walls)
    cells, depth, volume, last, sill = survey(ground.z, level, hollow, state, ground.width, count)
    tree, basin = _forest(ground, level, hollow, cells)
    downstream(basin, state, ground.width)
    nest = _nest(tree, hollow, basin[sill] - 1, cell)
    spills = _spills(nest, count)
    drained = _drained(nest, basin, state, count) * cell**2
    return Depressions(
        elevation=ground.z.reshape(shape), cell=cell, filled=level.reshape(shape), bluespot=hollow.reshape(shape),
        catchment=basin.reshape(shape), direction=state.reshape(shape), level=level[last], depth=depth,
        volume=volume * cell**2, area=cells * cell**2, drained=drained, upstream=passed_on(drained, spills),
        sill=np.column_stack(np.divmod(sill, ground.width)), spills_to=spills, nest=nest,
    )  # fmt: skip


@dataclass(frozen=True)
class _Tree:
    """What the kernel made: numbers of pits and joints, columns of links and of sizes, and a cell of each pit."""

    pits: int
    joints: int
    most: int
    links: Whole
    sizes: NDArray[np.float64]
    cells: Whole


def _forest(ground: Surface, level: Floats, hollow: Whole, count: NDArray[np.int64]) -> tuple[_Tree, Whole]:
    """Return the nested basins of all hollows of `count` cells, and each cell's pit (1, 2, ...), -1 outside hollows."""
    cells = ranked(ground.z, hollow, count)
    walls = (ground.east, ground.south, ground.width, ground.ways)
    most = bottoms(cells, ground.z, hollow, *walls)
    over = (np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0))
    if ground.east.size:
        over = overs(cells, ground.z, level, hollow, *walls)
        order = np.lexsort((over[2], hollow[over[0]]))
        over = (over[0][order], over[1][order], over[2][order])
    pit = np.full(ground.z.size, -1, np.int32)
    pits, joints, links, sizes, first = grow(cells, ground.z, level, hollow, pit, over, most, *walls)
    np.add(pit, 1, out=pit, where=pit >= 0)
    return _Tree(pits, joints, most, links, sizes, first), pit


def _nest(tree: _Tree, hollow: Whole, sills: Whole, cell: float) -> Nest:
    """Return the basins without gaps in their numbers; `sills` is the pit below each bluespot's sill, -1 for none."""
    keep = np.concatenate([np.arange(tree.pits), tree.most + np.arange(tree.joints)])
    links = tree.links[keep]
    parent = np.where(links[:, 0] >= tree.most, links[:, 0] - tree.most + tree.pits, links[:, 0]).astype(np.int32)
    children = np.where(links[:, 2:] >= tree.most, links[:, 2:] - tree.most + tree.pits, links[:, 2:])[tree.pits :]
    sibling = np.full(len(keep), -1, np.int32)
    sibling[children[:, 0]], sibling[children[:, 1]] = children[:, 1], children[:, 0]
    bluespot = np.zeros(len(keep), np.int32)
    bluespot[: tree.pits] = hollow[tree.cells[: tree.pits]]
    for node, (first, _) in enumerate(children, start=tree.pits):
        bluespot[node] = bluespot[first]
    target = np.where(parent < 0, sills[bluespot - 1], links[:, 1]).astype(np.int32) if len(sills) else parent
    sizes = tree.sizes[keep]
    return Nest(tree.pits, parent, sibling, target, bluespot, sizes[:, 0], sizes[:, 1] * cell**2)


def _spills(nest: Nest, count: int) -> Whole:
    """Return the bluespot that each of `count` bluespots spills to, 0 off the ground."""
    top = nest.parent < 0
    spills = np.zeros(count, np.int32)
    target = nest.target[top]
    spills[nest.bluespot[top] - 1] = np.where(target >= 0, nest.bluespot[target], 0) if count else 0
    return spills


def _drained(nest: Nest, basin: Whole, state: NDArray[np.int8], count: int) -> NDArray[np.float64]:
    """Return how many cells each bluespot drains by itself."""
    cells = tally(basin, state != OUTSIDE, nest.pits + 1)[1:]
    return np.bincount(nest.bluespot[: nest.pits] - 1, weights=cells, minlength=count).astype(np.float64)


def passed_on(own: NDArray[np.float64], spills_to: Whole, capacity: Any = 0.0) -> NDArray[np.float64]:
    """Return what reaches each bluespot ``(bluespots,)``: its `own` and what is above `capacity` in those upstream."""
    return np.asarray(cascade(own, spills_to, np.broadcast_to(np.float64(capacity), own.shape).copy()))
