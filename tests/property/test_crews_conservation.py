"""Nothing is repaired twice, no crew is in two places, and crews are where they are needed most."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from genrejs.city.preparedness import Preparedness
from genrejs.recovery.crews import work
from genrejs.recovery.settings import RecoverySettings
from genrejs.recovery.tasks import Tasks, finish_tasks

HORIZON = 60.0
# Quarters of an hour, so that many things happen at the same time, and any other time.
TIMES = st.one_of(st.integers(0, 160).map(lambda n: n / 4), st.floats(0.0, 40.0, allow_subnormal=False))


@st.composite
def repairs(draw):
    count = draw(st.integers(1, 25))
    lengths = st.one_of(st.integers(0, 80).map(lambda n: n / 4), st.floats(0.1, 20.0))
    duration = np.array(draw(st.lists(lengths, min_size=count, max_size=count)))
    release = np.array(draw(st.lists(TIMES, min_size=count, max_size=count)))
    rank = np.array(draw(st.permutations(range(count))))
    arrival = np.array(draw(st.lists(TIMES, max_size=5)), dtype=np.float64)
    return duration, release, rank, arrival


@settings(max_examples=200, deadline=None)
@given(repairs())
def test_every_task_is_done_once_and_no_crew_works_twice_at_a_time(given_) -> None:
    duration, release, rank, arrival = given_
    worked = work(duration, release, rank, arrival, HORIZON)
    done, begun = np.isfinite(worked.finish), ~np.isnan(worked.start)
    np.testing.assert_allclose(worked.done[done], duration[done])
    assert (worked.finish[done] <= HORIZON).all()
    assert (worked.done <= duration + 1e-9).all() and (worked.done >= -1e-9).all()
    assert (worked.finish[done] >= worked.start[done] + duration[done] - 1e-9).all()
    assert (worked.start[begun] >= release[begun]).all() and (worked.start[begun] >= arrival.min(initial=np.inf)).all()
    assert begun[done].all() and (worked.done[~begun] == 0).all()
    # Never more work than the crews there are can do, whatever the time it is looked at.
    for now in np.concatenate([worked.finish[done], [HORIZON]]):
        seen = work(duration, release, rank, arrival, float(now))
        assert seen.done.sum() <= np.maximum(now - arrival, 0.0).sum() + 1e-6
        assert (seen.done <= np.maximum(now - release, 0.0) + 1e-9).all()


@settings(max_examples=150, deadline=None)
@given(repairs())
def test_between_two_events_each_crew_is_on_one_of_the_most_urgent_tasks(given_) -> None:
    # This says all there is to say: who works on what at any time, from how far each task has come.
    duration, release, rank, arrival = given_
    finish = work(duration, release, rank, arrival, HORIZON).finish
    moments = np.unique(np.concatenate([release, arrival, finish[finish < HORIZON], [0.0, HORIZON]]))
    for begin, end in itertools.pairwise(moments):
        if end - begin < 1e-6:
            continue
        before, after = (work(duration, release, rank, arrival, float(now)).done for now in (begin, end))
        gained = after - before
        waiting = np.flatnonzero((release <= begin) & (finish > begin + 1e-9) & (duration > 0))
        crews = int((arrival <= begin).sum())
        expected = np.zeros(duration.size)
        expected[waiting[np.argsort(rank[waiting])][:crews]] = end - begin
        np.testing.assert_allclose(gained, expected, atol=1e-8)


@settings(max_examples=100, deadline=None)
@given(repairs(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(given_, chance) -> None:
    duration, release, rank, arrival = given_
    order = list(range(duration.size))
    chance.shuffle(order)
    one = work(duration, release, rank, arrival, HORIZON)
    two = work(duration[order], release[order], rank[order], arrival[::-1], HORIZON)
    for name in ("finish", "start", "done"):
        np.testing.assert_array_equal(getattr(one, name)[order], getattr(two, name))


@settings(max_examples=100, deadline=None)
@given(repairs(), st.data())
def test_crews_that_come_sooner_or_with_others_never_delay_a_task(given_, data) -> None:
    duration, release, rank, arrival = given_
    later = work(duration, release, rank, arrival, HORIZON)
    sooner = arrival * data.draw(st.floats(0.0, 1.0))
    more = np.append(sooner, data.draw(st.lists(TIMES, max_size=2)))
    found = work(duration, release, rank, more, HORIZON)
    # Within a rounding of the horizon a task may be done or not.
    near = (np.abs(later.finish - HORIZON) < 1e-9) & np.isinf(found.finish)
    assert (found.finish[~near] <= later.finish[~near] + 1e-6).all()
    assert (found.done >= later.done - 1e-6).all()


@settings(max_examples=100, deadline=None)
@given(repairs(), st.floats(0.1, 20.0), TIMES)
def test_what_is_less_urgent_changes_nothing_for_the_rest(given_, length, when) -> None:
    duration, release, rank, arrival = given_
    alone = work(duration, release, rank, arrival, HORIZON)
    last = work(np.append(duration, length), np.append(release, when), np.append(rank, 99), arrival, HORIZON)
    np.testing.assert_allclose(last.finish[:-1], alone.finish, atol=1e-9)


@st.composite
def plans(draw):
    count = draw(st.integers(1, 15))

    def column(values):
        return np.array(draw(st.lists(values, min_size=count, max_size=count)))

    trades = column(st.sampled_from(["builder", "it", "civil"])).astype(object)
    tasks = Tasks(
        row=np.arange(count), component=column(st.booleans()), hours=column(st.floats(0.5, 300.0)), trade=trades,
        release=column(TIMES), life=column(st.integers(0, 3).map(float)), people=column(st.integers(0, 9).map(float)),
        vulnerable=np.zeros(count), given=np.zeros(count),
    )  # fmt: skip
    crews = {trade: float(draw(st.integers(0, 3))) for trade in ("builder", "it", "civil")}
    aid = {"builder": float(draw(st.integers(0, 2)))}
    return tasks, Preparedness(crews=crews, aid_crews=aid, call_up=12.0, aid_delay=48.0)


@settings(max_examples=100, deadline=None)
@given(plans(), st.sampled_from(["life", "people", "cheapest"]), st.integers(1, 4))
def test_the_crew_hours_of_each_trade_are_those_of_its_repairs_and_no_more_than_it_has(given_, priority, gang) -> None:
    tasks, plan = given_
    rules = RecoverySettings(horizon_days=16, hourly_days=2, priority=priority, gang=gang)
    found, horizon = finish_tasks(tasks, plan, rules), 24.0 * 16
    for trade in ("builder", "it", "civil"):
        mine = tasks.trade == trade
        done, begun = np.isfinite(found.finish) & mine, ~np.isnan(found.start) & mine
        used, local, aid = found.crew_hours[trade], plan.crews[trade], plan.aid_crews.get(trade, 0.0)
        most = (local * (horizon - plan.call_up) + aid * (horizon - plan.aid_delay)) / 24.0 * rules.working_day
        assert tasks.hours[done].sum() - 1e-6 <= used <= min(tasks.hours[begun].sum(), most) + 1e-6
        if not np.isinf(found.finish[mine]).any():
            assert abs(used - tasks.hours[mine].sum()) < 1e-6
    # Not even the whole gang is faster than each of its crews at its part.
    part = tasks.hours / np.where(tasks.component, gang, 1) * 24.0 / rules.working_day
    assert (found.finish >= tasks.release + part - 1e-6).all()
    assert (found.finish >= np.fmax(found.start, 0.0) + part - 1e-6).all()
