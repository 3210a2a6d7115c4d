"""Well-being lost by households: published cases, closed forms, the best rate against scipy, sums over a city."""

import itertools
import math
import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from genrejs.errors import InputError
from genrejs.recovery.wellbeing import HouseholdSettings, WellbeingSettings, household_losses, wellbeing_losses
from genrejs.recovery.wellbeing_kernel import _spread

CITY = runpy.run_path(str(Path(__file__).parents[1] / "recovery_city.py"))
tiny_city, tiny_impact = CITY["tiny_city"], CITY["tiny_impact"]
NODES, WEIGHTS = np.polynomial.legendre.leggauss(60)
PUBLISHED = WellbeingSettings(mean_consumption=45_000.0, subsistence=1_000.0, horizon=10.0)
LONG = replace(PUBLISHED, horizon=math.inf)


def level_and_time(loss, rate, stock, pi):
    level, until = _spread(stock, loss, rate, pi)
    return level, until


def by_quadrature(loss, consumption, stock, rate, s):
    """The definition, integrated over time piece by piece."""

    def utility(c):
        if c < s.subsistence:
            return utility(s.subsistence) + s.subsistence**-s.elasticity * (c - s.subsistence)
        return math.log(c) if s.elasticity == 1 else c ** (1 - s.elasticity) / (1 - s.elasticity)

    first = (s.productivity + rate) * loss
    level, until = level_and_time(loss, rate, stock, s.productivity)
    if level == 0:
        return 0.0
    end = min(s.horizon, 60.0 / (rate + s.discount) + min(until, s.horizon))

    def lost(t):
        fall = min(level, first * math.exp(-rate * t))
        return (utility(consumption) - utility(consumption - fall)) * math.exp(-s.discount * t)

    steps = (0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.4, 0.7, 1, 1.5, 2, 3, 5, 8, 14, 30)
    cuts = {0.0, end, min(until, end)} | {min(end, min(until, end) + k / rate) for k in steps}
    if first > consumption - s.subsistence > 0:
        cuts.add(min(end, max(math.log(first / (consumption - s.subsistence)) / rate, 0.0)))
    pieces = itertools.pairwise(sorted(cuts))
    total = sum((b - a) / 2 * sum(w * lost((a + b + (b - a) * x) / 2) for x, w in zip(NODES, WEIGHTS, strict=True))
                for a, b in pieces)  # fmt: skip
    return total * s.mean_consumption**s.elasticity


def test_the_published_losses_of_a_richer_and_a_poorer_household():
    found = wellbeing_losses(0.2 * 100_000, [40_000, 20_000], rate=[0.8135, 0.4256], settings=PUBLISHED)
    assert found.wellbeing[0] == pytest.approx(33_239, abs=2)
    assert found.wellbeing[1] == pytest.approx(107_870, abs=5)
    assert found.wellbeing[1] > 3 * found.wellbeing[0]
    assert found.shortfall.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("consumption, rate, lost", [(40_000, 0.49878, 32_109.63), (20_000, 0.29562, 105_717.05)])
def test_the_best_rates_of_the_published_cases_without_an_end(consumption, rate, lost):
    found = wellbeing_losses(20_000, consumption, settings=LONG)
    assert found.rate[0] == pytest.approx(rate, abs=2e-5)
    assert found.wellbeing[0] == pytest.approx(lost, abs=0.02)


def test_within_ten_years_it_would_seem_best_never_to_rebuild():
    found = wellbeing_losses(20_000, [40_000, 20_000], settings=PUBLISHED)
    assert found.rate.tolist() == [PUBLISHED.slowest] * 2
    assert (found.wellbeing < wellbeing_losses(20_000, [40_000, 20_000], settings=LONG).wellbeing).all()


