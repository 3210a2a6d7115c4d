"""A case laid out for the kernels: its arrays, its first water, and the numbers that rule its steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genrejs.hazard.flood.drivers import lay_drivers, lay_structures
from genrejs.hazard.flood.edges import fall_away, ghost_cells, lay_edge, slope_on
from genrejs.hazard.flood.kernels_edge import set_edge, set_edge_waves
from genrejs.hazard.flood.kernels_fill import fill
from genrejs.hazard.flood.layout import (
    GRAVITY,
    Frame,
    cells_open,
    grain,
    lay_fields,
    lay_notes,
    lay_tiles,
    lay_waves,
    way_through,
)
from genrejs.hazard.flood.options import Options
from genrejs.hazard.flood.problem import Floats, Forcing, Ground, Rating, Works
from genrejs.hazard.flood.state import ACCOUNTS, Clock, Drivers, Edge, Fields, Structures, Tiles, Waves

CRITICAL = (2.0 / 3.0) ** 1.5
"""Critical flow over a broad crest as a share of H sqrt(g H)."""
STEEPEST_EDGE = 0.1
"""Largest slope with which the ground goes on beyond a level edge (assumption)."""
FILM = 0.01
"""[m] water shallower than this is a film: its Froude number is capped, so that no film sets the time step."""
FILM_FROUDE = 20.0
"""Largest Froude number of a film (assumption)."""


@dataclass
class Run:
    """A case as flat arrays; `sea` and `ghosts` ``(y, x)``: cells with an imposed level, and all imposed cells."""

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


def lay_run(ground: Ground, forcing: Forcing, works: Works, options: Options) -> Run:
    """Return the case as flat arrays, dry."""
    frame = Frame(*ground.elevation.shape)
    dtype = np.float32 if options.precision == 32 else np.float64
    highest = 0.0 if forcing.level is None else float(np.max(np.abs(forcing.level.values)))
    spacing = grain(ground, highest, dtype)
    ghosts = ghost_cells(ground, forcing)
    fields = lay_fields(fall_away(ground, forcing, ghosts), ghosts, frame, spacing, options)
    structures = lay_structures(ground, forcing, works, fields, frame, ghosts)
    edge = lay_edge(ghosts, forcing, fields, frame)
    if options.scheme == "shallow-water":
        slope_on(edge, fields, STEEPEST_EDGE * ground.cell, spacing)
    clock, numbers, waves = _numbers(ground, forcing, fields, spacing, options)
    clock = clock._replace(notes=lay_notes(options, frame, dtype))
    free = cells_open(ground)
    sea = np.zeros(free.shape, bool) if forcing.level_cells is None else forcing.level_cells & free
    drivers = lay_drivers(ground, forcing, frame, dtype)
    tiles = lay_tiles(frame, fields)
    states = lay_waves(fields) if options.scheme == "shallow-water" else (fields,)
    return Run(
        frame, states, tiles, edge, drivers, structures, clock, numbers, waves, ground, sea, ghosts, forcing.ratings,
        options,
    )  # fmt: skip


def _numbers(
    ground: Ground, forcing: Forcing, fields: Fields, spacing: float, options: Options
) -> tuple[Clock, Floats, Floats]:
    """Return the clock at the start and the numbers of both schemes."""
    dtype = fields.depth.dtype
    losses = float(fields.infiltration.any() or fields.drain.any())
    caught = float(np.count_nonzero(fields.catch))
    if fields.porosity.size > 1:
        caught = float(fields.porosity.sum(where=fields.catch > 0, dtype=np.float64))
    clock = Clock(
        now=np.zeros(6),
        counts=np.zeros(4, np.int64),
        account=np.zeros(ACCOUNTS),
        numbers=np.array(
            [
                ground.cell,
                spacing,
                options.factor,
                options.longest_step,
                losses,
                caught,
                forcing.level is not None,
                _fastest_filling(ground, forcing),
            ],
            np.float64,
        ),
        notes=None,
    )
    if forcing.level is not None:
        first = float(np.interp(0.0, forcing.level.times, forcing.level.values))
        clock.now[3:5] = np.floor(first / spacing + 0.5) * spacing
    margin = 1.0 - 16.0 * float(np.finfo(dtype).eps)
    side = 0.5 * (1.0 - options.theta)
    steps = [options.theta, side, options.dry, 0, 0, 0, 0, margin, options.froude_depth, options.arrival_depth]
    waves = [GRAVITY, 0.5, CRITICAL, options.dry, 0, 0, FILM, FILM_FROUDE, margin, 0, options.order]
    return clock, np.array(steps, dtype), np.array(waves, dtype)


def _fastest_filling(ground: Ground, forcing: Forcing) -> float:
    """Return the fastest rise [m/s] that an inflow gives its cells."""
    rates = []
    for flow in forcing.inflows:
        least = 1.0 if ground.porosity is None else float(np.min(ground.porosity[flow.rows, flow.columns]))
        rates.append(float(np.max(flow.discharge.values)) / len(flow.rows) / ground.cell**2 / least)
    return max(0.0, *rates) if rates else 0.0


def fill_start(run: Run, initial_level: float | Floats | None) -> None:
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
    impose: Any = set_edge_waves if isinstance(f, Waves) else set_edge
    clock.now[2] = max(float(f.depth.max()), impose(f, run.edge, clock.now[4]))
    f.arrival[f.depth > run.options.arrival_depth] = 0.0


def push_start(run: Run, velocity: tuple[float | Floats, float | Floats] | None) -> None:
    """Give the water its first velocity; in the shallow-water scheme let both states begin alike."""
    f, frame = run.fields, run.frame
    if not isinstance(f, Waves):
        return
    if velocity is not None:
        inside = frame.unflat(f.depth)
        inside_east, inside_south = frame.unflat(f.east), frame.unflat(f.south)
        ways = [way_through(f.throat_east, 1), way_through(f.throat_south, frame.width)]
        ways = [frame.unflat(way) if np.ndim(way) else way for way in ways]
        np.copyto(inside_east, inside * np.asarray(velocity[0]) / ways[0], where=~run.ghosts, casting="same_kind")
        np.copyto(inside_south, inside * -np.asarray(velocity[1]) / ways[1], where=~run.ghosts, casting="same_kind")
        fastest = np.sqrt(np.square(velocity[0]) + np.square(velocity[1])) + np.sqrt(GRAVITY * inside)
        run.clock.now[2] = max(run.clock.now[2], float(np.max(fastest)) ** 2 / GRAVITY)
    for name in ("depth", "lost", "east", "south"):
        getattr(f, f"next_{name}")[:] = getattr(f, name)
