"""Strategies: what they remove, what stands already, what a wrong name or setting is answered."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from shapely import Point

from genrejs.city.structures import Gate, Pump, Storage, Wall
from genrejs.city.works import embedded_structures
from genrejs.errors import InputError
from genrejs.measure.catalogue import apply_measure, carry_out, catalogue, find_strategy, strategies
from genrejs.measure.model import Strategy
from genrejs.measure.places import ground_at_buildings, shapes


def small_city():
    place = Path(__file__).parents[1] / "contract" / "test_measures.py"
    spec = importlib.util.spec_from_file_location("contract_measures", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.small_city()


@pytest.fixture(scope="module")
def city():
    return small_city().change(structures=embedded_structures())


def ids(city):
    return {part.id for part in city.structures}


def test_the_six_strategies():
    assert [s.id for s in strategies()] == ["no_sluice_2012", "today", "grey", "green", "social_digital", "together"]
    assert find_strategy("no_sluice_2012").name_da == "Som i 2012 (uden sluse)"


def test_today_is_the_embedded_city_as_it_is(city):
    assert carry_out(city, "today").structures == city.structures


def test_2012_has_neither_sluice_nor_dikes_but_keeps_the_divider(city):
    bare = carry_out(city, "no_sluice_2012")
    assert ids(bare) == {id for id in ids(city) if not id.startswith(("sluice", "dike"))}
    assert any(id.startswith("divider") for id in ids(bare))


def test_the_sluice_comes_back_where_it_was_taken(city):
    again = carry_out(carry_out(city, "no_sluice_2012"), "today")
    assert set(again.structures) == set(city.structures)


def test_a_stronger_sluice_is_a_setting(city):
    doubled = carry_out(city, "today", {"sluice_pumps": {"capacity": 15.0}})
    assert sum(p.capacity for p in doubled.structures if isinstance(p, Pump)) == pytest.approx(15.0)
    assert ids(doubled) == ids(city)


def test_the_raised_edge_stands_to_its_crest_with_gate_and_pumps(city):
    grey = carry_out(city, "grey", {"raised_edge": {"crest": 3.0}})
    edge = [part for part in grey.structures if part.id.startswith("edge")]
    assert {type(part) for part in edge} == {Wall, Gate, Pump}
    assert {part.crest for part in edge if isinstance(part, Wall | Gate)} == {3.0}
    assert all(isinstance(part.outer, Point) for part in edge if isinstance(part, Gate))


def test_water_parking_and_squares_hold_the_published_volumes(city):
    green = carry_out(city, "green")
    assert [p.volume for p in green.structures if isinstance(p, Storage)] == [170_000.0]
    squares = [part for part in green.structures if part.id.startswith("square")]
    assert [p.area.area * p.depth for p in squares] == pytest.approx([1700.0, 1700.0])


def test_rain_beds_help_sewered_streets_only(city):
    dry = city.terrain["drain_capacity"] * 0
    country = city.change(terrain=city.terrain.assign(drain_capacity=dry))
    assert apply_measure(country, "rain_beds_chicanes").terrain.identical(country.terrain)
    streets = apply_measure(city, "rain_beds_chicanes").terrain["infiltration"].to_numpy()
    assert streets.max() == pytest.approx(0.05 * 1e-4) and 0 < (streets > 0).mean() < 0.1
    assert city.terrain["infiltration"].to_numpy().max() == 0


def test_more_owners_fit_doors_and_the_first_keep_theirs(city):
    half = apply_measure(city, "flood_doors", {"share": 0.5}).buildings["protected_to"]
    most = apply_measure(city, "flood_doors", {"share": 0.9}).buildings["protected_to"]
    assert (most >= half).all() and (most > half).any() and set(most) <= {0.0, 0.6}
    high = apply_measure(city, "flood_doors", {"below": 1.0}).buildings["protected_to"]
    assert (high == 0).all()
    everyone = apply_measure(city, "flood_doors", {"share": 1.0}).buildings
    fits = (everyone["bbr_code"] < 900) & (ground_at_buildings(city) < 2.5)
    assert (everyone["protected_to"] == np.where(fits, 0.6, 0.0)).all() and fits.sum() == 21


def test_backup_power_reaches_the_critical_only(city):
    links = apply_measure(city, "backup_power").links.set_index("target")["buffer"]
    assert links["hospital"] == 48 and links["bridge"] == 0 and links["grid"] == 1


def test_a_measure_never_makes_a_lever_worse(city):
    ready = city.prepare(volunteers=900, translated=0.95, call_up=2.0, rebuild_better=0.9)
    after = carry_out(ready, "social_digital").preparedness
    assert (after.volunteers, after.translated, after.call_up, after.rebuild_better) == (900, 0.95, 2.0, 0.9)


@pytest.mark.parametrize(
    ("strategy", "overrides", "words"),
    [
        ("gray", None, "Unknown strategy 'gray'; known are no_sluice_2012, today"),
        (Strategy("mine", "Min", "Mine", ("dam",)), None, "Unknown measure 'dam'; known are sluice_pumps"),
        (Strategy("mine", "Min", "Mine", ("volunteers", "volunteers")), None, "names the measure 'volunteers' twice"),
        ("today", {"raised_edge": {"crest": 3.0}}, "does not hold the measure 'raised_edge'"),
        ("grey", {"raised_edge": {"height": 3.0}}, "has no setting 'height'; it has crest"),
        ("grey", {"raised_edge": {"crest": 60.0}}, "must be a number from 0.5 to 6; got 60.0"),
        ("grey", {"flood_doors": {"share": float("nan")}}, "must be a number from 0 to 1; got nan"),
        ("grey", {"flood_doors": {"share": "many"}}, "must be a number from 0 to 1; got 'many'"),
    ],
)
def test_wrong_names_and_settings_are_answered_in_words(city, strategy, overrides, words):
    with pytest.raises(InputError) as error:
        carry_out(city, strategy, overrides)
    assert words in str(error.value) and str(error.value).count("\n") == 0


def test_a_city_without_a_map_of_measures_is_told_so(city):
    with pytest.raises(InputError, match=r"Fredericia has no measures\.geojson"):
        shapes(city.change(name="Fredericia"), "water_square", "place")
    with pytest.raises(InputError, match="no structures whose id starts with 'sluice'"):
        apply_measure(city.change(name="Fredericia", structures=()), "sluice_pumps")


def test_the_catalogue_cannot_be_changed_by_its_reader():
    with pytest.raises(TypeError):
        catalogue()["raised_edge"].settings["crest"] = 9.0


def test_the_manual_is_what_the_catalogue_says():
    docs = Path(__file__).parents[2] / "docs"
    spec = importlib.util.spec_from_file_location("build_measures", docs / "build_measures.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    told = (docs / "measures.md").read_text(encoding="utf-8")
    assert told == module.text(), "run python docs/build_measures.py"
    assert all(f"### {measure.name_en} (`{measure.id}`)" in told for measure in catalogue().values())
