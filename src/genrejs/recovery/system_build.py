"""From a described system to the arrays of the engine, with every check that needs the whole of it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genrejs.errors import InputError
from genrejs.recovery.engine_plan import (
    ACTIVITIES,
    INTERFACE,
    NEED,
    OFFER,
    OWN,
    PART,
    RESOURCE,
    ROW,
    SLOT,
    SPAN,
    STEP,
    TRANSFER,
    UNHURT,
    USE,
    UTILITY,
    WORK,
    Plan,
    Table,
)  # fmt: skip
from genrejs.recovery.system import RELATIONS, REPAIR, Activity, Amount, Description, RecoverySystem, Resource

Integers = NDArray[np.int64]
Numbers = dict[tuple[int, str], int]
MODELS = {"activities": ACTIVITIES, "none": UNHURT, "interface": INTERFACE}
SHARING = {"utility": UTILITY, "housing": OWN, "bridge": OWN, "transfer": TRANSFER}
MOST_STEPS = 1_000_000
MOST_PAIRS = 100_000_000
MOST_FIGURES = 20_000_000


def build(told: Description) -> RecoverySystem:
    """Return the arrays of a described system.

    Raises
    ------
    InputError
        Something in it does not fit together; the sentence says what.
    """
    check(told)
    order = {one.name: n for n, one in enumerate(told.resources)}
    places = sorted({place for part in told.parts for place in part.locality})
    where = {place: n for n, place in enumerate(places)}
    named = (*(s for _, s in told.measured), *(g.scope for g in told.goals))
    scopes = ("All", *dict.fromkeys(s for s in named if s != "All"))
    supply = [(i, one) for i, part in enumerate(told.parts) for one in part.kind.supply]
    demand = [(i, one) for i, part in enumerate(told.parts) for one in part.kind.demand]
    group, span = _spans(told)
    works, slots = _works(told)
    plan = Plan(
        parts=_parts(told, where, group), steps=_steps(told), offers=_offers(told, order, supply),
        needs=_needs(demand), **works,
        **_market(told, order, {"offer": _numbered(supply), "need": _numbered(demand), "slot": slots}),
        **_roads(told, where, supply), span=span,
        scope=np.array([_inside(told, scope) for scope in scopes], dtype=np.bool_),
        start=told.start, stop=told.stop, disaster=told.disaster,
    )  # fmt: skip
    activities = [(part, one) for part in told.parts for one in part.kind.activities]
    seats: dict[tuple[int, str], int] = {}
    draw = [seats.setdefault((part.draw, one.name), len(seats)) for part, one in activities]
    return RecoverySystem(
        told, plan, _floats(one.duration for _, one in activities), _floats(one.dispersion for _, one in activities),
        _whole(draw), scopes,
    )  # fmt: skip


def _floats(values: Iterable[float]) -> NDArray[np.float64]:
    return np.array(list(values), dtype=np.float64)


def _whole(values: Iterable[int]) -> Integers:
    return np.array(list(values), dtype=np.int64)


def _edges(counts: Iterable[int]) -> tuple[Integers, Integers]:
    """Return where the rows of each begin and end."""
    end = np.cumsum(_whole(counts))
    return np.concatenate([[0], end[:-1]])[: end.size], end


def _fill(kind: Any, size: int, **columns: Any) -> Table:
    """Return a table of `kind`; a column ``x`` that is a pair of edges fills ``x_first`` and ``x_end``."""
    table = np.zeros(size, kind)
    for name, column in columns.items():
        if isinstance(column, tuple):
            table[f"{name}_first"], table[f"{name}_end"] = column
        else:
            table[name] = column
    return table


def _codes(names: Iterable[str]) -> Integers:
    return _whole(RELATIONS.index(name) for name in names)


def _spans(told: Description) -> tuple[Integers, Integers]:
    """Return which rhythm of repair each component follows and how many steps of work a step of each rhythm holds."""
    rhythms: dict[tuple[int, ...] | None, int] = {}
    group = [rhythms.setdefault(part.work, len(rhythms)) for part in told.parts]
    span = np.zeros((len(rhythms), told.stop - told.start), dtype=np.int64)
    for steps, row in rhythms.items():
        listed = range(told.start, told.stop) if steps is None else steps
        before = None
        seen: set[int] = set()
        for step in listed:
            if step not in seen and told.start <= step < told.stop:
                span[row, step - told.start] = 1 if before is None else max(0, step - before)
            seen.add(step)
            before = step
    return _whole(group), span


def _parts(told: Description, where: dict[int, int], group: Integers) -> Table:
    kinds = [part.kind for part in told.parts]
    work = _edges(len(kind.activities) for kind in kinds)
    names = [[one.name for one in kind.activities] for kind in kinds]
    place = [some.index(REPAIR) if REPAIR in some else 0 for some in names]
    return _fill(
        PART, len(kinds),
        start=[where[part.locality[0]] for part in told.parts], end=[where[part.locality[-1]] for part in told.parts],
        model=[MODELS[kind.model] for kind in kinds], relation=_codes(kind.relation for kind in kinds), group=group,
        repair=work[0] + place,
        step=_edges(len(kind.steps) for kind in kinds), work=work, offer=_edges(len(kind.supply) for kind in kinds),
        need=_edges(len(kind.demand) for kind in kinds), damage=list(told.damage),
    )  # fmt: skip


def _steps(told: Description) -> Table:
    return np.array([step for part in told.parts for step in part.kind.steps], dtype=STEP)


def _offers(told: Description, order: dict[str, int], supply: list[tuple[int, Amount]]) -> Table:
    return _fill(
        OFFER, len(supply), amount=[one.amount for _, one in supply], part=[i for i, _ in supply],
        by_function=_codes(one.functionality for _, one in supply), by_unmet=_codes(one.unmet for _, one in supply),
        consumable=[one.consumable for _, one in supply], resource=[order[one.resource] for _, one in supply],
        carries=[told.resources[order[one.resource]].model == "transfer" for _, one in supply],
    )  # fmt: skip


def _needs(demand: list[tuple[int, Amount]]) -> Table:
    return _fill(
        NEED, len(demand), amount=[one.amount for _, one in demand], part=[i for i, _ in demand],
        by_function=_codes(one.functionality for _, one in demand), calls=[one.calls for _, one in demand],
    )  # fmt: skip


def _works(told: Description) -> tuple[dict[str, Any], Numbers]:
    """Return the activities with what they use, and the slot of each component and resource."""
    after: list[list[int]] = []
    uses: list[tuple[int, float]] = []
    slots: dict[tuple[int, str], list[int]] = {}
    for i, part in enumerate(told.parts):
        place = {one.name: len(after) + n for n, one in enumerate(part.kind.activities)}
        for one in part.kind.activities:
            for resource, amount in one.needs:
                slots.setdefault((i, resource), []).append(len(uses))
                uses.append((place[one.name], amount))
            after.append([place[name] for name in one.after])
    held = np.bincount(_whole(a for a, _ in uses), minlength=len(after))
    tables = {
        "works": _fill(WORK, len(after), after=_edges(map(len, after)), use=_edges(held)),
        "after": _whole(a for some in after for a in some),
        "uses": np.array(uses, dtype=USE),
        "slots": _fill(SLOT, len(slots), part=[i for i, _ in slots], use=_edges(map(len, slots.values()))),
        "slot_use": _whole(use for some in slots.values() for use in some),
    }
    return tables, {key: n for n, key in enumerate(slots)}


def _rows(told: Description, one: Resource, at: Callable[..., int]) -> list[tuple[int, int, int, int]]:
    """Return a resource's rows (component, offer, need, slot) in the order in which they are served."""
    if one.model == "utility":
        return [
            (i, at("offer", i), at("need", i), -1) if operation else (i, -1, -1, at("slot", i))
            for i, operation in one.priority
        ]
    if one.model == "housing":
        return [(i, at("offer", i), at("need", i), -1) for i in range(len(told.parts)) if at("need", i) >= 0]
    if one.model == "bridge":
        bridges = [i for i, part in enumerate(told.parts) if part.kind.bridge]
        return [
            (i, at("offer", bridge), at("need", i), -1)
            for bridge in bridges
            for i, part in enumerate(told.parts)
            if not part.kind.bridge and part.locality == told.parts[bridge].locality and at("need", i) >= 0
        ]
    return []


