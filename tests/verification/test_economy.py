"""The town's economy: steady without a shock, Leontief where nothing binds, closed forms, balances in every step."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genrejs.errors import InputError
from genrejs.recovery.economy import (
    EconomySettings,
    Shock,
    Table,
    more_local,
    run_economy,
    settle,
    town_table,
)

TOWN = town_table()
SHORT = EconomySettings(horizon_days=140.0)
N = len(TOWN.sectors)


def one_sector():
    return Table(("all",), np.array([[0.0]]), np.array([100.0]), np.zeros(1), np.ones(1), np.ones(1))


def balances(table, run):
    """Largest fault of rows and of columns over all steps, relative to output."""
    a, x = table.coefficients, run.output
    rows = x + run.bought - x @ a.T - run.final - run.exported - run.rebuilt
    imports = x * ((1.0 - table.local[:, None]) * table.technical).sum(axis=0)
    columns = x - x * a.sum(axis=0) - imports - run.value_added
    return max(np.abs(rows).max(), np.abs(columns).max()) / x.max()


def test_the_towns_table_balances_before_anything_happens():
    x, a = TOWN.output, TOWN.coefficients
    assert x == pytest.approx([560, 170, 430, 90, 430, 330])
    assert (x * TOWN.value_share).sum() == pytest.approx(1000.0)
    assert x * TOWN.value_share == pytest.approx([200, 70, 210, 40, 250, 230])
    assert (TOWN.exports > 0).all()
    assert x == pytest.approx(a @ x + TOWN.local * TOWN.final + TOWN.exports)
    imported = ((1.0 - TOWN.local[:, None]) * TOWN.technical) @ x
    assert (TOWN.local * TOWN.final + TOWN.exports).sum() - imported.sum() == pytest.approx(1000.0)
    assert TOWN.rebuild.sum() == pytest.approx(1.0)
    assert town_table(5e9).output == pytest.approx(x * 5e6)


@pytest.mark.parametrize("bottlenecks", [True, False])
def test_without_a_shock_nothing_moves(bottlenecks):
    run = run_economy(TOWN, settings=EconomySettings(bottlenecks=bottlenecks))
    np.testing.assert_allclose(run.output, np.tile(run.output_before, (105, 1)), rtol=1e-12)
    assert abs(run.output_loss) < 1e-8
    assert run.bought.max() < 1e-9
    assert run.backlog.max() == 0.0


@pytest.mark.parametrize("bottlenecks", [True, False])
def test_demand_alone_follows_the_leontief_inverse(bottlenecks):
    factor = np.array([0.7, 1.3, 1.0, 0.4, 1.1, 1.0])
    run = run_economy(TOWN, Shock(demand=factor), replace(SHORT, slack=1.0, bottlenecks=bottlenecks))
    inverse = np.linalg.inv(np.eye(N) - TOWN.local[:, None] * TOWN.technical)
    exact = inverse @ ((TOWN.local * TOWN.final + TOWN.exports) * factor)
    np.testing.assert_allclose(run.output, np.tile(exact, (len(run.output), 1)), rtol=1e-11)


def test_rebuilding_that_nothing_hinders_follows_the_leontief_inverse_and_fades():
    how = replace(SHORT, slack=1.0)
    run = run_economy(TOWN, Shock(other=50.0), how)
    steps = np.arange(len(run.days))
    backlog = 50.0 * (1.0 - 7.0 / 380.0) ** steps
    np.testing.assert_allclose(run.backlog, backlog, rtol=1e-10)
    extra = np.array([TOWN.produce(TOWN.local * TOWN.rebuild * b * 365.0 / 380.0) for b in backlog])
    np.testing.assert_allclose(run.output, run.output_before + extra, rtol=1e-10)
    assert run.value_loss < 0
    assert run.value_loss == pytest.approx(-(extra @ TOWN.value_share).sum() * 7.0 / 365.0)


@pytest.mark.parametrize("bottlenecks", [True, False])
@pytest.mark.parametrize("lost", [0.01, 0.1, 0.5, 0.9])
def test_an_equal_loss_of_capacity_is_that_loss_of_output_in_the_first_step(bottlenecks, lost):
    run = run_economy(
        TOWN, Shock(capacity=np.full((7, N), 1.0 - lost)), replace(SHORT, bottlenecks=bottlenecks)
    )  # fmt: skip
    np.testing.assert_allclose(run.output[0], run.output_before * (1.0 - lost), rtol=1e-11)
    assert run.value_added[0].sum() == pytest.approx(1000.0 * (1.0 - lost))


@pytest.mark.parametrize("sector", range(N))
def test_one_sectors_loss_without_bottlenecks_is_its_own_and_its_lost_orders(sector):
    capacity = np.ones((7, N))
    capacity[:, sector] = 0.8
    run = run_economy(TOWN, Shock(capacity=capacity), replace(SHORT, bottlenecks=False))
    first = run.output[0] / run.output_before
    assert first[sector] == pytest.approx(0.8, rel=1e-12)
    others = np.delete(np.arange(N), sector)
    a, y = TOWN.coefficients, TOWN.local * TOWN.final + TOWN.exports
    kept = np.linalg.solve(
        (np.eye(N) - a)[np.ix_(others, others)], y[others] + a[others, sector] * run.output[0, sector]
    )
    np.testing.assert_allclose(run.output[0, others], kept, rtol=1e-11)


def test_a_bottleneck_by_hand():
    """The first sector sells 80 of 100 to the second; with 40 made the second can make half."""
    table = Table(
        ("parts", "goods"), np.array([[0.0, 0.4], [0.0, 0.0]]), np.zeros(2), np.array([20.0, 200.0]), np.ones(2),
        np.zeros(2),
    )  # fmt: skip
    assert table.output.tolist() == pytest.approx([100.0, 200.0])
    made = settle(table.coefficients, table.exports, np.array([40.0, 200.0]))
    assert made.tolist() == pytest.approx([40.0, 100.0])
    free = settle(table.coefficients, table.exports, np.array([40.0, 200.0]), bottlenecks=False)
    assert free.tolist() == pytest.approx([40.0, 200.0])
    # Above what firms order nothing is short: the loss falls on the sector's own exports.
    assert settle(table.coefficients, table.exports, np.array([85.0, 200.0])).tolist() == pytest.approx([85.0, 200.0])


def test_destroyed_capital_lowers_capacity_by_its_share_of_the_capital():
    capital = 4.0 * TOWN.output * TOWN.value_share
    run = run_economy(TOWN, Shock(capital=0.1 * capital), SHORT)
    np.testing.assert_allclose(run.output[0], 0.9 * run.output_before, rtol=1e-11)
    assert (np.diff(run.backlog) < 0).all()
    assert run.backlog[0] == pytest.approx(400.0)


def test_overproduction_follows_its_equation():
    """One sector at half capacity for ever: d effort = (most - effort) (1 - effort / 2) dt / T, in closed form."""
    how = EconomySettings(step_days=0.25, horizon_days=400.0)
    run = run_economy(one_sector(), Shock(capacity=np.full((800, 1), 0.5)), how)
    effort = run.capacity[-1, 0] / 50.0
    start, time = np.log(1.0 / 0.25), run.days[-1] / 365.0
    exact = np.exp(start + 0.5 * (2.0 - 1.25) * time)  # (2 - effort) / (1.25 - effort)
    assert effort == pytest.approx((1.25 * exact - 2.0) / (exact - 1.0), rel=1e-4)
    assert run.capacity.max() < 1.25 * 50.0


def test_the_town_is_as_before_when_all_is_back():
    capacity = np.ones((200, N))
    capacity[:60, 2] = 0.5
    run = run_economy(TOWN, Shock(capacity=capacity), EconomySettings(horizon_days=3650.0))
    np.testing.assert_allclose(run.output[-1], run.output_before, rtol=1e-9)
    assert run.output_loss > 0


def test_the_loss_is_the_area_and_hardly_depends_on_the_step():
    capacity = np.ones((365, N))
    capacity[:, 1] = np.linspace(0.4, 1.0, 365)
    losses = []
    for step in (1.0, 7.0):
        run = run_economy(
            TOWN, Shock(capacity=capacity, other=30.0), replace(SHORT, step_days=step, horizon_days=728.0)
        )
        assert run.output_loss == pytest.approx((run.output_before - run.output).sum() * step / 365.0)
        losses.append(run.output_loss)
    assert losses[1] == pytest.approx(losses[0], rel=0.02)


def test_a_capacity_by_day_keeps_its_mean_in_steps():
    daily = np.ones((30, 1))
    daily[:10] = 0.0
    run = run_economy(one_sector(), Shock(capacity=daily), EconomySettings(step_days=7.0, overproduction=1.0))
    assert run.output[:3, 0] == pytest.approx([0.0, 100.0 * 4 / 7, 100.0])


def test_buying_more_in_the_town_makes_a_krone_go_further_both_ways():
    multipliers = [more_local(TOWN, s).produce(np.ones(N)).sum() for s in (0.0, 0.1, 0.5, 1.0)]
    assert (np.diff(multipliers) > 0).all()
    assert more_local(TOWN, 0.0).output == pytest.approx(TOWN.output)
    closed = more_local(TOWN, 1.0)
    assert (closed.output * closed.value_share).sum() == pytest.approx(TOWN.final.sum() + TOWN.exports.sum())
    slump = Shock(demand=np.array([0.8, 1, 1, 1, 1, 1]))
    losses = [run_economy(more_local(TOWN, s), slump, SHORT).value_loss for s in (0.0, 0.2)]
    assert losses[1] > losses[0] > 0


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(0.0, 1.0), min_size=N, max_size=N),
    st.lists(st.floats(0.2, 1.5), min_size=N, max_size=N),
    st.floats(0.0, 500.0),
    st.booleans(),
    st.floats(0.0, 1.0),
)
def test_rows_and_columns_balance_in_every_step_and_bottlenecks_never_help(capacity, demand, other, bottlenecks, share):
    table = more_local(TOWN, share)
    shock = Shock(np.tile(capacity, (60, 1)), 0.0, other, np.array(demand))
    how = replace(SHORT, horizon_days=70.0, bottlenecks=bottlenecks)
    run = run_economy(table, shock, how)
    assert balances(table, run) < 1e-9
    for part in (run.output, run.final, run.exported, run.rebuilt, run.bought, run.backlog):
        assert (part >= -1e-9).all()
    assert (run.output <= run.capacity * (1 + 1e-12)).all()
    wanted = table.local * table.final * np.array(demand)
    assert (run.final <= wanted * (1 + 1e-9) + 1e-12).all()
    if bottlenecks:
        assert run.bought.max() < 1e-9
        free = run_economy(table, shock, replace(how, bottlenecks=False))
        assert (run.output[0] <= free.output[0] * (1 + 1e-9) + 1e-9).all()


@pytest.mark.parametrize(
    "wrong, says",
    [
        (lambda: town_table(0.0), "value added"),
        (lambda: more_local(TOWN, 1.5), "share bought"),
        (lambda: run_economy(TOWN, Shock(capacity=np.ones((5, 2)))), "capacity"),
        (lambda: run_economy(TOWN, Shock(capital=np.full(N, 1e6))), "capital"),
        (lambda: run_economy(TOWN, Shock(capital=np.ones(3))), "figures for 6 sectors"),
        (lambda: run_economy(TOWN, Shock(other=-1.0)), "0 or more"),
        (lambda: EconomySettings(step_days=0.0), "step_days"),
        (lambda: EconomySettings(overproduction=0.9), "overproduction"),
        (lambda: replace(TOWN, technical=np.eye(N)), "less than 1"),
        (lambda: replace(TOWN, local=np.full(N, 2.0)), "local shares"),
        (lambda: replace(TOWN, final=np.ones(2)), "figures by sector"),
    ],
)
def test_wrong_figures_are_named(wrong, says):
    with pytest.raises(InputError, match=says):
        wrong()
