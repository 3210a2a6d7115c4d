"""A measure works through its mechanism: the intermediate moves with it, and back when the mechanism is switched off."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from genrejs.hazard.flood.problem import Series
from genrejs.impact.service import cascade, service_system
from genrejs.measure.catalogue import apply_measure


@pytest.fixture(scope="module")
def city():
    place = Path(__file__).parents[1] / "contract" / "test_measures.py"
    spec = importlib.util.spec_from_file_location("contract_measures", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.small_city()


def hours_lost(city, failing, watched, duration=36):
    """Hours of function that `watched` loses while `failing` is down for `duration` hours."""
    system = service_system(city)
    hours = np.arange(0.0, 72.0)
    own = np.ones((hours.size, len(system.ids)))
    own[:duration, system.ids.index(failing)] = 0.0
    return float((1 - cascade(system, own, hours))[:, system.ids.index(watched)].sum())


def test_backup_power_carries_the_hospital_through_the_outage(city):
    assert hours_lost(city, "grid", "hospital") == 36 - 12
    assert hours_lost(apply_measure(city, "backup_power"), "grid", "hospital") == 0
    assert hours_lost(apply_measure(city, "backup_power", {"buffer": 24.0}), "grid", "hospital") == 36 - 24
    assert hours_lost(apply_measure(city, "backup_power", {"buffer": 0.0}), "grid", "hospital") == 36 - 12


def test_segmented_networks_soften_the_loss_of_control(city):
    bare = city.prepare(fallback=0.0)
    before = hours_lost(bare, "it", "grid")
    assert before == pytest.approx(0.5 * 35)
    assert hours_lost(apply_measure(bare, "segmented_networks"), "it", "grid") == pytest.approx(0.4 * before)
    off = apply_measure(bare, "segmented_networks", {"reduction": 0.0})
    assert hours_lost(off, "it", "grid") == before


def test_running_by_hand_keeps_a_share_going(city):
    total = city.change(links=city.links.assign(loss=1.0)).prepare(fallback=0.0)
    before = hours_lost(total, "it", "grid")
    by_hand = hours_lost(apply_measure(total, "manual_fallback"), "it", "grid")
    sooner = hours_lost(apply_measure(total, "manual_fallback", {"delay": 1.0}), "it", "grid")
    assert before == 35 and sooner < by_hand < before
    assert hours_lost(apply_measure(total, "manual_fallback", {"fallback": 0.0}), "it", "grid") == before


def test_water_parking_takes_the_top_off_the_flood_wave(city):
    from genrejs.hazard.water import parked

    wave = Series(np.array([0.0, 8.0, 20.0]) * 3600, np.array([1.5, 20.0, 1.5]))

    def peak(**settings):
        (store,) = apply_measure(city, "water_parking", settings).structures
        return float(parked(wave, store, 72_000.0).values.max())

    assert peak() == 11.0
    assert peak(volume=40_000.0) > 19.0
    assert peak(volume=0.0) == pytest.approx(20.0)
