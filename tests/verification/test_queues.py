"""Crews as a queue: where repairs come at random, waiting and number follow the closed forms of queueing theory.

Each mean is compared within four standard errors, taken over independent batches; the error itself must be small.
"""

import math

import numpy as np
import pytest

from genrejs.recovery.crews import work

BATCHES, TASKS, WARM = 40, 20_000, 1000
FAR = 1e12


def erlang_c(servers: int, load: float) -> float:
    """Return the chance that an arrival waits in M/M/c, `load` the arrival rate over one server's rate."""
    full = load**servers / math.factorial(servers) * servers / (servers - load)
    return full / (sum(load**k / math.factorial(k) for k in range(servers)) + full)


def number_present(come: np.ndarray, go: np.ndarray, first: float, last: float) -> float:
    """Return the mean over time, from `first` to `last`, of how many have come and not gone."""
    times = np.concatenate([come, go])
    order = np.argsort(times, kind="stable")
    present = np.cumsum(np.repeat([1, -1], come.size)[order])
    edges = np.clip(np.append(times[order], last), first, last)
    return float((present * np.diff(edges)).sum() / (last - first))


def batches(crews: int, arrival: float, service, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return each batch's mean wait and mean number present, first come first served, the start left out."""
    rng, waits, numbers = np.random.default_rng(seed), [], []
    for _ in range(BATCHES):
        release = np.cumsum(rng.exponential(1 / arrival, TASKS))
        duration = service(rng, TASKS)
        worked = work(duration, release, np.arange(TASKS), np.zeros(crews), FAR)
        np.testing.assert_allclose(worked.done, duration)
        np.testing.assert_allclose(worked.finish - worked.start, duration, atol=1e-9)  # nobody is pushed aside
        waits.append((worked.start - release)[WARM:].mean())
        numbers.append(number_present(release, worked.finish, release[WARM], release[-1]))
    return np.array(waits), np.array(numbers)


def agrees(means: np.ndarray, known: float) -> None:
    error = means.std(ddof=1) / math.sqrt(means.size)
    assert abs(means.mean() - known) < 4 * error, f"{means.mean():.4f} against {known:.4f}, standard error {error:.4f}"
    assert error < 0.02 * known


@pytest.mark.parametrize(("crews", "load"), [(1, 0.5), (1, 0.7), (3, 2.1)])
def test_exponential_repairs_wait_as_in_mm1_and_mmc(crews, load) -> None:
    known = erlang_c(crews, load) / (crews - load)
    waits, numbers = batches(crews, load, lambda rng, n: rng.exponential(1.0, n))
    agrees(waits, known)
    agrees(numbers, load * known + load)
    if crews == 1:
        assert known == pytest.approx(load / (1 - load))


def test_equal_repairs_wait_half_as_long() -> None:
    waits, numbers = batches(1, 0.6, lambda _, n: np.ones(n))
    agrees(waits, 0.6 / (2 * (1 - 0.6)))
    agrees(numbers, 0.6 + 0.6**2 / (2 * (1 - 0.6)))


def test_uneven_repairs_wait_by_pollaczek_and_khinchine() -> None:
    # Two phases: 0.5 h four times in five, 3 h once in five; E[S] = 1, E[S^2] = 2.
    waits, _ = batches(1, 0.5, lambda rng, n: np.where(rng.random(n) < 0.2, 3.0, 0.5))
    agrees(waits, 0.5 * 2.0 / (2 * (1 - 0.5)))


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


@pytest.mark.parametrize("crews", [1, 2])
def test_machines_that_break_down_again_and_again_follow_the_machine_repair_formula(crews) -> None:
    """c crews and N machines: p_k ~ N! / (N - k)! r^k, divided by k! up to c crews, by c! c^(k - c) beyond."""
    machines, ratio = 4, 0.5  # of a machine's repair rate, how often it breaks down
    share = [math.factorial(min(k, crews)) * crews ** max(0, k - crews) for k in range(machines + 1)]
    weight = np.array([math.perm(machines, k) * ratio**k / share[k] for k in range(machines + 1)])
    chance = weight / weight.sum()
    found = np.array([repairmen(machines, ratio, crews, np.random.default_rng(seed)) for seed in range(BATCHES)])
    agrees(found[:, 0], float((np.minimum(np.arange(machines + 1), crews) * chance).sum()))
    agrees(found[:, 1], float((np.arange(machines + 1) * chance).sum()))


def repairmen(machines: int, ratio: float, crews: int, rng: np.random.Generator, repairs: int = 350) -> list[float]:
    """Return the mean numbers of crews at work and of machines down; a repaired machine breaks down some time later."""
    release, duration, due = [], [], rng.exponential(1 / ratio, machines)
    for _ in range(repairs):
        machine = int(due.argmin())
        release.append(due[machine])
        duration.append(rng.exponential(1.0))
        # First come, first served: what comes later never changes when this one ends.
        worked = work(np.array(duration), np.array(release), np.arange(len(release)), np.zeros(crews), FAR)
        due[machine] = worked.finish[-1] + rng.exponential(1 / ratio)
    span = release[50], float(due.min())  # until the next breakdown all is known
    return [number_present(come, worked.finish, *span) for come in (worked.start, np.array(release))]


def test_littles_law_holds_on_the_sample() -> None:
    rng = np.random.default_rng(5)
    release = np.cumsum(rng.exponential(2.0, 500))
    worked = work(rng.exponential(3.0, 500), release, rng.permutation(500), np.zeros(2), FAR)
    span = 0.0, float(worked.finish.max())
    stay = float((worked.finish - release).sum())
    assert number_present(release, worked.finish, *span) * span[1] == pytest.approx(stay, rel=1e-12)