@pytest.mark.parametrize("consumption", [20_000.0, 40_000.0, 80_000.0])
@pytest.mark.parametrize("stock", [0.0, 1_000.0, 12_000.0])
def test_the_best_rate_is_that_of_scipy(consumption, stock):
    settings = replace(LONG, horizon=60.0)
    found = wellbeing_losses(20_000, consumption, stock, settings)
    wide = np.geomspace(0.02, 12.0, 60)
    held = [r for r in wide if level_and_time(20_000, r, stock, 0.15)[0] < consumption - 1_000]
    losses = [by_quadrature(20_000, consumption, stock, r, settings) for r in held]
    near = int(np.argmin(losses))
    best = minimize_scalar(
        lambda r: by_quadrature(20_000, consumption, stock, r, settings),
        bounds=(held[max(near - 1, 0)], held[min(near + 1, len(held) - 1)]), method="bounded", options={"xatol": 1e-8},
    )  # fmt: skip
    assert found.wellbeing[0] == pytest.approx(best.fun, rel=1e-8)
    assert found.rate[0] == pytest.approx(best.x, rel=1e-4)


@pytest.mark.parametrize("rate", [0.05, 0.5, 5.0])
@pytest.mark.parametrize("horizon", [3.0, 10.0, math.inf])
def test_without_curvature_the_loss_is_the_discounted_consumption(rate, horizon):
    s = replace(PUBLISHED, elasticity=0.0, horizon=horizon)
    exact = 20_000 * (0.15 + rate) / (rate + 0.06) * -math.expm1(-(rate + 0.06) * horizon)
    assert wellbeing_losses(20_000, 1e6, rate=rate, settings=s).wellbeing[0] == pytest.approx(exact, rel=1e-8)


@pytest.mark.parametrize("rate", [0.05, 0.5, 5.0])
def test_without_curvature_at_the_discount_rate_of_capital_well_being_is_the_asset_loss(rate):
    s = replace(LONG, elasticity=0.0, discount=0.15)
    assert wellbeing_losses(20_000, 1e6, rate=rate, settings=s).wellbeing[0] == pytest.approx(20_000, rel=1e-8)


def test_with_elasticity_two_and_a_rate_as_the_discount_the_loss_is_a_logarithm():
    s = replace(LONG, elasticity=2.0)
    first, c = (0.15 + 0.06) * 100_000, 40_000.0
    exact = s.mean_consumption**2 * (-math.log1p(-first / c) / first - 1 / c) / 0.06
    assert wellbeing_losses(100_000, c, rate=0.06, settings=s).wellbeing[0] == pytest.approx(exact, rel=1e-10)


def test_a_small_loss_at_mean_consumption_is_its_discounted_consumption():
    found = wellbeing_losses(0.01, 45_000, rate=0.5, settings=LONG).wellbeing[0]
    assert found == pytest.approx(0.01 * 0.65 / 0.56, rel=1e-5)


@pytest.mark.parametrize("stock", [0.0, 10.0, 3_000.0, 30_000.0])
@pytest.mark.parametrize("elasticity", [0.5, 1.0, 1.5, 3.0])
@pytest.mark.parametrize("consumption", [0.0, 8_000.0, 25_000.0])
@pytest.mark.parametrize("horizon", [10.0, math.inf])
def test_the_integral_is_that_of_the_definition_below_subsistence_too(stock, elasticity, consumption, horizon):
    s = WellbeingSettings(
        elasticity=elasticity, horizon=horizon, mean_consumption=45_000.0, subsistence=9_000.0, discount=0.04
    )
    for rate in (0.1, 0.9, 4.0):
        found = wellbeing_losses(20_000, consumption, stock, s, rate=rate).wellbeing[0]
        assert found == pytest.approx(by_quadrature(20_000, consumption, stock, rate, s), rel=1e-7)


@pytest.mark.parametrize("stock", [1e-3, 1.0, 500.0, 15_000.0, 29_990.0])
def test_exactly_the_stock_is_spent(stock):
    rate, first = 0.3, 0.45 * 20_000  # all that is lost for ever is 0.45 / 0.3 * 20,000 = 30,000
    level, until = level_and_time(20_000, rate, stock, 0.15)
    assert first * math.exp(-rate * until) == pytest.approx(level, rel=1e-9)
    spent = -first * math.expm1(-rate * until) / rate - level * until
    assert spent == pytest.approx(stock, rel=1e-6)


def test_a_stock_of_all_that_is_lost_leaves_nothing_lost():
    assert wellbeing_losses(20_000, 40_000, 30_000, LONG, rate=0.3).wellbeing[0] == 0.0
    assert wellbeing_losses(20_000, 40_000, 29_000, LONG, rate=0.3).wellbeing[0] > 0.0


