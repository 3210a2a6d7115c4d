"""Soil and structures of the flood engine as formulas: closed forms and published examples."""

from __future__ import annotations

import numpy as np
import pytest

from genrejs.hazard.flood.danger import hazard_class
from genrejs.hazard.flood.kernels_hydraulics import (
    barrel,
    bridge_flow,
    critical_depth,
    culvert_flow,
    inlet_control,
    weir_flow,
)
from genrejs.hazard.flood.kernels_soil import green_ampt, horton

G = 9.81
HOUR = 3600.0


def test_green_ampt_solves_its_equation_and_a_published_example() -> None:
    """Silt loam of Chow, Maidment and Mays (1988), example 4.3.1: 3.17 cm in the first hour."""
    conductivity, storage = 0.0065 / HOUR, 0.1668 * 0.340
    taken = green_ampt(conductivity, storage, 0.0, HOUR)
    assert taken == pytest.approx(0.0317, abs=0.0001)
    assert taken - storage * np.log1p(taken / storage) == pytest.approx(conductivity * HOUR, rel=1e-12)


@pytest.mark.parametrize("seconds", [0.01, 1.0, 10.0, 3600.0])
def test_soil_takes_the_same_in_many_steps_as_in_one(seconds: float) -> None:
    steps = 200
    soaked = np.zeros(2)
    for _ in range(steps):
        soaked[0] += green_ampt(1e-6, 0.05, soaked[0], seconds)
        soaked[1] += horton(2e-5, 1e-6, 1e-3, soaked[1], seconds)
    span = steps * seconds
    assert soaked[0] == pytest.approx(green_ampt(1e-6, 0.05, 0.0, span), rel=1e-9)
    assert soaked[1] == pytest.approx(1e-6 * span + 1.9e-5 / 1e-3 * -np.expm1(-1e-3 * span), rel=1e-9)


def test_horton_without_a_last_rate_fills_up_and_without_decay_stays() -> None:
    assert horton(2e-5, 0.0, 1e-3, 0.02, 1e6) == pytest.approx(0.0, abs=1e-12)
    assert horton(2e-5, 0.0, 1e-3, 0.0, 1e6) == pytest.approx(0.02, rel=1e-9)
    assert horton(2e-5, 1e-6, 0.0, 0.3, 10.0) == pytest.approx(2e-4, rel=1e-12)


def test_sand_without_suction_and_soil_without_conductivity() -> None:
    assert green_ampt(1e-5, 0.0, 0.0, 60.0) == pytest.approx(6e-4, rel=1e-14)
    assert green_ampt(0.0, 0.1, 0.0, 60.0) == 0.0


def test_a_weir_free_and_drowned() -> None:
    assert weir_flow(0.5, -1.0, 3.0, 1.705) == pytest.approx(1.705 * 3.0 * 0.5**1.5)
    assert weir_flow(0.5, 0.4, 3.0, 1.8) == pytest.approx(1.8 * 3.0 * 0.5**1.5 * (1 - 0.8**1.5) ** 0.385)
    assert weir_flow(0.5, 0.5, 3.0, 1.8) == weir_flow(0.0, -1.0, 3.0, 1.8) == 0.0


def test_the_mouth_of_a_box_is_a_critical_weir_when_free() -> None:
    assert inlet_control(0.8, 2.0, 3.0, False) == pytest.approx((2 / 3) ** 1.5 * np.sqrt(G) * 2.0 * 0.8**1.5, rel=1e-3)


@pytest.mark.parametrize(("width", "height", "pipe"), [(2.0, 1.5, False), (1.2, 0.0, True)])
def test_a_drowned_culvert_follows_its_losses(width: float, height: float, pipe: bool) -> None:
    length, manning, local, head, tail, drop = 40.0, 0.013, 1.5, 3.0, 2.6, 0.1
    area = np.pi * width**2 / 4 if pipe else width * height
    radius = width / 4 if pipe else area / (2 * (width + height))
    expected = area * np.sqrt(2 * G * (head + drop - tail) / (local + 2 * G * manning**2 * length / radius ** (4 / 3)))
    flow = culvert_flow(head, tail, drop, (width, height, pipe), (local, length, manning))
    assert flow == pytest.approx(expected, rel=1e-5)


