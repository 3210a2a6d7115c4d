"""Random recovery systems in the JSON of iRe-CoDeS, and a community of the published one's size and make-up."""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path
from typing import Any

RELATIONS = ["Constant", "Linear", "Binary", "ReverseLinear", "ReverseBinary"]
FILES = {
    "StandardiReCoDeSComponent": "standard_irecodes_component",
    "BuildingWithEmergencyCalls": "building_with_emergency_calls",
    "R2DBridge": "r2d_component",
    "InfrastructureInterface": "infrastructure_interface",
    "ComponentLevelRecoveryActivitiesModel": "component_level_recovery_activities_model",
    "NoRecoveryActivityModel": "no_recovery_activity_model",
    "InfrastructureInterfaceRecoveryModel": "infrastructure_interface_recovery_model",
    "JSONSubsystemCreator": "json_subsystem_creator",
    "Tier1InfrastructureCreator": "tier1_infrastructure_creator",
    "RecoveryResourceSuppliersCreator": "recovery_resource_suppliers_creator",
    "ListDamageInput": "list_damage_input",
    "UtilityDistributionModel": "utility_distribution_model",
    "HousingDistributionModel": "housing_distribution_model",
    "BridgeServiceDistributionModel": "bridge_service_distribution_model",
    "TransferServiceDistributionModelPotentialPaths": "transfer_service_distribution_model_potential_paths",
    "ComponentTypePriority": "component_type_priority",
    "ComponentBasedPriority": "component_based_priority",
    "RandomPriority": "random_priority",
    "RandomPriorityWithPrioritizedInterfaces": "random_priority_with_prioritized_interfaces",
    "SupplierOnlyPriority": "supplier_only_priority",
    "ReCoDeSCalculator": "recodes_calculator",
    "NISTGoalsCalculator": "nist_goals_calculator",
    "ConsumableResource": "consumable_resource",
}


def named(name: str, **more: Any) -> dict[str, Any]:
    return {"FileName": FILES[name], "ClassName": name, **more}


def amount(value: float, functionality: str = "Constant", unmet: str | None = None, **more: Any) -> dict[str, Any]:
    found = {"Amount": value, "FunctionalityToAmountRelation": functionality, **more}
    return found if unmet is None else {**found, "UnmetDemandToAmountRelation": unmet}


def repairs(relation: str, activities: dict[str, Any], **more: Any) -> dict[str, Any]:
    shape = {"Type": relation, **more}
    return named("ComponentLevelRecoveryActivitiesModel", Parameters=activities, DamageFunctionalityRelation=shape)


def lasting(value: float, after: list[str] | None = None, needs: dict[str, float] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"Duration": {"Deterministic": {"Value": value}}}
    if after:
        found["PrecedingActivities"] = after
    if needs:
        found["Demand"] = [{"Resource": name, "Amount": size} for name, size in needs.items()]
    return found


def subsystem(creator: str = "JSONSubsystemCreator", **parameters: Any) -> dict[str, Any]:
    return {"CreatorClassName": creator, "CreatorFileName": FILES[creator], "Parameters": parameters}


def write(folder: Path, library: dict[str, Any], config: dict[str, Any], paths: dict[str, Any]) -> Path:
    """Write a system's files and return the main one."""
    folder.mkdir(parents=True, exist_ok=True)
    main = {
        "ComponentLibrary": {
            "ComponentLibraryCreatorFileName": "json_component_library_creator",
            "ComponentLibraryCreatorClassName": "JSONComponentLibraryCreator",
            "ComponentLibraryFile": "library.json",
        },
        "System": {
            "SystemCreatorClassName": "ConcreteSystemCreator",
            "SystemCreatorFileName": "concrete_system_creator",
            "SystemClassName": "BuiltEnvironment",
            "SystemFileName": "built_environment",
            "SystemConfigurationFile": "system.json",
        },
    }
    for name, table in (("main", main), ("library", library), ("system", config), ("paths", paths)):
        (folder / f"{name}.json").write_text(json.dumps(table), encoding="utf-8")
    return folder / "main.json"


