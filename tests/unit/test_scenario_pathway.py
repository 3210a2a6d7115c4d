"""Pathways: known sums, the same storms for all strategies, learning, the purse."""

import numpy as np
import pytest

from genrejs.errors import InputError
from genrejs.scenario.pathway import SLUMP, Memory, Plan, Purse, Table, World, fates, walk
from genrejs.scenario.response import FIGURES

YEARS = np.arange(2025, 2035)
PERIODS = np.array([2.0, 10.0, 100.0])
NEVER = Memory(rebuilt=0.0, trust=0.0)
RICH = Purse(yearly=1e9, public_share=0.0)


def world() -> World:
    levels = np.broadcast_to(np.array([1.0, 1.5, 2.0]), (1, YEARS.size, 3))
    return World(YEARS, PERIODS, {"surge": levels})


def table(states: int, harm: float = 100e6) -> Table:
    """Damage rises straight from none at 1.0 m to `harm` at 2.0 m; each step halves it."""
    figures = np.zeros((states, 1, 1, 2, len(FIGURES)))
    for state in range(states):
        figures[state, 0, 0, 1, FIGURES.index("damage")] = harm / 2**state
        figures[state, 0, 0, 1, FIGURES.index("person_days")] = 1000.0 / 2**state
    return Table(np.array([2025]), {"surge": np.array([1.0, 2.0])}, {"surge": figures})


def plan(*costs: float, after: int = 2025, lead: int = 0) -> Plan:
    count = len(costs)
    return Plan(np.array(costs), np.zeros(count), np.full(count, lead), np.full(count, after))


def chances(value: float, paths: int = 3) -> dict[str, np.ndarray]:
    return {"surge": np.full((paths, YEARS.size), value)}


def test_an_event_costs_what_the_table_says_at_its_strength() -> None:
    # Passed once in ten years: 1.5 m, half way to 100 million.
    found = walk(world(), plan(), table(1), chances(0.9), np.zeros(3, int), (NEVER, RICH))
    assert np.allclose(found.damage, 50e6)
    assert np.allclose(found.person_days, 500.0)
    assert not walk(world(), plan(), table(1), chances(0.3), np.zeros(3, int), (NEVER, RICH)).damage.any()


def test_a_step_works_from_its_lead_time_on_and_is_paid_once() -> None:
    found = walk(world(), plan(1e8, lead=3), table(2), chances(0.9), np.zeros(3, int), (NEVER, RICH))
    assert (found.works == 2028).all()
    assert np.allclose(found.damage[:, :3], 50e6)
    assert np.allclose(found.damage[:, 3:], 25e6)
    assert np.allclose(found.spent.sum(axis=1), 1e8)


def test_money_must_be_saved_first_and_damage_takes_from_it() -> None:
    poor = Purse(yearly=50e6, public_share=0.0)
    found = walk(world(), plan(120e6), table(2), chances(0.0), np.zeros(3, int), (NEVER, poor))
    assert (found.works == 2027).all()
    hit = walk(world(), plan(120e6), table(2), chances(0.9), np.zeros(3, int), (NEVER, Purse(50e6, 0.5)))
    assert (hit.works > 2027).all()


def test_an_economic_shock_takes_money_which_comes_back_by_halves() -> None:
    purse = Purse(yearly=100e6, public_share=0.0, slump_period=10.0, slump_depth=0.4, slump_lasts=2.0)
    struck = {**chances(0.0), SLUMP: np.zeros((3, YEARS.size))}
    struck[SLUMP][:2, 1], struck[SLUMP][0, 3] = 0.95, 0.9
    found = walk(world(), plan(260e6), table(2), struck, np.zeros(3, int), (NEVER, purse))
    # 40 % in the second year, half of it two years on; then 40 % of what is left goes again.
    assert found.missing[1, :4] == pytest.approx([0.0, 40e6, 40e6 / 2**0.5, 20e6])
    assert found.missing[0, 3] == pytest.approx(20e6 + 0.4 * 80e6)
    assert not found.missing[2].any()
    assert found.works[:, 0].tolist() == [2028, 2028, 2027]
    calm = walk(world(), plan(260e6), table(2), chances(0.0), np.zeros(3, int), (NEVER, purse))
    assert (calm.works == 2027).all() and not calm.missing.any()


def test_a_trigger_holds_a_step_back() -> None:
    allowed = np.zeros((1, 1, YEARS.size), bool)
    allowed[..., 6:] = True
    waits = Plan(np.array([1e6]), np.zeros(1), np.zeros(1, int), np.array([2025]), allowed)
    assert (walk(world(), waits, table(2), chances(0.0), np.zeros(3, int), (NEVER, RICH)).works == 2031).all()


def test_what_is_rebuilt_better_meets_the_next_event_of_its_level_alone() -> None:
    memory = Memory(rebuilt=0.5, trust=0.0)
    found = walk(world(), plan(), table(1), chances(0.9), np.zeros(3, int), (memory, RICH)).damage[0]
    assert found[0] == pytest.approx(50e6)
    assert found[1] == pytest.approx(25e6)
    assert found[2] == pytest.approx(12.5e6)
    worse = chances(0.9)
    worse["surge"][:, 1] = 0.99  # 2.0 m is above 1.5 m and its margin of 0.3 m
    assert walk(world(), plan(), table(1), worse, np.zeros(3, int), (memory, RICH)).damage[0, 1] == pytest.approx(100e6)


def test_the_mean_over_many_is_the_expected_damage() -> None:
    # Linear in log period between 2, 10 and 100 years: the integral by fine steps.
    chance = (np.arange(200_000) + 0.5) / 200_000
    period = 1 / (1 - chance)
    level = np.interp(np.log(period), np.log(PERIODS), [1.0, 1.5, 2.0])
    expected = np.where(period < 2.0, 0.0, (level - 1.0) * 100e6).mean()
    drawn = fates(1, ("surge",), 20_000, YEARS.size)
    found = walk(world(), plan(), table(1), drawn, np.zeros(20_000, int), (NEVER, RICH))
    assert found.damage.mean() == pytest.approx(expected, rel=0.02)


def test_the_storms_belong_to_the_pathway() -> None:
    one, other = (fates(3, ("surge", "river"), 5, 4, chunk) for chunk in (0, 0))
    assert all((one[name] == other[name]).all() for name in one)
    assert not (fates(3, ("surge",), 5, 4, 1)["surge"] == one["surge"]).any()


def test_a_plan_needs_answers_for_each_state() -> None:
    with pytest.raises(InputError, match="answers for 2 states"):
        walk(world(), plan(1.0), table(1), chances(0.5), np.zeros(3, int))
