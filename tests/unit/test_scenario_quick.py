"""The quick engine against the engine: the same damage and homes, services within a few percent."""

import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genrejs.hazard.event import Event
from genrejs.impact.assess import assess_depths
from genrejs.recovery.restore import restore
from genrejs.scenario.quick import answer, assess_few, few, warn_few
from genrejs.scenario.run import Depths, Settings
from genrejs.warning.warn import warn

CITY = runpy.run_path(str(Path(__file__).parents[1] / "recovery_city.py"))


def made(**levers):
    """Forty homes; a power station and a pump that needs it, both in the low ground."""
    parts = [
        CITY["component"]("station", "power", repair=40.0, restart=2.0),
        CITY["component"]("pump", "water", repair=10.0, trade="plumber"),
    ]
    supply = [(name, district, 1.0) for name in ("station", "pump") for district in ("A", "B")]
    return CITY["tiny_city"](parts, [("station", "pump", 6.0, 1.0)], supply, **levers)


def flood(city, wet: int) -> Depths:
    return Depths(np.where(np.arange(len(city.buildings)) < wet, 0.9, 0.0), np.array([0.5, 0.2]))


@pytest.mark.parametrize("wet", [1, 7, 30])
def test_it_gives_what_the_engine_gives(wet: int) -> None:
    city, settings = made(volunteers=20), Settings()
    event = Event("storm", "surge", "Storm", "Storm", duration=36000.0, lead_time=6 * 3600.0)
    depths = flood(city, wet)
    impact = assess_depths(city, depths.buildings, depths.components, event, settings.impact)
    warned = warn(city, event, impact, settings.warning)
    whole = restore(city, impact, warned, settings.recovery).indicators
    small = few(city, np.arange(wet), settings)
    mine = assess_few(small, depths, event, settings)
    told = replace(warn_few(small, event, mine, settings), avoided=warned.avoided)
    found = answer(small, mine, told, settings)
    assert found.damage == pytest.approx(float(impact.totals["damage_total"]) - warned.avoided)
    assert found.away == pytest.approx(whole["person_days_away"], rel=0.01)
    assert found.person_days == pytest.approx(whole["person_days_without_service"], rel=0.03)
    assert found.days == pytest.approx(whole["bounce_back_days"], rel=0.1, abs=1.0)
    assert 0.0 <= found.poor <= found.away


def test_dry_ground_costs_nothing() -> None:
    city, settings = made(), Settings()
    event = Event("storm", "surge", "Storm", "Storm", duration=36000.0)
    small = few(city, np.arange(3), settings)
    mine = assess_few(small, Depths(np.zeros(40), np.zeros(2)), event, settings)
    found = answer(small, mine, warn_few(small, event, mine, settings), settings)
    assert (found.damage, found.person_days, found.away, found.days) == (0.0, 0.0, 0.0, 0.0)
