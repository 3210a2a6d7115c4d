"""Choices that no other choice beats on every aim: all of them (exact), or a good sample of them (NSGA-II)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from genrejs.appraisal.economics import Floats
from genrejs.appraisal.integer import ROUNDING, Bools
from genrejs.appraisal.portfolio import Portfolio, Rules, affordable, benefits, best_or_none, follows
from genrejs.errors import InputError
from genrejs.rng import stream

Evaluate = Callable[[Bools], Floats]
"""The aims ``(n, aims)`` of choices ``(n, measures)``; an emulator or the model itself."""
Allowed = Callable[[Bools], Bools]
"""Which choices ``(n, measures)`` are allowed besides the rules ``(n,)``, such as those within the budgets."""

EXACT_MOST = 16
"""Measures up to which every choice is looked at: 65,536 of them."""
BLOCK = 2048
"""Choices evaluated at a time."""
SHARP = 64
"""Choices that the others are compared with first: enough to beat most of them."""
SENSES = ("min", "max")


@dataclass(frozen=True)
class Front:
    """Choices ``(n, measures)`` that none beats, their aims ``(n, aims)``, and how many choices were looked at.

    Sorted by the first aim, then the next. `exact` says that no allowed choice was left out.
    """

    ids: tuple[str, ...]
    choices: Bools
    aims: Floats
    looked_at: int
    exact: bool

    def measures(self, row: int) -> tuple[str, ...]:
        """Return the measures of one choice."""
        return tuple(id for id, taken in zip(self.ids, self.choices[row], strict=True) if taken)


@dataclass(frozen=True)
class Search:
    """How NSGA-II searches (`deb2002`): people a generation, generations, and the seed (assumptions)."""

    people: int = 100
    generations: int = 100
    seed: int = 1

    def __post_init__(self) -> None:
        if self.people < 4 or self.generations < 1:
            raise InputError(
                f"A search needs 4 or more a generation and 1 or more generations; got {self.people} and "
                f"{self.generations}."
            )


def unbeaten(aims: ArrayLike, senses: Sequence[str]) -> Bools:
    """Return which rows of `aims` ``(n, aims)`` no other row beats on one aim and matches on the rest ``(n,)``.

    Equal rows stand or fall together. `senses` says "min" or "max" of each aim.
    """
    low = _lower(np.asarray(aims, dtype=np.float64), senses)
    distinct, back = np.unique(low, axis=0, return_inverse=True)
    span = np.ptp(distinct, axis=0) if len(distinct) else np.ones(len(senses))
    order = np.argsort((distinct / np.where(span > 0, span, 1.0)).sum(axis=1), kind="stable")
    # The rows that are best on the whole beat most others at once.
    left = distinct[order]
    alive = np.ones(len(left), dtype=np.bool_)
    for sharp in left[:SHARP]:
        alive &= ~_beaten(left, sharp)
    for place in np.flatnonzero(alive):
        if alive[place]:
            rows = np.flatnonzero(alive)
            alive[rows[_beaten(left[rows], left[place])]] = False
    keep = np.empty(len(left), dtype=np.bool_)
    keep[order] = alive
    return np.asarray(keep[back.reshape(-1)])


def _beaten(rows: Floats, by: Floats) -> Bools:
    """Return which of the distinct `rows` are matched or bettered on every aim by the row `by` ``(n,)``."""
    # Rows are distinct, so matching everywhere is being the same row.
    return np.asarray((by <= rows).all(axis=1) & (by != rows).any(axis=1))


def _lower(aims: Floats, senses: Sequence[str]) -> Floats:
    """Return the aims with their signs turned so that lower is better."""
    if aims.ndim != 2 or aims.shape[1] != len(senses) or not senses:
        raise InputError(f"Give one sense for each aim, one aim or more; got {len(senses)} for the shape {aims.shape}.")
    unknown = sorted(set(senses) - set(SENSES))
    if unknown:
        raise InputError(f"Unknown sense of an aim: {', '.join(unknown)}; accepted are {', '.join(SENSES)}.")
    if not np.isfinite(aims).all():
        raise InputError("The aims of every choice must be finite numbers.")
    return np.asarray(aims * np.where(np.array(senses) == "min", 1.0, -1.0))


def every_choice(count: int) -> Bools:
    """Return all choices of `count` measures ``(2^count, count)``, none first; InputError above `EXACT_MOST`."""
    if not 1 <= count <= EXACT_MOST:
        raise InputError(f"Every choice can be looked at for 1 to {EXACT_MOST} measures; got {count}.")
    return np.asarray((np.arange(2**count)[:, None] >> np.arange(count)) & 1, dtype=np.bool_)


def within(problem: Portfolio) -> Allowed:
    """Return what tells whether choices keep within the budgets of `problem`."""
    return lambda choices: affordable(problem, choices)


def exact_front(rules: Rules, evaluate: Evaluate, senses: Sequence[str], allowed: Allowed | None = None) -> Front:
    """Return every unbeaten choice that keeps the rules, by looking at all of them (16 measures or fewer).

    Raises InputError for more measures, for rules that no choice keeps, and for aims that are not finite.
    """
    choices = every_choice(len(rules.ids))
    choices = choices[follows(rules, choices)]
    if allowed is not None:
        choices = choices[allowed(choices)]
    if len(choices) == 0:
        raise InputError("No choice keeps both the rules and the budgets.")
    parts = [_evaluated(evaluate, choices[at : at + BLOCK], senses) for at in range(0, len(choices), BLOCK)]
    return _front(rules, choices, np.concatenate(parts), senses, exact=True)


def _evaluated(evaluate: Evaluate, choices: Bools, senses: Sequence[str]) -> Floats:
    aims = np.asarray(evaluate(choices), dtype=np.float64)
    if aims.shape != (len(choices), len(senses)):
        raise InputError(
            f"The aims of {len(choices)} choices need a column for each of {len(senses)}; got {aims.shape}."
        )
    _lower(aims, senses)
    return aims


def _front(rules: Rules, choices: Bools, aims: Floats, senses: Sequence[str], exact: bool) -> Front:
    best = unbeaten(aims, senses)
    kept, values = choices[best], aims[best]
    # Ties are ordered by the choice itself, so that the same choices always come in the same order.
    order = np.lexsort((*kept.T[::-1], *values.T[::-1]))
    return Front(rules.ids, kept[order], values[order], len(choices), exact)


def cost_benefit_front(problem: Portfolio, step: float | None = None, time_limit: float = 60.0) -> Front:
    """Return for every cost the largest benefit, from `problem`'s budget down, by integer programming (exact).

    Epsilon-constraint (`haimes1971`): the choice with the largest benefit, then the budget is set `step` below its
    cost, 1e-5 of the dearest cost if not given; choices closer in cost are not told apart. Aims are cost and
    benefit. Raises InputError for more budgets than one, a step that is too small, and too little time.
    """
    if problem.budgets.size != 1:
        raise InputError(f"A front of cost and benefit needs one budget; got {problem.budgets.size}.")
    most = float(problem.costs.sum())
    # The solver takes 1e-6 for a whole number: a smaller step may find the same choice again.
    down = 1e-5 * float(problem.costs.max()) if step is None else step
    if not down > 2 * ROUNDING * most:
        raise InputError(f"The step between costs must be above {2 * ROUNDING * most:g}, and some cost 0; got {down}.")
    rows: list[Bools] = []
    gap, left, every = 0.0, float(min(problem.budgets[0], most)), np.array(problem.rules.ids)
    while left >= 0:
        found = best_or_none(replace(problem, budgets=np.array([left])), time_limit)
        if found is None:
            break
        rows.append(np.isin(every, found.measures))
        gap, left = max(gap, found.gap), float(found.used[0]) - down
    if not rows:
        raise InputError("No choice keeps both the rules and the budgets.")
    choices = np.array(rows)
    aims = np.stack([choices @ problem.costs[:, 0], benefits(problem, choices)], axis=1)
    return _front(problem.rules, choices, aims, ("min", "max"), exact=gap == 0)


def nsga2_front(
    rules: Rules,
    evaluate: Evaluate,
    senses: Sequence[str],
    allowed: Allowed | None = None,
    search: Search | None = None,
) -> Front:
    """Return the unbeaten of all choices that NSGA-II (`deb2002`) looked at: the same seed gives the same front.

    No choice is evaluated twice; choices that break a rule or are not allowed are not evaluated at all. Raises
    InputError if no allowed choice was found, and for aims that are not finite.
    """
    how = search or Search()
    seen = _Seen(rules, evaluate, senses, allowed)
    from pymoo.core.evaluator import Evaluator  # noqa: PLC0415  # slow to import
    from pymoo.problems.static import StaticProblem  # noqa: PLC0415

    problem, algorithm = _nsga2(rules, senses, how)
    rng = stream(how.seed, "nsga2 repair")
    while algorithm.has_next():
        people = algorithm.ask()
        if people is None or len(people) == 0:
            break
        choices = _repaired(rules, people.get("X").astype(np.bool_), rng)
        people.set("X", choices)
        good, low = seen.look(choices)
        Evaluator().eval(StaticProblem(problem, F=low, G=np.where(good, 0.0, 1.0)[:, None]), people)
        algorithm.tell(infills=people)
    choices, aims = seen.all()
    return _front(rules, choices, aims, senses, exact=False)


def _nsga2(rules: Rules, senses: Sequence[str], how: Search) -> tuple[Any, Any]:
    """Return the problem and the algorithm, ready to be asked: uniform crossover, one measure flipped on average."""
    from pymoo.algorithms.moo.nsga2 import NSGA2  # noqa: PLC0415  # slow to import
    from pymoo.core.problem import Problem  # noqa: PLC0415
    from pymoo.operators.crossover.ux import UniformCrossover  # noqa: PLC0415
    from pymoo.operators.mutation.bitflip import BitflipMutation  # noqa: PLC0415

    count = len(rules.ids)
    problem = Problem(n_var=count, n_obj=len(senses), n_ieq_constr=1, xl=0, xu=1, vtype=bool)
    rng = stream(how.seed, "nsga2 start")
    # Each starts with a share of its own, so that small and large choices are both there; none and all are among them.
    start = rng.random((how.people, count)) < np.linspace(0.0, 1.0, how.people)[:, None]
    algorithm = NSGA2(
        pop_size=how.people, sampling=start, crossover=UniformCrossover(), mutation=BitflipMutation(prob=1.0)
    )
    algorithm.setup(problem, termination=("n_gen", how.generations), seed=how.seed, verbose=False)
    return problem, algorithm


def _repaired(rules: Rules, choices: Bools, rng: np.random.Generator) -> Bools:
    """Return the choices with what is fixed in and out, what is needed added, and one left of each either-or."""
    mended = choices.copy()
    always, never = rules.places(sorted(rules.always)), rules.places(sorted(rules.never))
    for group in rules.excludes:
        places = np.array(rules.places(sorted(set(group))))
        # Of those chosen the one with the highest draw stays; what is fixed in always does.
        draw = (rng.random((len(mended), places.size)) + np.isin(places, always)) * mended[:, places]
        mended[:, places] &= np.arange(places.size) == draw.argmax(axis=1)[:, None]
    for _ in rules.requires:
        for id, need in rules.requires:
            first, second = rules.places((id, need))
            mended[:, second] |= mended[:, first]
    mended[:, always] = True
    mended[:, never] = False
    return mended


class _Seen:
    """The choices that were looked at, and their aims; a notebook that only `nsga2_front` writes in."""

    def __init__(self, rules: Rules, evaluate: Evaluate, senses: Sequence[str], allowed: Allowed | None) -> None:
        _lower(np.zeros((0, len(senses))), senses)
        self._rules, self._evaluate, self._senses, self._allowed = rules, evaluate, senses, allowed
        self._aims: dict[bytes, Floats] = {}
        self._choices: list[Bools] = []

    def look(self, choices: Bools) -> tuple[Bools, Floats]:
        """Return which choices are allowed, and their aims with lower better (0 where not allowed)."""
        good = follows(self._rules, choices)
        if self._allowed is not None:
            good = np.asarray(good & self._allowed(choices))
        keys = [row.tobytes() for row in choices]
        new = {key: place for place, key in enumerate(keys) if good[place] and key not in self._aims}
        if new:
            fresh = choices[list(new.values())]
            for key, choice, aims in zip(new, fresh, _evaluated(self._evaluate, fresh, self._senses), strict=True):
                self._aims[key] = aims
                self._choices.append(choice)
        blank = np.zeros(len(self._senses))
        values = np.array([self._aims[key] if fine else blank for key, fine in zip(keys, good, strict=True)])
        return good, _lower(values, self._senses)

    def all(self) -> tuple[Bools, Floats]:
        """Return every allowed choice that was looked at, with its aims."""
        if not self._choices:
            raise InputError(
                "No choice that keeps both the rules and the budgets was found; search longer or relax them."
            )
        return np.array(self._choices), np.array([self._aims[choice.tobytes()] for choice in self._choices])


def hypervolume(aims: ArrayLike, senses: Sequence[str], worst: ArrayLike) -> float:
    """Return the volume between a front and a `worst` point ``(aims,)``: larger is better (`zitzler1999`).

    Points that are not better than `worst` on every aim add nothing. Raises InputError for shapes that do not fit.
    """
    low = _lower(np.asarray(aims, dtype=np.float64), senses)
    corner = _lower(np.atleast_2d(np.asarray(worst, dtype=np.float64)), senses)[0]
    inside = low[(low < corner).all(axis=1)]
    if len(inside) == 0:
        return 0.0
    from pymoo.indicators.hv import HV  # noqa: PLC0415  # slow to import

    return float(HV(ref_point=corner)(inside))
