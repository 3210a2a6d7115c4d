"""Crews as a queue: where repairs come at random, waiting follows the closed forms of queueing theory.

Each mean is compared within four standard errors, taken over independent batches.
"""

import math

import numpy as np
import pytest

from genrejs.recovery.crews import work

BATCHES, TASKS, WARM = 40, 4000, 400
FAR = 1e12


def erlang_c(servers: int, load: float) -> float:
    """Return the chance that an arrival waits in M/M/c, `load` the arrival rate over one server's rate."""
    full = load**servers / math.factorial(servers) * servers / (servers - load)
    return full / (sum(load**k / math.factorial(k) for k in range(servers)) + full)


def waits(crews: int, arrival: float, service, seed: int = 1) -> np.ndarray:
    """Return each batch's mean wait (task's end less its beginning of work and its arrival), first tasks left out."""
    rng, means = np.random.default_rng(seed), []
    for _ in range(BATCHES):
        release = np.cumsum(rng.exponential(1 / arrival, TASKS))
        duration = service(rng, TASKS)
        worked = work(duration, release, np.arange(TASKS), np.zeros(crews), FAR)
        np.testing.assert_allclose(worked.done, duration)
        means.append((worked.finish - release - duration)[WARM:].mean())
    return np.array(means)


def agrees(means: np.ndarray, known: float) -> None:
    error = means.std(ddof=1) / math.sqrt(means.size)
    assert abs(means.mean() - known) < 4 * error, f"{means.mean():.4f} against {known:.4f}, standard error {error:.4f}"
    assert error < 0.1 * known


@pytest.mark.parametrize(("crews", "load"), [(1, 0.5), (1, 0.7), (3, 2.1)])
def test_exponential_repairs_wait_as_in_mm1_and_mmc(crews, load) -> None:
    known = erlang_c(crews, load) / (crews - load)
    agrees(waits(crews, load, lambda rng, n: rng.exponential(1.0, n)), known)
    if crews == 1:
        assert known == pytest.approx(load / (1 - load))


def test_equal_repairs_wait_half_as_long() -> None:
    agrees(waits(1, 0.6, lambda _, n: np.ones(n)), 0.6 / (2 * (1 - 0.6)))


def test_uneven_repairs_wait_by_pollaczek_and_khinchine() -> None:
    # Two phases: 0.5 h four times in five, 3 h once in five; E[S] = 1, E[S^2] = 2.
    agrees(waits(1, 0.5, lambda rng, n: np.where(rng.random(n) < 0.2, 3.0, 0.5)), 0.5 * 2.0 / (2 * (1 - 0.5)))


def test_urgent_repairs_push_others_aside_and_wait_as_if_alone() -> None:
    """Preemptive-resume priorities in M/M/1: T1 = 1 / (1 - r1), T2 = 1 / ((1 - r1) (1 - r1 - r2))."""
    rng, urgent, rest = np.random.default_rng(3), [], []
    for _ in range(BATCHES):
        release = np.cumsum(rng.exponential(1 / 0.7, TASKS))
        first = rng.random(TASKS) < 3 / 7
        rank = np.where(first, 0, TASKS) + np.arange(TASKS)
        worked = work(rng.exponential(1.0, TASKS), release, rank, np.zeros(1), FAR)
        stay = (worked.finish - release)[WARM:]
        urgent.append(stay[first[WARM:]].mean())
        rest.append(stay[~first[WARM:]].mean())
    agrees(np.array(urgent), 1 / (1 - 0.3))
    agrees(np.array(rest), 1 / ((1 - 0.3) * (1 - 0.7)))


def test_machines_that_break_down_again_and_again_follow_the_machine_repair_formula() -> None:
    """One crew and N machines that run for an exponential time: p0 = 1 / sum(N! / (N - k)! r^k)."""
    machines, ratio = 4, 0.5  # of a machine's repair rate, how often it breaks down
    weight = np.array([math.perm(machines, k) * ratio**k for k in range(machines + 1)])
    busy = 1 - weight[0] / weight.sum()
    agrees(np.array([repairman(machines, ratio, np.random.default_rng(seed)) for seed in range(BATCHES)]), busy)


def repairman(machines: int, ratio: float, rng: np.random.Generator, repairs: int = 300) -> float:
    """Return the share of time that the crew works; a machine breaks down again some time after it was repaired."""
    release, duration, due = [], [], rng.exponential(1 / ratio, machines)
    for _ in range(repairs):
        machine = int(due.argmin())
        release.append(due[machine])
        duration.append(rng.exponential(1.0))
        # First come, first served: what comes later never changes when this one ends.
        worked = work(np.array(duration), np.array(release), np.arange(len(release)), np.zeros(1), FAR)
        due[machine] = worked.finish[-1] + rng.exponential(1 / ratio)
    return float(np.sum(duration) / worked.finish[-1])


def test_littles_law_holds_on_the_sample() -> None:
    rng = np.random.default_rng(5)
    release = np.cumsum(rng.exponential(2.0, 500))
    worked = work(rng.exponential(3.0, 500), release, np.arange(500), np.zeros(2), FAR)
    ends = np.concatenate([release, worked.finish])
    order = np.argsort(ends, kind="stable")
    inside = np.cumsum(np.repeat([1, -1], 500)[order])[:-1]
    area = float((inside * np.diff(ends[order])).sum())
    assert area == pytest.approx((worked.finish - release).sum())