def _numbered(amounts: list[tuple[int, Amount]]) -> Numbers:
    return {(i, one.resource): k for k, (i, one) in enumerate(amounts)}


def _market(told: Description, order: dict[str, int], numbers: dict[str, Numbers]) -> dict[str, Any]:
    """Return the resources, the rows in which they are served, what belongs to each, and the order of sharing."""
    rows = [
        _rows(told, one, lambda table, i, name=one.name: numbers[table].get((i, name), -1)) for one in told.resources
    ]
    owned = {
        table: [[k for (_, name), k in found.items() if name == one.name] for one in told.resources]
        for table, found in numbers.items()
    }
    steps = range(told.start, told.stop)
    alone, mutual = _order(told)
    table = _fill(
        RESOURCE, len(told.resources),
        model=[SHARING[one.model] for one in told.resources],
        service=[-1 if one.service is None else _services(told).index(one.service) for one in told.resources],
        row=_edges(map(len, rows)), **{name: _edges(map(len, some)) for name, some in owned.items()},
    )  # fmt: skip
    return {
        "resources": table,
        "rows": np.array([row for some in rows for row in some], dtype=ROW),
        **{f"of_{name}": _whole(k for one in some for k in one) for name, some in owned.items()},
        "open": np.array([np.isin(steps, one.open) if one.open else [True] * len(steps) for one in told.resources]),
        "alone": _whole(alone),
        "mutual": _whole(mutual),
    }


