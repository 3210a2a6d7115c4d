"""The map of adaptation pathways (DAPP): which action may follow which, until when, and what each route costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genrejs.appraisal.economics import discount_factors
from genrejs.errors import InputError

Floats = NDArray[np.float64]

LEVELS = ("low", "middle", "high")
"""How fast the future changes, from slow to fast."""
MOST_ROUTES = 20_000
"""Routes of one level beyond which a map is nothing to look at."""


@dataclass(frozen=True)
class Action:
    """A line of the map: a measure, a strategy, or several together under one name.

    `cost` [DKK] when it begins to work, `upkeep` [DKK/year] while it is relied on. `side_effect` (less is better, on
    the caller's own scale) and `added_value` (more is better) [million DKK] are those of a year in which it is relied
    on.
    """

    id: str
    name_da: str
    name_en: str
    cost: float = 0.0
    upkeep: float = 0.0
    side_effect: float = 0.0
    added_value: float = 0.0


@dataclass(frozen=True)
class Transfer:
    """A move that is allowed: `target` may follow `origin`, decided `lead_time` years before.

    `cost` [DKK] replaces the target's own, for instance where the two build on each other.
    """

    origin: str
    target: str
    lead_time: int = 0
    cost: float | None = None


@dataclass(frozen=True)
class Stop:
    """One line as a route uses it: in force from the year `start` up to, not in, `end`; decided in `decision`."""

    action: str
    start: int
    end: int
    decision: int


@dataclass(frozen=True)
class Route:
    """A way through the map under one level of change.

    `reaches`: whether it meets the objective in the horizon's year; else it ends at a dead end. `gap`: years on the
    way in which nothing meets it, since the next line could not begin in time. `cost`: present value [DKK] in the
    map's first year of costs and upkeep to its end, no residual values. `side_effect` and `added_value`: the scores of
    its years, averaged. `dominated`: another route of the level is no worse in all five (end, gap, cost, side effects,
    added value) and better in one.
    """

    level: str
    stops: tuple[Stop, ...]
    reaches: bool
    gap: int
    cost: float
    side_effect: float
    added_value: float
    dominated: bool = False

    @property
    def end(self) -> int:
        """The first year in which the route no longer meets the objective, or the one after the horizon."""
        return self.stops[-1].end

    @property
    def actions(self) -> tuple[str, ...]:
        """The actions in the order they are used."""
        return tuple(stop.action for stop in self.stops)


@dataclass(frozen=True)
class Station:
    """Where one changes line: the origin serves up to `left`, the target from `year`, decided by `decision`.

    The two years differ only where a gap was allowed.
    """

    origin: str
    target: str
    left: int
    year: int
    decision: int


@dataclass(frozen=True)
class Terminal:
    """Where a line ends: it no longer meets the objective in `year`, or it `reaches` the horizon, its `year` then."""

    action: str
    year: int
    reaches: bool


@dataclass(frozen=True)
class PathwaysMap:
    """The map: actions as lines with their sell-by years ``(actions, levels)``, inf beyond the horizon; all routes.

    `sell_by` is the first year in which the action no longer meets the objective. `first` is the line one stands on.
    """

    start: int
    horizon: int
    first: str
    actions: tuple[Action, ...]
    transfers: tuple[Transfer, ...]
    levels: tuple[str, ...]
    sell_by: Floats
    routes: Mapping[str, tuple[Route, ...]]

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """The row of each action."""
        return {action.id: row for row, action in enumerate(self.actions)}

    def until(self, action: str, level: str) -> int | None:
        """Return the action's sell-by year under a level, None where it lasts beyond the horizon."""
        year = self.sell_by[self.rows[action], self.levels.index(level)]
        return int(year) if year <= self.horizon else None

    def stations(self, level: str) -> tuple[Station, ...]:
        """Return every change of line that a route of the level makes, by year."""
        pairs = [pair for route in self.routes[level] for pair in zip(route.stops, route.stops[1:], strict=False)]
        found = {Station(old.action, new.action, old.end, new.start, new.decision) for old, new in pairs}
        return tuple(sorted(found, key=lambda each: (each.year, self.rows[each.origin], self.rows[each.target])))

    def terminals(self, level: str) -> tuple[Terminal, ...]:
        """Return where each line that a route of the level uses ends, in the order of the actions."""
        used = {stop.action: stop.end for route in self.routes[level] for stop in route.stops}
        ends = [(action.id, used[action.id]) for action in self.actions if action.id in used]
        return tuple(Terminal(id, min(year, self.horizon), self.until(id, level) is None) for id, year in ends)


def pathways_map(
    actions: Sequence[Action],
    transfers: Sequence[Transfer],
    sell_by: ArrayLike,
    period: tuple[int, int],
    levels: Sequence[str] = LEVELS,
    gap: int = 0,
) -> PathwaysMap:
    """Return the map of the years `period`, first and last, the first action being the line one stands on.

    A line is used up to its sell-by year, when one moves to a line that lasts longer ([haasnoot2013]). Nothing can be
    decided before the first year, so a move whose lead time reaches farther back comes late; moves that leave more than
    `gap` years uncovered are no routes. Raises InputError for what does not fit together.
    """
    table = np.asarray(sell_by, dtype=np.float64)
    _check(actions, transfers, (table, levels), period)
    rows = {action.id: row for row, action in enumerate(actions)}
    routes: dict[str, tuple[Route, ...]] = {}
    for place, level in enumerate(levels):
        lasts = {id: float(table[row, place]) for id, row in rows.items()}
        ways = _ways((actions[0].id, transfers, gap), lasts, period)
        routes[level] = pruned([_route(level, way, (actions, transfers), period) for way in ways])
    return PathwaysMap(*period, actions[0].id, tuple(actions), tuple(transfers), tuple(levels), table, routes)


def _check(
    actions: Sequence[Action], transfers: Sequence[Transfer], lines: tuple[Floats, Sequence[str]],
    period: tuple[int, int],
) -> None:  # fmt: skip
    table, levels = lines
    ids = [action.id for action in actions]
    if not ids or len(set(ids)) != len(ids):
        raise InputError(f"A map needs one action or more, each with an id of its own; got {ids}.")
    if period[1] <= period[0]:
        raise InputError(f"The horizon must lie after the start; got {period[0]} to {period[1]}.")
    if (
        table.shape != (len(ids), len(levels))
        or not (table == np.floor(table)).all()
        or len(set(levels)) != len(levels)
    ):
        raise InputError(
            f"Each of {len(ids)} actions needs a whole sell-by year for each of the levels {list(levels)}, inf "
            f"where it lasts; got the shape {table.shape}."
        )
    for each in transfers:
        if each.origin not in ids or each.target not in ids or each.origin == each.target or each.lead_time < 0:
            raise InputError(
                f"A transfer goes from one action to another with a lead time of 0 years or more; got '{each.origin}' "
                f"to '{each.target}' with {each.lead_time} years, the actions being {ids}."
            )
    if len({(each.origin, each.target) for each in transfers}) != len(transfers):
        raise InputError("Each transfer may be given once; got one twice.")


def _ways(
    rules: tuple[str, Sequence[Transfer], int], lasts: Mapping[str, float], period: tuple[int, int]
) -> list[tuple[Stop, ...]]:
    """Return all ways from the first line to the horizon or a dead end."""
    first, transfers, gap = rules
    start, horizon = period
    onward: dict[str, list[Transfer]] = {id: [] for id in lasts}
    for each in transfers:
        onward[each.origin].append(each)
    done: list[tuple[Stop, ...]] = []
    open_ways: list[tuple[Stop, ...]] = [(Stop(first, start, _end(lasts[first], start, horizon), start),)]
    while open_ways:
        way = open_ways.pop()
        moves = [] if way[-1].end > horizon else _moves(way[-1], onward[way[-1].action], lasts, (gap, period))
        open_ways += [(*way, stop) for stop in reversed(moves)]
        if not moves:
            done.append(way)
        if len(done) > MOST_ROUTES:
            raise InputError(f"The map has more than {MOST_ROUTES} routes; give fewer actions or fewer transfers.")
    return done


def _end(lasts: float, start: int, horizon: int) -> int:
    """Return the first year in which a line that begins in `start` no longer serves."""
    return horizon + 1 if lasts > horizon else max(int(lasts), start)


def _moves(
    last: Stop, onward: Sequence[Transfer], lasts: Mapping[str, float], limits: tuple[int, tuple[int, int]]
) -> list[Stop]:
    """Return the stops that may follow `last`: on lines that last longer, and no more than the gap too late."""
    gap, (first, horizon) = limits
    found = []
    for each in onward:
        start = max(last.end, first + each.lead_time)
        # A line that lasts longer than the last one is never taken twice.
        if start - last.end <= gap and start <= horizon and lasts[each.target] > start:
            end = _end(lasts[each.target], start, horizon)
            found.append(Stop(each.target, start, end, start - each.lead_time))
    return found


def _route(
    level: str,
    way: tuple[Stop, ...],
    rules: tuple[Sequence[Action], Sequence[Transfer]],
    period: tuple[int, int],
) -> Route:
    actions = {action.id: action for action in rules[0]}
    moves = {(each.origin, each.target): each.cost for each in rules[1]}
    start, horizon = period
    factors = discount_factors(horizon - start + 1)
    cost, gap = 0.0, 0
    for number, stop in enumerate(way):
        action = actions[stop.action]
        own = moves[way[number - 1].action, stop.action] if number else None
        gap += stop.start - way[number - 1].end if number else 0
        cost += (action.cost if own is None else own) * float(factors[stop.start - start])
        cost += action.upkeep * float(factors[stop.start - start : stop.end - start].sum())
    lengths = np.array([stop.end - stop.start for stop in way], dtype=np.float64)
    shares = lengths / max(lengths.sum(), 1.0)
    side, added = (
        float(shares @ [getattr(actions[stop.action], name) for stop in way]) for name in ("side_effect", "added_value")
    )
    return Route(level, way, way[-1].end > horizon, gap, cost, side, added)


def pruned(routes: Sequence[Route]) -> tuple[Route, ...]:
    """Return the routes, marked where another is no worse in end, gap, cost, side effects, added value, better in one.

    The routes keep their order; equals are both kept.
    """
    if not routes:
        return ()
    table = np.array([(-each.end, each.gap, each.cost, each.side_effect, -each.added_value) for each in routes])
    return tuple(_marked(route, table, row) for route, row in zip(routes, table, strict=True))


def _marked(route: Route, table: Floats, row: Floats) -> Route:
    hair = 1e-9 * np.maximum(np.abs(row), 1.0)
    beaten = (table <= row + hair).all(axis=1) & (table < row - hair).any(axis=1)
    return replace(route, dominated=bool(beaten.any()))
