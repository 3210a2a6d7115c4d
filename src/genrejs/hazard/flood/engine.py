"""`simulate`: lays out a case, drives the kernels and gathers the result."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from genrejs.hazard.flood.checks import check
from genrejs.hazard.flood.drivers import lay_drivers, lay_structures
from genrejs.hazard.flood.freshness import drop_stale_code
from genrejs.hazard.flood.kernels_drive import drive, drive_waves
from genrejs.hazard.flood.kernels_edge import set_edge, set_edge_waves
from genrejs.hazard.flood.edges import fall_away, ghost_cells, lay_edge
from genrejs.hazard.flood.kernels_fill import fill
from genrejs.hazard.flood.layout import GRAVITY, Frame, cells_open, grain, lay_fields, lay_notes, lay_tiles, lay_waves
from genrejs.hazard.flood.options import Options
from genrejs.hazard.flood.pace import Pace
from genrejs.hazard.flood.problem import Floats, Flood, Forcing, Ground, Rating, Works
from genrejs.hazard.flood.state import (
    ACCOUNTS,
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
    Clock,
    Drivers,
    Edge,
    Fields,
    Structures,
    Tiles,
    Waves,
)
from genrejs.hazard.flood.works import moved_by_kind, moved_by_name

GAUGE_EVERY = 300.0
"""[s] between gauge values when no time is asked for."""
FEW_TILES = 48
"""Below this number of active tiles one thread is faster than waiting for several."""
CRITICAL = (2.0 / 3.0) ** 1.5
"""Critical flow over a broad crest as a share of H sqrt(g H)."""
FILM = 0.01
"""[m] water shallower than this is a film: its Froude number is capped, so that no film sets the time step."""
FILM_FROUDE = 20.0
"""Largest Froude number of a film (assumption)."""
TERMS = {
    "rain": RAIN, "sea_in": SEA_IN, "sea_out": SEA_OUT, "inflow": INFLOW, "infiltration": INFILTRATION, "drain": DRAIN,
    "rating": RATING,
}  # fmt: skip
"""Names of the places in the water account."""
MOST_STEPS = 1_000_000
"""Steps at most between two returns to Python."""


@dataclass
class _Run:
    """A case laid out for the kernels, and what has been sampled so far."""

    frame: Frame
    states: tuple[Fields | Waves, ...]
    tiles: Tiles
    edge: Edge
    drivers: Drivers
    structures: Structures
    clock: Clock
    numbers: Floats
    wave_numbers: Floats
    ground: Ground
    sea: NDArray[np.bool_]
    ghosts: NDArray[np.bool_]
    ratings: tuple[Rating, ...]
    options: Options

    @property
    def fields(self) -> Fields | Waves:
        """The present state."""
        return self.states[int(self.clock.counts[0]) % len(self.states)]


def simulate(
    ground: Ground,
    forcing: Forcing,
    works: Works | None = None,
    *,
    duration: float,
    initial_level: float | Floats | None = None,
    initial_velocity: tuple[float | Floats, float | Floats] | None = None,
    options: Options | None = None,
) -> Flood:
    """Return the flood that `forcing` makes on `ground` within `duration` [s].

    `initial_level` [m], a number or ``(y, x)``: cells below it start filled to it, those connected to the level cells,
    or all where there are none. `initial_velocity` east and north [m/s], numbers or ``(y, x)``: of the water there.

    Raises
    ------
    InputError
        Something given cannot be computed; the message says what and where.
    """
    works, options = works or Works(), options or Options()
    check(ground, forcing, works, duration, options)
    drop_stale_code()
    started = time.perf_counter()
    before = numba.get_num_threads()
    config: Any = numba.config
    most = int(config.NUMBA_NUM_THREADS)
    try:
        run = _lay(ground, forcing, works, options)
        _start(run, initial_level)
        _push(run, initial_velocity)
        stored = _stored(run)
        samples = _advance(run, duration, min(options.threads or most, most))
    finally:
        numba.set_num_threads(before)
    return _gather(run, works, stored, samples, time.perf_counter() - started)


def _lay(ground: Ground, forcing: Forcing, works: Works, options: Options) -> _Run:
    """Return the case as flat arrays."""
    frame = Frame(*ground.elevation.shape)
    dtype = np.float32 if options.precision == 32 else np.float64
    highest = 0.0 if forcing.level is None else float(np.max(np.abs(forcing.level.values)))
    spacing = grain(ground, highest, dtype)
    ghosts = ghost_cells(ground, forcing)
    fields = lay_fields(fall_away(ground, forcing, ghosts), ghosts, frame, spacing, options)
    structures = lay_structures(ground, forcing, works, fields, frame, ghosts)
    edge = lay_edge(ghosts, forcing, fields, frame)
    losses = float(fields.infiltration.any() or fields.drain.any())
    caught = float(np.count_nonzero(fields.catch))
    clock = Clock(
        notes=lay_notes(options, frame, dtype),
        now=np.zeros(5),
        counts=np.zeros(4, np.int64),
        account=np.zeros(ACCOUNTS),
        numbers=np.array(
            [ground.cell, spacing, options.factor, options.longest_step, losses, caught, forcing.level is not None],
            np.float64,
        ),
    )
    margin = 1.0 - 16.0 * float(np.finfo(dtype).eps)
    side = 0.5 * (1.0 - options.theta)
    numbers: Floats = np.array(
        [options.theta, side, options.dry, 0, 0, 0, 0, margin, options.froude_depth, options.arrival_depth], dtype
    )
    free = cells_open(ground)
    sea = np.zeros(free.shape, bool) if forcing.level_cells is None else forcing.level_cells & free
    drivers = lay_drivers(ground, forcing, frame, dtype)
    if forcing.level is not None:
        first = float(np.interp(0.0, forcing.level.times, forcing.level.values))
        clock.now[3:5] = np.floor(first / spacing + 0.5) * spacing
    tiles = lay_tiles(frame, fields)
    states = lay_waves(fields) if options.scheme == "shallow-water" else (fields,)
    waves: Floats = np.array(
        [GRAVITY, 0.5, CRITICAL, options.dry, 0, 0, FILM, FILM_FROUDE, margin, 0, options.order], dtype
    )
    return _Run(
        frame, states, tiles, edge, drivers, structures, clock, numbers, waves, ground, sea, ghosts, forcing.ratings,
        options,
    )  # fmt: skip


def _start(run: _Run, initial_level: float | Floats | None) -> None:
    """Fill the sea and the cells that start wet."""
    f, frame, clock = run.fields, run.frame, run.clock
    spacing = clock.numbers[1]
    if initial_level is not None:
        wanted = np.broadcast_to(np.asarray(initial_level, np.float64), run.sea.shape)
        wanted = np.where(np.isfinite(wanted), wanted, -np.inf)
        level = frame.flat(np.floor(wanted / spacing + 0.5) * spacing, -np.inf, np.float64)
        del wanted
        free, sea = frame.mask(cells_open(run.ground)), frame.mask(run.ghosts)
        full = (sea | ~free).astype(np.uint8)
        if run.sea.any():
            begin = run.edge.cell.astype(np.int64)
            level[begin] = np.maximum(level[begin], f.ground[begin])
            full[begin] = 0
            fill(f, level, begin, frame.width, full)
            wet = (full > 0) & free & ~sea
        else:
            wet = free
        np.subtract(level, f.ground, out=level)
        np.copyto(f.depth, np.maximum(level, 0.0, out=level), where=wet, casting="same_kind")
    np.maximum(f.top, f.depth, out=f.top)
    impose = set_edge_waves if isinstance(f, Waves) else set_edge
    clock.now[2] = max(float(f.depth.max()), impose(f, run.edge, clock.now[4]))
    f.arrival[f.depth > run.options.arrival_depth] = 0.0


def _push(run: _Run, velocity: tuple[float | Floats, float | Floats] | None) -> None:
    """Give the water its first velocity; in the shallow-water scheme let both states begin alike."""
    f, frame = run.fields, run.frame
    if not isinstance(f, Waves):
        return
    if velocity is not None:
        inside = frame.unflat(f.depth)
        inside_east, inside_south = frame.unflat(f.east), frame.unflat(f.south)
        np.copyto(inside_east, inside * np.asarray(velocity[0]), where=~run.ghosts, casting="same_kind")
        np.copyto(inside_south, inside * -np.asarray(velocity[1]), where=~run.ghosts, casting="same_kind")
        fastest = np.sqrt(np.square(velocity[0]) + np.square(velocity[1])) + np.sqrt(GRAVITY * inside)
        run.clock.now[2] = max(run.clock.now[2], float(np.max(fastest)) ** 2 / GRAVITY)
    for name in ("depth", "lost", "east", "south"):
        getattr(f, f"next_{name}")[:] = getattr(f, name)


def _advance(run: _Run, duration: float, threads: int) -> tuple[Floats, Floats, list[Floats]]:
    """Drive to the end; return sample times, gauge levels ``(gauge, time)`` and depth slices."""
    every = run.options.every or GAUGE_EVERY
    times = np.unique(np.append(np.arange(0.0, duration, every), duration))
    levels, slices = [], []
    pace = Pace(threads)
    for stop in times:
        while run.clock.now[0] < stop:
            _breathe(run, pace, stop)
            if run.options.progress is not None:
                run.options.progress(float(run.clock.now[0] / duration))
        levels.append(_gauge_levels(run))
        if run.options.every is not None and run.options.keep_slices:
            slices.append(_depth(run).astype(np.float32, copy=False))
    return times, np.array(levels).T.reshape(len(run.options.gauges), times.size), slices


def _breathe(run: _Run, pace: Pace, stop: float) -> None:
    """Drive for a moment, at most to `stop` [s]."""
    clock = run.clock
    workers, steps = pace.choose(int(clock.counts[2]))
    began, done = time.perf_counter(), int(clock.counts[3])
    numba.set_num_threads(workers)
    rest = (run.tiles, run.edge, run.drivers, run.structures, clock, run.numbers)
    if run.options.scheme == "shallow-water":
        drive_waves(*run.states, *rest, run.wave_numbers, steps, stop)
    else:
        drive(run.fields, *rest, steps, stop)
    pace.note(int(clock.counts[3]) - done, time.perf_counter() - began)


def _gauge_levels(run: _Run) -> list[float]:
    """Return the levels [m] at the gauges now; a dry gauge shows its ground."""
    f, levels = run.fields, []
    for row, column in run.options.gauges:
        i = int(run.frame.index(np.array([row]), np.array([column]))[0])
        ground = float(run.ground.elevation[row, column])
        levels.append(max(run.clock.now[4], ground) if run.sea[row, column] else ground + float(f.depth[i]))
    return levels


def _velocity(run: _Run) -> tuple[Floats, Floats]:
    """Return the velocity [m/s] now to the east and north, ``(y, x)``, 0 where it is dry."""
    f, frame = run.fields, run.frame
    if isinstance(f, Waves):
        east, south = frame.unflat(f.east), frame.unflat(f.south)
    else:
        now = int(run.clock.counts[0]) & 1
        east, south = (0.5 * (q[now] + np.roll(q[now], by)) for q, by in ((f.east, 1), (f.south, frame.width)))
        east, south = frame.unflat(east), frame.unflat(south)
    depth = frame.unflat(f.depth)
    wet = depth > run.options.dry
    safe = np.where(wet, depth, 1)
    return np.where(wet, east / safe, 0), np.where(wet, -south / safe, 0)


def _gauge_ground(run: _Run) -> Floats:
    """Return the ground [m] at the gauges, ``(gauge, 1)``."""
    return np.array([[run.ground.elevation[place]] for place in run.options.gauges], np.float64)


def _depth(run: _Run) -> Floats:
    """Return the depth [m] now, ``(y, x)``, the sea at its imposed level."""
    depth = run.frame.unflat(run.fields.depth).copy()
    depth[run.sea] = np.maximum(run.clock.now[4] - run.ground.elevation[run.sea], 0.0)
    return depth


def _stored(run: _Run) -> float:
    """Return the water [m3] in all cells but the sea's."""
    depth, lost = run.frame.unflat(run.fields.depth), run.fields.lost
    unseen = run.frame.unflat(lost) if lost.size > 1 else None
    total = 0.0
    for row in range(depth.shape[0]):
        dry = ~run.ghosts[row]
        total += float(depth[row].sum(where=dry, dtype=np.float64))
        total -= 0.0 if unseen is None else float(unseen[row].sum(where=dry, dtype=np.float64))
    return total * run.ground.cell**2


