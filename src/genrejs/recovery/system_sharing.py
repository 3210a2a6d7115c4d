"""How resources are shared and measured, read from an iRe-CoDeS configuration: models, priorities, paths, goals."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from genrejs.errors import InputError
from genrejs.recovery.system import Goal, Part, Resource
from genrejs.recovery.system_words import integer, kind_of, number, one_of, read_table, take

MODELS = {
    "UtilityDistributionModel": "utility",
    "HousingDistributionModel": "housing",
    "BridgeServiceDistributionModel": "bridge",
    "TransferServiceDistributionModelPotentialPaths": "transfer",
}
DEMANDS = ("OperationDemand", "RecoveryDemand")
MEASURES = (
    "ReCoDeSCalculator", "NISTGoalsCalculator", "FullRecoveryTimeCalculator", "ComponentRecoveryTimeCalculator",
    "R2DComponentRecoveryTimeCalculator",
)  # fmt: skip
Rows = tuple[tuple[int, bool], ...]


def resources(told: Mapping[str, Any], parts: Sequence[Part], place: Callable[[str], Path]) -> list[Resource]:
    """Return the resources, transfer services first, as the engine takes them.

    Raises
    ------
    InputError
        A model, priority, path or step is wrong or unknown.
    """
    found = [_resource(name, take(told, name, dict, "'Resources'"), parts, place) for name in told]
    return [one for one in found if one.group == "TransferService"] + [
        one for one in found if one.group != "TransferService"
    ]


def _resource(name: str, told: Mapping[str, Any], parts: Sequence[Part], place: Callable[[str], Path]) -> Resource:
    where = f"the resource '{name}'"
    model = take(told, "DistributionModel", dict, where)
    kind = MODELS[one_of(model.get("ClassName"), MODELS, f"The distribution model of {where}")]
    given = take(model, "Parameters", dict, f"the distribution model of {where}")
    priority: Rows = ()
    if kind == "utility":
        asked = take(given, "DistributionPriority", dict, where)
        readers = {
            "ComponentBasedPriority": _by_component, "ComponentTypePriority": _by_type, "RandomPriority": _random,
            "RandomPriorityWithPrioritizedInterfaces": _random_interfaces, "SupplierOnlyPriority": _suppliers,
        }  # fmt: skip
        reader = readers[one_of(asked.get("ClassName"), readers, f"The priority of {where}")]
        priority = reader(name, asked.get("Parameters"), parts)
    paths = given.get("PathSetsFile") if kind == "transfer" else None
    if paths is not None and not isinstance(paths, str):
        raise InputError(f"'PathSetsFile' of {where} must be a text, not {kind_of(paths)}.")
    opened = _steps(given, where)
    service = given.get("TransferService")
    if service is not None and not isinstance(service, str):
        raise InputError(f"'TransferService' of {where} must be a text, not {kind_of(service)}.")
    group = take(told, "Group", str, where)
    if (group == "TransferService") != (kind == "transfer"):
        raise InputError(f"The group of {where} is {group}, its model {model['ClassName']}: they do not fit.")
    ways = _paths(read_table(place(paths), "path sets"), where) if paths else {}
    return Resource(name, kind, group, priority, service if kind in ("utility", "housing") else None, ways, opened)


def _steps(given: Mapping[str, Any], where: str) -> tuple[int, ...] | None:
    steps: list[int] = []
    for rule in take(given, "DistributionTimeStepping", list, where, []):
        if not isinstance(rule, dict):
            raise InputError(f"'DistributionTimeStepping' of {where} must list tables with start, end and step.")
        start, end = (integer(rule.get(key), f"'{key}' of the steps of {where}") for key in ("start", "end"))
        steps += range(start, min(end, 10_000_000), integer(rule.get("step"), f"'step' of the steps of {where}", 1))
    return tuple(steps) or None


def _paths(told: Mapping[str, Any], where: str) -> dict[tuple[int, int], tuple[tuple[int, ...], ...]]:
    found = {}
    for name, ways in told.items():
        words = name.split(" ")
        if len(words) != 4 or words[0] != "from" or words[2] != "to" or not (words[1] + words[3]).isdecimal():
            raise InputError(f"A path set of {where} is called '{name}'; it must be as in 'from 1 to 2'.")
        least = 1 if words[1] == words[3] else 2
        if not isinstance(ways, list) or not all(isinstance(way, list) and len(way) >= least for way in ways):
            raise InputError(f"The path set '{name}' of {where} must list paths of two localities or more.")
        found[int(words[1]), int(words[3])] = tuple(
            tuple(integer(place, f"A locality in '{name}' of {where}") for place in way) for way in ways
        )
    return found


def _listed(given: Any, width: int, resource: str) -> list[list[Any]]:
    if not isinstance(given, list) or not all(isinstance(row, list) and len(row) == width for row in given):
        raise InputError(f"The priority of {resource} must list rows of {width} values each.")
    return given


def _demand(name: Any, resource: str) -> bool:
    return one_of(name, DEMANDS, f"A demand in the priority of {resource}") == DEMANDS[0]


def _by_component(resource: str, given: Any, parts: Sequence[Part]) -> Rows:
    """Each row takes the first component of that kind and place that no earlier row took."""
    free: dict[tuple[str, tuple[int, ...]], list[int]] = {}
    for i, part in reversed(list(enumerate(parts))):
        free.setdefault((part.kind.name, part.locality), []).append(i)
    rows = []
    for name, places, demand in _listed(given, 3, resource):
        if not isinstance(places, list) or not all(isinstance(p, str) and p.split(" ")[-1].isdecimal() for p in places):
            raise InputError(f"The priority of {resource} must name places as in ['Locality 1'], not {places!r}.")
        left = free.get((str(name), tuple(int(place.split(" ")[-1]) for place in places)))
        if not left:
            raise InputError(f"The priority of {resource} names {name} in {', '.join(places)}; there is none (left).")
        rows.append((left.pop(), _demand(demand, resource)))
    return tuple(rows)


def _by_type(resource: str, given: Any, parts: Sequence[Part]) -> Rows:
    of_kind: dict[str, list[int]] = {}
    for i, part in enumerate(parts):
        of_kind.setdefault(part.kind.name, []).append(i)
    rows: list[tuple[int, bool]] = []
    for name, demand in _listed(given, 2, resource):
        operation = _demand(demand, resource)
        rows += [(i, operation) for i in of_kind[one_of(name, of_kind, f"A component in the priority of {resource}")]]
    return tuple(rows)


def _offering(resource: str, parts: Sequence[Part]) -> tuple[list[int], list[int]]:
    """Return who offers a resource and who does not."""
    yes = [i for i, part in enumerate(parts) if any(one.resource == resource for one in part.kind.supply)]
    return yes, [i for i in range(len(parts)) if i not in set(yes)]


def _suppliers(resource: str, given: Any, parts: Sequence[Part]) -> Rows:
    return tuple((i, True) for i in _offering(resource, parts)[0])


def _dealer(resource: str, given: Any) -> tuple[random.Random, list[bool]]:
    """Return a shuffler of the seed that the file gives, and the demands that follow the suppliers."""
    if not isinstance(given, dict):
        raise InputError(f"The priority of {resource} must give a Seed and DemandType.")
    seed = integer(given.get("Seed"), f"'Seed' of the priority of {resource}")
    kinds = take(given, "DemandType", list, f"the priority of {resource}")
    return random.Random(seed), [_demand(kind, resource) for kind in kinds]


def _random(resource: str, given: Any, parts: Sequence[Part]) -> Rows:
    dealer, kinds = _dealer(resource, given)
    givers, takers = _offering(resource, parts)
    dealer.shuffle(givers)
    rows = [(i, True) for i in givers]
    for operation in kinds:
        dealer.shuffle(takers)
        rows += [(i, operation) for i in takers]
    return tuple(rows)


def _random_interfaces(resource: str, given: Any, parts: Sequence[Part]) -> Rows:
    dealer, kinds = _dealer(resource, given)
    givers, rest = _offering(resource, parts)
    first = [i for i in rest if parts[i].kind.model == "interface"]
    rest = [i for i in rest if i not in set(first)]
    dealer.shuffle(givers)
    order = []
    for _ in kinds:
        dealer.shuffle(rest)
        order += rest
    # As published: only as many rows as one kind of demand has, all of the last kind.
    last = kinds[-1] if kinds else True
    return tuple([(i, True) for i in givers + first] + [(i, last) for i in order[: len(rest)]])


def measures(told: list[Any]) -> tuple[tuple[tuple[str, str], ...], tuple[Goal, ...]]:
    """Return what is measured, (resource, scope), and the goals.

    Raises
    ------
    InputError
        A measure is unknown or lacks what it needs.
    """
    measured: list[tuple[str, str]] = []
    goals: list[Goal] = []
    for one in told:
        if not isinstance(one, dict):
            raise InputError(f"'ResilienceCalculator' must list tables, not {kind_of(one)}.")
        name = one_of(one.get("ClassName"), MEASURES, "A class of 'ResilienceCalculator'")
        if name == "ReCoDeSCalculator":
            given = take(one, "Parameters", dict, name)
            scope = take(given, "Scope", str, name)
            measured += [(str(resource), scope) for resource in take(given, "Resources", list, name)]
        elif name == "NISTGoalsCalculator":
            goals += [_goal(goal) for goal in take(one, "Parameters", list, name)]
    return tuple(measured), tuple(goals)


def _goal(told: Any) -> Goal:
    if not isinstance(told, dict):
        raise InputError(f"A goal must be a table, not {kind_of(told)}.")
    level = number(told.get("DesiredFunctionalityLevel"), "'DesiredFunctionalityLevel' of a goal")
    return Goal(take(told, "Resource", str, "a goal"), level, take(told, "Scope", str, "a goal", "All"))
