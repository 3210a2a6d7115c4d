"""Where the simulated water ends: cells that hold a level, a normal depth or a flow, and their faces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genrejs.errors import InputError
from genrejs.hazard.flood.layout import Bools, Frame, cells_open
from genrejs.hazard.flood.problem import Floats, Forcing, Ground, ImposedFlow, Outfall
from genrejs.hazard.flood.state import CLOSED, HELD_FLOW, HELD_LEVEL, NORMAL_DEPTH, Edge, Fields

BESIDE = ((0, -1), (0, 1), (-1, 0), (1, 0))


def ghost_cells(ground: Ground, forcing: Forcing) -> Bools:
    """Return the cells ``(y, x)`` that are imposed, not simulated."""
    free = cells_open(ground)
    ghosts = np.zeros(free.shape, bool) if forcing.level_cells is None else forcing.level_cells & free
    edges: tuple[Outfall | ImposedFlow, ...] = (*forcing.outfalls, *forcing.flows)
    for edge in edges:
        ghosts[edge.rows, edge.columns] = True
    return np.asarray(ghosts & free)


def fall_away(ground: Ground, forcing: Forcing, ghosts: Bools) -> Ground:
    """Return the ground whose outfall cells lie as far below their neighbour as their slope says."""
    if not forcing.outfalls:
        return ground
    free = cells_open(ground)
    z: Floats = np.array(ground.elevation, np.float64)
    for outfall in forcing.outfalls:
        for row, column in zip(outfall.rows, outfall.columns, strict=True):
            inner = [(row + r, column + c) for r, c in BESIDE]
            inner = [at for at in inner if _holds(at, free, ghosts)]
            if not inner:
                raise InputError(
                    f"The outfall {outfall.name!r} at row {row}, column {column} has no neighbour to let water out of."
                )
            z[row, column] = min(float(ground.elevation[at]) for at in inner) - outfall.slope * ground.cell
    return Ground(**{**ground.__dict__, "elevation": z})


def _holds(at: tuple[int, int], free: Bools, ghosts: Bools) -> bool:
    """Return whether a cell is there and simulated."""
    row, column = at
    inside = 0 <= row < free.shape[0] and 0 <= column < free.shape[1]
    return bool(inside and free[row, column] and not ghosts[row, column])


def lay_edge(ghosts: Bools, forcing: Forcing, fields: Fields, frame: Frame) -> Edge:
    """Return the edge between imposed and free cells, and lower the working ground of level cells to their sills.

    The working ground of a level cell is its lowest sill, so that its depth is what can flow over the edge, not the
    depth of the sea behind it: that one must not set the time step.
    """
    sea = frame.mask(ghosts)
    faces, axes, signs, beyonds, owners, beyond_axes, cells, sills = [], [], [], [], [], [], [], []
    for axis, (bed, along) in enumerate(((fields.bed_east, 1), (fields.bed_south, frame.width))):
        for sign, mine, other in ((1.0, 0, along), (-1.0, along, 0)):
            face = frame.faces(bed < CLOSED / 2, sea, mine, other)
            ghost = face - along if sign > 0 else face + along
            beyond = (ghost >= 0) & (ghost < sea.size)
            beyond[beyond] = bed[ghost[beyond]] >= CLOSED / 2
            faces.append(face)
            axes.append(np.full(face.size, axis))
            signs.append(np.full(face.size, sign))
            beyonds.append(ghost[beyond])
            owners.append(face[beyond])
            beyond_axes.append(np.full(int(beyond.sum()), axis))
            cells.append(np.stack([face + mine, face + other]))
            sills.append(bed[face])
    pairs, axis_of = np.concatenate(cells, axis=1), np.concatenate(axes).astype(np.int64)
    cell, place = np.unique(pairs[0], return_inverse=True)
    kind, held = _held(cell, forcing, frame)
    lowest = np.full(cell.size, CLOSED)
    np.minimum.at(lowest, place, np.concatenate(sills))
    true_ground = fields.ground[cell].astype(np.float64)
    fields.ground[cell] = np.where(kind == HELD_LEVEL, lowest, true_ground)
    inner, inner_axis = _inner(cell.size, place, pairs[1], axis_of, fields.ground)
    return Edge(
        cell=cell.astype(np.uint64),
        true_ground=true_ground,
        face=np.concatenate(faces).astype(np.uint64),
        axis=axis_of,
        sign=np.concatenate(signs),
        ghost=np.concatenate(beyonds).astype(np.uint64),
        ghost_of=np.concatenate(owners).astype(np.uint64),
        ghost_axis=np.concatenate(beyond_axes).astype(np.int64),
        kind=kind,
        held=held,
        inner=inner.astype(np.uint64),
        inner_axis=inner_axis,
    )


def slope_on(edge: Edge, fields: Fields, most: float, grain: float) -> None:
    """Let the ground fall on beyond level edges as it falls towards them, by at most `most` [m], in steps of `grain`.

    A flat sill would stand in the way of water whose ground is reconstructed within cells.
    """
    cells, inner = edge.cell.astype(np.int64), edge.inner.astype(np.int64)
    mine = fields.ground[inner].astype(np.float64)
    sill = fields.ground[cells].astype(np.float64)
    before = fields.ground[np.clip(2 * inner - cells, 0, fields.ground.size - 1)].astype(np.float64)
    fall = np.minimum(before - mine, np.floor(most / grain) * grain)
    goes_on = (edge.kind == HELD_LEVEL) & (edge.inner_axis >= 0) & (sill == mine) & (fall > 0.0) & (before < CLOSED / 2)
    fields.ground[cells] = np.where(goes_on, sill - fall, sill)


def _held(cell: NDArray[np.int64], forcing: Forcing, frame: Frame) -> tuple[NDArray[np.int64], Floats]:
    """Return what each edge cell holds: its kind, and depth [m] and velocity [m/s] to the east and south."""
    kind, held = np.full(cell.size, HELD_LEVEL), np.zeros((cell.size, 3))
    for outfall in forcing.outfalls:
        kind[np.isin(cell, frame.index(outfall.rows, outfall.columns))] = NORMAL_DEPTH
    for flow in forcing.flows:
        here = np.isin(cell, frame.index(flow.rows, flow.columns))
        kind[here], held[here] = HELD_FLOW, (flow.depth, flow.east, -flow.north)
    return kind.astype(np.int64), held


def _inner(
    size: int, place: NDArray[np.intp], other: NDArray[np.int64], axis: NDArray[np.int64], ground: Floats
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each edge cell's lowest free neighbour, and the axis to it, -1 where neighbours lie in both directions."""
    inner, inner_axis = np.zeros(size, np.int64), np.full(size, -2)
    for k in np.argsort(-ground[other], kind="stable"):
        inner[place[k]] = other[k]
        seen = inner_axis[place[k]]
        inner_axis[place[k]] = axis[k] if seen in (-2, axis[k]) else -1
    return inner, inner_axis.astype(np.int64)
