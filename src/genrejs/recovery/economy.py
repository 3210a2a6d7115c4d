"""The town's economy after a shock: an adaptive regional input-output model (ARIO).

After Hallegatte 2008, "An adaptive regional input-output model and its application to the assessment of the economic
cost of Katrina" (Risk Analysis 28), with the overproduction of Hallegatte 2014 (Risk Analysis 34), without inventories.
In every step, all figures a year:

1. *Demand* y: final demand in the town, exports, and rebuilding, ``backlog / rebuild_days``.
2. *Capacity*: output before the shock, times what is at work and what is left of the capital, times overproduction.
3. *Wanted output* is the smaller of capacity and ``(I - A)^-1 y``, with A what one krone of output needs from the town.
4. *Bottlenecks*: orders between firms come before final demand. Where a sector makes less than is ordered of it, each
   customer gets the same share of its order and can make that share only. The greatest output that satisfies this and
   what is still demanded is found from above.
5. What is left goes to the three final uses in proportion to what they want.
6. *Overproduction* rises towards its largest while output is below demand, and falls back to 1 otherwise.

What the table buys outside the town is never short. The table is constructed: magnitudes of the national accounts,
every cell an assumption.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genrejs.errors import InputError
from genrejs.recovery.firms import read_recovery_table

__all__ = ["Economy", "EconomySettings", "Shock", "Table", "more_local", "run_economy", "town_table"]

Floats = NDArray[np.float64]
SWEEPS = 2000
"""Most sweeps of one step; they stop when no output changes by more than rounding."""


@dataclass(frozen=True)
class Table:
    """A town's input-output table; money a year.

    `sectors` (n names); `technical` ``(product, user)`` krone of a product that one krone of the user's output needs,
    made in the town or not; `final` ``(product,)`` final demand in the town, made there or not; `exports`; `local`
    share 0..1 of a product bought in the town that is made there; `rebuild` share of rebuilding that each makes.
    """

    sectors: tuple[str, ...]
    technical: Floats
    final: Floats
    exports: Floats
    local: Floats
    rebuild: Floats

    def __post_init__(self) -> None:
        n = len(self.sectors)
        vectors = (self.final, self.exports, self.local, self.rebuild)
        if self.technical.shape != (n, n) or any(v.shape != (n,) for v in vectors):
            raise InputError(f"The economy's table needs {n} figures by sector and {n} x {n} technical coefficients.")
        if (self.technical < 0).any() or (self.technical.sum(axis=0) >= 1).any():
            raise InputError("Technical coefficients must be 0 or more and sum to less than 1 for each sector.")
        if any((v < 0).any() for v in vectors) or (self.local > 1).any() or self.rebuild.sum() > 1 + 1e-9:
            raise InputError("Demand must be 0 or more, local shares 0..1, shares of rebuilding at most 1 in all.")

    @property
    def coefficients(self) -> Floats:
        """A ``(product, user)``: what one krone of output needs from the town."""
        return np.asarray(self.local[:, None] * self.technical, dtype=np.float64)

    @property
    def output(self) -> Floats:
        """Output ``(sector,)`` a year that meets final demand and exports."""
        return self.produce(self.local * self.final + self.exports)

    @property
    def value_share(self) -> Floats:
        """Value added ``(sector,)`` of one krone of output."""
        return np.asarray(1.0 - self.technical.sum(axis=0), dtype=np.float64)

    def produce(self, demand: ArrayLike) -> Floats:
        """Return ``(I - A)^-1 demand`` (Leontief)."""
        whole = np.eye(len(self.sectors)) - self.coefficients
        return np.asarray(np.linalg.solve(whole, np.asarray(demand, dtype=np.float64)), dtype=np.float64)


def town_table(value_added: float = 1000.0) -> Table:
    """Return the constructed table of a Danish town, scaled to `value_added` [money a year] of all sectors.

    Exports are what output leaves. Raises InputError if `value_added` is not above 0.
    """
    if not 0 < value_added < np.inf:
        raise InputError(f"The value added of a town must be above 0; got {value_added}.")
    raw = read_recovery_table("town_economy.csv")
    sectors = tuple(str(name) for name in raw["product"])
    flows = raw[list(sectors)].to_numpy(np.float64)
    final, local, output, rebuild = (
        raw[name].to_numpy(np.float64) for name in ("local_final", "local_share", "output", "rebuild_share")
    )
    exports = output - local * (flows.sum(axis=1) + final)
    scale = value_added / float(output.sum() - flows.sum())
    return Table(sectors, flows / output, final * scale, exports * scale, local, rebuild)


def more_local(table: Table, share: float) -> Table:
    """Return the table in which `share` 0..1 of what the town buys outside is bought in it instead.

    A local currency aims at this. The Bristol Pound of 2012 shows that it need not last: digital payments ended in
    August 2020, paper notes in September 2021, and its successor closed in mid-2023 for lack of funds
    (https://bristolpound.org/news?id=13, https://en.wikipedia.org/wiki/Bristol_pound).
    """
    if not 0 <= share <= 1:
        raise InputError(f"The share bought in the town instead of outside must be 0..1; got {share}.")
    return replace(table, local=table.local + share * (1.0 - table.local))


@dataclass(frozen=True)
class EconomySettings:
    """How the economy adapts."""

    step_days: float = 7.0  # d
    horizon_days: float = 730.0  # d
    overproduction: float = 1.25  # largest capacity relative to normal (Hallegatte 2014)
    adapt_days: float = 365.0  # d in which overproduction is reached (Hallegatte 2014)
    slack: float = 0.0  # capacity that stands idle before the shock, share of output (assumption)
    rebuild_days: float = 380.0  # d in which the backlog would be rebuilt (12.5 months, national survey, FACTS 15)
    capital_ratio: float = 4.0  # krone of productive capital for one krone of value added a year (Hallegatte 2008)
    bottlenecks: bool = True  # without: what firms lack is bought outside

    def __post_init__(self) -> None:
        if not 0 < self.step_days <= min(self.rebuild_days, self.adapt_days) or not self.horizon_days >= self.step_days:
            raise InputError(
                "economy.step_days must be above 0 and at most the days of rebuilding, adapting and horizon."
            )
        if not self.overproduction >= 1 or not self.slack >= 0 or not self.capital_ratio > 0:
            raise InputError("economy: overproduction must be 1 or more, slack 0 or more, capital_ratio above 0.")

    @property
    def steps(self) -> int:
        """Number of time steps."""
        return int(np.ceil(self.horizon_days / self.step_days))


@dataclass(frozen=True)
class Shock:
    """What strikes the economy.

    `capacity` ``(day, sector)`` 0..1 at work, as `Firms.capacity` (1 after its last day; None: all). `capital`
    ``(sector,)`` [money] of productive capital destroyed: lowers capacity until it is rebuilt (give either this or
    `capacity` for the same firms, or they count twice). `other` [money] to be rebuilt that makes nothing: homes, roads,
    or what `capacity` already stands for. `demand` ``(sector,)`` or ``(step, sector)``: factor on final demand and
    exports.
    """

    capacity: Floats | None = None
    capital: ArrayLike = 0.0
    other: float = 0.0
    demand: ArrayLike = field(default=1.0)


@dataclass(frozen=True)
class Economy:
    """How the economy went; ``(step, sector)`` and money a year unless named.

    `days` ``(step,)`` at the start of each step; `output`; `value_added`; `capacity`; `final`, `exported`, `rebuilt`
    delivered by the town to its three final uses; `bought` from outside for want of local inputs (0 with bottlenecks);
    `backlog` ``(step,)`` [money] to rebuild at the start of a step; `output_before`, `value_before` ``(sector,)``;
    `output_loss`, `value_loss` [money] over the horizon, negative where rebuilding brings more than was lost.
    """

    sectors: tuple[str, ...]
    days: Floats
    output: Floats
    value_added: Floats
    capacity: Floats
    final: Floats
    exported: Floats
    rebuilt: Floats
    bought: Floats
    backlog: Floats
    output_before: Floats
    value_before: Floats
    output_loss: float
    value_loss: float


def run_economy(table: Table, shock: Shock | None = None, settings: EconomySettings | None = None) -> Economy:
    """Return the economy of `table` step by step after `shock`; deterministic.

    Raises
    ------
    InputError
        The shock has another number of sectors or steps, or a figure out of its range.
    """
    how, hit = settings or EconomySettings(), shock or Shock()
    before, share = table.output, table.value_share
    at_work, lost, demand = _shocks(table, hit, how)
    dt = how.step_days / 365.0
    capital = how.capital_ratio * before * share
    if (lost > capital * (1 + 1e-12)).any():
        raise InputError("More productive capital is destroyed than there is; check the unit of the table's value.")
    effort, destroyed, other = np.ones(before.size), lost.copy(), float(hit.other)
    wants = np.stack([table.local * table.final, table.exports, np.zeros(before.size)])
    rows = []
    for step in range(how.steps):
        backlog = float(destroyed.sum()) + other
        rebuild = table.rebuild * backlog * 365.0 / how.rebuild_days
        wants_now = wants * demand[step]
        wants_now[2] = table.local * rebuild
        idle = 1.0 + how.slack
        kept = np.divide(destroyed, capital, out=np.zeros_like(capital), where=capital > 0)
        room = before * idle * at_work[step] * (1.0 - kept) * effort
        y = wants_now.sum(axis=0)
        made = settle(table.coefficients, y, room, how.bottlenecks)
        given, bought = _share_out(table.coefficients, made, wants_now)
        rows.append((made, room, *given, bought, np.full(before.size, backlog)))
        effort = _adapt(effort, made, table.produce(y), dt * 365.0 / how.adapt_days, how.overproduction)
        done = float(given[2].sum() + ((1.0 - table.local) * rebuild).sum()) + _unmade(table, rebuild, backlog, how)
        left = max(0.0, 1.0 - done * dt / backlog) if backlog > 0 else 1.0
        destroyed, other = destroyed * left, other * left
    return _economy(table, np.array(rows).transpose(1, 0, 2), how)


def settle(coefficients: Floats, demand: Floats, capacity: Floats, bottlenecks: bool = True) -> Floats:
    """Return the greatest output ``(sector,)`` that `capacity`, `demand` and what firms get from each other allow.

    Every sweep can only lower outputs and stops at the greatest state that satisfies all rules at once. A sector
    serves itself before others.
    """
    a = coefficients
    whole = np.linalg.solve(np.eye(demand.size) - a, demand)
    wanted = np.minimum(capacity, whole)
    others = a - np.diag(np.diag(a))
    orders, own = others @ wanted, 1.0 - np.diag(a)
    made = wanted
    for _ in range(SWEEPS):
        new = np.minimum(wanted, a @ made + demand)
        if bottlenecks:
            met = np.divide(made * own, orders, out=np.ones_like(made), where=orders > 0)
            limit = np.where(others > 0, np.minimum(met, 1.0)[:, None], 1.0).min(axis=0)
            new = np.minimum(new, wanted * limit)
        if (made - new <= 1e-14 * (1e-300 + whole)).all():
            return np.asarray(new, dtype=np.float64)
        made = new
    return np.asarray(made, dtype=np.float64)


def _share_out(coefficients: Floats, made: Floats, wants: Floats) -> tuple[Floats, Floats]:
    """Return ``(3, sector)`` what the final uses get, and what firms had to buy outside."""
    left = made - coefficients @ made
    total = wants.sum(axis=0)
    part = np.divide(np.maximum(left, 0.0), total, out=np.zeros_like(left), where=total > 0)
    return wants * part, np.maximum(-left, 0.0)


def _adapt(effort: Floats, made: Floats, wanted: Floats, part: float, most: float) -> Floats:
    lack = np.clip(1.0 - np.divide(made, wanted, out=np.ones_like(made), where=wanted > 0), 0.0, 1.0)
    short = lack > 1e-9
    return np.where(short, effort + (most - effort) * lack * part, effort + (1.0 - effort) * part)


def _unmade(table: Table, rebuild: Floats, backlog: float, how: EconomySettings) -> float:
    """Return what is rebuilt a year by nobody in the table: the share of rebuilding that its sectors leave."""
    return max(0.0, backlog * 365.0 / how.rebuild_days - float(rebuild.sum()))


def _shocks(table: Table, hit: Shock, how: EconomySettings) -> tuple[Floats, Floats, Floats]:
    n, steps = len(table.sectors), how.steps
    at_work = np.ones((steps, n))
    if hit.capacity is not None:
        daily = np.asarray(hit.capacity, dtype=np.float64)
        if daily.ndim != 2 or daily.shape[1] != n or not ((daily >= 0) & (daily <= 1)).all():
            raise InputError(f"The capacity of a shock needs shares 0..1 by day and for {n} sectors.")
        at_work = _by_step(daily, how)
    try:
        lost = np.array(np.broadcast_to(np.asarray(hit.capital, dtype=np.float64), n))
        demand = np.array(np.broadcast_to(np.asarray(hit.demand, dtype=np.float64), (steps, n)))
    except ValueError as wrong:
        raise InputError(f"A shock needs figures for {n} sectors and, for demand, {steps} steps.") from wrong
    if not ((lost >= 0) & np.isfinite(lost)).all() or not 0 <= hit.other < np.inf or not (demand >= 0).all():
        raise InputError("Destroyed capital, other damage and factors on demand must be 0 or more and finite.")
    return at_work, lost, demand


def _by_step(daily: Floats, how: EconomySettings) -> Floats:
    """Return the mean of `daily` over each step, 1 after its last day."""
    reach = np.arange(how.steps + 1) * how.step_days
    whole = np.vstack([np.zeros((1, daily.shape[1])), np.cumsum(daily - 1.0, axis=0)])
    days = np.arange(len(daily) + 1, dtype=np.float64)
    summed = np.column_stack([np.interp(reach, days, column) for column in whole.T])
    return np.asarray(np.clip(1.0 + np.diff(summed, axis=0) / how.step_days, 0.0, 1.0), dtype=np.float64)


def _economy(table: Table, rows: Floats, how: EconomySettings) -> Economy:
    made, room, final, exported, rebuilt, bought, backlog = rows
    before, share, dt = table.output, table.value_share, how.step_days / 365.0
    lost = (before - made) * dt
    days = np.arange(how.steps, dtype=np.float64) * how.step_days
    return Economy(
        sectors=table.sectors, days=days, output=made, value_added=made * share,
        capacity=room, final=final, exported=exported, rebuilt=rebuilt, bought=bought, backlog=backlog[:, 0],
        output_before=before, value_before=before * share,
        output_loss=float(lost.sum()), value_loss=float((lost * share).sum()),
    )  # fmt: skip
