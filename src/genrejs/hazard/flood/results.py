"""What is read from a run: levels at gauges, depths, velocities, the water account and the final result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from genrejs.hazard.flood.layout import cells_open, way_through
from genrejs.hazard.flood.problem import Floats, Flood, Works
from genrejs.hazard.flood.run import Run
from genrejs.hazard.flood.state import (
    DRAIN,
    INFILTRATION,
    INFLOW,
    RAIN,
    RATING,
    RING,
    SEA_IN,
    SEA_OUT,
    TILE_COLUMNS,
    TILE_ROWS,
    Waves,
)
from genrejs.hazard.flood.works import moved_by_kind, moved_by_name

TERMS = {
    "rain": RAIN, "sea_in": SEA_IN, "sea_out": SEA_OUT, "inflow": INFLOW, "infiltration": INFILTRATION, "drain": DRAIN,
    "rating": RATING,
}  # fmt: skip
"""Names of the places in the water account."""


@dataclass
class Samples:
    """What was read on the way: times [s], at the gauges levels and velocities, and depth slices."""

    times: list[float]
    levels: list[list[float]]
    velocities: list[list[tuple[float, float]]]
    slices: list[Floats]


def gauge_levels(run: Run) -> list[float]:
    """Return the levels [m] at the gauges now; a dry gauge shows its ground."""
    f, levels = run.fields, []
    for row, column in run.options.gauges:
        i = int(run.frame.index(np.array([row]), np.array([column]))[0])
        ground = float(run.ground.elevation[row, column])
        levels.append(max(run.clock.now[4], ground) if run.sea[row, column] else ground + float(f.depth[i]))
    return levels


def gauge_velocities(run: Run) -> list[tuple[float, float]]:
    """Return the velocities [m/s] east and north at the gauges now."""
    f, found = run.fields, []
    for row, column in run.options.gauges:
        i = int(run.frame.index(np.array([row]), np.array([column]))[0])
        if isinstance(f, Waves):
            east = float(f.east[i] * way_through(f.throat_east, 1, i))
            south = float(f.south[i] * way_through(f.throat_south, run.frame.width, i))
        else:
            now, up = int(run.clock.counts[0]) & 1, run.frame.width
            east = 0.5 * (_through(f.east[now], f.throat_east, i) + _through(f.east[now], f.throat_east, i - 1))
            south = 0.5 * (_through(f.south[now], f.throat_south, i) + _through(f.south[now], f.throat_south, i - up))
        depth = float(f.depth[i])
        found.append((east / depth, -south / depth) if depth > run.options.dry else (0.0, 0.0))
    return found


def _through(flow: Floats, throat: Floats, i: int) -> float:
    """Return the discharge per open width [m2/s] of a face."""
    return float(flow[i]) / float(throat[i if throat.size > 1 else 0])


def _take_velocity(run: Run) -> tuple[Floats, Floats]:
    """Return the velocity [m/s] now to the east and north, ``(y, x)``, 0 where it is dry; let go of the discharges.

    Each array is given up before the next is made: a large case has no room for both.
    """
    gone = np.zeros(0, run.fields.depth.dtype)
    kept: Any = run.fields._replace(share=gone, friction=gone)
    if isinstance(kept, Waves):
        kept = kept._replace(next_depth=gone, next_lost=gone, next_east=gone, next_south=gone)
    found = []
    for name, by, sign in (("east", 1, 1), ("south", run.frame.width, -1)):
        run.states = (kept,)
        velocity = _through_cells(run, getattr(kept, name), by)
        kept = kept._replace(**{name: gone})
        found.append(velocity if sign > 0 else np.negative(velocity, out=velocity))
    run.states = (kept,)
    return found[0], found[1]


def _through_cells(run: Run, flow: Floats, by: int) -> Floats:
    """Return the velocity [m/s] of a discharge per width in cells, or on the faces whose others lie `by` before."""
    faces = flow if flow.ndim == 1 else flow[int(run.clock.counts[0]) & 1]
    throat = run.fields.throat_east if by == 1 else run.fields.throat_south
    if throat.size > 1:
        shares = 1.0 / throat if flow.ndim == 2 else way_through(throat, by)
        faces = faces * shares.astype(faces.dtype)
    velocity: Floats = run.frame.unflat(faces).copy()
    if flow.ndim == 2:
        frame, right = run.frame, by == 1
        top, left = RING - (not right), 1 - right
        padded = faces.reshape(frame.height, frame.width)
        np.add(velocity, padded[top : top + frame.rows, left : left + frame.columns], out=velocity)
        velocity *= velocity.dtype.type(0.5)
    depth = run.frame.unflat(run.fields.depth)
    wet = depth > run.options.dry
    np.divide(velocity, depth, out=velocity, where=wet)
    velocity[~wet] = 0.0
    return velocity


def _gauge_ground(run: Run) -> Floats:
    """Return the ground [m] at the gauges, ``(gauge, 1)``."""
    return np.array([[run.ground.elevation[place]] for place in run.options.gauges], np.float64)


def depth_now(run: Run) -> Floats:
    """Return the depth [m] now, ``(y, x)``, the sea at its imposed level."""
    depth = run.frame.unflat(run.fields.depth).copy()
    depth[run.sea] = np.maximum(run.clock.now[4] - run.ground.elevation[run.sea], 0.0)
    return depth


def stored_water(run: Run) -> float:
    """Return the water [m3] in all cells but the sea's."""
    depth, lost = run.frame.unflat(run.fields.depth), run.fields.lost
    porosity = run.fields.porosity
    share = run.frame.unflat(porosity).astype(np.float64) if porosity.size > 1 else None
    unseen = run.frame.unflat(lost) if lost.size > 1 else None
    total = 0.0
    for row in range(depth.shape[0]):
        dry = ~run.ghosts[row]
        water = depth[row] if share is None else depth[row] * share[row]
        total += float(water.sum(where=dry, dtype=np.float64))
        owed = None if unseen is None else unseen[row] if share is None else unseen[row] * share[row]
        total -= 0.0 if owed is None else float(owed.sum(where=dry, dtype=np.float64))
    return total * run.ground.cell**2


