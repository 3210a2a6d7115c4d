"""Expected loss a year from points on an exceedance curve: the trapezoid, with its tails stated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genrejs.errors import InputError

Floats = NDArray[np.float64]

TAILS = ("closed", "cut", "log")
"""What lies beyond the rarest point: its loss held constant, nothing, or the last rise per log frequency kept on."""


def weights(frequencies: ArrayLike, tail: str = "closed", harmless: float | None = None) -> Floats:
    """Return the weights ``(n,)`` [1/year] whose sum of products with the losses is the expected loss a year.

    `frequencies` ``(n,)`` [1/year] are of exceedance, in any order. Between points the loss is linear in frequency.
    Above the most frequent point it falls linearly to zero at `harmless` [1/year], or at once when that is None (a low
    estimate). Raises InputError for frequencies that are not above 0, repeated, or above `harmless`.
    """
    given = np.asarray(frequencies, dtype=np.float64)
    _check(given, tail, harmless)
    order = np.argsort(-given)
    falling = given[order]
    steps = -np.diff(falling) / 2
    ordered = np.concatenate([[0.0], steps]) + np.concatenate([steps, [0.0]])
    if harmless is not None:
        ordered[0] += (harmless - falling[0]) / 2
    if tail != "cut":
        ordered[-1] += falling[-1]
    if tail == "log" and falling.size > 1:
        # The integral of L + s ln(f/x) over 0..f is f (L + s), with s the rise between the two rarest points.
        rise = falling[-1] / np.log(falling[-2] / falling[-1])
        ordered[-1] += rise
        ordered[-2] -= rise
    result: Floats = np.empty(given.shape)
    result[order] = ordered
    return result


def _check(frequencies: Floats, tail: str, harmless: float | None) -> None:
    if tail not in TAILS:
        raise InputError(f"Unknown tail '{tail}' of the exceedance curve; accepted are {', '.join(TAILS)}.")
    if frequencies.size == 0 or not np.isfinite(frequencies).all() or (frequencies <= 0).any():
        raise InputError(f"An exceedance curve needs frequencies above 0 per year; got {frequencies.tolist()}.")
    if np.unique(frequencies).size < frequencies.size:
        given = sorted(frequencies.tolist())
        raise InputError(f"An exceedance curve has two points at one frequency: {given} per year.")
    if harmless is not None and harmless < frequencies.max():
        raise InputError(
            f"The harmless frequency {harmless:g} per year lies below the most frequent event ({frequencies.max():g})."
        )


def expected_annual(
    frequencies: ArrayLike, losses: ArrayLike, tail: str = "closed", harmless: float | None = None
) -> float:
    """Return the expected loss a year [unit of `losses` a year] of one hazard's exceedance curve, see `weights`."""
    values = np.asarray(losses, dtype=np.float64)
    if values.shape != np.shape(frequencies) or not np.isfinite(values).all():
        raise InputError(f"Give one finite loss for each of the {np.size(frequencies)} frequencies; got {values.size}.")
    # Summed in a fixed order, so that the order of the points does not change the bits.
    order = np.argsort(np.asarray(frequencies, dtype=np.float64))
    return float((weights(frequencies, tail, harmless) * values)[order].sum())


def combined_frequency(curves: Mapping[str, tuple[Sequence[float], Sequence[float]]], losses: ArrayLike) -> Floats:
    """Return how often a year each of `losses` is reached by any hazard ``(n,)`` [1/year].

    `curves` holds frequencies and losses by hazard. Hazards are taken as independent and rare, so their frequencies add
    (assumption). Beyond a curve's largest loss its frequency is 0, below its smallest that of its most frequent point.
    """
    wanted = np.asarray(losses, dtype=np.float64)
    total = np.zeros_like(wanted)
    for frequencies, values in curves.values():
        order = np.argsort(-np.asarray(frequencies, dtype=np.float64))
        falling = np.asarray(frequencies, dtype=np.float64)[order]
        rising = np.maximum.accumulate(np.asarray(values, dtype=np.float64)[order])
        # Of several points with the same loss the most frequent one says how often that loss is reached.
        first = np.unique(rising, return_index=True)[1]
        total += np.interp(wanted, rising[first], falling[first], right=0.0)
    return total
