"""Which measures under budgets: brute force over every subset, fronts that none beats, NSGA-II, bad input."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genrejs.appraisal.pareto import (
    Search,
    cost_benefit_front,
    every_choice,
    exact_front,
    hypervolume,
    nsga2_front,
    unbeaten,
    within,
)
from genrejs.appraisal.portfolio import (
    Rules,
    affordable,
    benefits,
    best_or_none,
    best_portfolio,
    follows,
    portfolio,
    weighted,
)
from genrejs.errors import InputError

COUNT = 12
IDS = tuple(f"m{place}" for place in range(COUNT))
EVERY = every_choice(COUNT)
FREE = Rules(IDS)
SENSES = ("min", "min", "min", "max", "max")


def random_rules(rng: np.random.Generator) -> Rules:
    order = rng.permutation(IDS).tolist()
    group, pair, (inside, outside) = tuple(order[:3]), tuple(order[3:5]), order[5:7]
    return Rules(IDS, (group,), (pair,), frozenset([inside]), frozenset([outside]))


def random_problem(rng: np.random.Generator, budgets: int):
    costs = rng.uniform(0, 100, (COUNT, budgets)).round(rng.integers(0, 3))
    pairs = {(IDS[a], IDS[b]): float(rng.normal(0, 10)) for a, b in rng.integers(0, COUNT, (6, 2)) if a != b}
    share = rng.uniform(0.0, 0.8, budgets)
    return portfolio(random_rules(rng), rng.normal(5, 10, COUNT), costs, costs.sum(axis=0) * share, pairs)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 3))
def test_the_choice_equals_brute_force(seed, budgets):
    problem = random_problem(np.random.default_rng(seed), budgets)
    allowed = EVERY[follows(problem.rules, EVERY) & affordable(problem, EVERY)]
    found = best_or_none(problem)
    if len(allowed) == 0:
        assert found is None
        return
    assert found is not None and found.gap == 0
    assert found.benefit == pytest.approx(benefits(problem, allowed).max(), rel=1e-9, abs=1e-9)
    chosen = np.isin(IDS, found.measures)[None]
    assert follows(problem.rules, chosen)[0] and affordable(problem, chosen)[0]
    assert found.used == pytest.approx(chosen[0] @ problem.costs)


def test_a_budget_is_never_overrun_by_what_the_solver_rounds_away():
    """Three at 10 fit in 30 but not in a billionth and more below it."""
    rules = Rules(("a", "b", "c"))
    for budget, count in ((30.0, 3), (30.0 - 1e-6, 2), (10.0 - 1e-5, 0)):
        assert len(best_portfolio(portfolio(rules, [1, 1, 1], [10, 10, 10], budget)).measures) == count


def test_rules_say_what_is_allowed():
    rules = Rules(("a", "b", "c", "d"), excludes=(("a", "b"),), requires=(("c", "a"),), always=frozenset("d"))
    kept = every_choice(4)[follows(rules, every_choice(4))]
    named = sorted("".join(np.array(rules.ids)[row]) for row in kept)
    assert named == ["acd", "ad", "bd", "d"]
    barred = replace(rules, never=frozenset("a"))
    assert best_portfolio(portfolio(barred, [9, 1, 9, 0], [1, 1, 1, 1], 4)).measures == ("b", "d")


def test_pairs_count_together():
    rules = Rules(("a", "b", "c"))
    alone = portfolio(rules, [4, 4, 7], [1, 1, 1], 2)
    assert best_portfolio(alone).benefit == 11
    helped = best_portfolio(portfolio(rules, [4, 4, 7], [1, 1, 1], 2, {("a", "b"): 5}))
    assert (helped.measures, helped.benefit) == (("a", "b"), 13)
    apart = best_portfolio(portfolio(rules, [4, 4, 7], [1, 1, 1], 3, {("a", "c"): -5, ("b", "c"): -5}))
    assert (apart.measures, apart.benefit) == (("a", "b"), 8)


def test_weights_make_one_benefit_of_many():
    assert weighted([[1, 2], [3, 4]], [1, 10]).tolist() == [21, 43]
    for given_benefits, weights in (([[1, 2]], [1]), ([[np.nan, 2]], [1, 1]), ([[1, 2]], [0, 0]), ([[1, 2]], [1, -1])):
        with pytest.raises(InputError):
            weighted(given_benefits, weights)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 300))
def test_the_unbeaten_are_those_that_none_beats(seed, aims, count):
    values = np.random.default_rng(seed).integers(0, 6, (count, aims)).astype(float)
    senses = ["max", "min", "max", "min"][:aims]
    low = values * np.where(np.array(senses) == "min", 1, -1)
    beaten = ((low[:, None] <= low[None]).all(axis=2) & (low[:, None] < low[None]).any(axis=2)).any(axis=0)
    assert unbeaten(values, senses).tolist() == (~beaten).tolist()


def aims_of_a_city(seed: int):
    """Return aims as a city's: cost, damage and person-days that fall ever less, uneven equity, added value."""
    rng = np.random.default_rng(seed)
    cost, fair, value = rng.uniform(5, 330, COUNT), rng.normal(0, 1, COUNT), rng.uniform(0, 5, COUNT)
    strength = rng.uniform(0.02, 0.4, (2, COUNT))
    pairs = np.triu(rng.normal(0, 0.05, (COUNT, COUNT)), 1)

    def evaluate(choices):
        taken = choices.astype(float)
        damage = 100 * np.exp(-taken @ strength[0]) + ((taken @ pairs) * taken).sum(axis=1)
        equity = taken @ fair - 0.1 * (taken @ fair) ** 2
        return np.stack([taken @ cost, damage, 1e4 * np.exp(-taken @ strength[1]), equity, taken @ value], axis=1)

    return evaluate, portfolio(FREE, strength[0], cost, 0.5 * cost.sum())


