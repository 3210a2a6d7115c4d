"""Draws of what is uncertain: closed answers, the design's own property, and that a neutral draw changes nothing."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from genrejs.errors import InputError
from genrejs.impact.assess import ImpactSettings, assess_depths
from genrejs.impact.damage import DamageSettings
from genrejs.impact.uncertainty import FACTORS, Draw, Spread, draw_of, draws, latin_hypercube
from genrejs.rng import stream

spec = importlib.util.spec_from_file_location("cities_for_tests", Path(__file__).with_name("cities_for_tests.py"))
for_tests = importlib.util.module_from_spec(spec)
spec.loader.exec_module(for_tests)

NONE = Spread(depth=0.0, curve=0.0, threshold=0.0, value=0.0, people=0.0)


def test_a_latin_hypercube_meets_every_slice_of_every_factor_once():
    places = latin_hypercube(50, stream(1, "x"))
    assert places.shape == (50, len(FACTORS))
    for column in places.T:
        assert sorted((column * 50).astype(int)) == list(range(50))


def test_the_middle_and_no_spread_change_nothing():
    assert draw_of([0.5, 0.5, 1.0, 0.5, 0.5]) == Draw()
    for draw in draws(8, stream(1, "x"), NONE):
        assert draw == Draw()
        assert draw.settings(DamageSettings()) == DamageSettings()
        assert draw.depths([0.0, 0.4, np.nan]).tolist() == [0.0, 0.4, 0.0]


def test_the_ends_are_the_spreads():
    high = draw_of([1.0] * 5)
    assert (high.depth, high.curve, high.threshold, high.value, high.people) == (0.10, 1.3, 0.0, 1.2, 1.25)
    low = draw_of([0.0] * 5)
    assert (low.depth, low.band) == (-0.10, -1.0)
    assert low.curve == pytest.approx(0.7)
    rules = low.settings(DamageSettings())
    assert rules.minimum_depth == pytest.approx(0.20)
    assert rules.price_per_area == pytest.approx(0.8 * 16_023)
    assert rules.person_cost == pytest.approx(0.75 * 75_551)


def test_dry_stays_dry_and_water_never_turns_negative():
    assert Draw(depth=0.2).depths([0.0, 0.1, 2.0]).tolist() == pytest.approx([0.0, 0.125, 2.2])
    assert Draw(depth=-0.2).depths([0.0, 0.1, 2.0]).tolist() == pytest.approx([0.0, 0.075, 1.8])
    assert Draw(depth=-0.2, depth_share=1.0).depths([0.1]).tolist() == [0.0]


def test_the_same_seed_gives_the_same_draws_and_another_gives_others():
    assert draws(5, stream(3, "d")) == draws(5, stream(3, "d"))
    assert draws(5, stream(3, "d")) != draws(5, stream(4, "d"))


@pytest.mark.parametrize("wrong", [{"depth": -1.0}, {"curve": 1.5}, {"value": float("nan")}])
def test_wrong_spreads_are_refused(wrong):
    with pytest.raises(InputError, match="spread of"):
        Spread(**wrong)


def test_one_draw_is_no_sample():
    with pytest.raises(InputError, match="2 draws or more"):
        latin_hypercube(1, stream(1, "x"))


def test_an_impact_carries_its_draws_and_a_neutral_one_is_the_figure_itself():
    town, surge = for_tests.city(), for_tests.event()
    depth = np.linspace(0.0, 1.5, len(town.buildings))
    dry = np.zeros(len(town.components))
    settings = ImpactSettings(draws=(Draw(), Draw(curve=2.0), draw_of([0.9] * 5)))
    impact = assess_depths(town, depth, dry, surge, settings)
    totals = impact.totals
    assert impact.damage_draws[0] == pytest.approx(totals["damage_total"], rel=1e-12)
    both = totals["damage_buildings"] + totals["damage_cellars"]
    assert impact.damage_draws[1] == pytest.approx(totals["damage_total"] + both, rel=1e-12)
    assert impact.damage_draws[2] > totals["damage_total"]
    assert assess_depths(town, depth, dry, surge).damage_draws.size == 0