def _order(told: Description) -> tuple[list[int], list[int]]:
    """Return the resources shared once a step and those shared again until nothing changes.

    A resource is mutual where a component that offers it can lose the offer for lack of what it needs to operate.
    Bridges come first, transfer services next.
    """
    groups = [one.group for one in told.resources]
    alone = [n for n, group in enumerate(groups) if group == "BridgeService"]
    alone += [n for n, group in enumerate(groups) if group == "TransferService"]
    hungry = [part.kind for part in told.parts if any(need.amount > 0 for need in part.kind.demand)]
    lost = {one.resource for kind in hungry for one in kind.supply if one.unmet != "Constant"}
    rest = [n for n in range(len(groups)) if n not in alone]
    mutual = [n for n in rest if told.resources[n].name in lost]
    return alone + [n for n in rest if n not in mutual], mutual


def _services(told: Description) -> list[str]:
    return [one.name for one in told.resources if one.model == "transfer"]


def _roads(told: Description, where: dict[int, int], supply: list[tuple[int, Amount]]) -> dict[str, Any]:
    services = _services(told)
    if len(services) * len(where) ** 2 > MOST_PAIRS:
        raise InputError(f"{len(where):,} localities are too many for transfer services; at most {MOST_PAIRS:,} pairs.")
    pair = np.full((len(services), len(where), len(where)), -1, dtype=np.int64)
    paths: list[int] = []
    links: list[list[int]] = []
    for n, one in enumerate(one for one in told.resources if one.model == "transfer"):
        between: dict[tuple[int, int], int] = {}
        for k, (i, offer) in enumerate(supply):
            if offer.resource == one.name:
                locality = told.parts[i].locality
                between.setdefault((locality[0], locality[-1]), k)
        for (origin, goal), ways in one.paths.items():
            if origin in where and goal in where:
                pair[n, where[origin], where[goal]] = len(paths)
                found = [_links(way, (origin, goal), between) for way in ways]
                paths.append(len(found))
                links += found
    return {
        "pair": pair,
        "ways": np.array(list(zip(*_edges(paths), strict=True)), dtype=SPAN),
        "paths": np.array(list(zip(*_edges(map(len, links)), strict=True)), dtype=SPAN),
        "link": _whole(k for some in links for k in some),
    }


def _links(way: Sequence[int], ends: tuple[int, int], between: dict[tuple[int, int], int]) -> list[int]:
    """Return the links of a way that there are; a stretch without a link holds nothing back (as published)."""
    here, found = ends[0], []
    for place in way[1:]:
        if (here, place) in between:
            found.append(between[here, place])
        if place == ends[1]:
            break
        here = place
    return found


def _inside(told: Description, scope: str) -> list[bool]:
    if scope == "All":
        return [True] * len(told.parts)
    place = int(scope.rpartition(" ")[2])
    return [place in (part.locality[0], part.locality[-1]) for part in told.parts]


