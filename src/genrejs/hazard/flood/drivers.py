"""The forcing and the structures as flat arrays for the kernels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genrejs.hazard.flood.layout import Frame
from genrejs.hazard.flood.problem import Forcing, Gate, Ground, Pump, Series, Weir, Works
from genrejs.hazard.flood.state import (
    CLOSED,
    REACH,
    TILE_COLUMNS,
    TILE_ROWS,
    Drivers,
    Fields,
    Structures,
)


def lay_drivers(forcing: Forcing, frame: Frame) -> Drivers:
    """Return all series end to end; an absent level or rain has no points."""
    series: list[Series | None] = [forcing.level, forcing.rain, *(inflow.discharge for inflow in forcing.inflows)]
    times = [np.zeros(0) if s is None else np.asarray(s.times, np.float64) for s in series]
    values = [np.zeros(0) if s is None else np.asarray(s.values, np.float64) for s in series]
    totals = [
        np.concatenate([np.zeros(min(1, t.size)), np.cumsum(0.5 * (v[1:] + v[:-1]) * np.diff(t))])
        for t, v in zip(times, values, strict=True)
    ]
    cells = [frame.index(inflow.rows, inflow.columns) for inflow in forcing.inflows]
    return Drivers(
        times=np.concatenate(times),
        values=np.concatenate(values),
        totals=np.concatenate(totals),
        start=_starts([t.size for t in times]),
        inflow_cell=np.concatenate([np.zeros(0, np.int64), *cells]).astype(np.uint64),
        inflow_start=_starts([c.size for c in cells]),
    )


def _starts(sizes: list[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.asarray(sizes, np.int64))]).astype(np.int64)


def lay_structures(ground: Ground, forcing: Forcing, works: Works, fields: Fields, frame: Frame) -> Structures:
    """Return walls, gates, pumps and weirs, and the cells whose tiles never sleep."""
    sea = frame.mask(forcing.level_cells)
    faces, axes, starts = _gate_faces(works.gates, frame)
    beds = np.where(axes == 0, fields.bed_east[faces], fields.bed_south[faces])
    walls, wall_axes = _wall_faces(ground, fields, frame)
    links: list[Pump | Weir] = [*works.pumps, *works.weirs]
    ends = [frame.index(*np.array([link.intake, link.outlet]).T) for link in links]
    cells = np.array(ends, np.int64).reshape(-1, 2)
    gate_cells = [frame.index(*np.array([gate.outer, gate.inner]).T) for gate in works.gates]
    gate_ends = np.array(gate_cells, np.int64).reshape(-1, 2)
    numbers = np.zeros((len(links), 4))
    for k, pump in enumerate(works.pumps):
        numbers[k, :3] = pump.capacity, pump.starts_at, pump.stops_at
    for k, weir in enumerate(works.weirs, len(works.pumps)):
        numbers[k, :2] = weir.crest, weir.width
    forced = [frame.index(inflow.rows, inflow.columns) for inflow in forcing.inflows]
    forced_cells = np.unique(np.concatenate([cells.ravel()[~sea[cells.ravel()]], *forced]).astype(np.int64))
    tile, bit = _place_in_tile(np.concatenate([forced_cells, _edge_cells(fields, sea, frame)]), frame)
    return Structures(
        wall=np.concatenate([walls, faces]).astype(np.uint64),
        wall_axis=np.concatenate([wall_axes, axes]),
        gate_face=faces.astype(np.uint64),
        gate_axis=axes,
        gate_start=starts,
        gate_bed=beds.astype(np.float64),
        gate_cells=gate_ends.astype(np.uint64),
        gate_levels=np.array([[g.closes_at, min(g.crest, CLOSED)] for g in works.gates]).reshape(-1, 2),
        gate_sea=sea[gate_ends].astype(np.int64),
        gate_shut=np.zeros(len(works.gates), np.int64),
        link_cells=cells.astype(np.uint64),
        link_sea=sea[cells].astype(np.int64),
        link_numbers=numbers,
        link_on=np.zeros(len(links), np.int64),
        link_total=np.zeros(len(links)),
        link_wish=np.zeros(len(links)),
        pumps=len(works.pumps),
        forced_tile=tile,
        forced_bit=bit,
    )


def _gate_faces(
    gates: tuple[Gate, ...], frame: Frame
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    faces, axes, sizes = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], []
    for gate in gates:
        pairs = [np.asarray(p, np.int64).reshape(-1, 2) for p in (gate.east_faces, gate.south_faces)]
        sizes.append(sum(len(p) for p in pairs))
        for axis, pair in enumerate(pairs):
            faces.append(frame.index(pair[:, 0], pair[:, 1]))
            axes.append(np.full(len(pair), axis))
    return np.concatenate(faces), np.concatenate(axes).astype(np.int64), _starts(sizes)


def _wall_faces(ground: Ground, fields: Fields, frame: Frame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the open faces whose bed is a wall, not the ground, and their axes."""
    found, axes = [], []
    for axis, (wall, bed, along) in enumerate(
        ((ground.wall_east, fields.bed_east, 1), (ground.wall_south, fields.bed_south, frame.width))
    ):
        if wall is None:
            continue
        higher = (bed < CLOSED / 2)[:-along] & (bed[:-along] > np.maximum(fields.ground[:-along], fields.ground[along:]))
        found.append(np.flatnonzero(higher))
        axes.append(np.full(int(higher.sum()), axis))
    none = np.zeros(0, np.int64)
    return np.concatenate([none, *found]), np.concatenate([none, *axes]).astype(np.int64)


def _edge_cells(fields: Fields, sea: NDArray[np.bool_], frame: Frame) -> NDArray[np.int64]:
    """Return the free cells beside level cells: a rising sea may reach them within one look."""
    found = [np.zeros(0, np.int64)]
    for bed, along in ((fields.bed_east, 1), (fields.bed_south, frame.width)):
        for mine, other in ((0, along), (along, 0)):
            found.append(frame.faces(bed < CLOSED / 2, sea, mine, other) + other)
    return np.unique(np.concatenate(found))


def _place_in_tile(cells: NDArray[np.int64], frame: Frame) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the tile of each cell and the bit of its third of rows and columns."""
    row, column = cells // frame.width - 1, cells % frame.width - 1
    across = (frame.width - 2) // TILE_COLUMNS
    tile = row // TILE_ROWS * across + column // TILE_COLUMNS
    r, c = row % TILE_ROWS, column % TILE_COLUMNS
    down = np.where(r < REACH, 0, np.where(r >= TILE_ROWS - REACH, 2, 1))
    right = np.where(c < REACH, 0, np.where(c >= TILE_COLUMNS - REACH, 2, 1))
    pairs = np.unique(np.stack([tile, 1 << (3 * down + right)]), axis=1) if cells.size else np.zeros((2, 0), np.int64)
    return pairs[0].astype(np.int64), pairs[1].astype(np.int32)
