"""Which measures: the worth of every strategy in every future, portfolios, the front, and the one that is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from genrejs.appraisal.compare import AppraisalSettings
from genrejs.appraisal.integer import Bools
from genrejs.appraisal.many import Floats, Scene, Valued, money, value, with_futures, yearly_figures
from genrejs.appraisal.pareto import Front, Search, nsga2_front
from genrejs.appraisal.portfolio import Chosen, Rules, best_portfolio, portfolio
from genrejs.appraisal.weighing import Weighed, weigh, worths
from genrejs.errors import InputError
from genrejs.measure.catalogue import strategies
from genrejs.study import ChoiceSection

AIMS = ("cost", "damage", "person_days", "poor", "added")
"""What a strategy is weighed by: DKK and DKK, person-days a year, those of the poor, DKK of value on ordinary days."""
SENSES = ("min", "min", "min", "min", "max")

EXCLUDES = (("fjord_barrier", "raised_edge"),)
"""Measures of which one makes the other needless (assumption)."""

PAIRS = 60
"""Pairs of measures whose help to one another goes into the exact portfolio: those with the largest (assumption)."""


FEW = 20
"""Futures that the search for the front looks at (assumption: the choice is judged on all)."""


@dataclass(frozen=True)
class Named:
    """A strategy with its words: `measures` are those it adds to what stands."""

    id: str
    name_da: str
    name_en: str
    measures: frozenset[str]


@dataclass(frozen=True)
class Choosing:
    """What was looked at and what came of it.

    `shown` the strategies told of, the chosen last, with what they are worth in `valued` and their expected `figures` a
    year (see `many.yearly_figures`); `front` the unbeaten under
    the budget by NSGA-II; `exact` the best portfolio by budget [DKK]; `weighed` the front by the weights.
    """

    shown: tuple[Named, ...]
    valued: Valued
    figures: Floats
    front: Front
    exact: Mapping[float, Chosen]
    weighed: Weighed

    @property
    def chosen(self) -> Named:
        """The strategy that the weights choose."""
        return self.shown[-1]


def aims_of(scene: Scene, chosen: Sequence[frozenset[str]]) -> Floats:
    """Return the `AIMS` ``(strategy, aim)`` as means over the futures."""
    found = value(scene, chosen)
    means = [found.damage.mean(axis=1), found.person_days.mean(axis=1), found.poor.mean(axis=1)]
    return np.column_stack([found.cost, *means, found.added])


def rules_of(scene: Scene) -> Rules:
    """Return which measures may be chosen, and which exclude one another."""
    ids = scene.taught.measures
    return Rules(ids, excludes=tuple(group for group in EXCLUDES if set(group) <= set(ids)))


def choose(scene: Scene, how: ChoiceSection, seed: int) -> Choosing:
    """Return the choice under the study's budget: named strategies, the front, exact portfolios."""
    rules = rules_of(scene)
    exact = exact_portfolios(scene, rules, how.budgets)
    front = front_of(scene, rules, how, seed)
    weighed = weigh_front(front, how.weights)
    best = sets_of(front.ids, front.choices)[int(weighed.winner)]
    shown = (*named_strategies(), *_exact_named(exact), chosen_named(best))
    sets = [each.measures for each in shown]
    return Choosing(shown, value(scene, sets), yearly_figures(scene, sets), front, exact, weighed)


def named_strategies() -> tuple[Named, ...]:
    """Return the catalogue's strategies that add to what stands, and what stands itself."""
    standing = next(frozenset(each.measures) for each in strategies() if each.id == "today")
    kept = [each for each in strategies() if not each.removes]
    return tuple(Named(each.id, each.name_da, each.name_en, frozenset(each.measures) - standing) for each in kept)


def chosen_named(measures: frozenset[str]) -> Named:
    """Return the strategy that the weights choose, with its name."""
    return Named("chosen", "Valgt strategi", "Chosen strategy", measures)


def _exact_named(exact: Mapping[float, Chosen]) -> tuple[Named, ...]:
    return tuple(
        Named(
            f"best_{budget:g}",
            f"Bedst for {_danish(budget / 1e6)} mio. kr.",
            f"Best for DKK {budget / 1e6:g} million",
            frozenset(found.measures),
        )
        for budget, found in exact.items()
    )


def _danish(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def exact_portfolios(scene: Scene, rules: Rules, budgets: Sequence[float]) -> dict[float, Chosen]:
    """Return by budget [DKK, present value] the measures whose worth together is largest, by exact search.

    A measure's benefit is what it is worth alone, and a pair's what both are worth beyond the two alone, as the mean
    over the first `FEW` futures; help among three and more is left out (assumption; the strategy's own worth is told
    beside).
    """
    scene = with_futures(scene, FEW)
    alone = value(scene, [frozenset({id}) for id in rules.ids])
    pairs = list(combinations(rules.ids, 2))
    both = value(scene, [frozenset(pair) for pair in pairs])
    benefit, together = alone.npv.mean(axis=1), both.npv.mean(axis=1)
    place = {id: row for row, id in enumerate(rules.ids)}
    extra = np.array([together[k] - benefit[place[a]] - benefit[place[b]] for k, (a, b) in enumerate(pairs)])
    most = np.argsort(-np.abs(extra), kind="stable")[:PAIRS]
    synergies = {pairs[k]: float(extra[k]) for k in sorted(most.tolist())}
    return {
        budget: best_portfolio(portfolio(rules, benefit, alone.cost[:, None], np.array([budget]), synergies))
        for budget in budgets
    }


def front_of(scene: Scene, rules: Rules, how: ChoiceSection, seed: int) -> Front:
    """Return the strategies under the budget that no other beats on all aims, as NSGA-II finds them.

    The search looks at the first `FEW` futures.
    """
    scene = with_futures(scene, FEW)
    each = money([frozenset({id}) for id in rules.ids], scene.how)[0]

    def evaluate(choices: Bools) -> Floats:
        return aims_of(scene, sets_of(rules.ids, choices))

    def allowed(choices: Bools) -> Bools:
        return np.asarray(choices @ each <= how.budget)

    return nsga2_front(rules, evaluate, SENSES, allowed, Search(how.people, how.generations, seed))


def sets_of(ids: Sequence[str], choices: Bools) -> list[frozenset[str]]:
    """Return each row of `choices` ``(n, measure)`` as the set of its measures."""
    names = np.array(ids)
    return [frozenset(names[row].tolist()) for row in choices]


def weigh_front(front: Front, weights: Mapping[str, float]) -> Weighed:
    """Return the front's strategies weighed, named by their row; raise InputError for weights of unknown aims."""
    unknown = [name for name in weights if name not in AIMS]
    if unknown:
        raise InputError(f"Weights are given for {', '.join(AIMS)}; got '{unknown[0]}'.")
    worth = worths(front.aims, np.array([sense == "min" for sense in SENSES]))
    votes = {name: float(weights.get(name, 0.0)) for name in AIMS}
    return weigh(tuple(str(row) for row in range(len(front.aims))), worth, votes)


def settings_of(now: int, price_year: int, years: int) -> AppraisalSettings:
    """Return how the choice is judged: the period from `now`, in the prices of a year."""
    return AppraisalSettings(now=now, future=now + years - 1, price_year=price_year, years=years)