def test_subsistence_bounds_the_rate():
    found = wellbeing_losses(20_000, 20_000, settings=replace(LONG, subsistence=12_000.0))
    assert found.rate[0] == pytest.approx(8_000 / 20_000 - 0.15, rel=1e-9)
    assert found.shortfall[0] == pytest.approx(0.0, abs=1e-3)


def test_the_poorest_rebuild_slowest_and_what_they_lack_is_told():
    s = replace(LONG, subsistence=12_000.0)
    found = wellbeing_losses(20_000, [12_000.0, 0.0, 14_000.0], settings=s)
    first, rate = 0.17 * 20_000, 0.02
    assert found.rate.tolist() == [rate] * 3
    assert np.isfinite(found.wellbeing).all()
    short = first / rate  # all of it, where nothing is left above subsistence
    some = (first - 2_000) / rate - 2_000 * math.log(first / 2_000) / rate
    assert found.shortfall == pytest.approx([short, short, some], rel=1e-12)
    exact = 20_000 * 0.17 / 0.08 * (45_000 / 12_000) ** 1.5
    assert found.wellbeing[:2] == pytest.approx([exact, exact], rel=1e-9)


def test_what_households_lose_in_a_city_adds_up_and_falls_on_the_poor():
    city = tiny_city()
    impact = tiny_impact(city, wet=range(0, 30))
    damage = np.where(np.arange(40) < 30, 400_000.0, 0.0)
    impact = replace(impact, buildings=impact.buildings.assign(damage=damage, cellar=0.0))
    found = household_losses(city, impact)
    assert found.asset_loss == pytest.approx(30 * 400_000)
    assert found.wellbeing_loss == pytest.approx(found.households["wellbeing_loss"].sum())
    for _, part in found.by_group.groupby("group"):
        assert part["people"].sum() == 80
        assert part["wellbeing_loss"].sum() == pytest.approx(found.wellbeing_loss)
        assert part["asset_loss"].sum() == pytest.approx(found.asset_loss)
    assert list(found.by_group["group"].unique()) == ["income", "age", "language", "district", "tenure"]
    income = found.by_group[found.by_group["group"] == "income"].set_index("value")
    assert income["resilience"]["low"] < income["resilience"]["middle"]
    assert (found.households["wellbeing_loss"].to_numpy()[30:] == 0).all()


def test_two_households_share_a_building_by_persons_and_a_tenant_bears_part():
    city = tiny_city(homes=2)
    homes = city.households.assign(building=0, persons=[3, 1], tenure=["owner", "private"], income="high")
    city = city.change(households=homes)
    impact = tiny_impact(city, wet=(0,))
    impact = replace(impact, buildings=impact.buildings.assign(damage=[90_000.0, 0.0], cellar=[10_000.0, 0.0]))
    found = household_losses(city, impact, homes=HouseholdSettings(bears={"owner": 1.0, "social": 0.2, "private": 0.2}))
    assert found.households["asset_loss"].tolist() == pytest.approx([75_000.0, 5_000.0])


def test_without_any_damage_nothing_is_lost():
    city = tiny_city()
    impact = tiny_impact(city)
    found = household_losses(city, replace(impact, buildings=impact.buildings.assign(damage=0.0, cellar=0.0)))
    assert found.wellbeing_loss == 0.0
    assert math.isnan(found.resilience)


@pytest.mark.parametrize(
    "wrong, says",
    [
        (lambda: wellbeing_losses(-1.0, 1.0), "loss of households"),
        (lambda: wellbeing_losses(1.0, math.nan), "consumption of households"),
        (lambda: wellbeing_losses(1.0, 1.0, rate=0.0), "Rates"),
        (lambda: wellbeing_losses([1.0, 2.0], [1.0, 2.0, 3.0]), "one figure for each"),
        (lambda: WellbeingSettings(horizon=0.0), "horizon"),
        (lambda: WellbeingSettings(elasticity=-1.0), "elasticity"),
        (lambda: WellbeingSettings(slowest=20.0), "slowest"),
        (lambda: HouseholdSettings(savings={"low": 0.0}), "savings"),
        (lambda: HouseholdSettings(payout=2.0), "payout"),
    ],
)
def test_wrong_figures_are_named(wrong, says):
    with pytest.raises(InputError, match=says):
        wrong()
