"""A case on the GPU: its arrays stay there from the first step to the last; the host launches and now and then looks.

Several GPUs would each hold a band of rows: every kernel takes its tiles from `first` and `active`, so that a band is a
case of its own whose outermost tiles are exchanged (docs/flood.md).
"""
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import time
import warnings
from typing import Any

import numba
import numpy as np
from numba import cuda
from numba.core.errors import NumbaPerformanceWarning
from numpy.typing import NDArray

from genrejs.hazard.flood import gpu_steps
from genrejs.hazard.flood.gpu_choice import HALVES
from genrejs.hazard.flood.kernels_gpu_tools import DT, ENDED, FLAGS, MOST_THREADS, STOP, TIMES, pick
from genrejs.hazard.flood.run import Run
from genrejs.hazard.flood.state import DRAIN, INFILTRATION, Fields, Waves

BREATH = 0.25
"""[s] of wall time between two looks of the host, for the progress bar and Ctrl-C."""
MOST_STEPS = 512
"""Steps launched between two looks at most."""
SIMULATED_THREADS = 4
"""Threads of a block in numba's simulator, where each is a thread of Python."""


class Card:
    """Drives a case on the GPU as `drive` and `drive_waves` do on the processor."""

    name = "cuda"

    def __init__(self, run: Run) -> None:
        config: Any = numba.config
        self.threads = SIMULATED_THREADS if config.ENABLE_CUDASIM else MOST_THREADS
        self.arrays = _upload(run)
        self.now = np.zeros(TIMES)
        self.now[: run.clock.now.size] = run.clock.now
        self.flags = np.zeros(FLAGS, np.int64)
        self.tiles = run.tiles.first.size
        self.across, self.width = int(run.tiles.across), int(run.tiles.width)
        self.walls = run.structures.wall.size
        self.waves = isinstance(run.fields, Waves)
        self.second = self.waves and run.options.order == 2
        self._steps = 8

    def breathe(self, run: Run, stop: float) -> None:
        """Drive for a moment, at most to `stop` [s]."""
        began = time.perf_counter()
        self.now[STOP] = stop
        self.arrays["now"].copy_to_device(self.now)
        left = (stop - self.now[0]) / self.now[DT] if self.now[DT] > 0.0 else 1.0
        steps = int(min(self._steps, left + 2.0))
        self._launch(run, steps)
        if run.clock.now[0] >= stop and not self.flags[ENDED]:
            self._launch(run, 1)
        if steps == self._steps and time.perf_counter() - began < BREATH:
            self._steps = min(2 * self._steps, MOST_STEPS)

    def _launch(self, run: Run, steps: int) -> None:
        """Launch steps, wait for them and take over the clock."""
        step: Any = gpu_steps.step_waves if self.waves else gpu_steps.step_faces
        parity = int(run.clock.counts[0])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NumbaPerformanceWarning)
            for k in range(steps):
                step(self, (parity + k) & 1)
        for name, target in (("now", self.now), ("flags", self.flags), ("counts", run.clock.counts)):
            self.arrays[name].copy_to_host(target)
        run.clock.now[:] = self.now[: run.clock.now.size]

    def sample(self, run: Run, gauges: NDArray[np.int64], whole: bool) -> None:
        """Take over the depths and flows at the `gauges` and beside them, or the `whole` depth."""
        if whole:
            self._depth(run).copy_to_host(run.fields.depth)
        if gauges.size == 0:
            return
        places = np.unique(np.concatenate([gauges, gauges - 1, gauges - run.frame.width]))
        where = cuda.to_device(places)
        sources = [self._depth(run), *self._flows(run)]
        targets: list[Any] = [run.fields.depth, *_present(run)]
        for source, target in zip(sources, targets, strict=True):
            found = cuda.device_array(places.size, target.dtype)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", NumbaPerformanceWarning)
                pick[-(-places.size // self.threads), self.threads](source, where, found)
            target[places] = found.copy_to_host()

    def finish(self, run: Run) -> None:
        """Take over everything that the result is made of."""
        half, area = int(run.clock.counts[0]) & 1 if self.waves else 0, run.ground.cell**2
        self._depth(run).copy_to_host(run.fields.depth)
        self.arrays["lost"][half].copy_to_host(run.fields.lost)
        for source, target in zip(self._flows(run), _present(run), strict=True):
            source.copy_to_host(target)
        for name in ("top", "speed", "arrival"):
            self.arrays[name].copy_to_host(getattr(run.fields, name))
        self.arrays["froude"].copy_to_host(run.tiles.froude)
        self.arrays["account"].copy_to_host(run.clock.account)
        taken = self.arrays["taken"].copy_to_host().sum(axis=1) * area
        run.clock.account[INFILTRATION] += taken[0]
        run.clock.account[DRAIN] += taken[1]
        if run.clock.notes is not None:
            for name in ("above", "force", "recession"):
                asked = getattr(run.clock.notes, name)
                if asked.size > 1:
                    self.arrays[name].copy_to_host(asked)

    def _depth(self, run: Run) -> Any:
        """Return the present depth on the GPU."""
        return self.arrays["depth"][int(run.clock.counts[0]) & 1 if self.waves else 0]

    def _flows(self, run: Run) -> tuple[Any, Any]:
        """Return the present discharges on the GPU."""
        half = int(run.clock.counts[0]) & 1 if self.waves else 0
        return self.arrays["east"][half], self.arrays["south"][half]


def _present(run: Run) -> tuple[Any, Any]:
    """Return the host's arrays of the present discharges."""
    f = run.fields
    if isinstance(f, Waves):
        return f.east, f.south
    now = int(run.clock.counts[0]) & 1
    return f.east[now], f.south[now]


def _upload(run: Run) -> dict[str, Any]:
    """Return the arrays of a case on the GPU by name; `depth`, `lost`, `east` and `south` in two halves each."""
    f, dtype = run.fields, run.fields.depth.dtype
    host: dict[str, Any] = {
        name: getattr(f, name)
        for name in (
            "ground", "bed_east", "bed_south", "friction", "share", "top", "speed", "arrival", "infiltration",
            "drain", "catch",
        )
    }  # fmt: skip
    host |= _small(run, dtype)
    host["wave_numbers"] = run.wave_numbers
    second = isinstance(f, Waves) and run.options.order == 2
    halves = (HALVES, f.depth.size) if second else (1, 1)
    arrays = {name: cuda.to_device(np.ascontiguousarray(array)) for name, array in host.items()}
    arrays["halves"] = cuda.to_device(np.zeros(halves, dtype))
    states = _halves(f)
    return arrays | {name: tuple(cuda.to_device(a) for a in pair) for name, pair in states.items()}


def _halves(f: Fields | Waves) -> dict[str, tuple[Any, ...]]:
    """Return both halves of the state: even and odd (waves), or the limited and the unlimited discharges (inertial)."""
    if isinstance(f, Waves):
        return {name: (getattr(f, name), getattr(f, f"next_{name}")) for name in ("depth", "lost", "east", "south")}
    return {
        "depth": (f.depth,),
        "lost": (f.lost,),
        "east": (f.east[0], np.zeros_like(f.east[0])),
        "south": (f.south[0], np.zeros_like(f.south[0])),
    }


def _small(run: Run, dtype: Any) -> dict[str, Any]:
    """Return the tiles, edges, series, clock and notes."""
    tiles, clock, count = run.tiles, run.clock, run.tiles.first.size
    forced = np.zeros(count, np.int32)
    np.bitwise_or.at(forced, run.structures.forced_tile, run.structures.forced_bit)
    notes, drivers = clock.notes, run.drivers
    nothing = np.zeros(1, dtype)
    numbers = np.zeros(15, dtype)
    numbers[: run.numbers.size] = run.numbers
    numbers[11:15] = 9.81, gpu_steps.STEEP, 0.5, 0.25
    whole = {"first": tiles.first, "wall": run.structures.wall, "inflow_cell": drivers.inflow_cell}
    whole |= {name: getattr(run.edge, name) for name in ("cell", "face", "ghost", "ghost_of", "inner")}
    same = ("true_ground", "axis", "sign", "ghost_axis", "kind", "held", "inner_axis")
    return {
        **{name: array.astype(np.int64) for name, array in whole.items()},
        **{name: getattr(run.edge, name) for name in same},
        **{name: getattr(drivers, name) for name in ("times", "values", "totals", "start", "inflow_start")},
        "wall_axis": run.structures.wall_axis,
        "active": tiles.active, "wet": tiles.wet, "peak": tiles.peak, "froude": tiles.froude,
        "crowded": np.zeros(count, np.int32), "taken": np.zeros((2, count)), "forced": forced,
        "numbers": numbers, "clock": clock.numbers, "account": clock.account, "counts": clock.counts,
        "now": np.zeros(TIMES), "flags": np.zeros(FLAGS, np.int64),
        "rain": np.array([0.0, 0.0, run.options.dry], dtype),
        "thresholds": np.zeros(0, dtype) if notes is None else notes.thresholds,
        "above": np.zeros((1, 1), dtype) if notes is None or not notes.above.size else notes.above,
        "force": nothing if notes is None else notes.force,
        "recession": nothing if notes is None else notes.recession,
    }  # fmt: skip
