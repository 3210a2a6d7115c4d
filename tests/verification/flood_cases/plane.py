"""Rain on a plane and flow down it: the kinematic wave (`lighthill1955`, `eagleson1970`) with Manning's friction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from flood_cases.case import Array, Case, Channel, constant
from genrejs.hazard.flood.problem import Forcing, Inflow, Series


@dataclass(frozen=True)
class RainyPlane:
    """A plane `length` [m] long that falls to the east, rain [m/s] from 0 s to `until` [s]."""

    length: float = 200.0
    slope: float = 0.05
    manning: float = 0.03
    rain: float = 100.0 / 3.6e6
    until: float = 1800.0

    @property
    def alpha(self) -> float:
        return float(np.sqrt(self.slope) / self.manning)

    @property
    def concentration(self) -> float:
        """Return the time [s] after which the outlet flows steadily."""
        return float((self.length / (self.alpha * self.rain ** (2 / 3))) ** 0.6)

    def depth(self, x: Array, time: float) -> Array:
        """Return the depth [m] at x while it rains."""
        return np.minimum(self.rain * time, (self.rain * np.maximum(x, 0.0) / self.alpha) ** 0.6)

    def discharge(self, time: float) -> float:
        """Return the discharge per width [m2/s] at the outlet; the rain lasts longer than the concentration time."""
        if time <= self.until:
            return float(self.alpha * self.depth(np.array(self.length), time) ** (5 / 3))
        steady = float(self.depth(np.array(self.length), self.until))
        waited = time - self.until

        def reach(h: float) -> float:
            return self.alpha * h ** (5 / 3) / self.rain + 5 / 3 * self.alpha * h ** (2 / 3) * waited - self.length

        return float(self.alpha * brentq(reach, 0.0, steady, xtol=1e-15) ** (5 / 3))

    def shower(self) -> Series:
        return Series(np.array([0.0, self.until, self.until + 1e-3]), np.array([self.rain, self.rain, 0.0]))

    def case(self, cell: float, duration: float) -> Case:
        """Return the plane on cells of `cell` [m] with a free outfall at its foot."""
        channel = Channel(round(self.length / cell), cell, ghost_east=True)
        bed = self.slope * (self.length - channel.x)

        def exact(x: Array, time: float) -> tuple[Array, Array]:
            depth = self.depth(x, time)
            return depth, self.alpha * depth ** (2 / 3)

        return channel.case(
            "rain on a plane", bed, self.manning, exact=exact, duration=duration,
            forcing=Forcing(constant(-5.0), channel.east_cells, self.shower()),
        )  # fmt: skip


def outflow(case: Case, plane: RainyPlane, slices: Array, times: Array) -> tuple[Array, Array]:
    """Return mid times [s] and mean discharges per width [m2/s] between slices, from what fell and what is left."""
    stored = np.where(case.counted, slices, 0.0).sum(axis=(1, 2)) * case.cell / case.counted.shape[0]
    fallen = plane.rain * np.minimum(times, plane.until) * plane.length
    return 0.5 * (times[1:] + times[:-1]), np.diff(fallen - stored) / np.diff(times)


def film(slope: float, q: float, cell: float, manning: float = 0.03, count: int = 60) -> Case:
    """Return a steady thin flow q [m2/s] down a slope, which must find the normal depth (q n / sqrt(S))^0.6.

    The free edge draws films down over up to eight cells above it, so the last fifth is not counted.
    """
    channel = Channel(count, cell, ghost_east=True)
    bed = slope * (count * cell - channel.x)
    normal = (q * manning / np.sqrt(slope)) ** 0.6
    width = channel.rows * cell
    source = Inflow("top", np.arange(channel.rows), np.zeros(channel.rows, int), constant(q * width))
    counted = channel.inside & ((channel.x > 0.3 * count * cell) & (channel.x < 0.8 * count * cell))[None, :]
    return channel.case(
        "thin film", bed, manning, exact=lambda x, time: (np.full(x.shape, normal), np.full(x.shape, q / normal)),
        duration=6.0 * count * cell * normal / q, counted=counted,
        forcing=Forcing(constant(-5.0), channel.east_cells, inflows=(source,)),
    )  # fmt: skip