@pytest.mark.parametrize("seed", [1, 4])
def test_nsga2_comes_within_a_hundredth_of_every_unbeaten_choice(seed):
    evaluate, problem = aims_of_a_city(seed)
    rules = Rules(IDS, excludes=(("m0", "m1"),), requires=(("m2", "m3"),))
    exact = exact_front(rules, evaluate, SENSES, within(problem))
    found = nsga2_front(rules, evaluate, SENSES, within(problem), Search(people=100, generations=40, seed=seed))
    worst = evaluate(EVERY)[:, :3].max(axis=0).tolist() + evaluate(EVERY)[:, 3:].min(axis=0).tolist()
    volumes = [hypervolume(front.aims, SENSES, worst) for front in (found, exact)]
    assert volumes[1] * 0.99 <= volumes[0] <= volumes[1] * (1 + 1e-12)
    assert found.looked_at < exact.looked_at and exact.exact and not found.exact
    assert follows(rules, found.choices).all() and affordable(problem, found.choices).all()


def test_the_same_seed_gives_the_same_front_and_nothing_is_evaluated_twice():
    evaluate, problem = aims_of_a_city(3)
    seen = []

    def watched(choices):
        seen.extend(row.tobytes() for row in choices)
        return evaluate(choices)

    how = Search(people=20, generations=10, seed=7)
    first = nsga2_front(FREE, watched, SENSES, within(problem), how)
    assert len(seen) == len(set(seen)) == first.looked_at
    again, other = (nsga2_front(FREE, evaluate, SENSES, within(problem), replace(how, seed=s)) for s in (7, 8))
    assert np.array_equal(first.choices, again.choices) and np.array_equal(first.aims, again.aims)
    assert first.choices.shape != other.choices.shape or not np.array_equal(first.choices, other.choices)


def test_a_search_over_few_choices_finds_them_all():
    rules = Rules(("a", "b", "c"), requires=(("a", "b"), ("b", "c")))
    evaluate = lambda choices: np.stack([choices.sum(axis=1), choices @ [5.0, 3.0, 1.0]], axis=1)  # noqa: E731
    senses = ("min", "max")
    exact = exact_front(rules, evaluate, senses)
    found = nsga2_front(rules, evaluate, senses, search=Search(8, 20))
    assert np.array_equal(exact.choices, found.choices)
    assert [exact.measures(row) for row in range(4)] == [(), ("c",), ("b", "c"), ("a", "b", "c")]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_front_of_cost_and_benefit_equals_the_one_of_every_choice(seed):
    problem = random_problem(np.random.default_rng(seed), 1)
    cents = replace(problem, costs=problem.costs.round(2), budgets=problem.budgets.round(2))
    allowed = EVERY[follows(cents.rules, EVERY) & affordable(cents, EVERY)]
    if len(allowed) == 0:
        with pytest.raises(InputError, match="No choice keeps"):
            cost_benefit_front(cents)
        return
    front = cost_benefit_front(cents, step=0.004)
    aims = np.stack([allowed @ cents.costs[:, 0], benefits(cents, allowed)], axis=1).round(9)
    exact = np.unique(aims[unbeaten(aims, ("min", "max"))], axis=0)
    assert np.unique(front.aims.round(9), axis=0) == pytest.approx(exact, abs=1e-6)
    assert front.exact


