"""Lakes at rest stay at rest to the last bit, in every scheme, with islands, walls, houses, and under rain."""

from __future__ import annotations

import numpy as np
import pytest

from genrejs.hazard.flood import Options, simulate
from genrejs.hazard.flood.problem import OPEN, Flood, Forcing, Ground, Series

LEVEL = 1.37
SCHEMES = [("inertial", 1), ("shallow-water", 1), ("shallow-water", 2)]
pytestmark = pytest.mark.parametrize(("scheme", "order"), SCHEMES)


def bed(kind: str) -> np.ndarray:
    y, x = np.mgrid[:45, :70]
    if kind == "random":
        return np.random.default_rng(3).normal(0.0, 0.5, x.shape)
    bumps = sum(
        h * np.exp(-((x - a) ** 2 + (y - b) ** 2) / 40) for h, a, b in ((2.2, 15, 12), (1.9, 40, 30), (1.2, 55, 15))
    )
    return bumps - 0.3  # type: ignore[no-any-return]


def lake(kind: str, scheme: str, order: int, precision: int, rain: float = 0.0, sea: bool = True) -> Flood:
    z = bed(kind)
    walls = np.full(z.shape, OPEN)
    walls[5:30, 40] = np.linspace(0.5, 2.0, 25)
    blocked = np.zeros(z.shape, bool)
    blocked[3:6, 50:60] = True
    edge = np.zeros(z.shape, bool)
    edge[:, -1] = True
    forcing = Forcing(rain=Series(np.zeros(1), np.array([rain])) if rain else None)
    if sea:
        forcing = Forcing(Series(np.zeros(1), np.array([LEVEL])), edge, forcing.rain)
    ground = Ground(z, 10.0, np.full(z.shape, 0.03), wall_east=walls, blocked=blocked)
    return simulate(
        ground,
        forcing,
        duration=900.0,
        initial_level=LEVEL,
        options=Options(scheme=scheme, order=order, precision=precision),
    )


@pytest.mark.parametrize("kind", ["random", "emerging"])
@pytest.mark.parametrize("precision", [32, 64])
def test_a_lake_is_exactly_still(kind: str, scheme: str, order: int, precision: int) -> None:
    flood = lake(kind, scheme, order, precision)
    assert np.nanmax(flood.max_speed) == 0.0
    assert flood.balance["moved"] == 0.0
    np.testing.assert_array_equal(flood.final_depth, np.maximum(flood.final_depth, flood.max_depth))
    np.testing.assert_array_equal(flood.velocity_east, 0.0)


@pytest.mark.parametrize("precision", [32, 64])
def test_rain_on_a_lake_raises_it_level(scheme: str, order: int, precision: int) -> None:
    """Every cell lies under water: the surface rises as one, and nothing moves but by rounding."""
    z = bed("random") - 3.0
    ground = Ground(z, 10.0, np.full(z.shape, 0.03))
    rain = Series(np.zeros(1), np.array([1e-5]))
    flood = simulate(
        ground, Forcing(rain=rain), duration=900.0, initial_level=LEVEL,
        options=Options(scheme=scheme, order=order, precision=precision),
    )  # fmt: skip
    small = 1e-11 if precision == 64 else 1e-5
    np.testing.assert_allclose(flood.final_depth + z, LEVEL + 0.009, atol=small)
    assert np.nanmax(flood.max_speed) < 10 * small


@pytest.mark.parametrize("precision", [32, 64])
def test_rain_on_islands_and_walls_keeps_every_drop(scheme: str, order: int, precision: int) -> None:
    flood = lake("emerging", scheme, order, precision, rain=2e-5, sea=False)
    balance = flood.balance
    assert balance["stored_end"] - balance["stored_start"] == pytest.approx(
        balance["rain"], rel=1e-12 if precision == 64 else 1e-5
    )
    assert flood.final_depth.min() >= 0.0
    assert flood.max_speed[flood.final_depth > 0.5].max() < 0.1
