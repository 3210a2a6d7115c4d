"""How a warning spreads: official channels that each reach some people, and people who tell each other."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NOBODY_LEFT = 1e-300  # keeps the logarithm finite where a channel reaches everybody

CORRECTIONS = 3  # of the telling within a minute: right to 0.001 at 0.1 per minute, to 0.005 at 0.3


@dataclass(frozen=True)
class Channel:
    """A way to tell people: `rate` [1/min] among the share `reach` ``(group,)`` it can reach, from `delay` [min] on."""

    name: str
    rate: float
    reach: Floats
    delay: float = 0.0


def told_by_each(channels: tuple[Channel, ...], minutes: int, groups: int) -> Floats:
    """Return the share of each group that each channel alone has told, ``(channel, minute, group)``, minutes 0..n."""
    time = np.arange(minutes + 1.0)[:, None]
    each = np.empty((len(channels), minutes + 1, groups))
    for place, channel in enumerate(channels):
        each[place] = channel.reach * -np.expm1(-channel.rate * np.maximum(time - channel.delay, 0.0))
    return each


def together(each: Floats) -> Floats:
    """Return the share that independent channels ``(channel, ...)`` have told between them, ``(...)``."""
    untold = np.ones(each.shape[1:])
    for share in each:
        untold *= 1.0 - share
    return 1.0 - untold


def told(channels: tuple[Channel, ...], minutes: int, groups: int) -> Floats:
    """Return the share of each group that independent channels alone have told, ``(minute, group)``, minutes 0..n."""
    return together(told_by_each(channels, minutes, groups))


def first_told(each: Floats, heard: Floats) -> Floats:
    """Return the share of each group that each channel told first, neighbours last, ``(channel + 1, group)``.

    Within a minute those newly told are shared out by the rates at which channels ``(channel, minute, group)`` and
    neighbours tell people; the shares add up to the last of `heard` ``(minute, group)``.
    """
    push = np.diff(_exposure(each), axis=1)
    pull = np.maximum(np.diff(_exposure(heard), axis=0) - push.sum(axis=0), 0.0)
    rates = np.concatenate([push, pull[None]])
    part = rates / np.maximum(rates.sum(axis=0), NOBODY_LEFT)
    return np.asarray((part * np.diff(heard, axis=0)).sum(axis=1))


def told_twice(each: Floats, heard: Floats) -> Floats:
    """Return the share of those who have heard, by the last minute, who heard in two or more ways, ``(group,)``.

    Neighbours count as one way, independent of the channels (assumption).
    """
    official, last = together(each[:, -1]), heard[-1]
    neighbours = 1.0 - (1.0 - last) / np.maximum(1.0 - official, NOBODY_LEFT)
    ways = np.concatenate([each[:, -1], np.clip(neighbours, 0.0, 1.0)[None]])
    once = sum(way * np.prod(1.0 - np.delete(ways, place, axis=0), axis=0) for place, way in enumerate(ways))
    return np.asarray(np.clip(1.0 - once / np.maximum(together(ways), NOBODY_LEFT), 0.0, 1.0) * (last > 0.0))


def _exposure(share: Floats) -> Floats:
    return np.asarray(-np.log(np.maximum(1.0 - share, NOBODY_LEFT)))


def spread(official: Floats, contact: Floats, *, telling: float = math.inf, start: Floats | None = None) -> Floats:
    """Return the share of each group that has heard, ``(minute, group)``.

    ``dn/dt = (1 - n) (b + C a)`` (Rogers and Sorensen's broadcast and contagion): b is the rate at which `official`
    ``(minute, group)`` tells people who have heard nothing, C ``(group, group)`` is `contact` [1/min], and a the share
    who heard within the last `telling` minutes and still pass it on. Minute steps, second order.
    """
    minutes, groups = official.shape
    push = np.diff(_exposure(official), axis=0)
    heard = np.empty((minutes, groups))
    heard[0] = official[0] if start is None else start
    for minute in range(minutes - 1):
        left, before = 1.0 - heard[minute], _active(heard, minute, telling)
        after, quiet = before, _silent(heard, minute + 1, telling)
        for _ in range(CORRECTIONS):
            heard[minute + 1] = 1.0 - left * np.exp(-push[minute] - contact @ (before + after) / 2.0)
            after = heard[minute + 1] - quiet
    return heard


def _silent(heard: Floats, minute: int, telling: float) -> Floats:
    """Return the share that heard so long ago that it no longer tells others, ``(group,)``."""
    if minute < telling:
        return np.zeros(heard.shape[1])
    return np.asarray(heard[minute - int(telling)])


def _active(heard: Floats, minute: int, telling: float) -> Floats:
    return np.asarray(heard[minute] - _silent(heard, minute, telling))


def warned_share(time: Floats, broadcast: float, contagion: float, start: float = 0.0) -> Floats:
    """Return the closed form of one group at constant rates [1/min], ``(t,)``: the share warned at `time` [min].

    With A = broadcast and B = contagion: ``n = 1 - (A + B) / (B + c exp((A + B) t))``, ``c = (A + B n0) / (1 - n0)``;
    logistic when A = 0, exponential when B = 0.
    """
    total = broadcast + contagion
    if total == 0.0:
        return np.full_like(time, start)
    odds = (broadcast + contagion * start) / (1.0 - start)
    return np.asarray(1.0 - total / (contagion + odds * np.exp(total * time)))
