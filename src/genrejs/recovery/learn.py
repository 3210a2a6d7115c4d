"""The city learns: what was damaged is rebuilt against the same water, and people who helped trust each other more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.impact.result import Impact
from genrejs.recovery.result import Recovery
from genrejs.rng import stream


@dataclass(frozen=True)
class LearningSettings:
    """How far the lesson goes; assumptions."""

    margin: float = 0.3  # m above the water of the event that is built for (assumption)
    drilled: float = 0.3  # share of what manual operation still lacks that is learnt from an attack (assumption)
    trust: float = 0.1  # share of the social capital still missing that helping each other adds (assumption)


def learn(
    city: City, impact: Impact, recovery: Recovery, key: str | int, settings: LearningSettings | None = None
) -> City:
    """Return the city after the event: a share rebuilt better, a share of components out of the water's reach.

    Only what was rebuilt within the horizon is better; which ones is drawn by `key`, and a larger share keeps the
    ones of a smaller share.
    """
    chosen, plan = settings or LearningSettings(), city.preparedness
    rebuilt = np.isfinite(recovery.buildings["restored"].to_numpy(np.float64))
    harmed = (impact.buildings["damage"] > 0).to_numpy() | ~impact.buildings["habitable"].to_numpy(dtype=np.bool_)
    better = _choose(harmed & rebuilt, plan.rebuild_better, key, "learn/buildings")
    buildings = city.buildings.assign(
        protected_to=_raised(city.buildings["protected_to"], impact.buildings["depth"], better, chosen.margin)
    )
    mended = np.isfinite(recovery.components["restored"].to_numpy(np.float64))
    moved = _choose(
        impact.components["flooded"].to_numpy(dtype=np.bool_) & mended, plan.relocate, key, "learn/components"
    )
    components = city.components.assign(
        fail_depth=_raised(city.components["fail_depth"], impact.components["depth"], moved, chosen.margin)
    )
    helped = plan.volunteers > 0 and bool(harmed.any())
    capital = plan.social_capital + (chosen.trust * (1 - plan.social_capital) if helped else 0.0)
    attacked = bool(impact.components["cyber"].any())
    fallback = plan.fallback + (chosen.drilled * (1 - plan.fallback) if attacked else 0.0)
    delay = plan.fallback_delay * (1 - chosen.drilled if attacked else 1.0)
    wiser = city.change(buildings=buildings, components=components)
    return wiser.prepare(social_capital=capital, fallback=fallback, fallback_delay=delay)


def emerge_stronger(first: Recovery, second: Recovery) -> float:
    """Return 1 - L2/L1, from the resilience losses of the same shock before and after learning; 0 if none was lost."""
    before, after = (r.indicators["resilience_loss"] for r in (first, second))
    return 1.0 - after / before if before > 0 else 0.0


def _choose(candidates: NDArray[np.bool_], share: float, key: str | int, name: str) -> NDArray[np.bool_]:
    # One number per row whatever the share: the smallest ones are chosen, so that shares nest.
    draw = np.where(candidates, stream(key, name).random(candidates.size), np.inf)
    count = int(np.floor(share * candidates.sum() + 0.5))
    chosen = np.zeros(candidates.size, dtype=np.bool_)
    chosen[np.argsort(draw, kind="stable")[:count]] = True
    return chosen


def _raised(now: object, water: object, chosen: NDArray[np.bool_], margin: float) -> NDArray[np.float64]:
    level, depth = np.asarray(now, dtype=np.float64), np.asarray(water, dtype=np.float64)
    return np.asarray(np.where(chosen, np.maximum(level, depth + margin), level), dtype=np.float64)
