"""Scenario discovery: in which futures does a strategy fail? The boxes of the patient rule induction method (PRIM)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genrejs.errors import InputError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Places = NDArray[np.intp]

LOW, HIGH = 0, 1


@dataclass(frozen=True)
class Peeling:
    """How a box is sought; [friedman1999] and [bryant2010] unless said otherwise.

    `peel`: share of a box that one step takes away; `paste`: share that one step gives back; `least_support`: share of
    all futures below which no box is peeled; `boxes`: the most to look for; `limit`: a restriction is kept if its
    quasi-p times the number of cuts that were tried is below it (the factor is our own guard, Bonferroni's, against
    boxes in noise); `least_density`: the least density of a box, or None. Among boxes dense enough the one is chosen
    whose futures go most closely with failing (the correlation of the two, our choice).
    """

    peel: float = 0.05
    paste: float = 0.01
    least_support: float = 0.05
    boxes: int = 3
    limit: float = 0.05
    least_density: float | None = None

    def __post_init__(self) -> None:
        shares = (self.peel, self.paste, self.least_support, self.limit)
        if not all(0 < share < 1 for share in shares) or self.boxes < 1:
            raise InputError(f"Peel, paste, support and limit lie between 0 and 1 and boxes are 1 or more; got {self}.")
        if self.least_density is not None and not 0 < self.least_density <= 1:
            raise InputError(f"The least density lies between 0 and 1; got {self.least_density:g}.")


@dataclass(frozen=True)
class Restriction:
    """One factor held to `low`..`high` [unit of the factor], -inf or inf where that side is free.

    `quasi_p`: the binomial chance of at least as many hits in the box, had the factor not mattered ([bryant2010]).
    """

    factor: str
    low: float
    high: float
    quasi_p: float


@dataclass(frozen=True)
class Trajectory:
    """The boxes on the way from all futures to the smallest, each ``(steps,)``: the trade-off to choose from.

    `restricted` is the number of factors held; of the futures that earlier boxes left.
    """

    coverage: Floats
    density: Floats
    support: Floats
    restricted: NDArray[np.int64]
    chosen: int


@dataclass(frozen=True)
class Box:
    """A box of futures: those that keep every restriction, without those of earlier boxes.

    `coverage`: share of all failing futures that lie in it; `density`: share of its futures that fail; `support`: share
    of all futures that lie in it.
    """

    restrictions: tuple[Restriction, ...]
    coverage: float
    density: float
    support: float
    points: int
    hits: int
    trajectory: Trajectory

    def holds(self, names: Sequence[str], factors: Floats) -> Bools:
        """Return which futures ``(futures,)`` keep all restrictions; those of earlier boxes are not taken out."""
        inside = np.ones(len(factors), dtype=np.bool_)
        for each in self.restrictions:
            column = factors[:, list(names).index(each.factor)]
            inside &= (column >= each.low) & (column <= each.high)
        return inside


@dataclass(frozen=True)
class Discovery:
    """What was found: the `boxes` in the order found, none where failing hangs on no factor.

    `share`: the share of all futures that fail, to hold densities against; `futures`: their number; `coverage`: the
    share of the failing that lie in one of the boxes.
    """

    boxes: tuple[Box, ...]
    share: float
    futures: int
    coverage: float


class _Cut(NamedTuple):
    """A side of a factor moved to `bound`, which takes `rows` out of the box (or into it)."""

    factor: int
    side: int
    bound: float
    rows: Places


def discover(factors: ArrayLike, fails: ArrayLike, names: Sequence[str], how: Peeling | None = None) -> Discovery:
    """Return the boxes of factors in which futures fail, by peeling and pasting; the same for the same input.

    `factors` ``(futures, k)`` numbers with `names` ``(k,)``, `fails` ``(futures,)`` whether the future is one of
    interest. Where failing sits at both ends of one factor, peeling may miss one end: it walks in from the outside.
    Raises InputError for tables that do not fit, are not finite, or have fewer than 20 futures.
    """
    table, failing = _checked(factors, fails, names)
    how = how or Peeling()
    left = np.ones(len(table), dtype=np.bool_)
    found: list[Box] = []
    while len(found) < how.boxes and failing[left].any() and not failing[left].all():
        search = _Search(table, failing, left, how)
        bounds, trajectory = search.box()
        if not np.isfinite(bounds).any():
            break
        box = search.described(bounds, trajectory, names)
        left &= ~box.holds(names, table)
        found.append(box)
    return Discovery(tuple(found), float(failing.mean()), len(table), sum(box.coverage for box in found))


def _checked(factors: ArrayLike, fails: ArrayLike, names: Sequence[str]) -> tuple[Floats, Bools]:
    table, failing = np.asarray(factors, dtype=np.float64), np.asarray(fails)
    if table.ndim != 2 or len(table) < 20 or not np.isfinite(table).all():
        raise InputError(f"The factors must be finite numbers of 20 futures or more; got the shape {table.shape}.")
    if table.shape[1] != len(names) or len(set(names)) != len(names):
        raise InputError(f"Each of the {table.shape[1]} factors needs a name of its own; got {list(names)}.")
    if failing.shape != (len(table),) or not np.isin(failing, (0, 1)).all():
        raise InputError(f"Whether a future fails must be said once for each of {len(table)}; got {failing.shape}.")
    return table, failing.astype(np.bool_)


class _Search:
    """One box sought among the futures `left`."""

    def __init__(self, table: Floats, failing: Bools, left: Bools, how: Peeling) -> None:
        self.table, self.failing, self.how = table, failing, how
        self.left = np.flatnonzero(left)
        self.hits = int(failing.sum())
        self.least = max(2, int(np.ceil(how.least_support * len(table))))
        self.tried = 0

    def box(self) -> tuple[Floats, Trajectory]:
        """Return the bounds ``(k, 2)`` of the best box that stands the test, infinite where free, and the way to it."""
        way = self.peeled()
        trajectory = self.trajectory(way)
        bounds = way[trajectory.chosen].copy()
        while np.isfinite(bounds).any():
            chances = self.chances(bounds)
            weakest = int(np.argmax(chances))
            if chances[weakest] * max(self.tried, 1) >= self.how.limit:
                bounds[weakest] = -np.inf, np.inf
                continue
            better = self.pasted(bounds)
            if np.array_equal(better, bounds):
                break
            bounds = better
        return bounds, trajectory

    def peeled(self) -> list[Floats]:
        """Return the bounds of each box, from all futures to the smallest with support."""
        bounds = np.tile([-np.inf, np.inf], (self.table.shape[1], 1))
        # The futures still in the box, sorted once by each factor and only thinned thereafter.
        orders = self.left[np.argsort(self.table[self.left], axis=0, kind="stable")]
        inside = np.zeros(len(self.table), dtype=np.bool_)
        inside[self.left] = True
        way = [bounds.copy()]
        while len(orders) > self.least:
            cut = self.best_cut(orders)
            if cut is None:
                break
            inside[cut.rows] = False
            bounds[cut.factor, cut.side] = cut.bound
            orders = np.stack([column[inside[column]] for column in orders.T], axis=1)
            way.append(bounds.copy())
        return way

    def best_cut(self, orders: Places) -> _Cut | None:
        """Return the cut that raises the density most for each future it takes, the first of equals; None if none."""
        share = float(self.failing[orders[:, 0]].mean())
        best, most, step = None, 0.0, max(1, int(self.how.peel * len(orders)))
        if share == 1.0:
            return None
        for factor in range(orders.shape[1]):
            for cut in self.cuts(orders[:, factor], factor, step):
                self.tried += 1
                stay = len(orders) - cut.rows.size
                if stay < self.least:
                    continue
                # The gain in density per future removed: (share - share of those removed) / those that stay.
                gain = (share - float(self.failing[cut.rows].mean())) / stay
                if gain > most + 1e-15:
                    best, most = cut, gain
        return best

    def cuts(self, order: Places, factor: int, step: int) -> list[_Cut]:
        """Return the cuts from below and from above that take `step` futures or so, ties together."""
        values = self.table[order, factor]
        if values[0] == values[-1]:
            return []
        low = int(np.searchsorted(values, values[step], "left")) or int(np.searchsorted(values, values[0], "right"))
        high = int(np.searchsorted(values, values[-1 - step], "right"))
        if high == len(values):
            high = int(np.searchsorted(values, values[-1], "left"))
        return [
            _Cut(factor, LOW, float(values[low - 1] + values[low]) / 2, order[:low]),
            _Cut(factor, HIGH, float(values[high - 1] + values[high]) / 2, order[high:]),
        ]

    def within(self, bounds: Floats, without: int = -1) -> Places:
        """Return the futures in the box; those that keep every restriction but that of the factor `without`."""
        rows = self.left
        for factor in np.flatnonzero(np.isfinite(bounds).any(axis=1)):
            if factor != without:
                column = self.table[rows, factor]
                rows = rows[(column >= bounds[factor, LOW]) & (column <= bounds[factor, HIGH])]
        return rows

    def worth(self, hits: float, points: float) -> float:
        """Return the correlation between lying in the box and failing; below -1 for a box of too low a density."""
        least, every = self.how.least_density, float(self.left.size)
        if least is not None and hits < least * points:
            return hits / points - least - 1.0
        failing = float(self.failing[self.left].sum())
        spread = failing * (every - failing) * points * (every - points)
        return (hits * every - failing * points) / float(np.sqrt(spread)) if spread > 0 else 0.0

    def trajectory(self, way: list[Floats]) -> Trajectory:
        """Return coverage, density and support of every box on the way, and which of them is best."""
        boxes = [self.within(bounds) for bounds in way]
        points = np.array([rows.size for rows in boxes], dtype=np.float64)
        hits = np.array([self.failing[rows].sum() for rows in boxes], dtype=np.float64)
        restricted = np.array([np.isfinite(bounds).any(axis=1).sum() for bounds in way], dtype=np.int64)
        worth = [self.worth(hit, point) for hit, point in zip(hits, points, strict=True)]
        return Trajectory(hits / self.hits, hits / points, points / len(self.table), restricted, int(np.argmax(worth)))

    def pasted(self, bounds: Floats) -> Floats:
        """Return the box with its closed sides moved out or in, a `paste` at a time, while that makes it better."""
        bounds = bounds.copy()
        while True:
            rows = self.within(bounds)
            hits, points = float(self.failing[rows].sum()), float(rows.size)
            best, most = None, self.worth(hits, points)
            for way, cut in self.moves(bounds, rows):
                more = way * float(self.failing[cut.rows].sum()), way * cut.rows.size
                worth = self.worth(hits + more[0], points + more[1])
                if worth > most + 1e-12 and points + more[1] >= self.least:
                    best, most = cut, worth
            if best is None:
                return bounds
            bounds[best.factor, best.side] = best.bound

    def moves(self, bounds: Floats, rows: Places) -> list[tuple[float, _Cut]]:
        """Return the moves out (+1) and in (-1) of each closed side of the box that holds `rows`."""
        step = max(1, int(self.how.paste * rows.size))
        found = [(1.0, cut) for cut in self.pastes(bounds, step)]
        for factor in np.flatnonzero(np.isfinite(bounds).any(axis=1)):
            order = rows[np.argsort(self.table[rows, factor], kind="stable")]
            cuts = self.cuts(order, int(factor), step) if rows.size > step else []
            found += [(-1.0, cut) for cut in cuts if np.isfinite(bounds[factor, cut.side])]
        return found

    def pastes(self, bounds: Floats, step: int) -> list[_Cut]:
        """Return the moves that let in the next `step` futures over each closed side, ties together."""
        found = []
        for factor, side in np.argwhere(np.isfinite(bounds)):
            rows = self.within(bounds, without=int(factor))
            sign = -1.0 if side == LOW else 1.0
            beyond = sign * self.table[rows, factor]
            rows = rows[beyond > sign * bounds[factor, side]]
            away = np.sort(beyond[beyond > sign * bounds[factor, side]])
            if away.size == 0:
                continue
            last = away[min(step, away.size) - 1]
            rest = away[away > last]
            bound = sign * (last + rest[0]) / 2 if rest.size else sign * np.inf
            found.append(_Cut(int(factor), int(side), float(bound), rows[sign * self.table[rows, factor] <= last]))
        return found

    def chances(self, bounds: Floats) -> Floats:
        """Return the quasi-p of each restriction ``(k,)``, 0 where the factor is free."""
        from scipy.special import bdtrc  # noqa: PLC0415  # the chance of more than so many hits, without scipy.stats

        rows = self.within(bounds)
        hits, found = int(self.failing[rows].sum()), np.zeros(len(bounds))
        for factor in np.flatnonzero(np.isfinite(bounds).any(axis=1)):
            share = float(self.failing[self.within(bounds, without=int(factor))].mean())
            found[factor] = bdtrc(hits - 1, rows.size, share) if hits else 1.0
        return found

    def described(self, bounds: Floats, trajectory: Trajectory, names: Sequence[str]) -> Box:
        """Return the box with its measures, the restriction that is least likely by chance first."""
        rows, chances = self.within(bounds), self.chances(bounds)
        held = [int(factor) for factor in np.flatnonzero(np.isfinite(bounds).any(axis=1))]
        restrictions = [
            Restriction(names[factor], float(bounds[factor, LOW]), float(bounds[factor, HIGH]), float(chances[factor]))
            for factor in sorted(held, key=lambda factor: (chances[factor], factor))
        ]
        hits = int(self.failing[rows].sum())
        measures = (hits / self.hits, hits / rows.size, rows.size / len(self.table))
        return Box(tuple(restrictions), *measures, rows.size, hits, trajectory)