class Draw:
    """A random system, piece by piece."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.places = list(range(1, self.dice.randint(2, 5) + 1))
        self.goods = [f"Good{n}" for n in range(self.dice.randint(2, 4))]
        self.linked = [(a, b) for a in self.places for b in self.places if a != b and self.dice.random() < 0.7]
        self.library: dict[str, Any] = {}

    def kind(self, name: str) -> None:
        dice = self.dice
        offers = {
            good: amount(
                dice.choice([1, 2.5, 4, 7]),
                dice.choice(["Linear", "Linear", "Constant", "Binary"]),
                dice.choice(["Binary", "Linear", "Constant"]),
                **({"ResourceClass": named("ConsumableResource"), "Amount": 60} if dice.random() < 0.1 else {}),
            )
            for good in self.goods
            if dice.random() < 0.45
        }
        needs = {
            good: amount(dice.choice([0.4, 1, 1.5, 0]), dice.choice(["Linear", "Constant"]))
            for good in self.goods
            if dice.random() < 0.5
        }
        if dice.random() < 0.4:
            offers["Home"] = amount(3, "Linear", dice.choice(["Linear", "Constant"]))
            needs["Home"] = amount(dice.choice([3, 2, 4]), "Constant")
        cls = "StandardiReCoDeSComponent"
        if needs and dice.random() < 0.3:
            cls = "BuildingWithEmergencyCalls"
            needs[next(iter(needs))]["PostDisasterIncreaseDueToEmergencyCalls"] = "True"
        self.library[name] = {
            "ComponentClass": named(cls), "RecoveryModel": self.recovery(), "Supply": offers, "OperationDemand": needs,
        }  # fmt: skip

    def recovery(self) -> dict[str, Any]:
        dice = self.dice
        crew = {"Crew": dice.choice([1, 2, 0.5])} if dice.random() < 0.6 else None
        found = {"Repair": lasting(dice.choice([3, 5, 8, 7.5]), None, crew)}
        if dice.random() < 0.5:
            # A duration of 0 with a need that is not met at all is not a number in pyrecodes; here it waits.
            needs = {"Inspector": 1} if dice.random() < 0.5 else None
            found["Inspection"] = lasting(dice.choice([1, 2] if needs else [1, 2, 0]), None, needs)
            found["Repair"]["PrecedingActivities"] = ["Inspection"]
            if dice.random() < 0.5:
                found["Permit"] = lasting(dice.choice([1.5, 2]), ["Inspection"], {"Inspector": 0.5})
                found["Repair"]["PrecedingActivities"].append("Permit")
        if dice.random() < 0.2:
            steps = {"StepLimits": [0, 0.2, 0.6], "StepValues": [1, 0.5, 0]}
            return repairs("MultipleStep", found, Parameters=steps)
        return repairs(dice.choice(["ReverseLinear", "ReverseBinary", "ReverseLinear", "Constant"]), found)

    def fixed_kinds(self) -> None:
        bare = {"Repair": lasting(6)}
        standard = named("StandardiReCoDeSComponent")
        over = {"OperationDemand": {"Crossing": amount(1)}}
        carry = {"Haul": amount(self.dice.choice([0.9, 3, 1000]), "Linear", "Binary")}
        self.library |= {
            "Yard": {
                "ComponentClass": standard, "RecoveryModel": named("NoRecoveryActivityModel"),
                "Supply": {"Crew": amount(3), "Inspector": amount(1)},
            },
            "Link": {"ComponentClass": standard, "RecoveryModel": repairs("ReverseLinear", bare), "Supply": carry, **over},
            "Bridge": {
                "ComponentClass": named("R2DBridge"), "RecoveryModel": repairs("ReverseLinear", bare),
                "Supply": {"Crossing": amount(1, "Linear", "Constant")},
            },
            "Import": {
                "ComponentClass": named("InfrastructureInterface"),
                "RecoveryModel": named("InfrastructureInterfaceRecoveryModel", Parameters={}),
                "Supply": {self.goods[0]: amount(1, "Linear", "Binary")},
                "OperationDemand": {self.goods[-1]: amount(0.3)},
            },
        }  # fmt: skip

    def content(self) -> tuple[dict[str, Any], list[tuple[str, tuple[int, ...]]]]:
        dice, made = self.dice, []
        kinds = [name for name in self.library if name.startswith("Kind")]
        found = {}
        for place in self.places:
            held = {kind: dice.randint(1, 2) for kind in kinds if dice.random() < 0.6}
            more = {} if dice.random() < 0.8 else {"RecoveryTimeStepping": [{"start": 0, "end": 60, "step": 3}]}
            systems = [{"Works": subsystem(ComponentsInLocality=held, **more)}]
            made += [(kind, (place,)) for kind, many in held.items() for _ in range(many)]
            if place == self.places[0]:
                systems.append({"Crews": subsystem("RecoveryResourceSuppliersCreator", ComponentName=["Yard"])})
                made.append(("Yard", (place,)))
                if dice.random() < 0.4:
                    times = [{"Deterministic": {"Value": time}} for time in (dice.choice([0, 2]), 5, 9)]
                    one = {
                        "ComponentName": ["Import"],
                        "Resource": self.goods[0],
                        "Amount": [1, 2, 5],
                        "RestoredIn": times,
                    }
                    systems.append({"Imports": subsystem("Tier1InfrastructureCreator", **one)})
                    made.append(("Import", (place,)))
            ends = [b for a, b in self.linked if a == place]
            bridged = [b for b in ends if dice.random() < 0.3]
            systems.append({"Links": subsystem(ComponentsBetweenLocalities={f"Locality {b}": ["Link"] for b in ends})})
            systems.append(
                {"Roads": subsystem(ComponentsBetweenLocalities={f"Locality {b}": ["Bridge"] for b in bridged})}
            )
            made += [("Link", (place, b)) for b in ends] + [("Bridge", (place, b)) for b in bridged]
            found[f"Locality {place}"] = {"Coordinates": {"Centroid": {"X": 0, "Y": 0}}, "Components": {"All": systems}}
        return found, made

    def paths(self) -> dict[str, Any]:
        found = {}
        for a, b in itertools.permutations(self.places, 2):
            ways = [[a, b]] if (a, b) in self.linked else []
            ways += [[a, c, b] for c in self.places if (a, c) in self.linked and (c, b) in self.linked]
            if ways:
                found[f"from {a} to {b}"] = ways
        return found

    def priority(self, good: str, made: list[tuple[str, tuple[int, ...]]]) -> dict[str, Any]:
        dice, kinds = self.dice, list(dict.fromkeys(kind for kind, _ in made))
        demand = "RecoveryDemand" if good in ("Crew", "Inspector") else "OperationDemand"
        choice = dice.random()
        if demand == "RecoveryDemand" or choice < 0.4:
            dice.shuffle(kinds)
            first = [["Yard", "OperationDemand"]] if demand == "RecoveryDemand" else []
            return named("ComponentTypePriority", Parameters=first + [[kind, demand] for kind in kinds])
        if choice < 0.6:
            rows = [[kind, [f"Locality {place}" for place in places], demand] for kind, places in made]
            dice.shuffle(rows)
            return named("ComponentBasedPriority", Parameters=rows)
        given = {"Seed": dice.randint(0, 99), "DemandType": ["OperationDemand", "RecoveryDemand"][: dice.randint(1, 2)]}
        name = "RandomPriority" if choice < 0.8 else "RandomPriorityWithPrioritizedInterfaces"
        return named(name, Parameters=given)

    def sharing(self, made: list[tuple[str, tuple[int, ...]]]) -> dict[str, Any]:
        dice, found = self.dice, {}
        for good in [*self.goods, "Crew", "Inspector"]:
            given: dict[str, Any] = {"DistributionPriority": self.priority(good, made)}
            if good in self.goods and self.linked and dice.random() < 0.6:
                given["TransferService"] = "Haul"
            if dice.random() < 0.1:
                given["DistributionTimeStepping"] = [{"start": 0, "end": 40, "step": 2}]
            found[good] = {
                "Group": "Utilities",
                "DistributionModel": named("UtilityDistributionModel", Parameters=given),
            }
        if dice.random() < 0.5:
            home: dict[str, Any] = named("HousingDistributionModel", Parameters={})
        else:
            rows = named("SupplierOnlyPriority", Parameters={})
            home = named("UtilityDistributionModel", Parameters={"DistributionPriority": rows})
        found["Home"] = {"Group": "Utilities", "DistributionModel": home}
        ways = named(
            "TransferServiceDistributionModelPotentialPaths", Parameters={"PathSetsFile": "{folder}/paths.json"}
        )
        found["Haul"] = {"Group": "TransferService", "DistributionModel": ways}
        found["Crossing"] = {
            "Group": "BridgeService", "DistributionModel": named("BridgeServiceDistributionModel", Parameters={}),
        }  # fmt: skip
        return found


def draw(folder: Path, seed: int, stop: int = 60) -> Path:
    """Write a small random system with everything that is read, and return its main file."""
    one = Draw(seed)
    for n in range(one.dice.randint(2, 5)):
        one.kind(f"Kind{n}")
    one.fixed_kinds()
    content, made = one.content()
    hurt = [0.0 if kind == "Yard" else one.dice.choice([0.0, 0.2, 0.45, 0.9, 1.0]) for kind, _ in made]
    goods = [*one.goods, "Home"]
    config = {
        "Constants": {"START_TIME_STEP": 0, "MAX_TIME_STEP": stop, "DISASTER_TIME_STEP": one.dice.choice([1, 1, 3])},
        "Content": content,
        "DamageInput": named("ListDamageInput", Parameters=hurt),
        "Resources": one.sharing(made),
        "ResilienceCalculator": [
            named("ReCoDeSCalculator", Parameters={"Scope": "All", "Resources": goods}),
            named("ReCoDeSCalculator", Parameters={"Scope": "Locality 1", "Resources": goods}),
            named(
                "NISTGoalsCalculator",
                Parameters=[{"Resource": good, "DesiredFunctionalityLevel": 0.8, "Scope": "All"} for good in goods],
            ),
        ],
    }
    return write(folder, one.library, config, one.paths())


def three_localities(folder: Path) -> Path:
    """Write the three localities of Blagojević et al., whose published answer is known, and return the main file."""
    standard = named("StandardiReCoDeSComponent")

    def kind(
        relation: str, supply: dict[str, Any], demand: dict[str, Any], cls: dict[str, Any] = standard
    ) -> dict[str, Any]:
        recovery = repairs(relation, {"Repair": lasting(10)})
        return {"ComponentClass": cls, "RecoveryModel": recovery, "Supply": supply, "OperationDemand": demand}

    power, calls = "ElectricPower", {"PostDisasterIncreaseDueToEmergencyCalls": "True"}
    station = {size: {"Communication": amount(size, "Linear", "Binary")} for size in (1, 2)}
    library = {
        "Station1": kind("ReverseBinary", station[1], {power: amount(1, "Linear")}),
        "Station2": kind("ReverseBinary", station[2], {power: amount(1, "Linear")}),
        "Plant": kind(
            "ReverseLinear", {power: amount(5, "Linear", "Binary")},
            {"Communication": amount(1, "Constant"), "CoolingWater": amount(1, "Constant")},
        ),
        "Cooling": kind(
            "ReverseLinear", {"CoolingWater": amount(3, "Linear", "Binary")},
            {"Communication": amount(1, "Constant"), power: amount(1, "Constant")},
        ),
        "Homes": kind(
            "ReverseLinear", {}, {"Communication": amount(1, "Constant", **calls), power: amount(1, "Linear")},
            named("BuildingWithEmergencyCalls"),
        ),
        "Link": kind("ReverseLinear", {"Haul": amount(1000, "Linear")}, {}),
    }  # fmt: skip
    held = {1: [{"Plant": 1}, {"Station1": 1}], 2: [{"Cooling": 1}], 3: [{"Station2": 1}, {"Homes": 1}]}
    content = {}
    for place, groups in held.items():
        ends = {f"Locality {to}": ["Link"] for to in held if to != place}
        systems = [{"Works": subsystem(ComponentsInLocality=some)} for some in groups]
        systems.append({"Links": subsystem(ComponentsBetweenLocalities=ends)})
        content[f"Locality {place}"] = {"Coordinates": {"Centroid": {"X": 0, "Y": 0}}, "Components": {"All": systems}}
    at = {"Plant": 1, "Station1": 1, "Cooling": 2, "Station2": 3, "Homes": 3}
    orders = {
        power: (["Plant", "Station1", "Cooling", "Station2", "Homes"], "Haul"),
        "CoolingWater": (["Cooling", "Plant", "Station1", "Station2", "Homes"], "Haul"),
        "Communication": (["Station1", "Station2", "Plant", "Cooling", "Homes"], None),
    }
    shared = {}
    for good, (order, service) in orders.items():
        rows = [[name, [f"Locality {at[name]}"], "OperationDemand"] for name in order]
        given = {"DistributionPriority": named("ComponentBasedPriority", Parameters=rows)}
        given |= {} if service is None else {"TransferService": service}
        shared[good] = {"Group": "Utilities", "DistributionModel": named("UtilityDistributionModel", Parameters=given)}
    ways = named("TransferServiceDistributionModelPotentialPaths", Parameters={"PathSetsFile": "{folder}/paths.json"})
    shared["Haul"] = {"Group": "TransferService", "DistributionModel": ways}
    goals = [(power, 0.95), ("CoolingWater", 0.9), ("Communication", 0.8)]
    config = {
        "Constants": {"START_TIME_STEP": 0, "MAX_TIME_STEP": 500, "DISASTER_TIME_STEP": 1},
        "Content": content,
        "DamageInput": named("ListDamageInput", Parameters=[0.4, 0, 0, 0, 0.4, 0, 0, 0.4, 0.4, 0, 0]),
        "Resources": shared,
        "ResilienceCalculator": [
            named("ReCoDeSCalculator", Parameters={"Scope": "All", "Resources": [name for name, _ in goals]}),
            named(
                "NISTGoalsCalculator",
                Parameters=[
                    {"Resource": name, "DesiredFunctionalityLevel": level, "Scope": "All"} for name, level in goals
                ],
            ),
        ],
    }
    triples = {(a, b): 6 - a - b for a in held for b in held if a != b}
    paths = {f"from {a} to {b}": [[a, b], [a, c, b]] for (a, b), c in triples.items()}
    return write(folder, library, config, paths)


def community(folder: Path, side: int = 5, spread: float | None = None) -> Path:
    """Write a town of `side` times `side` localities: about 200 components for 5, repairs of 100 and 20 steps.

    With `spread` the repairs are lognormal with that dispersion.
    """
    dice = random.Random(7)
    places = {(x, y): 100 * (x + 1) + y + 1 for x in range(side) for y in range(side)}

    def kind(
        relation: str, steps: float, supply: dict[str, Any], demand: dict[str, Any], cls: str = ""
    ) -> dict[str, Any]:
        repair = lasting(steps)
        if spread is not None:
            repair["Duration"] = {"Lognormal": {"Median": steps, "Dispersion": spread}}
        recovery = repairs(relation, {"Repair": repair})
        owner = named(cls or "StandardiReCoDeSComponent")
        return {"ComponentClass": owner, "RecoveryModel": recovery, "Supply": supply, "OperationDemand": demand}

    calls = {"PostDisasterIncreaseDueToEmergencyCalls": "True"}
    over = {"Crossing": amount(1)}
    library = {
        "Plant": kind("ReverseLinear", 100, {"Power": amount(60, "Linear", "Binary")}, {"Coolant": amount(0.1), "Calls": amount(0.01)}),
        "Cooler": kind("ReverseLinear", 20, {"Coolant": amount(0.3, "Linear", "Binary")}, {"Power": amount(0.2)}),
        "Waterworks": kind("ReverseBinary", 100, {"Water": amount(1, "Linear", "Binary")}, {"Power": amount(0.3)}),
        "Mast": kind("ReverseBinary", 20, {"Calls": amount(50, "Linear", "Binary")}, {"Power": amount(0.1, "Linear")}),
        "Homes": kind(
            "ReverseLinear", 100, {"Shelter": amount(300, "Linear", "Constant")},
            {"Power": amount(6, "Linear"), "Calls": amount(20, **calls), "Water": amount(0.2, "Linear"), "Shelter": amount(300)},
            "BuildingWithEmergencyCalls",
        ),
        "Main": kind("ReverseLinear", 20, {"Pipe": amount(500, "Linear", "Binary")}, over),
        "Cable": kind("ReverseLinear", 20, {"Wire": amount(900, "Linear", "Binary")}, over),
        "Bridge": kind("ReverseLinear", 100, {"Crossing": amount(1, "Linear")}, {}, "R2DBridge"),
    }  # fmt: skip
    near = {at: [(at[0] + dx, at[1] + dy) for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1))] for at in places}
    near = {at: [to for to in some if to in places] for at, some in near.items()}
    content: dict[str, Any] = {}
    for n, (at, name) in enumerate(places.items()):
        held = {
            kind: 1 for kind, every in (("Plant", 8), ("Cooler", 7), ("Waterworks", 6), ("Mast", 4)) if n % every == 1
        }
        held |= {"Homes": 1} if n % 3 == 0 else {}
        ends = {f"Locality {places[to]}": ["Main", "Cable"] for to in near[at]}
        bridges = {f"Locality {places[to]}": ["Bridge"] for to in near[at] if (at[0], to[0]) == (1, 2)}
        systems = [
            {"Works": subsystem(ComponentsInLocality=held)}, {"Links": subsystem(ComponentsBetweenLocalities=ends)},
            {"Roads": subsystem(ComponentsBetweenLocalities=bridges)},
        ]  # fmt: skip
        content[f"Locality {name}"] = {"Coordinates": {"Centroid": {"X": 0, "Y": 0}}, "Components": {"All": systems}}
    count = sum(
        sum(entry[next(iter(entry))]["Parameters"].get("ComponentsInLocality", {}).values())
        + sum(map(len, entry[next(iter(entry))]["Parameters"].get("ComponentsBetweenLocalities", {}).values()))
        for one in content.values()
        for entry in one["Components"]["All"]
    )
    givers = {"Power": "Plant", "Calls": "Mast", "Water": "Waterworks", "Coolant": "Cooler", "Shelter": "Homes"}
    usual = ["Plant", "Cooler", "Mast", "Waterworks", "Homes"]
    shared: dict[str, Any] = {}
    for good, service in (
        ("Power", "Wire"),
        ("Calls", None),
        ("Water", "Pipe"),
        ("Coolant", "Pipe"),
        ("Shelter", None),
    ):
        order = [givers[good], *(name for name in usual if name != givers[good])]  # who gives must come first
        rows = named("ComponentTypePriority", Parameters=[[name, "OperationDemand"] for name in order])
        given: dict[str, Any] = {"DistributionPriority": rows, **({"TransferService": service} if service else {})}
        shared[good] = {"Group": "Utilities", "DistributionModel": named("UtilityDistributionModel", Parameters=given)}
    for service in ("Wire", "Pipe"):
        ways = named(
            "TransferServiceDistributionModelPotentialPaths", Parameters={"PathSetsFile": "{folder}/paths.json"}
        )
        shared[service] = {"Group": "TransferService", "DistributionModel": ways}
    bridging = named("BridgeServiceDistributionModel", Parameters={})
    shared["Crossing"] = {"Group": "BridgeService", "DistributionModel": bridging}
    goods = ["Power", "Calls", "Water", "Coolant", "Shelter"]
    config = {
        "Constants": {"START_TIME_STEP": 0, "MAX_TIME_STEP": 500, "DISASTER_TIME_STEP": 1},
        "Content": content,
        "DamageInput": named("ListDamageInput", Parameters=[round(dice.uniform(0, 0.6), 2) for _ in range(count)]),
        "Resources": shared,
        "ResilienceCalculator": [
            named("ReCoDeSCalculator", Parameters={"Scope": "All", "Resources": goods}),
            named(
                "NISTGoalsCalculator",
                Parameters=[{"Resource": good, "DesiredFunctionalityLevel": 0.9, "Scope": "All"} for good in goods],
            ),
        ],
    }
    paths = {f"from {places[a]} to {places[b]}": _ways(near, places, a, b) for a in places for b in places if a != b}
    return write(folder, library, config, paths)


def _ways(near: dict[Any, Any], places: dict[Any, int], origin: Any, goal: Any, most: int = 4) -> list[list[int]]:
    """Return the first few shortest ways."""
    found: list[list[int]] = []
    queue = [[origin]]
    while queue and len(found) < most:
        way = queue.pop(0)
        if way[-1] == goal:
            found.append([places[at] for at in way])
        elif not found or len(way) < len(found[0]):
            gap = abs(way[-1][0] - goal[0]) + abs(way[-1][1] - goal[1])
            queue += [[*way, to] for to in near[way[-1]] if abs(to[0] - goal[0]) + abs(to[1] - goal[1]) < gap]
    return found
