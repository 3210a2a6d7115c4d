"""The resilience curve and what is read off it: withstand, bounce back, the loss, the speed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def time_axis(hourly_days: int, horizon_days: int) -> Floats:
    """Return ``(time,)`` [h]: every hour for `hourly_days`, then every day up to and with the horizon."""
    days = np.arange(hourly_days, horizon_days + 1) * 24.0
    return np.concatenate([np.arange(24.0 * hourly_days), days])


def widths(hours: Floats) -> Floats:
    """Return ``(time,)`` [h] how long each value holds; the last one, at the horizon, holds no time."""
    return np.append(np.diff(hours), 0.0)


def weighted_mean(f: Floats, people: Floats, served: NDArray[np.bool_], weights: Floats) -> Floats:
    """Return F ``(time,)``: the mean over services, by `weights`, of the mean over the people each service has.

    `f` is ``(service, district, time)``; a district without a service, and a service that nobody has, count nowhere.
    """
    share = served * people
    reached = share.sum(axis=1)
    each = share / np.where(reached > 0, reached, 1.0)[:, None]
    weight = np.where(reached > 0, weights, 0.0)
    if weight.sum() == 0:
        return np.ones(f.shape[2])
    # From the loss, so that a city without loss has exactly F = 1.
    lost = np.einsum("sd,sdt->t", each * (weight / weight.sum())[:, None], 1.0 - f)
    return np.asarray(np.clip(1.0 - lost, 0.0, 1.0), dtype=np.float64)


def bounce_back(curve: Floats, hours: Floats, regained: float, held_days: float) -> tuple[float, bool]:
    """Return the days until F stays at `regained` or above for `held_days`, and whether the horizon cut it short.

    0 days if F never falls below; the horizon, censored, if it does not stay there within it.
    """
    low = np.flatnonzero(curve < regained)
    if low.size == 0:
        return 0.0, False
    high = np.flatnonzero(curve >= regained)
    following = np.searchsorted(low, high)
    # Each time F is up it stays so until the next low time, or is only known until the horizon.
    until = np.append(hours[low], hours[-1])[following]
    ready = (high > low[0]) & (until - hours[high] >= 24.0 * held_days)
    if not ready.any():
        return float(hours[-1] / 24.0), True
    return float(hours[high[ready][0]] / 24.0), False


def rapidity(curve: Floats, hours: Floats, share: float = 0.95) -> float:
    """Return the mean regain of F a day [1/d], from its lowest until `share` of what was lost is back for good.

    1 if nothing was lost; up to the horizon if that share is never regained.
    """
    lowest = int(curve.argmin())
    lost = 1.0 - float(curve[lowest])
    if lost <= 0:
        return 1.0
    missing = np.flatnonzero(curve < 1.0 - (1.0 - share) * lost)
    last = min(int(missing[-1]) + 1, curve.size - 1)
    gained = float(curve[last] - curve[lowest])
    return max(0.0, gained) / (float(hours[last] - hours[lowest]) / 24.0) if last > lowest else 0.0


def saved(actual: float, without: float) -> float:
    """Return the share 0..1 of the loss `without` something that it saved; 1 where nothing was lost anyway."""
    return float(np.clip(1.0 - actual / without, 0.0, 1.0)) if without > 0 else 1.0
