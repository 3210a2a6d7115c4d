"""Read a recovery system from the JSON files of iRe-CoDeS (pyrecodes 0.3), or from a TOML file of our own.

JSON: the main file names a component library and a system configuration; ``{folder}`` in a path is the main file's
folder. Names of classes are looked up in the tables here and in `system_sharing`; nothing that a file names is loaded
or run. What needs other programs (REWET, traffic, R2D, households) is refused by name. TOML: see `system_toml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from genrejs.errors import InputError
from genrejs.recovery.system import RELATIONS, Activity, Amount, Description, Kind, Part, RecoverySystem
from genrejs.recovery.system_build import MOST_STEPS, build
from genrejs.recovery.system_sharing import measures, resources
from genrejs.recovery.system_toml import describe
from genrejs.recovery.system_words import integer, kind_of, number, one_of, read_table, read_text, take

COMPONENTS = (
    "StandardiReCoDeSComponent", "BuildingWithEmergencyCalls", "InfrastructureInterface",
    "R2DComponent", "R2DBridge", "R2DRoadway", "R2DTunnel", "R2DPipe", "R2DBuilding",
)  # fmt: skip
RECOVERY = {
    "ComponentLevelRecoveryActivitiesModel": "activities",
    "NoRecoveryActivityModel": "none",
    "InfrastructureInterfaceRecoveryModel": "interface",
}
CREATORS = ("JSONSubsystemCreator", "RecoveryResourceSuppliersCreator", "Tier1InfrastructureCreator")
CALLS = "PostDisasterIncreaseDueToEmergencyCalls"
MOST_PARTS = 1_000_000


def read_system(path: Path | str) -> RecoverySystem:
    """Return the system that a JSON main file or a TOML file describes.

    Raises
    ------
    InputError
        A file is missing or wrong; the sentence names the place and what is accepted.
    """
    path = Path(path)
    if path.suffix.lower() == ".toml":
        return build(describe(read_table(path, "the system")))
    main, folder = read_table(path, "the main file"), path.parent
    library = take(main, "ComponentLibrary", dict, "the main file")
    system = take(main, "System", dict, "the main file")
    for table, key, accepted in (
        (library, "ComponentLibraryCreatorClassName", ["JSONComponentLibraryCreator"]),
        (system, "SystemCreatorClassName", ["ConcreteSystemCreator"]),
        (system, "SystemClassName", ["BuiltEnvironment"]),
    ):
        one_of(take(table, key, str, "the main file", accepted[0]), accepted, f"'{key}' of the main file")
    kinds_file = _place(take(library, "ComponentLibraryFile", str, "'ComponentLibrary'"), folder)
    config_file = _place(take(system, "SystemConfigurationFile", str, "'System'"), folder)
    return build(_describe(read_table(kinds_file, "component library"), read_table(config_file, "system"), folder))


def _place(text: str, folder: Path) -> Path:
    """Return where a named file lies: beside the main file, also where the name starts with another folder."""
    given = Path(text.replace("{folder}/", "").replace("{folder}", ""))
    beside = folder / given
    try:
        return beside if beside.exists() or not (folder / given.name).is_file() else folder / given.name
    except (OSError, ValueError):
        return beside  # a name that no file can have; reading it says so


@dataclass(frozen=True)
class _Ground:
    """What every reader below looks at: kinds by name (as told), the clock, a counter of draws."""

    library: Mapping[str, Any]
    start: int
    stop: int
    draws: Any


def _describe(library: dict[str, Any], config: dict[str, Any], folder: Path) -> Description:
    where = "the system configuration"
    constants = take(config, "Constants", dict, where)
    clock = {
        name: integer(take(constants, key, object, "'Constants'"), f"'{key}'")
        for name, key in (("start", "START_TIME_STEP"), ("stop", "MAX_TIME_STEP"), ("disaster", "DISASTER_TIME_STEP"))
    }
    if not clock["start"] < clock["stop"] <= clock["start"] + MOST_STEPS:
        raise InputError(
            f"MAX_TIME_STEP is {clock['stop']}; it must be above START_TIME_STEP by at most {MOST_STEPS:,}."
        )
    ground = _Ground(library, clock["start"], clock["stop"], count())
    parts = tuple(_parts(ground, take(config, "Content", dict, where)))
    shared = resources(take(config, "Resources", dict, where), parts, lambda text: _place(text, folder))
    measured, goals = measures(take(config, "ResilienceCalculator", list, where, []))
    damage = _damage(take(config, "DamageInput", dict, where), len(parts), folder)
    return Description(parts, tuple(shared), tuple(damage), measured=measured, goals=goals, **clock)


def _damage(told: Mapping[str, Any], parts: int, folder: Path) -> list[float]:
    where = "'DamageInput'"
    name = one_of(told.get("ClassName"), ["ListDamageInput", "FileDamageInput"], f"'ClassName' of {where}")
    if name == "ListDamageInput":
        given = take(told, "Parameters", list, where)
    else:
        path = _place(take(told, "Parameters", str, where), folder)
        words = read_text(path, "damage").replace("\n", "").split(",")
        try:
            given = [float(word) for word in words]
        except ValueError as error:
            raise InputError(f"{path} (damage) must hold numbers with commas between them: {error}.") from error
    if len(given) != parts:
        raise InputError(f"The damage input has {len(given)} values; the system has {parts} components.")
    return [number(value, f"Value {n + 1} of {where}") for n, value in enumerate(given)]


def _parts(ground: _Ground, content: Mapping[str, Any]) -> list[Part]:
    parts: list[Part] = []
    for name, told in content.items():
        here, where = locality(name), f"'{name}'"
        if not isinstance(told, dict):
            raise InputError(f"{where} must be a table, not {kind_of(told)}.")
        groups = take(told, "Components", dict, where)
        systems = []
        for group in groups:
            for entry in take(groups, group, list, f"the components of {where}"):
                if not isinstance(entry, dict) or len(entry) != 1:
                    raise InputError(f"'{group}' of {where} must list tables of one name each.")
                systems.append((f"'{next(iter(entry))}' of {where}", next(iter(entry.values()))))
        for place, one in systems:
            parts += _inside(ground, one, here, place)
        for place, one in systems:
            parts += _between(ground, one, here, place)
        if len(parts) > MOST_PARTS:
            raise InputError(f"The system has more than {MOST_PARTS:,} components.")
    return parts


def locality(name: Any) -> int:
    """Return the number of ``Locality 3``; raise InputError where there is none."""
    word = name.split(" ")[-1] if isinstance(name, str) else ""
    if not word.isdecimal():
        raise InputError(f"A locality is called {name!r}; its name must end in a number, as in 'Locality 3'.")
    return int(word)


def _inside(ground: _Ground, told: Any, here: int, where: str) -> list[Part]:
    if not isinstance(told, dict):
        raise InputError(f"{where} must be a table, not {kind_of(told)}.")
    name = one_of(told.get("CreatorClassName"), CREATORS, f"'CreatorClassName' of {where}")
    given = take(told, "Parameters", dict, where)
    work = rhythm(given, "RecoveryTimeStepping", where)
    parts: list[Part] = []
    if name == "JSONSubsystemCreator":
        for kind, amount in take(given, "ComponentsInLocality", dict, where, {}).items():
            many = integer(amount, f"The number of {kind} in {where}")
            if many > MOST_PARTS:
                raise InputError(f"The number of {kind} in {where} is {many:,}; at most {MOST_PARTS:,} are accepted.")
            parts += [Part(_kind(ground, kind, where), (here,), next(ground.draws), work)] * many
        return parts
    for kind in take(given, "ComponentName", list, where):
        found = _kind(ground, kind, where)
        if name == "Tier1InfrastructureCreator":
            found = _follows(found, given, where)
        parts.append(Part(found, (here,), next(ground.draws), work))
    return parts


def _between(ground: _Ground, told: Mapping[str, Any], here: int, where: str) -> list[Part]:
    given = take(told, "Parameters", dict, where)
    if told["CreatorClassName"] != "JSONSubsystemCreator":
        return []
    work, links = (
        rhythm(given, "RecoveryTimeStepping", where),
        take(given, "ComponentsBetweenLocalities", dict, where, {}),
    )
    return [
        Part(_kind(ground, kind, where), (here, locality(to)), next(ground.draws), work)
        for to in links
        for kind in take(links, to, list, where)
    ]


def rhythm(given: Mapping[str, Any], key: str, where: str) -> tuple[int, ...] | None:
    """Return the steps that rules of start, end and step name, None where there are no rules."""
    if given.get(key) is None:
        return None
    steps: list[int] = []
    for rule in take(given, key, list, where):
        if not isinstance(rule, dict):
            raise InputError(f"'{key}' of {where} must list tables with start, end and step.")
        start, end = (integer(rule.get(name), f"'{name}' in '{key}' of {where}") for name in ("start", "end"))
        step = integer(rule.get("step"), f"'step' in '{key}' of {where}", 1)
        if end > MOST_STEPS:
            raise InputError(f"'end' in '{key}' of {where} is {end}; at most {MOST_STEPS:,} is accepted.")
        steps += range(start, end, step)
    return tuple(steps)


def _kind(ground: _Ground, name: Any, where: str) -> Kind:
    one_of(name, ground.library, f"A component of {where}")
    told, where = take(ground.library, name, dict, "the component library"), f"'{name}' of the component library"
    cls = take(take(told, "ComponentClass", dict, where), "ClassName", str, f"'ComponentClass' of {where}")
    one_of(cls, COMPONENTS, f"The class of {where}")
    model = take(told, "RecoveryModel", dict, where)
    accepted = one_of(model.get("ClassName"), RECOVERY, f"The recovery model of {where}")
    supply = _amounts(take(told, "Supply", dict, where, {}), where)
    demand = _amounts(take(told, "OperationDemand", dict, where, {}), where)
    calling = [one.resource for one in demand if one.calls] if cls == "BuildingWithEmergencyCalls" else [""]
    if not calling:
        raise InputError(f"{where} is a BuildingWithEmergencyCalls, but none of its demands has '{CALLS}': 'True'.")
    demand = tuple(replace(one, calls=one.resource == calling[-1]) for one in demand)
    kind = Kind(name, RECOVERY[accepted], supply=supply, demand=demand, bridge=cls == "R2DBridge")
    return _recovers(kind, model, where)


def _amounts(told: Mapping[str, Any], where: str) -> tuple[Amount, ...]:
    found = []
    for resource, given in told.items():
        what = f"{resource} of {where}"
        if not isinstance(given, dict):
            raise InputError(f"{what} must be a table, not {kind_of(given)}.")
        relations = [
            one_of(given.get(key, "Constant"), RELATIONS[:-1], f"'{key}' of {what}")
            for key in ("FunctionalityToAmountRelation", "UnmetDemandToAmountRelation")
        ]
        cls = take(given, "ResourceClass", dict, what, {}).get("ClassName", "ConcreteResource")
        consumable = one_of(cls, ["ConcreteResource", "ConsumableResource"], f"'ResourceClass' of {what}")
        found.append(
            Amount(
                resource,
                number(given.get("Amount", 0.0), f"The amount of {what}"),
                relations[0],
                relations[1],
                consumable=consumable == "ConsumableResource",
                calls=given.get(CALLS) in ("True", True),
            )
        )
    return tuple(found)


def _recovers(kind: Kind, model: Mapping[str, Any], where: str) -> Kind:
    """Return the kind with its recovery model: activities and the relation from damage to functionality."""
    if kind.model == "none":
        return kind
    given = take(model, "Parameters", dict, f"the recovery model of {where}", {} if kind.model == "interface" else None)
    if given is None:
        raise InputError(f"The recovery model of {where} has no 'Parameters'.")
    if kind.model == "interface":
        limits, values = (take(given, key, list, where, []) for key in ("StepLimits", "StepValues"))
        last = Activity("Recovery", number(given.get("RestoredIn", 0), f"'RestoredIn' of {where}"))
        return replace(kind, steps=_steps(limits, values, where), activities=(last,))
    told = take(model, "DamageFunctionalityRelation", dict, f"the recovery model of {where}")
    relation = one_of(told.get("Type", "Constant"), RELATIONS, f"The damage relation of {where}")
    steps: tuple[tuple[float, float], ...] = ()
    if relation == "MultipleStep":
        table = take(told, "Parameters", dict, f"the damage relation of {where}")
        steps = _steps(take(table, "StepLimits", list, where), take(table, "StepValues", list, where), where)
        if not steps:
            raise InputError(f"The damage relation of {where} has no steps.")
    activities = tuple(_activity(name, take(given, name, dict, where), where) for name in given)
    return replace(kind, relation=relation, steps=steps, activities=activities)


def _steps(limits: list[Any], values: list[Any], where: str) -> tuple[tuple[float, float], ...]:
    if len(limits) != len(values):
        raise InputError(f"{where} has {len(limits)} StepLimits and {len(values)} StepValues; give as many of both.")
    found = [
        (number(a, f"A step limit of {where}"), number(b, f"A step value of {where}"))
        for a, b in zip(limits, values, strict=True)
    ]
    if any(value > 1 for _, value in found) or [a for a, _ in found] != sorted(a for a, _ in found):
        raise InputError(f"The steps of {where} must have rising limits and values of 1 or less.")
    return tuple(found)


def _activity(name: str, told: Mapping[str, Any], where: str) -> Activity:
    what = f"'{name}' of {where}"
    duration = take(told, "Duration", dict, what)
    if len(duration) != 1:
        raise InputError(f"The duration of {what} must name one distribution.")
    shape = one_of(next(iter(duration)), ["Deterministic", "Lognormal"], f"The distribution of {what}")
    given = take(duration, shape, dict, what)
    if shape == "Deterministic":
        median, spread = number(given.get("Value"), f"The duration of {what}"), 0.0
    else:
        median = number(given.get("Median"), f"The median of {what}", np.finfo(float).tiny)
        spread = number(given.get("Dispersion"), f"The dispersion of {what}")
    needs = []
    for one in take(told, "Demand", list, what, []) if told.get("Demand") else []:
        if not isinstance(one, dict):
            raise InputError(f"The demand of {what} must list tables with Resource and Amount.")
        amount = number(one.get("Amount"), f"The demand of {what}")
        needs.append((take(one, "Resource", str, f"the demand of {what}"), amount))
    after = take(told, "PrecedingActivities", list, what, [])
    return Activity(name, median, spread, tuple(map(str, after)), tuple(dict(needs).items()))


def _follows(kind: Kind, given: Mapping[str, Any], where: str) -> Kind:
    """Return an interface that follows a given course: amounts and when each is there."""
    if kind.model != "interface":
        raise InputError(f"{kind.name} of {where} must have an InfrastructureInterfaceRecoveryModel.")
    resource = one_of(given.get("Resource"), [one.resource for one in kind.supply], f"'Resource' of {where}")
    amounts = [number(one, f"An amount of {where}") for one in take(given, "Amount", list, where)]
    times = []
    for one in take(given, "RestoredIn", list, where):
        told = one.get("Deterministic") if isinstance(one, dict) else None
        if not isinstance(told, dict):
            raise InputError(
                f"'RestoredIn' of {where} must list Deterministic times; other distributions are not read."
            )
        times.append(number(told.get("Value"), f"A time of 'RestoredIn' of {where}"))
    if not times or len(times) != len(amounts) or max(amounts) <= 0:
        raise InputError(f"'Amount' and 'RestoredIn' of {where} must be as many, and one amount above 0.")
    most = max(times)
    limits = [float(value) for value in np.divide(times, most)] if times[-1] != 0 else [1.0]
    values = [amount / max(amounts) for amount in amounts]
    if limits[0] != 0.0:
        limits, values = [0.0, *limits], [0.0, *values]
    supply = tuple(replace(one, amount=max(amounts)) if one.resource == resource else one for one in kind.supply)
    demand = kind.demand
    if "Demand" in given:
        told = take(given, "Demand", dict, where)
        asked = one_of(told.get("Resource"), [one.resource for one in demand], f"The demand of {where}")
        size = number(told.get("Amount"), f"The demand of {where}")
        demand = tuple(replace(one, amount=size) if one.resource == asked else one for one in demand)
    steps = _steps(limits, values, where)
    return replace(kind, steps=steps, supply=supply, demand=demand, activities=(Activity("Recovery", most),))
