"""The band of a recovery over what is uncertain, and the rules of priority compared."""

import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genrejs.errors import InputError
from genrejs.hazard.event import Event, Outage
from genrejs.impact.criticality import Group
from genrejs.impact.uncertainty import Spread
from genrejs.recovery.restore import restore
from genrejs.recovery.settings import RecoverySettings
from genrejs.scenario.orders import compare_orders
from genrejs.scenario.result import Result
from genrejs.scenario.run import Depths, How, Settings, run_depths
from genrejs.scenario.spread import RecoverySpread, spread_of

CITY = runpy.run_path(str(Path(__file__).parents[1] / "recovery_city.py"))
tiny_city, component = CITY["tiny_city"], CITY["component"]
QUIET = RecoverySpread(0, 0, 0, 0, 0, 0), Spread(0, 0, 0, 0, 0, 0)
SETTINGS = replace(Settings(), recovery=RecoverySettings(horizon_days=500))


@pytest.fixture(scope="module")
def city():
    parts = [component("station", "power", repair=40.0), component("mast", "telecom", repair=10.0)]
    return tiny_city(parts, [("station", "mast", 4.0, 1.0)], [(c, d, 1.0) for c in ("station", "mast") for d in "AB"])


@pytest.fixture(scope="module")
def result(city) -> Result:
    event = Event(
        "surge", "surge", "Stormflod", "Surge", duration=36_000.0, outages=(Outage(("mast",), 0.0, 36_000.0),)
    )
    depths = Depths(np.linspace(0, 2, len(city.buildings)), np.array([1.0, 0.0]))
    return run_depths(city, event, depths, How("key", "today", 2026, SETTINGS))


def test_without_spread_every_draw_is_the_recovery_itself(city, result) -> None:
    band = spread_of(city, result, SETTINGS, 4, (), QUIET)
    for curve in (band.low, band.middle, band.high):
        np.testing.assert_allclose(curve, result.recovery.curve.to_numpy(), rtol=1e-12)
    for name in band.indicators:
        np.testing.assert_allclose(band.indicators[name], result.recovery.indicators[name], rtol=1e-12)


def test_the_band_holds_its_middle_and_comes_again_with_the_same_key(city, result) -> None:
    band, again = (spread_of(city, result, SETTINGS, 16) for _ in range(2))
    assert (band.low <= band.middle).all() and (band.middle <= band.high).all()
    assert band.low[0] >= 0 and band.high.max() <= 1 and (band.high - band.low).max() > 0.01
    np.testing.assert_array_equal(band.low, again.low)
    assert band.indicators.equals(again.indicators) and len(band.indicators) == 16
    other = spread_of(city, replace(result, key="other"), SETTINGS, 16)
    assert not np.array_equal(band.low, other.low)


def test_more_that_is_uncertain_widens_the_band(city, result) -> None:
    def width(spread: RecoverySpread) -> float:
        band = spread_of(city, result, SETTINGS, 32, (), (spread, QUIET[1]))
        return float((band.high - band.low).sum())

    some, more = (replace(QUIET[0], delays=share) for share in (0.1, 0.4))
    assert 0 < width(some) < width(more)


def test_a_common_cause_that_always_strikes_takes_its_members(city, result) -> None:
    group = Group("vendor", "vendor", "Samme", "Same", ("mast",))
    sure = replace(QUIET[0], coincidence=1.0, coincidence_hours=100.0), QUIET[1]
    band = spread_of(city, result, SETTINGS, 2, (group,), sure)
    table = result.impact.components.assign(down_from=[np.nan, 0.0], down_until=[np.nan, 100.0])
    known = restore(city, replace(result.impact, components=table), result.warned, SETTINGS.recovery)
    np.testing.assert_allclose(band.middle, known.curve.to_numpy(), rtol=1e-12)


@pytest.mark.parametrize(
    "wrong",
    [
        {"crews": 1.5},
        {"delays": -0.1},
        {"work": np.nan},
        {"outage": 3.0},
        {"coincidence": 2},
        {"coincidence_hours": -1},
    ],
)
def test_a_spread_out_of_range_is_refused(wrong) -> None:
    with pytest.raises(InputError, match="recovery_spread"):
        RecoverySpread(**wrong)


def test_a_result_of_another_city_is_refused(city, result) -> None:
    with pytest.raises(InputError, match="another number of buildings"):
        spread_of(tiny_city(homes=3), result, SETTINGS, 2)


def test_each_rule_is_best_at_what_it_is_for() -> None:
    parts = [component("school", "school", repair=90.0), component("ward", "hospital", repair=300.0)]
    city = tiny_city(
        parts, (), [("school", "A", 1.0), ("school", "B", 1.0), ("ward", "A", 1.0)], crews={"electrician": 1.0}
    )
    impact = CITY["tiny_impact"](city, parts={c: {"flooded": True, "depth": 1.0} for c in ("school", "ward")})
    settings = RecoverySettings(horizon_days=200, order=("school", "ward"))
    first = run_depths(city, Event("e", "outage", "a", "b", duration=1.0), Depths(np.zeros(40), np.zeros(2)),
                       How("k", "today", 2026, SETTINGS))  # fmt: skip
    table = compare_orders(city, replace(first, impact=impact), settings).set_index("priority")
    # The ward needs longer and serves fewer: every rule but life takes the school first.
    days = table["person_days_without_service"]
    assert days["people"] == days["cheapest"] == days["given"] < days["life"]


def test_a_given_order_needs_components_of_the_city(city, result) -> None:
    with pytest.raises(InputError, match="order must name components"):
        RecoverySettings(priority="given")
    with pytest.raises(InputError, match=r"recovery.order names 'moon'"):
        restore(city, result.impact, result.warned, RecoverySettings(priority="given", order=("moon",)))


def test_a_permit_comes_after_the_claim(city, result) -> None:
    base, late = (
        restore(city, result.impact, result.warned, replace(SETTINGS.recovery, permit_days=days))
        for days in (0.0, 30.0)
    )
    waits = [table.loc[~table["component"], "release"].to_numpy() for table in (base.work, late.work)]
    np.testing.assert_allclose(waits[1] - waits[0], 30.0 * 24.0)


def test_the_work_is_told_task_by_task(result) -> None:
    work = result.recovery.work
    assert set(work["trade"]) <= {"electrician", "builder", "plumber", "it"}
    assert (work["start"] >= work["release"]).all() and (work["finish"] > work["start"]).all()
    station = work[work["component"]].iloc[0]
    assert station["row"] == 0 and station["hours"] == 40.0
