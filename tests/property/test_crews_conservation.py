"""Nothing is repaired twice and no crew is in two places."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from genrejs.recovery.crews import work

HORIZON = 60.0


@st.composite
def repairs(draw):
    count = draw(st.integers(1, 25))
    times = st.floats(0.0, 40.0, allow_subnormal=False)
    duration = np.array(draw(st.lists(st.floats(0.1, 20.0), min_size=count, max_size=count)))
    release = np.array(draw(st.lists(times, min_size=count, max_size=count)))
    rank = np.array(draw(st.permutations(range(count))))
    arrival = np.array(draw(st.lists(times, min_size=1, max_size=5)))
    return duration, release, rank, arrival


@settings(max_examples=200, deadline=None)
@given(repairs())
def test_every_task_is_done_once_and_no_crew_works_twice_at_a_time(given_) -> None:
    duration, release, rank, arrival = given_
    worked = work(duration, release, rank, arrival, HORIZON)
    done = np.isfinite(worked.finish)
    np.testing.assert_allclose(worked.done[done], duration[done])
    assert (worked.done <= duration + 1e-9).all() and (worked.done >= -1e-9).all()
    assert (worked.finish[done] >= release[done] + duration[done] - 1e-9).all()
    begun = ~np.isnan(worked.start)
    assert (worked.start[begun] >= release[begun]).all() and (worked.start[begun] >= arrival.min()).all()
    assert begun[done].all() and (worked.done[~begun] == 0).all()
    # Never more work than the crews there are can do, whatever the time it is looked at.
    for now in np.concatenate([worked.finish[done], [HORIZON]]):
        seen = work(duration, release, rank, arrival, float(now))
        assert seen.done.sum() <= np.maximum(now - arrival, 0.0).sum() + 1e-6
        assert (seen.done <= np.maximum(now - release, 0.0) + 1e-9).all()


@settings(max_examples=100, deadline=None)
@given(repairs(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(given_, chance) -> None:
    duration, release, rank, arrival = given_
    order = list(range(duration.size))
    chance.shuffle(order)
    one = work(duration, release, rank, arrival, HORIZON)
    two = work(duration[order], release[order], rank[order], arrival, HORIZON)
    np.testing.assert_array_equal(one.finish[order], two.finish)
    np.testing.assert_array_equal(one.start[order], two.start)
