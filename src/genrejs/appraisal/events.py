"""What a set of events says of risk: how often a loss is reached, what a return period costs, the expected year.

A set of many events stands for itself: its expected loss is the sum over its events, with no tail added. For a few
points on an exceedance curve, where the curve between and beyond them matters, use `genrejs.appraisal.risk`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genrejs.errors import InputError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class ExceedanceCurve:
    """Losses from the largest down ``(k,)`` [money], and how often a year each is reached or passed [1/year]."""

    loss: Floats
    frequency: Floats

    @property
    def period(self) -> Floats:
        """The return periods ``(k,)`` [years], from the longest down."""
        return np.asarray(1.0 / self.frequency)


@dataclass(frozen=True)
class ReturnLevels:
    """The loss of each return period ``(k,)`` [money], and where the event set does not reach it.

    `below`: shorter than the period of the smallest loss, whose loss is given; `beyond`: longer than that of the
    largest, whose loss is given and is then too low.
    """

    period: Floats
    loss: Floats
    below: Flags
    beyond: Flags


def exceedance_curve(at_event: ArrayLike, frequency: ArrayLike) -> ExceedanceCurve:
    """Return how often each loss of an event set is reached, from losses [money] and frequencies [1/year] ``(n,)``.

    The frequency of a loss is that of its event and of all events with a larger loss; events of one loss follow each
    other as points of their own. Events of frequency 0 are left out.

    Raises
    ------
    InputError
        Losses or frequencies are not one finite number for each event, a frequency is below 0, or all are 0.
    """
    loss, often = _checked(at_event, frequency)
    if loss.ndim != 1:
        raise InputError(f"An exceedance curve needs one loss for each event; got losses of the shape {loss.shape}.")
    loss, often = loss[often > 0], often[often > 0]
    if loss.size == 0:
        raise InputError("An exceedance curve needs an event whose frequency is above 0 per year.")
    order = np.lexsort((often, -loss))
    return ExceedanceCurve(loss[order], np.cumsum(often[order]))


def return_levels(at_event: ArrayLike, frequency: ArrayLike, periods: ArrayLike) -> ReturnLevels:
    """Return the loss of each return period ``(k,)`` [years], linear in the return period between two events.

    This is CLIMADA's method (`aznar2019`): the exceedance curve by return period, its ends held. What lies outside the
    event set is marked as such. As losses are joined by straight lines, an event split in two of half the frequency
    each can change the level of a period between it and the next larger event, though not the expected loss.

    Raises
    ------
    InputError
        As `exceedance_curve`, or a period is not a finite number above 0.
    """
    curve = exceedance_curve(at_event, frequency)
    wanted = np.atleast_1d(np.asarray(periods, np.float64))
    if not np.isfinite(wanted).all() or (wanted <= 0).any():
        raise InputError(f"Return periods are finite and above 0 years; got {wanted.tolist()}.")
    period, loss = curve.period[::-1], curve.loss[::-1]
    levels = np.interp(wanted, period, loss)
    return ReturnLevels(wanted, levels, wanted < period[0], wanted > period[-1])


def expected_annual(at_event: ArrayLike, frequency: ArrayLike) -> float:
    """Return the expected loss a year [money/year] of an event set: the sum of frequency times loss ``(n,)``.

    Nothing is added for losses rarer or larger than those of the set. The order of the events changes no bit. Raises
    InputError as `exceedance_curve`, but a set without an event costs 0.
    """
    loss, often = _checked(at_event, frequency)
    if loss.ndim != 1:
        raise InputError(f"Give one loss for each event; got losses of the shape {loss.shape}.")
    return math.fsum(often * loss)


def expected_by_group(at_event_by_group: ArrayLike, frequency: ArrayLike) -> Floats:
    """Return the expected loss a year of each group ``(groups,)`` [money/year], from losses ``(n, groups)`` [money].

    Raises InputError as `expected_annual`.
    """
    loss, often = _checked(at_event_by_group, frequency)
    if loss.ndim != 2:
        raise InputError(f"Give a loss for each event and group; got losses of the shape {loss.shape}.")
    return np.array([math.fsum(often * column) for column in loss.T], np.float64)


def _checked(losses: ArrayLike, frequency: ArrayLike) -> tuple[Floats, Floats]:
    """Return losses and frequencies as arrays."""
    loss, often = np.asarray(losses, np.float64), np.asarray(frequency, np.float64)
    if often.ndim != 1 or loss.shape[:1] != often.shape or not np.isfinite(loss).all():
        raise InputError(f"Give one finite loss for each of the {often.size} frequencies; got {loss.shape}.")
    if not np.isfinite(often).all() or (often < 0).any():
        raise InputError("The frequency of every event must be a finite number, 0 or more [1/year].")
    return loss, often
