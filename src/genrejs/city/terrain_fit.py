"""The smoothest ground whose cell means, spot heights and fixed cells are the ones that were measured."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.linalg import spsolve

from genrejs.city.grid import Floats

Integers = NDArray[np.int64]


def mean_rows(group: Integers, count: int) -> sp.csr_matrix:
    """Return the matrix ``(count, cells)`` that averages the cells of each group of a ``(y, x)`` map (-1: none)."""
    flat = group.ravel()
    inside = np.flatnonzero(flat >= 0)
    size = np.bincount(flat[inside], minlength=count)
    share = 1.0 / size[flat[inside]]
    return sp.csr_matrix((share, (flat[inside], inside)), shape=(count, flat.size))


def fit_surface(
    fixed: Floats, observe: sp.csr_matrix, observed: Floats, cell: float, thin_plate: float, membrane: float
) -> Floats:
    """Return the heights ``(y, x)`` [m] that equal `fixed` where it is not NaN and minimise, over the other cells,

    ``sum (observe z - observed)^2 + thin_plate * integral(z_xx^2 + 2 z_xy^2 + z_yy^2) + membrane * integral(grad z^2)``
    with `thin_plate` and `membrane` in m2 and of no unit: neither depends on the cell size [m].
    """
    energy = _smoothness(fixed.shape[0], fixed.shape[1], cell, thin_plate, membrane) + observe.T @ observe
    flat = fixed.ravel()
    free = np.flatnonzero(np.isnan(flat))
    heights = np.where(np.isnan(flat), 0.0, flat)
    rows = energy.tocsr()[free]
    right = (observe.T @ observed)[free] - rows @ heights
    heights[free] = spsolve(rows[:, free].tocsc(), right, permc_spec="MMD_AT_PLUS_A")
    return heights.reshape(fixed.shape)


def _smoothness(rows: int, columns: int, cell: float, thin_plate: float, membrane: float) -> sp.csr_matrix:
    """Return the quadratic form of bending and stretching on a grid whose edges are free."""
    d1x, d1y = _difference(columns), _difference(rows)
    d2x, d2y = _difference(columns - 1) @ d1x, _difference(rows - 1) @ d1y
    over, down = sp.identity(columns), sp.identity(rows)
    bending = (
        sp.kron(down, d2x.T @ d2x) + 2 * sp.kron(d1y.T @ d1y, d1x.T @ d1x) + sp.kron(d2y.T @ d2y, over)
    ) / cell**2
    stretching = sp.kron(down, d1x.T @ d1x) + sp.kron(d1y.T @ d1y, over)
    return sp.csr_matrix(thin_plate * bending + membrane * stretching)


def _difference(count: int) -> sp.csr_matrix:
    """Return the matrix of differences between neighbours along one axis of `count` cells."""
    every = sp.identity(count, format="csr")
    return sp.csr_matrix(every[1:] - every[:-1])
