"""The number of threads follows the clock: a busy machine gets one, a free one all."""

from genrejs.hazard.flood.pace import FEW_TILES, Pace


def threads_after(pace: Pace, seconds_per_tile: dict[int, float], chunks: int = 60) -> list[int]:
    used = []
    for _ in range(chunks):
        threads, steps = pace.choose(FEW_TILES)
        used.append(threads)
        pace.note(steps * FEW_TILES, steps * FEW_TILES * seconds_per_tile[threads])
    return used


def test_a_free_machine_gets_all_threads_and_a_busy_one_one() -> None:
    pace = Pace(2)
    assert threads_after(pace, {1: 2e-6, 2: 1e-6})[-1] == 2
    assert threads_after(pace, {1: 2e-6, 2: 1e-3})[-3:] == [1, 1, 1]
    assert sum(n == 2 for n in threads_after(pace, {1: 2e-6, 2: 1e-3})) <= 4


def test_few_tiles_take_one_thread() -> None:
    pace = Pace(2)
    assert {pace.choose(FEW_TILES - 1)[0] for _ in range(20)} == {1}
