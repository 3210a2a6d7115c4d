"""The homes of a later year: today's households counted more or less often until ages, languages and places fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.city.buildings_use import apportion
from genrejs.city.model import City
from genrejs.errors import Fault
from genrejs.projection.levels import Floats
from genrejs.rng import stream

Integers = NDArray[np.int64]
AGES = ("children", "adults", "seniors")
LANGUAGE_MOST = 0.95  # of residents at most speak another language (a bound, so that homes can be found)
GOLDEN = 0.6180339887498949  # successive multiples, less their whole part, fill 0..1 evenly
CLOSE = 1e-9  # of all residents: weights fit their targets so well
ROUNDS = 60
LONGEST = 1.0  # step of a weight's logarithm in one round
FAR = 12.0  # a weight's logarithm beyond this means that no homes fit


@dataclass(frozen=True)
class Wanted:
    """Residents of a later year: by age group (children, adults, seniors), by district id, and of another language."""

    ages: tuple[int, int, int]
    districts: Mapping[str, float]
    other_language: float


def resettle(city: City, wanted: Wanted) -> pd.DataFrame:
    """Return the households of a later year: today's, some more than once and some not at all, in the same buildings.

    Age groups are met exactly, districts and languages to within rounding by whole homes. The same household takes the
    same place in the order every time, so that two years or futures differ by what changed and not by chance.

    Raises
    ------
    Fault
        An age group is wanted that nobody is in today.
    """
    homes = city.households
    kinds, kind = _kinds(city)
    weights = _weights(kinds, np.bincount(kind).astype(np.float64), wanted)[kind]
    times = np.floor(weights + _fixed_places(kind, city.name)).astype(np.int64)
    drawn = homes.take(np.repeat(np.arange(len(homes)), times)).reset_index(drop=True)
    drawn["id"] = _ids(homes["id"].to_numpy(dtype=object), times)
    return _exact(drawn, wanted.ages, stream(city.name, "projection/corrections"))


def evenly(rng: np.random.Generator, count: int) -> Floats:
    """Return numbers in 0..1 of which any run of neighbours is spread evenly ``(count,)``; only the start is drawn."""
    return np.asarray((rng.random() + GOLDEN * np.arange(count)) % 1.0, dtype=np.float64)


def _fixed_places(kind: Integers, key: str) -> Floats:
    """Return a number in 0..1 for every household that never changes ``(household,)``, evenly within each kind."""
    rng = stream(key, "projection/homes")
    order = rng.permutation(kind.size)
    order = order[np.argsort(kind[order], kind="stable")]
    spots = np.empty(kind.size)
    spots[order] = evenly(rng, kind.size)
    return spots


def _kinds(city: City) -> tuple[Floats, Integers]:
    """Return the kinds of home ``(kind, [district row, children, adults, seniors, other language])``, and each home's.

    Homes alike in these count alike, so that the weights are found for some hundred kinds and not for every home.
    """
    homes, rows = city.households, pd.Index(city.districts["id"].astype(str))
    of_building = rows.get_indexer(city.buildings["district"].astype(str))
    parts = [of_building[homes["building"].to_numpy(np.int64)], *(homes[name].to_numpy(np.int64) for name in AGES)]
    parts.append((homes["language"] == "other").to_numpy(np.int64))
    code = np.zeros(len(homes), dtype=np.int64)
    for part in parts:
        code = code * (int(part.max()) + 1) + part
    _, first, kind = np.unique(code, return_index=True, return_inverse=True)
    return np.column_stack([part[first] for part in parts]).astype(np.float64), kind.astype(np.int64)


def _weights(kinds: Floats, homes: Floats, wanted: Wanted) -> Floats:
    """Return how often a home of every kind counts ``(kind,)``, given `homes` of each: near its district's growth.

    The weights are w = d exp(x . b): of all that meet the totals the nearest to d in cross-entropy [deville1992].
    """
    place, persons = kinds[:, 0].astype(np.int64), kinds[:, 1:4].sum(axis=1)
    now = np.bincount(place, homes * persons, len(wanted.districts))
    goal = np.asarray(list(wanted.districts.values()))
    start = (goal / np.where(now > 0, now, 1.0))[place]
    lived = np.flatnonzero(now > 0)
    districts = [np.where(place == k, persons, 0.0) for k in lived]
    ages, language = [kinds[:, 1], kinds[:, 3]], [kinds[:, 4] * persons]
    in_ages = [float(wanted.ages[0]), float(wanted.ages[2])]
    # What few homes cannot meet together is met in part: first all, then ages over the whole city, then growth alone.
    for columns, goals in (
        (districts + ages + language, [*goal[lived], *in_ages, wanted.other_language]),
        ([persons, *ages], [float(sum(wanted.ages)), *in_ages]),
    ):
        used = [k for k, column in enumerate(columns) if column.any()]
        features, wants = np.column_stack([columns[k] for k in used]), np.asarray([goals[k] for k in used])
        factors = _nearest(features, wants, start * homes)
        if factors is not None:
            return start * factors
    return start


def _nearest(features: Floats, goals: Floats, start: Floats) -> Floats | None:
    """Return factors ``(row,)`` on `start` near 1 that make the sums of `features` ``(row, feature)`` `goals`, if any.

    Newton's method on the dual; None where it finds nothing.
    """
    pull = np.zeros(features.shape[1])
    for _ in range(ROUNDS):
        factors = np.exp(features @ pull)
        lack = goals - (start * factors) @ features
        if np.abs(lack).max() <= CLOSE * max(float(goals.max()), 1.0):
            return np.asarray(factors, dtype=np.float64)
        curve = features.T @ ((start * factors)[:, None] * features)
        step = np.linalg.lstsq(curve, lack, rcond=None)[0]
        longest = float(np.abs(features @ step).max())
        pull = pull + step * (LONGEST / max(longest, LONGEST))
        if np.abs(features @ pull).max() > FAR:
            return None
    return None


def _ids(ids: NDArray[np.object_], times: Integers) -> NDArray[np.object_]:
    """Return an id for every home: today's, with a number behind it from the second on."""
    copy = np.arange(int(times.sum())) - np.repeat(np.cumsum(times) - times, times)
    names = np.repeat(ids, times)
    again = np.flatnonzero(copy)
    names[again] = [f"{name}-{k + 1}" for name, k in zip(names[again], copy[again], strict=True)]
    return names


def _exact(homes: pd.DataFrame, ages: tuple[int, int, int], rng: np.random.Generator) -> pd.DataFrame:
    """Return the homes with a person more or less here and there, so that every age group is met exactly."""
    order = rng.permutation(len(homes))
    persons, heads = homes["persons"].to_numpy(np.int64).copy(), {}
    for name, goal in zip(AGES, ages, strict=True):
        count = homes[name].to_numpy(np.int64).copy()
        while lack := goal - int(count.sum()):
            able = (count > 0) & ((lack > 0) | (persons > 1))
            rows = order[able[order]][: abs(lack)]
            if not rows.size:
                raise Fault(f"No home can give or take a person among the {name}.")
            count[rows] += np.sign(lack)
            persons[rows] += np.sign(lack)
        heads[name] = count
    return homes.assign(persons=persons, **heads)


def whole(parts: Floats, total: int) -> Integers:
    """Return whole numbers in proportion to `parts` that sum to `total`; all 0 where there is nothing to share by."""
    return apportion(parts, total) if float(parts.sum()) > 0 else np.zeros(parts.size, dtype=np.int64)
