"""Small functions that the kernels share: the inverse cube root, bits of a number, a series at a time."""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import overload

from genrejs.hazard.flood.problem import Floats

SEED = 0x54A21D2A
"""Bits from which a third of a number's bits is taken to start its inverse cube root (3 % off before Newton)."""


def inverse_cube_root(x: Any) -> Any:
    """Return x to the power -1/3 for x > 0, with only operations that vectorise: 3e-6 in float32, 1e-15 in float64."""
    return x ** (-1.0 / 3.0)


def _seed_single(x: Any) -> Any:
    third = np.float32(1.0 / 3.0)
    grow = np.float32(4.0 / 3.0)
    bits = np.int32(np.int32(SEED) - np.int32(np.float32(np.float32(x).view(np.int32)) * third))
    y = bits.view(np.float32)
    y = y * (grow - third * x * y * y * y)
    return y * (grow - third * x * y * y * y)


_seed = njit(_seed_single, cache=True, error_model="numpy")


def _single(x):
    return _seed(x)


@overload(inverse_cube_root)
def _inverse_cube_root(x):
    if x == types.float32:
        return _single

    def double(x):
        y = np.float64(_seed(np.float32(x)))
        y = y * (4.0 / 3.0 - x * y * y * y / 3.0)
        return y * (4.0 / 3.0 - x * y * y * y / 3.0)

    return double


def as_bits(x: Any) -> Any:
    """Return the bits of x as an integer of its width: for x >= 0 integers order as the numbers do, and vectorise."""
    return np.float64(x).view(np.int64)


@overload(as_bits)
def _as_bits(x):
    if x == types.float32:
        return lambda x: np.float32(x).view(np.int32)
    return lambda x: np.float64(x).view(np.int64)


def from_bits(bits: Any) -> Any:
    """Return the number whose bits these are."""
    return np.int64(bits).view(np.float64)


@overload(from_bits)
def _from_bits(bits):
    if bits == types.int32:
        return lambda bits: np.int32(bits).view(np.float32)
    return lambda bits: np.int64(bits).view(np.float64)


@njit(cache=True)
def value_at(times: Floats, values: Floats, lo: int, hi: int, t: float) -> float:
    """Return the series in ``[lo, hi)`` at time t, linear between points and constant outside."""
    if t <= times[lo]:
        return values[lo]
    if t >= times[hi - 1]:
        return values[hi - 1]
    k = lo + np.searchsorted(times[lo:hi], t, side="right") - 1
    share = (t - times[k]) / (times[k + 1] - times[k])
    return values[k] + share * (values[k + 1] - values[k])


@njit(cache=True)
def total_until(times: Floats, values: Floats, totals: Floats, span: tuple[int, int], t: float) -> float:
    """Return the integral of the series from its first point to t; `totals` holds it at the points."""
    lo, hi = span
    if t <= times[lo]:
        return values[lo] * (t - times[lo])
    if t >= times[hi - 1]:
        return totals[hi - 1] + values[hi - 1] * (t - times[hi - 1])
    k = lo + np.searchsorted(times[lo:hi], t, side="right") - 1
    v = value_at(times, values, lo, hi, t)
    return totals[k] + 0.5 * (values[k] + v) * (t - times[k])
