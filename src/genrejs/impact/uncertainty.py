"""What is not known about a damage: one draw shifts depths, curves, thresholds, prices and people's time together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genrejs.errors import InputError
from genrejs.impact.damage import DamageSettings

Floats = NDArray[np.float64]

FACTORS = ("depth", "curve", "threshold", "value", "people")
"""What is uncertain, in the order of the columns of a sample."""
QUANTILES = (0.05, 0.5, 0.95)
"""The quantiles that are shown where a single number stood."""


@dataclass(frozen=True)
class Spread:
    """How much each factor may be off; every number is an assumption, 0 takes the factor out.

    Each is even (uniform) between minus and plus its spread, the same for all buildings and all return periods: errors
    of single buildings cancel in a total, common ones do not. The threshold is even from its spread below to 0.
    """

    depth: float = 0.10  # m, of the water's depth (terrain model and flood model together)
    depth_share: float = 0.25  # that the shift is at most of the depth itself: thin water is not drowned or dried
    curve: float = 0.30  # share of the amount, where a curve has no band of its own
    threshold: float = 0.10  # m below the depth from which a building counts (tool 0.30 m, its documentation 0.20 m)
    value: float = 0.20  # share of the price of homes and of given values
    people: float = 0.25  # share of people's hours

    def __post_init__(self) -> None:
        for name in (*FACTORS, "depth_share"):
            given = getattr(self, name)
            limit = np.inf if name in ("depth", "threshold") else 1.0
            if not (np.isfinite(given) and 0 <= given <= limit):
                raise InputError(f"The spread of '{name}' must be 0 or more{_most(limit)}; got {given}.")


def _most(limit: float) -> str:
    return "" if limit == np.inf else " and at most 1 (a share)"


@dataclass(frozen=True)
class Draw:
    """One state of the world: shifts [m] and factors that hold for every building; the default changes nothing.

    `band` -1..1 is the place within the band of a curve that has one, `curve` the factor on one that has none.
    """

    depth: float = 0.0
    depth_share: float = 0.25
    curve: float = 1.0
    band: float = 0.0
    threshold: float = 0.0
    value: float = 1.0
    people: float = 1.0

    def depths(self, depth: ArrayLike) -> Floats:
        """Return shifted depths [m]; dry stays dry, and no depth changes by more than `depth_share` of it."""
        given = np.maximum(np.nan_to_num(np.asarray(depth, np.float64)), 0.0)
        most = self.depth_share * given
        return np.asarray(given + np.clip(self.depth, -most, most))

    def settings(self, settings: DamageSettings) -> DamageSettings:
        """Return the Danish model's settings in this state of the world."""
        return replace(
            settings,
            minimum_depth=max(settings.minimum_depth + self.threshold, 0.0),
            amount_factor=settings.amount_factor * self.curve,
            price_per_area=settings.price_per_area * self.value,
            person_cost=settings.person_cost * self.people,
        )


def draw_of(place: Sequence[float] | Floats, spread: Spread = Spread()) -> Draw:
    """Return the draw at a place ``(5,)`` in the unit cube, each factor even within its spread.

    Its middle changes nothing but the threshold, whose range lies below the setting.
    """
    way = 2.0 * np.asarray(place, np.float64) - 1.0
    depth, curve, threshold, value, people = (float(way[k]) for k in range(len(FACTORS)))
    return Draw(
        spread.depth * depth,
        spread.depth_share,
        1.0 + spread.curve * curve,
        curve if spread.curve > 0 else 0.0,
        spread.threshold * (threshold - 1.0) / 2.0,
        1.0 + spread.value * value,
        1.0 + spread.people * people,
    )


def latin_hypercube(count: int, generator: np.random.Generator) -> Floats:
    """Return `count` places in the unit cube ``(count, 5)``: each factor's range is met evenly (McKay et al. 1979).

    Raises
    ------
    InputError
        Fewer than two places.
    """
    if count < 2:
        raise InputError(f"A sample of what is uncertain needs 2 draws or more; got {count}.")
    from scipy.stats import qmc  # noqa: PLC0415  # half a second to load, for those who sample

    return np.asarray(qmc.LatinHypercube(d=len(FACTORS), rng=generator).random(count))


def draws(count: int, generator: np.random.Generator, spread: Spread = Spread()) -> list[Draw]:
    """Return `count` draws of a Latin hypercube; the same generator state always gives the same draws."""
    return [draw_of(place, spread) for place in latin_hypercube(count, generator)]
