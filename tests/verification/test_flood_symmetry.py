"""A turned town has a turned flood, whatever the threads and the place of the tiles, in every scheme, to the bit."""

from __future__ import annotations

import numpy as np
import pytest

from flood_cases.rough import TURNS, Town
from genrejs.hazard.flood import Options

SCHEMES = [("inertial", 1), ("shallow-water", 1), ("shallow-water", 2)]
pytestmark = pytest.mark.parametrize(("scheme", "order"), SCHEMES)


@pytest.mark.parametrize("precision", [32, 64])
def test_a_turned_town_has_a_turned_flood(scheme: str, order: int, precision: int) -> None:
    options = Options(scheme=scheme, order=order, precision=precision)
    plain = Town().run(options)
    assert plain.balance["sea_in"] > 1000.0
    for name, (turn, turn_vector) in TURNS.items():
        turned = Town(turn=name).run(options)
        np.testing.assert_array_equal(turned.final_depth, turn(plain.final_depth), err_msg=name)
        np.testing.assert_array_equal(turned.max_depth, turn(plain.max_depth), err_msg=name)
        expected = turn_vector(plain.velocity_east, plain.velocity_north)
        np.testing.assert_array_equal(turned.velocity_east, turn(expected[0]), err_msg=name)
        np.testing.assert_array_equal(turned.velocity_north, turn(expected[1]), err_msg=name)


@pytest.mark.parametrize("precision", [32, 64])
def test_a_town_that_lies_otherwise_on_the_tiles_has_the_same_flood(scheme: str, order: int, precision: int) -> None:
    options = Options(scheme=scheme, order=order, precision=precision)
    plain = Town().run(options)
    for shift in ((5, 0), (0, 9), (13, 29)):
        town = Town(shift=shift)
        moved = town.run(options)
        for name in ("final_depth", "max_depth", "max_speed", "arrival"):
            np.testing.assert_array_equal(
                town.cut(getattr(moved, name)), getattr(plain, name), err_msg=f"{name} {shift}"
            )


@pytest.mark.parametrize("precision", [32, 64])
def test_two_threads_give_the_bits_of_one(scheme: str, order: int, precision: int) -> None:
    one, two = (
        Town().run(Options(scheme=scheme, order=order, precision=precision, threads=threads)) for threads in (1, 2)
    )
    for name in ("max_depth", "max_speed", "arrival", "final_depth", "velocity_east", "velocity_north"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    assert one.balance == two.balance


@pytest.mark.parametrize(("precision", "allowed"), [(64, 1e-12), (32, 1e-6)])
def test_no_water_is_made_and_no_depth_is_negative(scheme: str, order: int, precision: int, allowed: float) -> None:
    for seed in (1, 2, 3):
        flood = Town(seed).run(Options(scheme=scheme, order=order, precision=precision))
        assert abs(flood.balance["error"]) < allowed * flood.balance["moved"]
        assert flood.final_depth.min() >= 0.0