def _balance(run: _Run, stored: float) -> dict[str, float]:
    """Return the water account [m3]."""
    account, end, operated = run.clock.account, _stored(run), run.structures.works
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


def _gather(
    run: _Run, works: Works, stored: float, samples: tuple[Floats, Floats, list[Floats]], seconds: float
) -> Flood:
    """Return the result as ``(y, x)`` arrays."""
    frame, clock, options = run.frame, run.clock, run.options
    elevation, balance = run.ground.elevation, _balance(run, stored)
    gone = np.zeros(0, run.fields.depth.dtype)
    velocity = _velocity(run)
    run.states = (run.fields._replace(east=gone, south=gone, share=gone, friction=gone),)
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
    times, gauges, slices = samples
    return Flood(
        max_depth=top,
        max_level=level,
        max_speed=speed,
        arrival=arrival,
        final_depth=_depth(run),
        velocity_east=velocity[0],
        velocity_north=velocity[1],
        balance=balance,
        steps=int(clock.counts[0]),
        cell_updates=int(clock.counts[0]) * elevation.size,
        active_cell_updates=int(clock.counts[3]) * TILE_ROWS * TILE_COLUMNS,
        wall_seconds=seconds,
        gauges=gauges if options.gauges else None,
        gauge_depths=gauges - _gauge_ground(run) if options.gauges else None,
        gauge_times=times if options.gauges else None,
        slices=np.array(slices) if slices else None,
        slice_times=times if slices else None,
        max_froude=float(run.tiles.froude.max()),
        **_noted(run),
        **moved_by_name(works, run.ratings, run.structures.works),
    )


def _noted(run: _Run) -> dict[str, Any]:
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