def check(told: Description) -> None:
    """Raise InputError where the parts of a description do not fit together."""
    if not told.parts:
        raise InputError("The system has no components.")
    if not told.resources:
        raise InputError("The system has no resources.")
    if not told.start < told.stop <= told.start + MOST_STEPS:
        raise InputError(
            f"The steps run from {told.start} to {told.stop}; give at least one and at most {MOST_STEPS:,}."
        )
    known = {one.name: one for one in told.resources}
    _check_parts(told, known)
    _check_priorities(told)
    _check_size(told)
    for one in told.resources:
        if one.service is not None and (one.service not in known or known[one.service].model != "transfer"):
            raise InputError(f"{one.name} travels by '{one.service}', which is no transfer service of this system.")
        if one.service is not None and not _offered(told, one.service):
            raise InputError(f"{one.name} travels by {one.service}, but no component offers that service.")
    for resource, scope in (*told.measured, *((goal.resource, goal.scope) for goal in told.goals)):
        _check_measured(told, known, resource, scope)
    for goal in told.goals:
        if not (0 <= goal.level <= 1):
            raise InputError(
                f"The goal for {goal.resource} is {goal.level:g}; no share above 1 or below 0 can be reached."
            )


def _check_priorities(told: Description) -> None:
    for one in told.resources:
        again = [row for row, count in Counter(one.priority).items() if count > 1]
        if again:
            raise InputError(
                f"The priority of {one.name} names {told.parts[again[0][0]].label} twice for the same need."
            )


def _check_size(told: Description) -> None:
    scopes = 1 + len({scope for _, scope in told.measured} | {goal.scope for goal in told.goals})
    size = (told.stop - told.start) * scopes * len(told.resources)
    if size > MOST_FIGURES:
        what = f"{told.stop - told.start:,} steps of {len(told.resources)} resources in {scopes} places"
        raise InputError(f"{what} are {size:,} rows; at most {MOST_FIGURES:,} are accepted.")


def _offered(told: Description, resource: str) -> bool:
    return any(one.resource == resource and one.amount > 0 for part in told.parts for one in part.kind.supply)


def _check_measured(told: Description, known: dict[str, Resource], resource: str, scope: str) -> None:
    if resource not in known or known[resource].model not in ("utility", "housing"):
        fit = ", ".join(name for name, one in known.items() if one.model in ("utility", "housing"))
        raise InputError(f"A measure or goal asks for '{resource}'; the resources that can be measured are {fit}.")
    places = {place for part in told.parts for place in part.locality}
    word = scope.rpartition(" ")[2]
    if scope != "All" and (not word.isdecimal() or int(word) not in places):
        raise InputError(f"The scope '{scope}' is neither All nor a locality of this system.")


def _check_parts(told: Description, known: dict[str, Resource]) -> None:
    for part, damage in zip(told.parts, told.damage, strict=True):
        kind = part.kind
        for amount in (*kind.supply, *kind.demand):
            if amount.resource not in known:
                raise InputError(f"{kind.name} names the resource '{amount.resource}'; known are {', '.join(known)}.")
        if not math.isnan(damage) and not 0 <= damage <= 1:
            raise InputError(f"The damage of {part.label} is {damage:g}; it must be from 0 to 1.")
        if kind.model == "none" and damage > 0:
            raise InputError(f"{part.label} has no recovery activity and cannot be damaged ({damage:g}).")
    supplied = {one.resource for part in told.parts for one in part.kind.supply}
    for kind in {part.kind.name: part.kind for part in told.parts}.values():
        names = {one.name: one for one in kind.activities}
        if kind.model == "activities" and REPAIR not in names:
            raise InputError(f"{kind.name} has no activity '{REPAIR}'.")
        for activity in kind.activities:
            _check_activity(kind.name, activity, names, known, supplied)


def _check_activity(
    kind: str, activity: Activity, names: dict[str, Activity], known: dict[str, Resource], supplied: set[str]
) -> None:
    for name in activity.after:
        if name not in names:
            raise InputError(f"{kind}: {activity.name} comes after '{name}'; its activities are {', '.join(names)}.")
    waiting, seen = list(activity.after), set()
    while waiting:
        name = waiting.pop()
        if name == activity.name:
            raise InputError(f"{kind}: the activity {activity.name} waits, in a circle, for itself.")
        if name not in seen and name in names:
            seen.add(name)
            waiting += names[name].after
    for resource, amount in activity.needs:
        if resource not in known:
            raise InputError(f"{kind}: {activity.name} uses '{resource}'; known resources are {', '.join(known)}.")
        if amount > 0 and resource not in supplied:
            raise InputError(f"{kind}: {activity.name} needs {resource}, which no component of the system offers.")
