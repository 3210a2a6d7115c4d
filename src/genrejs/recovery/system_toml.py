"""Read a recovery system from one TOML file, a shorter form than the JSON of iRe-CoDeS with the same meaning.

::

    steps = 100                      # at most so many steps after step 0 (500)
    disaster = 1                     # the step in which the damage is done (1)

    [resource.Power]
    model = "utility"                # utility, housing, bridge or transfer (utility)
    through = "Line"                 # the transfer service it travels by; none: it reaches everywhere
    priority = ["Plant", "Home", "Home:recovery"]   # kinds, served in this order; ":recovery" for their repairs
                                     # (who offers it, then all operation, then all recovery)
    [resource.Line]
    model = "transfer"
    paths = { "1 2" = [[1, 2], [1, 3, 2]] }         # from 1 to 2, by any of these

    [kind.Plant]
    functionality = "ReverseLinear"  # of damage: Constant, Linear, ReverseLinear, Binary, ReverseBinary (ReverseLinear)
    bridge = false
    supply.Power = { amount = 5, functionality = "Linear", unmet = "Binary" }      # (Linear, Constant)
    demand.Water = { amount = 1, functionality = "Constant", calls = false }       # (Constant)
    [kind.Plant.activity.Repair]     # an activity of that name there must be
    duration = 10                    # steps; the median with a dispersion
    dispersion = 0.4
    after = ["Inspection"]
    needs = { Crew = 2 }

    [[component]]
    kind = "Plant"
    locality = 1                     # or [1, 2], a link from 1 to 2
    count = 1
    damage = 0.4

    [[goal]]
    resource = "Power"
    level = 0.95                     # met when more than this share of the demand is met from then on
    scope = "All"                    # or "Locality 1"
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from genrejs.errors import InputError
from genrejs.recovery.system import RELATIONS, Activity, Amount, Description, Goal, Kind, Part, Resource
from genrejs.recovery.system_words import integer, kind_of, number, one_of, take

MOST_PARTS = 1_000_000
Rows = tuple[tuple[int, bool], ...]


def _only(table: Any, names: Sequence[str], where: str) -> dict[str, Any]:
    if not isinstance(table, dict):
        raise InputError(f"{where} must be a table, not {kind_of(table)}.")
    for key in table:
        one_of(key, names, f"A name in {where}")
    return table


def describe(told: dict[str, Any]) -> Description:
    """Return the system that a TOML file's table describes; raise InputError for what is wrong in it."""
    _only(told, ["steps", "disaster", "resource", "kind", "component", "goal"], "the system")
    steps = integer(told.get("steps", 500), "'steps'", 1)
    disaster = integer(told.get("disaster", 1), "'disaster'")
    kinds = {name: _kind(name, one) for name, one in take(told, "kind", dict, "the system").items()}
    parts: list[Part] = []
    damage: list[float] = []
    for number_, one in enumerate(take(told, "component", list, "the system")):
        found, hurt = _parts(one, kinds, f"component {number_ + 1}", len(parts))
        parts, damage = parts + found, damage + [hurt] * len(found)
    shared = take(told, "resource", dict, "the system")
    order = [_resource(name, one, parts) for name, one in shared.items()]
    order.sort(key=lambda one: one.model != "transfer")
    goals = [_goal(one) for one in take(told, "goal", list, "the system", [])]
    return Description(
        tuple(parts), tuple(order), tuple(damage), 0, steps + 1, disaster, goals=tuple(goals)
    )  # fmt: skip


def _goal(told: Any) -> Goal:
    given = _only(told, ["resource", "level", "scope"], "a goal")
    scope = take(given, "scope", str, "a goal", "All")
    return Goal(take(given, "resource", str, "a goal"), number(given.get("level"), "'level' of a goal"), scope)


def _parts(told: Any, kinds: Mapping[str, Kind], where: str, before: int) -> tuple[list[Part], float]:
    given = _only(told, ["kind", "locality", "count", "damage"], where)
    kind = kinds[one_of(given.get("kind"), kinds, f"'kind' of {where}")]
    place = given.get("locality")
    places = place if isinstance(place, list) else [place]
    if not 1 <= len(places) <= 2:
        raise InputError(f"'locality' of {where} must be one number, or two for a link.")
    locality = tuple(integer(one, f"'locality' of {where}") for one in places)
    count = integer(given.get("count", 1), f"'count' of {where}", 1)
    if before + count > MOST_PARTS:
        raise InputError(f"The system has more than {MOST_PARTS:,} components.")
    hurt = number(given.get("damage", 0.0), f"'damage' of {where}")
    return [Part(kind, locality, before + n) for n in range(count)], hurt


def _kind(name: str, told: Any) -> Kind:
    where = f"kind '{name}'"
    given = _only(told, ["functionality", "bridge", "supply", "demand", "activity"], where)
    relation = one_of(given.get("functionality", "ReverseLinear"), RELATIONS[:-1], f"'functionality' of {where}")
    activities = take(given, "activity", dict, where, {})
    return Kind(
        name,
        relation=relation,
        activities=tuple(_activity(one, activities[one], where) for one in activities),
        supply=_amounts(
            take(given, "supply", dict, where, {}), ["amount", "functionality", "unmet", "consumable"], where
        ),
        demand=_amounts(take(given, "demand", dict, where, {}), ["amount", "functionality", "calls"], where),
        bridge=take(given, "bridge", bool, where, False),
    )


