"""Systems that are wrong: each is told in one sentence, and nothing is written."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

from genrejs.errors import InputError
from genrejs.recovery.door import run_recover
from genrejs.recovery.system_files import read_system

SYSTEMS = runpy.run_path(str(Path(__file__).parents[1] / "recover_systems.py"))


def options(system, out=None, **more):
    return SimpleNamespace(
        **{"system": system, "out": out, "runs": 1, "seed": 0, "workers": None, "steps": None, **more}
    )


def quiet(share: float, word: str) -> None:
    pass


def put(table, path: str, value) -> None:
    """Set a value deep in a table; a name that ends the path may be new, numbers are places in lists."""
    *way, last = path.split("/")
    for key in way:
        table = table[int(key) if isinstance(table, list) else key]
    if value is KeyError:
        del table[last]
    else:
        table[int(last) if isinstance(table, list) else last] = value


WORKS = "Content/Locality 1/Components/All/0/Works"
POWER = "Resources/ElectricPower/DistributionModel"
REPAIR = "Plant/RecoveryModel/Parameters/Repair"
BAD = {
    "a class that is not known": ("library", "Plant/ComponentClass/ClassName", "os.system", "StandardiReCoDeSComponent"),
    "a class one letter off": ("library", "Plant/ComponentClass/ClassName", "StandardiReCoDeSComponen", "did you mean"),
    "a recovery model not known": ("library", "Plant/RecoveryModel/ClassName", "Magic", "accepted"),
    "a sharing model of another program": ("system", f"{POWER}/ClassName", "REWETDistributionModel", "accepted|mean"),
    "a priority not known": ("system", f"{POWER}/Parameters/DistributionPriority/ClassName", "Best", "accepted"),
    "a measure not known": ("system", "ResilienceCalculator/0/ClassName", "Mood", "accepted"),
    "a creator not known": ("system", f"{WORKS}/CreatorClassName", "R2DSubsystemCreator", "mean|accepted"),
    "a system not known": ("main", "System/SystemClassName", "BuiltEnvironmentWithHouseholds", "BuiltEnvironment"),
    "a library not there": ("main", "ComponentLibrary/ComponentLibraryFile", "nowhere.json", "no file"),
    "a configuration not there": ("main", "System/SystemConfigurationFile", "nowhere.json", "no file"),
    "paths not there": ("system", "Resources/Haul/DistributionModel/Parameters/PathSetsFile", "{folder}/no.json", "no file"),
    "no library named": ("main", "ComponentLibrary", KeyError, "has no 'ComponentLibrary'"),
    "no resources": ("system", "Resources", KeyError, "has no 'Resources'"),
    "resources empty": ("system", "Resources", {}, "no resources"),
    "a resource not known": ("library", "Plant/OperationDemand/Gas", {"Amount": 1}, "'Gas'.*known are"),
    "a measure of nothing": ("system", "ResilienceCalculator/0/Parameters/Resources/0", "Gas", "'Gas'"),
    "a goal for a link": ("system", "ResilienceCalculator/1/Parameters/0/Resource", "Haul", "'Haul'"),
    "a goal above all": ("system", "ResilienceCalculator/1/Parameters/0/DesiredFunctionalityLevel", 1.2, "can be reached"),
    "a goal for no place": ("system", "ResilienceCalculator/1/Parameters/0/Scope", "Locality 9", "'Locality 9'"),
    "a service not known": ("system", f"{POWER}/Parameters/TransferService", "Pigeon", "'Pigeon'"),
    "a service nobody offers": ("library", "Link/Supply", {}, "no component offers"),
    "a negative amount": ("library", "Link/Supply/Haul/Amount", -5, "is -5; it must be"),
    "a negative duration": ("library", f"{REPAIR}/Duration/Deterministic/Value", -1, "is -1; it must be"),
    "an amount in words": ("library", "Link/Supply/Haul/Amount", "many", "must be a number, not a text"),
    "an amount that is true": ("library", "Link/Supply/Haul/Amount", True, "must be a number"),
    "an amount too large to count": ("library", "Link/Supply/Haul/Amount", 1e308, "at most 1e"),
    "an amount without end": ("library", "Link/Supply/Haul/Amount", 10**400, "is inf"),
    "no duration": ("library", f"{REPAIR}/Duration", KeyError, "has no 'Duration'"),
    "a distribution not known": ("library", f"{REPAIR}/Duration", {"Weibull": {"Value": 1}}, "'Weibull'"),
    "a lognormal of median 0": ("library", f"{REPAIR}/Duration", {"Lognormal": {"Median": 0, "Dispersion": 1}}, "median"),
    "no repair": ("library", "Plant/RecoveryModel/Parameters", {}, "no activity 'Repair'"),
    "an activity after none": ("library", f"{REPAIR}/PrecedingActivities", ["Wish"], "comes after 'Wish'"),
    "an activity after itself": ("library", f"{REPAIR}/PrecedingActivities", ["Repair"], "circle"),
    "a trade without crew": ("library", f"{REPAIR}/Demand", [{"Resource": "Mason", "Amount": 1}], "'Mason'"),
    "a relation not known": ("library", "Plant/Supply/ElectricPower/UnmetDemandToAmountRelation", "Cubic", "'Cubic'"),
    "a damage above all": ("system", "DamageInput/Parameters/0", 1.5, "from 0 to 1"),
    "a damage below nothing": ("system", "DamageInput/Parameters/0", -0.1, "must be a number of 0 or more"),
    "too few damages": ("system", "DamageInput/Parameters", [0.1], "1 values; the system has 11"),
    "damage of nobody": ("system", "DamageInput/ClassName", "R2DDamageInput", "mean|accepted"),
    "half a component": ("system", f"{WORKS}/Parameters/ComponentsInLocality/Plant", 1.5, "whole number"),
    "components without end": ("system", f"{WORKS}/Parameters/ComponentsInLocality/Plant", 10**12, "at most"),
    "a component not in the library": ("system", f"{WORKS}/Parameters/ComponentsInLocality", {"Reactor": 1}, "'Reactor'"),
    "no time": ("system", "Constants/MAX_TIME_STEP", 0, "MAX_TIME_STEP"),
    "time without end": ("system", "Constants/MAX_TIME_STEP", 10**9, "MAX_TIME_STEP"),
    "a list where a table is due": ("system", "Content", [], "must be a table, not a list"),
    "a place without number": ("system", "Content/Old Town", {"Components": {}}, "end in a number"),
    "a priority of nobody": ("system", f"{POWER}/Parameters/DistributionPriority/Parameters/0/0", "Reactor", "Reactor"),
    "a demand not known": ("system", f"{POWER}/Parameters/DistributionPriority/Parameters/0/2", "Wish", "'Wish'"),
    "a path with a name of its own": ("paths", "1 -> 2", [[1, 2]], "from 1 to 2"),
    "a path of one place": ("paths", "from 1 to 2", [[1]], "two localities"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_told_in_one_sentence_and_nothing_is_written(case, tmp_path) -> None:
    file, path, value, words = BAD[case]
    main = SYSTEMS["three_localities"](tmp_path / "in")
    place = main.with_name(f"{file}.json")
    table = json.loads(place.read_text("utf-8"))
    put(table, path, value)
    place.write_text(json.dumps(table), "utf-8")
    with pytest.raises(InputError, match=words) as caught:
        run_recover(options(main, tmp_path / "out"), quiet)
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith((".", "?"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("{", "not valid JSON"), ("[]", "must hold a table"), ('{"a": NaN}', "NaN"), ("[" * 100_000, "not valid JSON")],
)
def test_a_file_that_is_no_table_is_told(text, words, tmp_path) -> None:
    (tmp_path / "main.json").write_text(text, "utf-8")
    with pytest.raises(InputError, match=words):
        read_system(tmp_path / "main.json")


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path) -> None:
    with pytest.raises(InputError, match="no file"):
        read_system(tmp_path / "main.json")
    (tmp_path / "main.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot be read as text"):
        read_system(tmp_path / "main.json")
    with pytest.raises(InputError, match="cannot be read as text"):
        read_system(tmp_path)


def test_damage_may_come_from_a_file_and_is_checked_as_well(tmp_path) -> None:
    main = SYSTEMS["three_localities"](tmp_path)
    place = main.with_name("system.json")
    table = json.loads(place.read_text("utf-8"))
    table["DamageInput"] = {"ClassName": "FileDamageInput", "Parameters": "{folder}/damage.txt"}
    place.write_text(json.dumps(table), "utf-8")
    with pytest.raises(InputError, match="no file"):
        read_system(main)
    (tmp_path / "damage.txt").write_text("0.4, 0, 0, 0, 0.4, 0,\n0, 0.4, 0.4, 0, 0", "utf-8")
    assert read_system(main).description.damage[7] == 0.4
    for text, words in (("0.4, much", "numbers with commas"), ("nan" + ", 0" * 10, "nan"), ("", "numbers with commas")):
        (tmp_path / "damage.txt").write_text(text, "utf-8")
        with pytest.raises(InputError, match=words):
            read_system(main)


GOOD = """
[resource.Power]
through = "Line"
[resource.Line]
model = "transfer"
paths = { "1 2" = [[1, 2]] }
[kind.Plant]
supply.Power = { amount = 4 }
activity.Repair = { duration = 5 }
[kind.Home]
demand.Power = { amount = 3 }
activity.Repair = { duration = 5, needs = {} }
[kind.Cable]
supply.Line = { amount = 9 }
activity.Repair = { duration = 5 }
[[component]]
kind = "Plant"
locality = 1
[[component]]
kind = "Home"
locality = 2
damage = 0.5
[[component]]
kind = "Cable"
locality = [1, 2]
"""
TOML = {
    "no TOML": ("[resource.Power]", "[resource.Power", "not valid TOML"),
    "a name not known": ("through", "thruogh", "did you mean through"),
    "a way without a link": ("[[1, 2]]", "[[1, 3, 2]]", "where there is no link"),
    "a way that ends elsewhere": ("[[1, 2]]", "[[1, 3]]", "runs from 1 to 3"),
    "a kind not known": ('kind = "Home"', 'kind = "House"', "'House'"),
    "a crew nobody has": ("needs = {}", "needs = { Crew = 1 }", "uses 'Crew'"),
    "a crew nobody offers": ("needs = {}", "needs = { Power = 1 }", None),
    "three places": ("locality = [1, 2]", "locality = [1, 2, 3]", "two for a link"),
    "a place in words": ("locality = 2", 'locality = "Vejle"', "must be a number, not a text"),
    "not a number": ("damage = 0.5", "damage = nan", "is nan"),
    "no count": ("damage = 0.5", "count = 0", "1 or more"),
    "no amount": ("{ amount = 3 }", "{}", "must be a number, not nothing"),
    "a link that offers nothing": ("supply.Line = { amount = 9 }", "supply.Line = { amount = 0 }", "no component offers"),
}  # fmt: skip


@pytest.mark.parametrize("case", TOML)
def test_a_wrong_toml_file_is_told_as_well(case, tmp_path) -> None:
    old, new, words = TOML[case]
    assert old in GOOD
    (tmp_path / "good.toml").write_text(GOOD, "utf-8")
    (tmp_path / "bad.toml").write_text(GOOD.replace(old, new, 1), "utf-8")
    run_recover(options(tmp_path / "good.toml"), quiet)
    if words is None:
        run_recover(options(tmp_path / "bad.toml"), quiet)  # power is offered, so this one is right
        return
    with pytest.raises(InputError, match=words):
        run_recover(options(tmp_path / "bad.toml", tmp_path / "out"), quiet)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("given", "words"), [({"runs": 0}, "runs are 0"), ({"workers": 0}, "workers are 0"), ({"steps": 0}, "steps are 0")]
)
def test_wrong_options_are_told(given, words, tmp_path) -> None:
    main = SYSTEMS["three_localities"](tmp_path / "in")
    with pytest.raises(InputError, match=words):
        run_recover(options(main, tmp_path / "out", **given), quiet)
    assert not (tmp_path / "out").exists()


def test_a_file_in_the_way_is_left_alone(tmp_path) -> None:
    main = SYSTEMS["three_localities"](tmp_path / "in")
    (tmp_path / "out").write_text("mine", "utf-8")
    with pytest.raises(InputError, match="is a file"):
        run_recover(options(main, tmp_path / "out"), quiet)
    assert (tmp_path / "out").read_text("utf-8") == "mine"


def test_the_files_say_what_the_result_says(tmp_path) -> None:
    main = SYSTEMS["three_localities"](tmp_path / "in")
    heard: list[float] = []
    found = run_recover(options(main, tmp_path / "out", steps=30), lambda share, word: heard.append(share))
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["components.csv", "curves.csv", "summary.json"]
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert summary["unmet"] == found.unmet
    assert summary["steps"] == 12
    assert found.curves.groupby("resource")["unmet"].sum()["Communication"] == pytest.approx(
        60.082792050515444, abs=1e-9
    )
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
