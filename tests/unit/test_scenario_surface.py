"""The surface through many answers: known functions come back, inputs that do not matter are left out."""

import numpy as np
import pytest
from scipy.optimize import check_grad

from genrejs.errors import InputError
from genrejs.scenario.surface import Surface, _unlikely, train


def known(bits: np.ndarray, stresses: np.ndarray) -> np.ndarray:
    """Return two outputs with pairs that help one another and a stress that bends."""
    first = 5 - 2 * bits[:, 0] * (1 - 0.5 * bits[:, 1]) + 0.3 * bits[:, 2] + 0.2 * stresses[:, 0]
    second = 1 + bits[:, 3] * bits[:, 4] + 0.1 * stresses[:, 0] ** 2
    return np.column_stack([first, second])


def drawn(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return (rng.random((count, 8)) < 0.4).astype(float), rng.normal(size=(count, 2))


def at(surface: Surface, bits: np.ndarray, stresses: np.ndarray) -> np.ndarray:
    return surface.grid(bits, stresses)[range(len(bits)), range(len(bits))]


@pytest.fixture(scope="module")
def surface():
    bits, stresses = drawn(120, 1)
    return train(bits, stresses, known(bits, stresses))


def test_known_functions_come_back_on_points_held_out(surface) -> None:
    bits, stresses = drawn(100, 2)
    error = np.abs(at(surface, bits, stresses) - known(bits, stresses))
    assert error.mean() < 0.02
    assert np.quantile(error, 0.9) < 0.05


def test_the_grid_is_every_pair(surface) -> None:
    bits, stresses = drawn(4, 3)
    grid = surface.grid(bits, stresses)
    assert grid.shape == (4, 4, 2)
    assert np.allclose(grid[2, 1], surface.grid(bits[[2]], stresses[[1]])[0, 0])
    alone = surface.by_measures(bits)[:, None] + surface.by_stresses(stresses)
    assert np.allclose(alone + surface.met(bits, stresses) @ surface.directions, grid)


def test_the_same_answers_give_the_same_bits() -> None:
    bits, stresses = drawn(40, 4)
    one, other = (train(bits, stresses, known(bits, stresses)) for _ in range(2))
    assert (one.grid(bits, stresses) == other.grid(bits, stresses)).all()


def test_the_slope_is_that_of_the_value() -> None:
    bits, _ = drawn(20, 5)
    square = (bits[:, None] - bits[None, :]) ** 2
    y = np.random.default_rng(6).normal(size=20)
    where = np.full(10, -0.7)
    off = check_grad(lambda x: _unlikely(x, square, y)[0], lambda x: _unlikely(x, square, y)[1], where)
    assert off < 1e-5


def test_an_output_that_never_changes_is_kept() -> None:
    bits, stresses = drawn(30, 7)
    assert np.allclose(train(bits, stresses, np.full((30, 1), 2.5)).grid(bits, stresses), 2.5)


@pytest.mark.parametrize(
    ("measures", "outputs", "said"),
    [(np.zeros((5, 2)), np.zeros((5, 1)), "ten answers"), (np.zeros((12, 2)), np.full((12, 1), np.nan), "finite")],
)
def test_bad_answers_are_refused(measures, outputs, said) -> None:
    with pytest.raises(InputError, match=said):
        train(measures, np.zeros((len(measures), 1)), outputs)
