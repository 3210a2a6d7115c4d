"""Which measures to choose under budgets: exact integer programming, with either-or, needs and pairs that help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from genrejs.appraisal.economics import Floats
from genrejs.appraisal.integer import ROUNDING, Bools, Limits, maximise, together, within_budgets
from genrejs.errors import InputError


@dataclass(frozen=True)
class Rules:
    """Which choices of the measures `ids` are allowed.

    `excludes` groups of which at most one may be chosen; `requires` pairs of a measure and one that it needs; `always`
    and `never` are fixed in and out.
    """

    ids: tuple[str, ...]
    excludes: tuple[tuple[str, ...], ...] = ()
    requires: tuple[tuple[str, str], ...] = ()
    always: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.ids:
            raise InputError("Give one or more measures to choose among; the list is empty.")
        twice = sorted({id for id in self.ids if self.ids.count(id) > 1})
        if twice:
            raise InputError(f"Each measure may be given once; given again: {', '.join(twice)}.")
        named = {*self.always, *self.never, *(id for group in (*self.excludes, *self.requires) for id in group)}
        known_ids(self.ids, named)
        if self.always & self.never:
            raise InputError(f"Fixed both in and out: {', '.join(sorted(self.always & self.never))}.")

    def places(self, ids: Sequence[str]) -> list[int]:
        """Return where the measures stand in `ids`."""
        return [self.ids.index(id) for id in ids]


def known_ids(ids: Sequence[str], named: set[str]) -> None:
    """Raise InputError if a measure named in a rule is none of `ids`."""
    unknown = sorted(named - set(ids))
    if unknown:
        raise InputError(f"Unknown measures in the rules: {', '.join(unknown)}; the measures are {', '.join(ids)}.")


@dataclass(frozen=True)
class Portfolio:
    """A choice under budgets; made and checked by `portfolio`."""

    rules: Rules
    benefit: Floats
    costs: Floats
    budgets: Floats
    synergies: Mapping[tuple[str, str], float] = field(default_factory=lambda: MappingProxyType({}))


class Chosen(NamedTuple):
    """The measures chosen, their benefit, what they use of each budget, and how far the best may lie above (share)."""

    measures: tuple[str, ...]
    benefit: float
    used: Floats
    gap: float


def weighted(benefits: ArrayLike, weights: ArrayLike) -> Floats:
    """Return the benefit ``(measures,)`` of `benefits` ``(measures, kinds)`` by the `weights` ``(kinds,)``.

    Raises InputError for shapes that do not fit, for values that are not finite and weights below 0.
    """
    given, heavy = np.asarray(benefits, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if given.ndim != 2 or heavy.shape != given.shape[1:] or not np.isfinite(given).all():
        raise InputError(f"Give finite benefits by measure and kind, and a weight a kind; got {given.shape}.")
    if not np.isfinite(heavy).all() or (heavy < 0).any() or not heavy.any():
        raise InputError(f"Weights must be finite, 0 or more and not all 0; got {heavy.tolist()}.")
    return np.asarray(given @ heavy)


def portfolio(
    rules: Rules,
    benefit: ArrayLike,
    costs: ArrayLike,
    budgets: ArrayLike,
    synergies: Mapping[tuple[str, str], float] | None = None,
) -> Portfolio:
    """Return a checked choice: `benefit` ``(measures,)``, `costs` ``(measures,)`` or ``(measures, budgets)``.

    `synergies` are what pairs give together beyond their sum (below 0: they get in each other's way). Raises
    InputError for shapes that do not fit, values that are not finite, costs and budgets below 0, and unknown measures.
    """
    count = len(rules.ids)
    gain, limits = np.asarray(benefit, dtype=np.float64), np.atleast_1d(np.asarray(budgets, dtype=np.float64))
    given = np.asarray(costs, dtype=np.float64)
    table = given[:, None] if given.ndim == 1 else given
    if gain.shape != (count,) or table.shape != (count, limits.size) or limits.size == 0:
        raise InputError(
            f"Give a benefit for each of {count} measures and a cost for each of {limits.size} budgets; "
            f"got the shapes {gain.shape} and {given.shape}."
        )
    pairs = dict(synergies or {})
    if not np.isfinite([*gain, *pairs.values()]).all():
        raise InputError("Every benefit and synergy must be a finite number.")
    if not np.isfinite(table).all() or (table < 0).any() or np.isnan(limits).any() or (limits < 0).any():
        raise InputError("Every cost must be a finite number of 0 or more, and every budget a number of 0 or more.")
    known_ids(rules.ids, {id for pair in pairs for id in pair})
    if any(first == second for first, second in pairs):
        raise InputError("A synergy needs two different measures.")
    return Portfolio(rules, gain, table, limits, MappingProxyType(pairs))


def follows(rules: Rules, choices: Bools) -> Bools:
    """Return which of the choices ``(n, measures)`` keep the rules ``(n,)``."""
    good = np.ones(len(choices), dtype=np.bool_)
    for group in rules.excludes:
        good &= choices[:, rules.places(sorted(set(group)))].sum(axis=1) <= 1
    for id, need in rules.requires:
        first, second = rules.places((id, need))
        good &= ~choices[:, first] | choices[:, second]
    good &= choices[:, rules.places(sorted(rules.always))].all(axis=1)
    return np.asarray(good & ~choices[:, rules.places(sorted(rules.never))].any(axis=1))


def affordable(problem: Portfolio, choices: Bools) -> Bools:
    """Return which of the choices ``(n, measures)`` keep within every budget ``(n,)``."""
    return np.asarray((choices @ problem.costs <= problem.budgets * (1 + ROUNDING)).all(axis=1))


def benefits(problem: Portfolio, choices: Bools) -> Floats:
    """Return the benefit of each choice ``(n, measures)``, what pairs give together included ``(n,)``."""
    total = np.asarray(choices @ problem.benefit, dtype=np.float64)
    for pair, value in problem.synergies.items():
        total += value * choices[:, problem.rules.places(pair)].all(axis=1)
    return total


def best_portfolio(problem: Portfolio, time_limit: float = 60.0) -> Chosen:
    """Return the choice with the largest benefit within the budgets, proven unless `time_limit` [s] stops it.

    Integer programming by HiGHS (`huangfu2018`). A product of two choices z becomes z <= a, z <= b, z >= a + b - 1.
    Raises InputError if no choice keeps the rules and the budgets, or none is found in time.
    """
    found = best_or_none(problem, time_limit)
    if found is None:
        fixed = problem.costs[problem.rules.places(sorted(problem.rules.always))].sum(axis=0)
        raise InputError(
            "No choice keeps both the rules and the budgets: the measures that are fixed in cost "
            f"{_listed(fixed)} of {_listed(problem.budgets)}."
        )
    return found


def _listed(amounts: Floats) -> str:
    return ", ".join(f"{amount:g}" for amount in amounts)


def best_or_none(problem: Portfolio, time_limit: float = 60.0) -> Chosen | None:
    """Return what `best_portfolio` returns, or None if no choice keeps the rules and the budgets."""
    rules, count, extra = problem.rules, len(problem.rules.ids), len(problem.synergies)
    lower, upper = np.zeros(count + extra), np.ones(count + extra)
    lower[rules.places(sorted(rules.always))] = 1
    upper[rules.places(sorted(rules.never))] = 0
    budgets = within_budgets(np.pad(problem.costs.T, ((0, 0), (0, extra))), problem.budgets)
    found = maximise(
        np.concatenate([problem.benefit, list(problem.synergies.values())]),
        together(budgets, _rules(problem)),
        (lower, upper),
        lambda choice: bool(affordable(problem, choice[None])[0]),
        choices=count,
        time_limit=time_limit,
    )
    if found is None:
        return None
    choice = found.choice
    ids = tuple(id for id, taken in zip(rules.ids, choice, strict=True) if taken)
    return Chosen(ids, float(benefits(problem, choice[None])[0]), np.asarray(choice @ problem.costs), found.gap)


def _rules(problem: Portfolio) -> Limits:
    """Return the limits of the rules and the pairs; the columns are measures, then pairs."""
    rules, width = problem.rules, len(problem.rules.ids) + len(problem.synergies)
    rows: list[Floats] = []
    limits: list[float] = []

    def at_most(places: Sequence[int], factors: ArrayLike, limit: float) -> None:
        row = np.zeros(width)
        row[list(places)] = factors
        rows.append(row)
        limits.append(limit)

    for group in rules.excludes:
        at_most(rules.places(sorted(set(group))), 1.0, 1.0)
    for id, need in rules.requires:
        if id != need:
            at_most(rules.places((id, need)), (1.0, -1.0), 0.0)
    for extra, (pair, value) in enumerate(problem.synergies.items(), len(rules.ids)):
        first, second = rules.places(pair)
        if value > 0:
            at_most((extra, first), (1.0, -1.0), 0.0)
            at_most((extra, second), (1.0, -1.0), 0.0)
        else:
            at_most((first, second, extra), (1.0, 1.0, -1.0), 1.0)
    return Limits(np.array(rows).reshape(-1, width), np.full(len(rows), -np.inf), np.array(limits))
