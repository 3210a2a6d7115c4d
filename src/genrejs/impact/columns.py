"""What the models of single sectors ask of their columns: numbers, 0 or above, as many as there are places."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genrejs.errors import InputError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def water(depth: ArrayLike) -> Floats:
    """Return depths as ``(n,)`` [m]; NaN and below 0 are dry.

    Raises
    ------
    InputError
        When they are no numbers.
    """
    return np.maximum(np.nan_to_num(_array(depth, "depth")), 0.0)


def numbers(values: ArrayLike, what: str, size: int) -> Floats:
    """Return `values` as ``(size,)``, a single number repeated; `what` names them in the message.

    Raises
    ------
    InputError
        When they are not finite numbers of 0 or above, or are neither one nor `size`.
    """
    array = _array(values, what)
    if array.size not in (1, size):
        raise InputError(f"'{what}' has {array.size} values, but there are {size} depths; give one or {size}.")
    wrong = ~np.isfinite(array) | (array < 0)
    if wrong.any():
        raise InputError(f"'{what}' must be finite and 0 or above; got {array[wrong][0]}.")
    return np.asarray(np.broadcast_to(array, (size,)), dtype=np.float64)


def reached(depth: ArrayLike, minimum: float) -> Flags:
    """Return where there is water, and at least `minimum` [m] of it, ``(n,)``."""
    deep = water(depth)
    return np.asarray((deep > 0.0) & (deep >= minimum))


def not_negative(settings: object, names: tuple[str, ...]) -> None:
    """Raise InputError unless the named settings are finite and 0 or above."""
    for name in names:
        given = getattr(settings, name)
        if not (np.isfinite(given) and given >= 0):
            raise InputError(f"The setting '{name}' must be finite and 0 or above; got {given}.")


def _array(values: ArrayLike, what: str) -> Floats:
    try:
        return np.atleast_1d(np.asarray(values, dtype=np.float64)).ravel()
    except (TypeError, ValueError) as error:
        raise InputError(f"'{what}' must be numbers.") from error