def test_a_steep_culvert_is_held_at_its_mouth_and_a_long_flat_one_by_friction() -> None:
    size = (2.0, 1.5, False)
    steep = culvert_flow(1.0, -5.0, 2.0, size, (1.5, 20.0, 0.013))
    assert steep == pytest.approx(inlet_control(1.0, 2.0, 1.5, False), rel=1e-9)
    flat = culvert_flow(1.0, -5.0, 0.0, size, (1.5, 500.0, 0.025))
    assert flat < 0.4 * steep
    outlet = 0.5 * (critical_depth(flat, 2.0, 1.5, False) + 1.0)
    area, radius = barrel(0.5 * (1.0 + outlet), 2.0, 1.5, False)
    lost = (flat / area) ** 2 / (2 * G) * (1.5 + 2 * G * 0.025**2 * 500.0 / radius ** (4 / 3))
    assert lost == pytest.approx(1.0 - outlet, rel=1e-4)


def test_a_culvert_passes_more_with_head_and_less_with_tail() -> None:
    size, loss = (1.0, 0.0, True), (1.5, 30.0, 0.013)
    heads = [culvert_flow(h, -1.0, 0.0, size, loss) for h in np.linspace(0.0, 5.0, 101)]
    tails = [culvert_flow(2.0, t, 0.0, size, loss) for t in np.linspace(-1.0, 2.0, 101)]
    assert heads[0] == 0.0
    assert tails[-1] == 0.0
    assert np.all(np.diff(heads) >= -1e-6)
    assert np.all(np.diff(tails) <= 1e-6)


def test_critical_depth_of_box_and_pipe() -> None:
    assert critical_depth(4.0, 2.0, 3.0, False) == pytest.approx((4.0 / G) ** (1 / 3))
    depth = critical_depth(1.0, 1.2, 0.0, True)
    area, _ = barrel(depth, 1.2, 0.0, True)
    top = 2 * np.sqrt(depth * (1.2 - depth))
    assert top / (G * area**3) == pytest.approx(1.0, rel=0.05)


def test_a_bridge_is_free_then_a_sluice_then_under_pressure_then_a_weir() -> None:
    deck = (2.0, 3.0, 1.0)
    assert bridge_flow(1.9, 1.5, 0.0, deck) == np.inf
    assert bridge_flow(2.5, 0.5, 0.0, deck) == pytest.approx(0.5 * 2.0 * np.sqrt(2 * G * 1.5))
    assert bridge_flow(2.8, 2.5, 0.0, deck) == pytest.approx(0.8 * 2.0 * np.sqrt(2 * G * 0.3))
    assert bridge_flow(2.01, 1.99, 0.0, deck) == pytest.approx(0.8 * 2.0 * np.sqrt(2 * G * 0.02))
    over = bridge_flow(3.4, 2.5, 0.0, deck) - 0.8 * 2.0 * np.sqrt(2 * G * 0.9)
    assert over == pytest.approx(1.705 * 0.4**1.5)
    assert bridge_flow(2.5, 0.5, 0.0, (2.0, 3.0, 0.5)) == pytest.approx(0.25 * 2.0 * np.sqrt(2 * G * 1.5))


def test_hazard_classes_at_their_limits() -> None:
    depth = np.array([0.0, 0.2, 0.4, 1.0, 1.5, 3.0, 5.0, 0.2, 0.2])
    speed = np.array([0.0, 0.5, 0.5, 0.3, 0.5, 1.0, 0.1, 3.0, 5.0])
    np.testing.assert_array_equal(hazard_class(depth * speed, depth, speed), [0, 1, 2, 3, 4, 5, 6, 5, 6])
    np.testing.assert_array_equal(hazard_class(np.array([np.nan]), np.array([0.0]), np.array([np.nan])), [0])
