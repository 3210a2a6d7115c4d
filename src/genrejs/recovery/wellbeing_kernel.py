"""The compiled loss of utility of one household after another, and the rate of rebuilding at which it is least.

The loss of consumption is ``D exp(-lambda t)`` with ``D = (pi + lambda) loss``. A stock spent on the largest of it
first holds it at the level gamma until the time at which it has fallen to gamma by itself; then it runs out alone.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GRID = 14
"""Rates looked at, evenly in their logarithm, before the least is narrowed down."""

GOLDEN = 0.6180339887498949
STEPS = 24
"""Golden sections of the bracket where parabolas do not lead to the least."""

HALVINGS = 24
"""Halvings between the last rate that leaves subsistence and the next that does not: to 3e-8 of the rate."""

WIDTHS = (0.05, 0.004)
"""Half-widths, in the logarithm of the rate, of the last two parabolas: the second leaves about 1e-6 of the rate."""

FADED = 40.0
"""A tail is followed until exp(-40) of it is left: to rounding."""

STEEP = 0.2
"""Share of consumption left below which the integral over the steepest part is taken by itself."""

NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
FEW_NODES, FEW_WEIGHTS = np.polynomial.legendre.leggauss(8)


class Taste(NamedTuple):
    """What a loss means: consumption is money a year.

    `pi` productivity [1/year], `eta` elasticity, `rho` discount rate [1/year], `horizon` [years], `mean` consumption at
    whose marginal utility losses are counted, `least` consumption that sustains life.
    """

    pi: float
    eta: float
    rho: float
    horizon: float
    mean: float
    least: float


class Home(NamedTuple):
    """One household: `loss` and `stock` [money], `consumption` before [money a year]."""

    loss: float
    consumption: float
    stock: float


@njit(cache=True)
def _plain(share: float, eta: float) -> float:
    """Return the utility lost with a `share` of consumption, in units of consumption times its marginal utility."""
    if eta == 1.5:  # without a logarithm: half the time
        root = math.sqrt(1.0 - share)
        return 2.0 * share / (root * (1.0 + root))
    exact = -math.log1p(-share)
    if abs(1.0 - eta) < 1e-9:
        return exact
    return -math.expm1(-(1.0 - eta) * exact) / (1.0 - eta)


@njit(cache=True)
def _drop(share: float, knee: float, eta: float) -> float:
    """Return the utility lost; from the share `knee` on, below subsistence, each further krone weighs the same."""
    if share <= knee:
        return _plain(share, eta)
    lost: float = _plain(knee, eta) if knee > 0.0 else 0.0
    return lost + (share - knee) * math.pow(1.0 - knee, -eta)


@njit(cache=True)
def _spread(stock: float, loss: float, rate: float, pi: float) -> tuple[float, float]:
    """Return the level gamma [money a year] to which a stock lowers the loss, and until when [years].

    The stock is the area above gamma: ``1 - exp(-x) (1 + x) = stock rate / D`` with ``x = rate * time``, by Newton from
    above (Chatzigeorgiou 2013 bounds the root), where the function is concave.
    """
    top = (pi + rate) * loss
    part = stock * rate / top
    if part >= 1.0:
        return 0.0, math.inf
    if part <= 0.0:
        return top, 0.0
    far = -math.log1p(-part)
    x = math.sqrt(2.0 * far) + far
    for _ in range(8):
        step = (far + math.log1p(x) - x) * (1.0 + x) / x
        x += step
        if abs(step) < 1e-13 * x:
            break
    return top * math.exp(-x), x / rate


@njit(cache=True)
def _piece(low: float, high: float, share: float, knee: float, eta: float, power: float, few: bool) -> float:
    """Return the integral of drop(share y) y^(power - 1) dy with y = z^3, from z = `low` to `high`."""
    total, half, middle = 0.0, 0.5 * (high - low), 0.5 * (high + low)
    nodes, weights = (FEW_NODES, FEW_WEIGHTS) if few else (NODES, WEIGHTS)
    for k in range(nodes.size):
        z = middle + half * nodes[k]
        total += weights[k] * _drop(share * z * z * z, knee, eta) * math.exp((3.0 * power - 1.0) * math.log(z))
    return 3.0 * half * total


@njit(cache=True)
def _tail(share: float, knee: float, rate: float, years: float, taste: Taste, few: bool) -> float:
    """Return the discounted utility lost while a loss of `share` fades at `rate`, over `years`."""
    years = min(years, FADED / (rate + taste.rho))
    end = math.exp(-rate * years / 3.0)
    power = taste.rho / rate
    turn = 1.0
    if 0.0 < knee < share:
        turn = max(end, (knee / share) ** (1.0 / 3.0))
    # Near the point where nothing would be left, marginal utility rises steeply: that stretch by itself.
    left = 1.0 - share * turn * turn * turn
    steep = ((1.0 - 4.0 * left) / share) ** (1.0 / 3.0) if left < STEEP else end
    steep = min(max(steep, end), turn)
    total: float = _piece(steep, turn, share, knee, taste.eta, power, few)
    if steep > end:
        total += _piece(end, steep, share, knee, taste.eta, power, few)
    if turn < 1.0:
        total += _piece(turn, 1.0, share, knee, taste.eta, power, few)
    return total / rate


@njit(cache=True)
def lost_utility(rate: float, home: Home, taste: Taste, few: bool = False) -> float:
    """Return the well-being lost [money] when a household rebuilds at `rate`; `few` nodes do for a first look."""
    level, until = _spread(home.stock, home.loss, rate, taste.pi)
    if level <= 0.0:
        return 0.0
    base = max(home.consumption, taste.least)
    share, knee = level / base, max(0.0, 1.0 - taste.least / base)
    flat = min(until, taste.horizon)
    total = 0.0
    if flat > 0.0:
        years = flat if taste.rho <= 0.0 else -math.expm1(-taste.rho * flat) / taste.rho
        total = years * _drop(share, knee, taste.eta)
    if until < taste.horizon:
        total += math.exp(-taste.rho * until) * _tail(share, knee, rate, taste.horizon - until, taste, few)
    return total * base * math.pow(taste.mean / base, taste.eta)


@njit(cache=True)
def _fastest(home: Home, room: float, taste: Taste, bounds: tuple[float, float]) -> float:
    """Return the highest rate within `bounds` at which at least subsistence is left, the lowest if there is none."""
    low, high = bounds
    if home.stock <= 0.0:
        return min(high, max(low, room / home.loss - taste.pi))
    step = math.log(high / low) / (GRID - 1)
    if _spread(home.stock, home.loss, high, taste.pi)[0] <= room:
        return high
    for k in range(GRID - 2, -1, -1):
        inside = low * math.exp(k * step)
        if _spread(home.stock, home.loss, inside, taste.pi)[0] <= room:
            outside = low * math.exp((k + 1) * step)
            for _ in range(HALVINGS):
                middle = math.sqrt(inside * outside)
                if _spread(home.stock, home.loss, middle, taste.pi)[0] <= room:
                    inside = middle
                else:
                    outside = middle
            return inside
    return low


@njit(cache=True)
def _at(log_rate: float, home: Home, taste: Taste) -> float:
    return lost_utility(math.exp(log_rate), home, taste)


@njit(cache=True)
def _section(a: float, b: float, home: Home, taste: Taste) -> tuple[float, float]:
    """Return the logarithm of the rate of least loss between the logarithms `a` and `b`, and the loss."""
    left, right = b - GOLDEN * (b - a), a + GOLDEN * (b - a)
    f_left, f_right = _at(left, home, taste), _at(right, home, taste)
    for _ in range(STEPS):
        if f_left <= f_right:
            b, right, f_right = right, left, f_left
            left = b - GOLDEN * (b - a)
            f_left = _at(left, home, taste)
        else:
            a, left, f_left = left, right, f_right
            right = a + GOLDEN * (b - a)
            f_right = _at(right, home, taste)
    return (left, f_left) if f_left <= f_right else (right, f_right)


@njit(cache=True)
def _vertex(middle: float, h: float, ends: tuple[float, float], home: Home, taste: Taste) -> tuple[float, bool]:
    """Return where a parabola through ``middle - h, middle, middle + h`` is least, and whether it lies between them."""
    centre = min(max(middle, ends[0] + h), ends[1] - h)
    before, least, after = _at(centre - h, home, taste), _at(centre, home, taste), _at(centre + h, home, taste)
    bend = before - 2.0 * least + after
    if not bend > 0.0:
        return middle, False
    move = 0.5 * h * (before - after) / bend
    return centre + min(h, max(-h, move)), abs(move) <= h


@njit(cache=True)
def _narrow(a: float, b: float, home: Home, taste: Taste) -> tuple[float, float]:
    """Return the rate of least loss between the logarithms `a` and `b`, and the loss.

    Three parabolas, each narrower than the one before; by golden sections where one of them points outside.
    """
    best, inside = _vertex(0.5 * (a + b), 0.5 * (b - a), (a, b), home, taste)
    for width in WIDTHS:
        if inside and 2.0 * width < b - a:
            best, inside = _vertex(best, width, (a, b), home, taste)
    least = _at(best, home, taste)
    if not inside:
        other, value = _section(a, b, home, taste)
        if value < least:
            best, least = other, value
    return math.exp(best), least


@njit(cache=True)
def best_rate(home: Home, taste: Taste, bounds: tuple[float, float]) -> tuple[float, float]:
    """Return the rate of rebuilding [1/year] at which the least well-being is lost, and that loss [money]."""
    room = max(0.0, home.consumption - taste.least)
    low, high = math.log(bounds[0]), math.log(_fastest(home, room, taste, bounds))
    step = (high - low) / (GRID - 1)
    best, least = 0, math.inf
    for k in range(GRID):
        value = lost_utility(math.exp(low + k * step), home, taste, True)
        if value < least:
            best, least = k, value
    grid = math.exp(low + best * step)
    least = lost_utility(grid, home, taste)
    if step <= 0.0 or least <= 0.0:
        return grid, least
    rate, found = _narrow(low + max(best - 1, 0) * step, low + min(best + 1, GRID - 1) * step, home, taste)
    return (rate, found) if found < least else (grid, least)


@njit(cache=True)
def _short(rate: float, home: Home, taste: Taste) -> float:
    """Return what lacks to subsistence over the horizon because of the loss [money], not discounted."""
    level, until = _spread(home.stock, home.loss, rate, taste.pi)
    room = max(0.0, home.consumption - taste.least)
    if level <= room:
        return 0.0
    flat = min(until, taste.horizon)
    fading = max(0.0, taste.horizon - until)
    if room > 0.0:
        fading = min(fading, math.log(level / room) / rate)
    return (level - room) * flat - level * math.expm1(-rate * fading) / rate - (room * fading if room > 0.0 else 0.0)


@njit(cache=True, parallel=True)
def all_households(homes: Floats, given: Floats, taste: Taste, bounds: tuple[float, float]) -> Floats:
    """Return ``(household, 3)``: rate [1/year], well-being lost, lack to subsistence; NaN in `given` asks for the best.

    `homes` is ``(household, 3)``: loss, consumption, stock. Households do not see each other, so the bits do not depend
    on the number of threads.
    """
    out = np.zeros((given.size, 3))
    for i in prange(given.size):
        home = Home(homes[i, 0], homes[i, 1], homes[i, 2])
        if home.loss <= 0.0:
            out[i, 0] = np.nan
            continue
        if math.isnan(given[i]):
            rate, lost = best_rate(home, taste, bounds)
        else:
            rate, lost = given[i], lost_utility(given[i], home, taste)
        out[i, 0], out[i, 1], out[i, 2] = rate, lost, _short(rate, home, taste)
    return out
