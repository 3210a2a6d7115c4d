"""A published or observed flood, how to run it, and what every run of it must satisfy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from genrejs.hazard.flood import Options, simulate
from genrejs.hazard.flood.problem import Flood, Forcing, Ground, Inflow, Series

CLOSES = {32: 1e-5, 64: 1e-6}
"""Largest error of the water account, as a share of the volume moved, by precision."""
Floats = np.ndarray


@dataclass(frozen=True)
class Case:
    """A flood on a grid whose north-western corner is at (`west`, `north`) [m]; `points` are (x, y) [m] by name."""

    name: str
    ground: Ground
    forcing: Forcing
    duration: float
    west: float
    north: float
    points: Mapping[str, tuple[float, float]]
    initial_level: float | Floats | None = None
    every: float | None = None

    def index(self, x: float, y: float) -> tuple[int, int]:
        """Return (row, column) of the cell that holds (x, y)."""
        rows, columns = self.ground.elevation.shape
        row, column = int((self.north - y) // self.ground.cell), int((x - self.west) // self.ground.cell)
        assert 0 <= row < rows, f"{y} is outside {self.name}"
        assert 0 <= column < columns, f"{x} is outside {self.name}"
        return row, column

    @property
    def gauges(self) -> tuple[tuple[int, int], ...]:
        return tuple(self.index(x, y) for x, y in self.points.values())


def centres(start: float, count: int, cell: float) -> Floats:
    """Return the centres [m] of `count` cells that begin at `start`."""
    return np.asarray(start + cell * (np.arange(count) + 0.5))


def cells_of(mask: np.ndarray, name: str, times: list[float], discharge: list[float]) -> Inflow:
    """Return an inflow [m3/s] over time, spread on the cells of `mask`."""
    rows, columns = np.nonzero(mask)
    return Inflow(name, rows, columns, Series(np.array(times, float), np.array(discharge, float)))


def run(case: Case, scheme: str = "inertial", order: int = 1, precision: int = 32, threads: int | None = None) -> Flood:
    """Compute a case and check what must hold whatever the scheme: no water is made or lost, none is negative."""
    options = Options(
        scheme=scheme, order=order, precision=precision, threads=threads,
        gauges=case.gauges, every=case.every, keep_slices=False,
    )  # fmt: skip
    flood = simulate(
        case.ground, case.forcing, duration=case.duration, initial_level=case.initial_level, options=options
    )
    assert_sound(flood, precision)
    return flood


def assert_sound(flood: Flood, precision: int) -> None:
    """Fail where the account does not close (of a closed basin: of the water in it) or a depth is negative."""
    balance = flood.balance
    turned_over = max(balance["moved"], 0.0) or balance["stored_start"]
    assert abs(balance["error"]) <= CLOSES[precision] * turned_over, balance
    assert np.isfinite(flood.final_depth).all()
    assert flood.final_depth.min() >= 0.0
    assert flood.max_depth.min() >= 0.0


def arrival(times: Floats, depths: Floats, depth: float = 0.01) -> Floats:
    """Return when [s] each gauge's depth ``(gauge, time)`` first exceeds `depth`, linear in time; NaN where never."""
    found = np.full(len(depths), np.nan)
    for k, series in enumerate(depths):
        wet = np.flatnonzero(series > depth)
        if wet.size and wet[0] > 0:
            i = wet[0]
            share = (depth - series[i - 1]) / (series[i] - series[i - 1])
            found[k] = times[i - 1] + share * (times[i] - times[i - 1])
        elif wet.size:
            found[k] = times[0]
    return found
