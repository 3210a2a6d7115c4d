"""The forcing and the structures as flat arrays for the kernels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genrejs.hazard.flood.layout import Frame, cells_open
from genrejs.hazard.flood.problem import Forcing, Ground, Series, Works
from genrejs.hazard.flood.soil import SOIL_KINDS
from genrejs.hazard.flood.state import (
    CLOSED,
    NO_SOIL,
    REACH,
    RING,
    TILE_COLUMNS,
    TILE_ROWS,
    Drivers,
    Fields,
    Sky,
    Structures,
)
from genrejs.hazard.flood.works import lay_works, starts


def lay_drivers(ground: Ground, forcing: Forcing, frame: Frame, dtype: type) -> Drivers:
    """Return all series end to end; an absent level or rain has no points."""
    flows = [inflow.discharge for inflow in forcing.inflows]
    series: list[Series | None] = [forcing.level, forcing.rain, *flows, *forcing.zone_rain]
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
        start=starts([t.size for t in times]),
        inflow_cell=np.concatenate([np.zeros(0, np.int64), *cells]).astype(np.uint64),
        inflow_start=starts([c.size for c in cells]),
        sky=lay_sky(ground, forcing, frame, dtype),
    )


def lay_sky(ground: Ground, forcing: Forcing, frame: Frame, dtype: type) -> Sky | None:
    """Return rain by place and soil by class; None where rain is even and no soil is given by class."""
    if ground.soil is None and forcing.rain_zones is None and forcing.rain_factor is None:
        return None
    nothing, soil, zones, factor = np.zeros(1, np.uint8), ground.soil, forcing.rain_zones, forcing.rain_factor
    free = cells_open(ground)
    return Sky(
        zone=nothing if zones is None else frame.flat(np.asarray(zones) + 1, 0, np.uint8),
        factor=np.zeros(1, dtype) if factor is None else frame.flat(factor, 0.0, dtype),
        soil=nothing if soil is None else frame.flat(soil.classes, 0, np.uint8),
        soaked=np.zeros(1 if soil is None else frame.width * frame.height, dtype),
        table=np.zeros((1, 3)) if soil is None else np.array(soil.parameters, np.float64),
        fallen=np.zeros(1 + len(forcing.zone_rain)),
        kind=NO_SOIL if soil is None else 1 + list(SOIL_KINDS).index(soil.kind),
        first_series=2 + len(forcing.inflows),
        most=1.0 if factor is None else float(np.max(np.asarray(factor), where=free, initial=0.0)),
    )


def lay_structures(
    ground: Ground, forcing: Forcing, works: Works, fields: Fields, frame: Frame, ghosts: NDArray[np.bool_]
) -> Structures:
    """Return walls, operated works, and the cells whose tiles never sleep."""
    sea = frame.mask(forcing.level_cells)
    operated, ends = lay_works(works, forcing.ratings, fields, frame, sea)
    walls, wall_axes = _wall_faces(ground, fields, frame)
    if operated is not None:
        walls = np.concatenate([walls, operated.gate_face.astype(np.int64)])
        wall_axes = np.concatenate([wall_axes, operated.gate_axis])
    forced = [frame.index(inflow.rows, inflow.columns) for inflow in forcing.inflows]
    forced_cells = np.unique(np.concatenate([ends[~sea[ends]], *forced]).astype(np.int64))
    tile, bit = _place_in_tile(np.concatenate([forced_cells, _edge_cells(fields, frame.mask(ghosts), frame)]), frame)
    return Structures(walls.astype(np.uint64), wall_axes, tile, bit, operated)


def _wall_faces(ground: Ground, fields: Fields, frame: Frame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the open faces whose bed is a wall, not the ground, and their axes."""
    found, axes = [], []
    for axis, (wall, bed, along) in enumerate(
        ((ground.wall_east, fields.bed_east, 1), (ground.wall_south, fields.bed_south, frame.width))
    ):
        if wall is None:
            continue
        higher = (bed < CLOSED / 2)[:-along] & (
            bed[:-along] > np.maximum(fields.ground[:-along], fields.ground[along:])
        )
        found.append(np.flatnonzero(higher))
        axes.append(np.full(int(higher.sum()), axis))
    none = np.zeros(0, np.int64)
    return np.concatenate([none, *found]), np.concatenate([none, *axes]).astype(np.int64)


def _edge_cells(fields: Fields, sea: NDArray[np.bool_], frame: Frame) -> NDArray[np.int64]:
    """Return imposed cells and the free cells beside them: a rising sea may reach them within one look."""
    found = [np.zeros(0, np.int64)]
    for bed, along in ((fields.bed_east, 1), (fields.bed_south, frame.width)):
        for mine, other in ((0, along), (along, 0)):
            face = frame.faces(bed < CLOSED / 2, sea, mine, other)
            found += [face + mine, face + other]
    return np.unique(np.concatenate(found))


def _place_in_tile(cells: NDArray[np.int64], frame: Frame) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the tile of each cell and the bit of its third of rows and columns."""
    row, column = cells // frame.width - RING, cells % frame.width - 1
    across = (frame.width - 2) // TILE_COLUMNS
    tile = row // TILE_ROWS * across + column // TILE_COLUMNS
    r, c = row % TILE_ROWS, column % TILE_COLUMNS
    down = np.where(r < REACH, 0, np.where(r >= TILE_ROWS - REACH, 2, 1))
    right = np.where(c < REACH, 0, np.where(c >= TILE_COLUMNS - REACH, 2, 1))
    pairs = np.unique(np.stack([tile, 1 << (3 * down + right)]), axis=1) if cells.size else np.zeros((2, 0), np.int64)
    return pairs[0].astype(np.int64), pairs[1].astype(np.int32)
