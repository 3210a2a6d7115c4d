"""Water at every building without a solver run: between kept runs of rising strength, and structure by structure.

Between two strengths the depth is linear where both are wet; where the lower is dry, the water comes late and rises at
the pace it has above, so that a house is not wetted by the average of a dry and a wet run. Structures that were run one
at a time are taken together by the share of the water that each leaves (assumption, its error is measured on held-out
runs). Outside what was run it does not answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genrejs.errors import InputError
from genrejs.scenario.run import Depths

Floats = NDArray[np.float64]

ALMOST_DRY = 0.01
"""[m] water that counts as none when one structure's share of it is taken (assumption)."""


class OutOfRange(InputError):
    """What was asked lies outside the runs that the emulator has: ask the solver."""


@dataclass(frozen=True)
class Rungs:
    """Runs of one hazard with one set of structures at rising `values`: ``(run, building)`` and ``(run, component)``
    depths [m]; at `dry` on the hazard's scale there is no water."""

    dry: float
    values: Floats
    buildings: Floats
    components: Floats

    def __post_init__(self) -> None:
        if self.values.size == 0 or (np.diff(np.concatenate([[self.dry], self.values])) <= 0).any():
            raise InputError(f"The runs of an emulator must rise from {self.dry:g}; got {self.values.tolist()}.")

    def at(self, value: float) -> Depths:
        """Return the depths at `value`; raise OutOfRange above the strongest run."""
        if not value <= self.values[-1] + 1e-9:
            raise OutOfRange(f"The strength {value:g} lies above the strongest run, {self.values[-1]:g}.")
        return Depths(self._one(self.buildings, value), self._one(self.components, value))

    def _one(self, depths: Floats, value: float) -> Floats:
        if value <= self.dry:
            return np.zeros(depths.shape[1])
        upper = int(np.searchsorted(self.values, value - 1e-12))
        high, above = depths[upper], self.values[upper]
        low = depths[upper - 1] if upper else np.zeros(depths.shape[1])
        below = float(self.values[upper - 1]) if upper else self.dry
        share = (value - below) / (above - below)
        between = low + share * (high - low)
        late = np.maximum(high - self._pace(depths, upper) * (above - value), 0.0)
        return np.asarray(np.where(low > 0.0, between, late), dtype=np.float64)

    def _pace(self, depths: Floats, upper: int) -> Floats:
        """Return how fast water rises [m per unit] at the run `upper`: at least so fast that it was dry one below."""
        below = float(self.values[upper - 1]) if upper else self.dry
        steepest = depths[upper] / (self.values[upper] - below)
        if upper + 1 == self.values.size:
            return np.asarray(steepest)
        onward = (depths[upper + 1] - depths[upper]) / (self.values[upper + 1] - self.values[upper])
        return np.asarray(np.maximum(steepest, onward))


@dataclass(frozen=True)
class WaterEmulator:
    """Runs of one hazard: `base` with the structures that stand, `single` with one measure more each."""

    base: Rungs
    single: Mapping[str, Rungs]

    def at(self, value: float, measures: frozenset[str] = frozenset()) -> Depths:
        """Return depths at `value` with `measures` built besides what stands; those it does not know move no water.

        Raises OutOfRange above the strongest run.
        """
        base = self.base.at(value)
        parts = [self.single[name].at(value) for name in sorted(measures & self.single.keys())]
        return Depths(
            composed(base.buildings, [part.buildings for part in parts]),
            composed(base.components, [part.components for part in parts]),
        )


def composed(base: Floats, parts: list[Floats]) -> Floats:
    """Return the depth [m] with several structures from the depths with each one alone.

    Where there is water without them, the shares that they leave are multiplied; where there is none, what they add is
    added.
    """
    wet = base > ALMOST_DRY
    left, added = np.ones_like(base), np.zeros_like(base)
    for part in parts:
        left *= np.where(wet, part / np.where(wet, base, 1.0), 1.0)
        added += np.where(wet, 0.0, part - base)
    return np.maximum(base * left + added, 0.0)
