"""The least-squares surface against heights that are known."""

import numpy as np
import scipy.sparse as sp

from genrejs.city.terrain_fit import fit_surface, mean_rows

X, Y = np.meshgrid(np.arange(24) * 10.0, np.arange(18) * 10.0)
GROUPS = (Y // 60).astype(int) * 4 + (X // 60).astype(int)


def test_means_of_groups() -> None:
    means = mean_rows(np.array([[0, 0, 1], [-1, 1, 1]]), 2) @ np.array([1.0, 3.0, 5.0, 99.0, 6.0, 7.0])
    np.testing.assert_allclose(means, [2.0, 6.0])


def test_a_plane_is_given_back_from_its_means_alone() -> None:
    plane = 3.0 + 0.05 * X - 0.02 * Y
    observe = mean_rows(GROUPS, 12)
    found = fit_surface(np.full(X.shape, np.nan), observe, observe @ plane.ravel(), 10.0, thin_plate=700.0, membrane=0)
    np.testing.assert_allclose(found, plane, atol=1e-6)


def test_a_membrane_between_fixed_edges_is_a_ramp() -> None:
    fixed = np.full(X.shape, np.nan)
    fixed[:, 0], fixed[:, -1] = 0.0, 23.0
    nothing = sp.csr_matrix((0, X.size))
    found = fit_surface(fixed, nothing, np.empty(0), 10.0, thin_plate=0.0, membrane=1.0)
    np.testing.assert_allclose(found, X / 10.0, atol=1e-9)


def test_a_clamped_plate_is_a_cubic() -> None:
    """A strip held at height 0 and slope 0 on one side, 1 and 0 on the other, bends as 3 s^2 - 2 s^3."""
    count = 400
    fixed = np.full((3, count), np.nan)
    fixed[:, :2], fixed[:, -2:] = 0.0, 1.0
    nothing = sp.csr_matrix((0, fixed.size))
    found = fit_surface(fixed, nothing, np.empty(0), 5.0, thin_plate=1.0, membrane=0.0)
    s = np.clip((np.arange(count) - 0.5) / (count - 2), 0, 1)
    np.testing.assert_allclose(found[1], 3 * s**2 - 2 * s**3, atol=2e-3)


def test_the_weights_mean_the_same_at_every_cell_size() -> None:
    """A hill of one observed mean between flat edges keeps its height when the cells are halved."""

    def top(cells: int) -> float:
        cell = 600.0 / cells
        fixed = np.full((cells, cells), np.nan)
        fixed[0], fixed[-1], fixed[:, 0], fixed[:, -1] = 0, 0, 0, 0
        third = cells // 3
        group = np.full((cells, cells), -1)
        group[third:-third, third:-third] = 0
        return float(fit_surface(fixed, mean_rows(group, 1), np.array([50.0]), cell, 700.0, 0.006).max())

    assert abs(top(60) / top(30) - 1) < 0.06