def _balance(run: Run, stored: float) -> dict[str, float]:
    """Return the water account [m3]."""
    account, end, operated = run.clock.account, stored_water(run), run.structures.works
    came = account[RAIN] + account[SEA_IN] + account[INFLOW]
    went = account[SEA_OUT] + account[INFILTRATION] + account[DRAIN] + account[RATING]
    terms = {name: float(account[place]) for name, place in TERMS.items()}
    pipes = 0.0 if operated is None else float(operated.drain_pipe.sum())
    return (
        terms
        | moved_by_kind(operated)
        | {
            "pipes": pipes,
            "stored_start": stored,
            "stored_end": end,
            "moved": float(came + went),
            "error": float(end + pipes - stored - came + went),
        }
    )


def gather(run: Run, works: Works, stored: float, samples: Samples, by: tuple[str, float]) -> Flood:
    """Return the result as ``(y, x)`` arrays."""
    frame, clock, options = run.frame, run.clock, run.options
    elevation, balance = run.ground.elevation, _balance(run, stored)
    velocity = _take_velocity(run)
    top = frame.unflat(run.fields.top)
    top[run.sea] = np.maximum(clock.now[3] - elevation[run.sea], 0.0)
    dry = (top <= options.dry) | ~cells_open(run.ground)
    top[dry] = 0.0
    level = np.add(elevation, top, out=np.empty_like(top), casting="same_kind")
    speed, arrival = frame.unflat(run.fields.speed), frame.unflat(run.fields.arrival)
    arrival[run.sea] = 0.0
    arrival[arrival < 0] = np.nan
    for values in (level, speed, arrival):
        values[dry] = np.nan
    return Flood(
        max_depth=top,
        max_level=level,
        max_speed=speed,
        arrival=arrival,
        final_depth=depth_now(run),
        velocity_east=velocity[0],
        velocity_north=velocity[1],
        balance=balance,
        steps=int(clock.counts[0]),
        cell_updates=int(clock.counts[0]) * elevation.size,
        active_cell_updates=int(clock.counts[3]) * TILE_ROWS * TILE_COLUMNS,
        wall_seconds=by[1],
        engine=by[0],
        slices=np.array(samples.slices) if samples.slices else None,
        slice_times=np.array(samples.times) if samples.slices else None,
        max_froude=float(run.tiles.froude.max()),
        **_gauged(run, samples),
        **_noted(run),
        **moved_by_name(works, run.ratings, run.structures.works),
    )


def _gauged(run: Run, samples: Samples) -> dict[str, Any]:
    """Return levels, depths and velocities at the gauges over time, nothing where there are none."""
    if not run.options.gauges:
        return {}
    shape = (len(run.options.gauges), len(samples.times))
    levels = np.array(samples.levels, np.float64).T.reshape(shape)
    return {
        "gauges": levels,
        "gauge_depths": levels - _gauge_ground(run),
        "gauge_velocities": np.array(samples.velocities, np.float64).reshape(*shape[::-1], 2).swapaxes(0, 1),
        "gauge_times": np.array(samples.times),
    }


def _noted(run: Run) -> dict[str, Any]:
    """Return what was recorded on request, NaN in the sea, and the recession NaN where it never was wet."""
    notes, frame = run.clock.notes, run.frame
    if notes is None:
        return {}
    result: dict[str, Any] = {}
    if notes.thresholds.size:
        result["duration_above"] = notes.above.reshape(-1, frame.height, frame.width)[
            :, RING : frame.rows + RING, 1 : frame.columns + 1
        ]
    if notes.force.size > 1:
        result["max_depth_speed"] = frame.unflat(notes.force)
    if notes.recession.size > 1:
        result["recession"] = frame.unflat(notes.recession)
        result["recession"][result["recession"] < 0] = np.nan
    for values in result.values():
        values[..., run.sea] = np.nan
    return result
