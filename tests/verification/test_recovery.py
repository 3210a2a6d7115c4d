"""Known answers: queues of crews, the law of return, the areas under the curve."""

import math
import runpy
from pathlib import Path

import numpy as np
import pytest

from genrejs.recovery.crews import work
from genrejs.recovery.curve import bounce_back, rapidity, saved, time_axis, weighted_mean, widths
from genrejs.recovery.households import people_away
from genrejs.recovery.restore import RecoverySettings, restore

CITY = runpy.run_path(str(Path(__file__).parents[1] / "recovery_city.py"))
tiny_city, tiny_impact, component = CITY["tiny_city"], CITY["tiny_impact"], CITY["component"]
nobody_warned = CITY["nobody_warned"]
FAR = 1e9


@pytest.mark.parametrize(("tasks", "crews"), [(1, 1), (7, 3), (12, 4), (13, 4), (100, 7)])
def test_makespan_of_equal_tasks(tasks, crews):
    worked = work(np.full(tasks, 5.0), np.zeros(tasks), np.arange(tasks), np.zeros(crews), FAR)
    assert worked.finish.max() == math.ceil(tasks / crews) * 5.0
    np.testing.assert_array_equal(worked.finish, (np.arange(tasks) // crews + 1) * 5.0)
    assert worked.done.sum() == tasks * 5.0


def test_a_queue_of_regular_arrivals_and_fixed_service_is_the_d_d_c_queue():
    # One arrival every 2 h, 6 h of work, two crews: the queue grows by a third; arrival k waits for its own crew.
    n = 50
    worked = work(np.full(n, 6.0), 2.0 * np.arange(n), np.arange(n), np.zeros(2), FAR)
    k = np.arange(n)
    np.testing.assert_array_equal(worked.finish, 2.0 * (k % 2) + 6.0 * (k // 2 + 1))


def test_mean_wait_of_random_arrivals_is_that_of_m_d_1():
    # Pollaczek-Khinchine: mean wait = rho d / (2 (1 - rho)) for one server, fixed service d.
    rng, n, rho = np.random.default_rng(4), 200_000, 0.6
    release = np.cumsum(rng.exponential(1 / rho, n))
    worked = work(np.ones(n), release, np.arange(n), np.zeros(1), FAR)
    assert (worked.finish - release - 1.0).mean() == pytest.approx(rho / (2 * (1 - rho)), rel=0.03)


def test_crew_hours_are_conserved_and_cut_at_the_horizon():
    rng = np.random.default_rng(2)
    duration, release, rank = rng.uniform(1, 30, 300), rng.uniform(0, 100, 300), rng.permutation(300)
    free = work(duration, release, rank, np.zeros(5), FAR)
    np.testing.assert_allclose(free.done, duration)
    cut = work(duration, release, rank, np.zeros(5), 200.0)
    assert cut.done.sum() == pytest.approx(np.minimum(5 * 200.0, duration.sum()), rel=0.01)
    np.testing.assert_array_equal(np.isfinite(cut.finish), free.finish <= 200.0)


def test_the_urgent_task_takes_the_crew_and_the_work_done_stays_done():
    worked = work(np.array([10.0, 2.0]), np.array([0.0, 3.0]), np.array([1, 0]), np.zeros(1), FAR)
    np.testing.assert_array_equal(worked.finish, [12.0, 5.0])


def test_aid_that_comes_later_takes_its_share():
    worked = work(np.full(4, 10.0), np.zeros(4), np.arange(4), np.array([0.0, 15.0]), FAR)
    np.testing.assert_array_equal(worked.finish, [10.0, 20.0, 25.0, 30.0])


def test_no_crew_no_repair():
    assert np.isinf(work(np.ones(3), np.zeros(3), np.arange(3), np.zeros(0), 1e4).finish).all()


def test_people_away_keep_their_exact_person_days_on_the_mixed_axis():
    hours = time_axis(14, 100)
    until = np.array([0.0, 10.25, 336.0, 1000.5, np.inf])
    away = people_away(until, np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.zeros(5, dtype=np.int64), 1, hours)
    expected = 2 * 10.25 + 3 * 336 + 4 * 1000.5 + 5 * 2400
    assert (away[0] @ widths(hours)) == pytest.approx(expected)
    assert away[0, 0] == 14.0


def test_bounce_back_needs_a_week_above():
    hours = np.arange(0.0, 24 * 60)
    curve = np.ones(hours.size)
    curve[10:50] = 0.5
    assert bounce_back(curve, hours, 0.95, 7) == (50 / 24, False)
    curve[100:120] = 0.9  # a second fall within the week starts the clock again
    assert bounce_back(curve, hours, 0.95, 7) == (120 / 24, False)
    curve[1000:1100] = 0.9  # a fall after a good week does not
    assert bounce_back(curve, hours, 0.95, 7) == (120 / 24, False)


def test_bounce_back_is_zero_without_a_fall_and_censored_without_a_return():
    hours = np.arange(0.0, 24 * 60)
    assert bounce_back(np.full(hours.size, 0.95), hours, 0.95, 7) == (0.0, False)
    assert bounce_back(np.full(hours.size, 0.9), hours, 0.95, 7) == (hours[-1] / 24, True)
    late = np.where(hours < hours[-1] - 100, 0.5, 1.0)  # back, but for less than a week within the horizon
    assert bounce_back(late, hours, 0.95, 7) == (hours[-1] / 24, True)


def test_rapidity_of_a_straight_recovery_is_its_slope():
    hours = np.arange(0.0, 241.0)
    curve = np.minimum(1.0, 0.5 + 0.5 * hours / 240)
    assert rapidity(curve, hours) == pytest.approx(0.05)
    assert rapidity(np.ones(5), np.arange(5.0)) == 1.0
    assert (saved(1.0, 4.0), saved(0.0, 0.0), saved(5.0, 4.0)) == (0.75, 1.0, 0.0)


def test_the_mean_weighs_people_and_leaves_out_who_has_no_such_service():
    f = np.ones((2, 2, 1))
    f[0, 0] = 0.0
    people, both = np.array([30.0, 10.0]), np.ones((2, 2), dtype=bool)
    assert weighted_mean(f, people, both, np.ones(2))[0] == pytest.approx(0.5 * 0.25 + 0.5)
    only = np.array([[True, False], [False, False]])
    assert weighted_mean(f, people, only, np.ones(2))[0] == 0.0


def test_a_power_cut_has_the_area_computed_by_hand():
    city = tiny_city(
        [component("station", "power"), component("pump", "water")],
        [("station", "pump", 12.0, 1.0)],
        [(c, d, 1.0) for c in ("station", "pump") for d in "AB"],
    )
    impact = tiny_impact(city, parts={"station": {"down_from": 6.0, "down_until": 54.0}})
    recovery = restore(city, impact, nobody_warned(city), RecoverySettings(four_r=True))
    read = recovery.indicators
    # 80 residents, 48 h without power and 36 h without water; three services exist (housing, power, water).
    assert read["person_days_without_service"] == pytest.approx(80 * (48 + 36) / 24)
    assert read["resilience_loss"] == pytest.approx(80 * (48 + 36) / 24 / 3)
    assert read["withstand"] == pytest.approx(1 / 3)
    assert read["bounce_back_days"] == pytest.approx(54 / 24)
    assert read["redundancy"] == pytest.approx(1 - (48 + 36) / 96)
    assert read["resourcefulness"] == 0.0  # nothing for crews or volunteers to do


def test_repair_of_a_flooded_component_by_its_crews():
    city = tiny_city([component("station", "power", repair=80.0)], [], [("station", d, 1.0) for d in "AB"])
    impact = tiny_impact(city, parts={"station": {"flooded": True, "dry_after": 30.0}})
    recovery = restore(city, impact, nobody_warned(city), RecoverySettings(gang=4))
    # 80 crew-hours, four crews, ten of 24 hours a day: 48 h from the time the water has left.
    assert recovery.components["restored"].iloc[0] == pytest.approx(30 + 80 / 4 * 2.4)
    assert recovery.crew_hours["electrician"] == pytest.approx(80.0)
    few = restore(city.prepare(crews={"electrician": 1.0}), impact, nobody_warned(city))
    assert few.components["restored"].iloc[0] == pytest.approx(30 + 80 * 2.4)


def test_households_return_by_the_exponential_law_of_social_capital():
    n, g = 2000, 1.0
    settings = RecoverySettings(return_days=100.0, claim_days=10.0, social_gain=g)
    for capital in (0.0, 0.5):
        city = tiny_city(homes=n, social_capital=capital)
        impact = tiny_impact(city, wet=range(n), hours=0.0)
        recovery = restore(city, impact, nobody_warned(city), settings)
        back = recovery.buildings["restored"].to_numpy()
        ready = back.min() - 100 * 24 / (1 + g * capital) * -math.log1p(-0.5 / n)
        share = [(back > ready + 24 * days).mean() for days in (20, 60, 150)]
        law = [math.exp(-(1 + g * capital) * days / 100) for days in (20, 60, 150)]
        np.testing.assert_allclose(share, law, atol=0.004)


def test_an_uncongested_home_is_back_after_about_the_observed_twelve_and_a_half_months():
    # National survey of flooded households: 12.5 months on average (FACTS 15); 125 crew-hours follow from 500,000 DKK.
    city = tiny_city(homes=400)
    impact = tiny_impact(city, wet=range(400), hours=125.0)
    recovery = restore(city, impact, nobody_warned(city), RecoverySettings(horizon_days=3000))
    assert recovery.buildings["restored"].mean() / 730.5 == pytest.approx(12.5, abs=3.0)