def test_the_hypervolume_of_two_squares():
    """Costs 1 and 2 with gains 1 and 3, from (4, 0): 3 x 1 and 2 x 3, of which 2 x 1 is shared."""
    assert hypervolume([[1, 1], [2, 3]], ("min", "max"), [4, 0]) == pytest.approx(7)
    assert hypervolume([[5, 1]], ("min", "max"), [4, 0]) == 0


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (dict(ids=()), "list is empty"),
        (dict(ids=("a", "a")), "given again: a"),
        (dict(excludes=(("a", "x"),)), "Unknown measures in the rules: x"),
        (dict(requires=(("y", "a"),)), "Unknown measures in the rules: y"),
        (dict(always=frozenset("z")), "Unknown measures in the rules: z"),
        (dict(always=frozenset("a"), never=frozenset("a")), "both in and out: a"),
    ],
)
def test_bad_rules_are_told(wrong, message):
    with pytest.raises(InputError, match=message):
        Rules(**(dict(ids=("a", "b")) | wrong))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (dict(benefit=[1.0]), "benefit for each of 2 measures"),
        (dict(benefit=[1.0, np.nan]), "finite number"),
        (dict(costs=[1.0, -1.0]), "cost must be a finite number of 0 or more"),
        (dict(costs=[1.0, np.inf]), "cost must be a finite number"),
        (dict(costs=[[1.0, 1.0], [1.0, 1.0]]), "cost for each of 1 budgets"),
        (dict(budgets=-1.0), "budget a number of 0 or more"),
        (dict(budgets=np.nan), "budget a number of 0 or more"),
        (dict(budgets=[]), "cost for each of 0 budgets"),
        (dict(synergies={("a", "x"): 1.0}), "Unknown measures in the rules: x"),
        (dict(synergies={("a", "a"): 1.0}), "two different measures"),
        (dict(synergies={("a", "b"): np.inf}), "synergy must be a finite number"),
    ],
)
def test_bad_choices_are_told(wrong, message):
    good = dict(benefit=[1.0, 2.0], costs=[1.0, 1.0], budgets=1.0)
    with pytest.raises(InputError, match=message):
        portfolio(Rules(("a", "b")), **(good | wrong))


def test_what_cannot_be_is_told():
    tight = portfolio(Rules(("a", "b"), always=frozenset("a")), [1, 1], [5, 1], 4)
    with pytest.raises(InputError, match="fixed in cost 5 of 4"):
        best_portfolio(tight)
    with pytest.raises(InputError, match="No choice keeps"):
        exact_front(tight.rules, lambda c: c.astype(float), ("min", "min"), within(tight))
    with pytest.raises(InputError, match="No choice that keeps"):
        nsga2_front(tight.rules, lambda c: c.astype(float), ("min", "min"), within(tight), Search(8, 5))
    with pytest.raises(InputError, match="1 to 16 measures; got 17"):
        every_choice(17)
    with pytest.raises(InputError, match="one budget; got 2"):
        cost_benefit_front(portfolio(tight.rules, [1, 1], [[1, 1], [1, 1]], [1, 1]))
    with pytest.raises(InputError, match="step between costs"):
        cost_benefit_front(tight, step=0.0)
    with pytest.raises(InputError, match="4 or more a generation"):
        Search(people=2)
    for senses, message in ((("min",), "one sense for each aim"), (("min", "up"), "Unknown sense of an aim: up")):
        with pytest.raises(InputError, match=message):
            unbeaten([[1.0, 2.0]], senses)
    with pytest.raises(InputError, match="finite numbers"):
        exact_front(Rules(("a",)), lambda c: np.full((len(c), 1), np.nan), ("min",))
    with pytest.raises(InputError, match="a column for each of 1; got"):
        exact_front(Rules(("a",)), lambda c: c.sum(axis=1), ("min",))