def _amounts(told: Mapping[str, Any], names: list[str], where: str) -> tuple[Amount, ...]:
    found = []
    usual = "Linear" if "unmet" in names else "Constant"
    for resource, one in told.items():
        what = f"{resource} of {where}"
        given = _only(one, names, what)
        relations = [
            one_of(given.get(key, other), RELATIONS[:-1], f"'{key}' of {what}")
            for key, other in (("functionality", usual), ("unmet", "Constant"))
        ]
        flags = {key: take(given, key, bool, what, False) for key in ("consumable", "calls")}
        found.append(
            Amount(resource, number(given.get("amount"), f"The amount of {what}"), relations[0], relations[1], **flags)
        )
    return tuple(found)


def _activity(name: str, told: Any, where: str) -> Activity:
    what = f"activity '{name}' of {where}"
    given = _only(told, ["duration", "dispersion", "after", "needs"], what)
    needs = take(given, "needs", dict, what, {})
    return Activity(
        name,
        number(given.get("duration"), f"'duration' of {what}"),
        number(given.get("dispersion", 0.0), f"'dispersion' of {what}"),
        tuple(map(str, take(given, "after", list, what, []))),
        tuple((resource, number(amount, f"{resource} of {what}")) for resource, amount in needs.items()),
    )


def _resource(name: str, told: Any, parts: Sequence[Part]) -> Resource:
    where = f"resource '{name}'"
    given = _only(told, ["model", "through", "priority", "paths"], where)
    model = one_of(given.get("model", "utility"), ["utility", "housing", "bridge", "transfer"], f"'model' of {where}")
    group = {"transfer": "TransferService", "bridge": "BridgeService"}.get(model, "Utilities")
    service = take(given, "through", str, where, None)
    priority: Rows = ()
    if model == "utility":
        asked = take(given, "priority", list, where, None)
        priority = _usual(name, parts) if asked is None else _asked(asked, parts, where)
        _all_named(name, priority, parts, where)
    paths = _paths(take(given, "paths", dict, where, {}), where, name, parts)
    return Resource(name, model, group, priority, service, paths)


def _usual(name: str, parts: Sequence[Part]) -> Rows:
    gives = [any(one.resource == name for one in part.kind.supply) for part in parts]
    order = sorted(range(len(parts)), key=lambda i: not gives[i])
    return tuple([(i, True) for i in order] + [(i, False) for i in range(len(parts))])


def _all_named(name: str, priority: Rows, parts: Sequence[Part], where: str) -> None:
    """Raise InputError where somebody needs or offers a resource and stands nowhere: nobody would ask for it."""
    rows = set(priority)
    for i, part in enumerate(parts):
        uses = any(name == one for activity in part.kind.activities for one, amount in activity.needs if amount > 0)
        trades = any(one.resource == name and one.amount > 0 for one in (*part.kind.supply, *part.kind.demand))
        for word, wanted, operation in ((part.kind.name, trades, True), (f"{part.kind.name}:recovery", uses, False)):
            if wanted and (i, operation) not in rows:
                raise InputError(f"'priority' of {where} leaves out '{word}', which trades in it; name every one.")


def _asked(asked: list[Any], parts: Sequence[Part], where: str) -> Rows:
    of_kind: dict[str, list[int]] = {}
    for i, part in enumerate(parts):
        of_kind.setdefault(part.kind.name, []).append(i)
    rows: list[tuple[int, bool]] = []
    for word in asked:
        name, sign, demand = str(word).partition(":")
        one_of(name, of_kind, f"A kind in 'priority' of {where}")
        if sign:
            one_of(demand, ["recovery", "operation"], f"What follows '{name}:' in 'priority' of {where}")
        rows += [(i, demand != "recovery") for i in of_kind[name]]
    return tuple(rows)


def _paths(
    told: Mapping[str, Any], where: str, name: str, parts: Sequence[Part]
) -> dict[tuple[int, int], tuple[tuple[int, ...], ...]]:
    links = {
        part.locality for part in parts if len(part.locality) == 2 for one in part.kind.supply if one.resource == name
    }
    found = {}
    for key, ways in told.items():
        ends = key.split()
        if len(ends) != 2 or not all(end.isdecimal() for end in ends):
            raise InputError(f"A path of {where} is called '{key}'; give two localities, as in '1 2'.")
        if not isinstance(ways, list) or not all(isinstance(way, list) and len(way) > 1 for way in ways):
            raise InputError(f"The paths '{key}' of {where} must be lists of two localities or more.")
        read = tuple(tuple(integer(place, f"A locality in '{key}' of {where}") for place in way) for way in ways)
        for way in read:
            if (way[0], way[-1]) != (int(ends[0]), int(ends[1])):
                raise InputError(f"A path of {where} from {ends[0]} to {ends[1]} runs from {way[0]} to {way[-1]}.")
            for pair in pairwise(way):
                if pair not in links:
                    raise InputError(f"A path of {where} runs from {pair[0]} to {pair[1]}, where there is no link.")
        found[int(ends[0]), int(ends[1])] = read
    return found
