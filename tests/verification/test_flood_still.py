"""Lakes at rest stay at rest to the last bit, in every scheme, with islands, walls, houses, and under rain."""

from __future__ import annotations

import numpy as np
import pytest

from flood_cases import still
from genrejs.hazard.flood import Options

SCHEMES = [("inertial", 1), ("shallow-water", 1), ("shallow-water", 2)]
pytestmark = pytest.mark.parametrize(("scheme", "order"), SCHEMES)


@pytest.mark.parametrize("kind", ["random", "emerging"])
@pytest.mark.parametrize("precision", [32, 64])
def test_a_lake_is_exactly_still(kind: str, scheme: str, order: int, precision: int) -> None:
    flood = still.lake(kind, Options(scheme=scheme, order=order, precision=precision))
    assert np.nanmax(flood.max_speed) == 0.0
    assert flood.balance["moved"] == 0.0
    np.testing.assert_array_equal(flood.final_depth, np.maximum(flood.final_depth, flood.max_depth))
    np.testing.assert_array_equal(flood.velocity_east, 0.0)


@pytest.mark.parametrize("precision", [32, 64])
def test_rain_on_a_lake_raises_it_level(scheme: str, order: int, precision: int) -> None:
    """Every cell lies under water: the surface rises as one, and nothing moves but by rounding."""
    flood, level = still.drowned(Options(scheme=scheme, order=order, precision=precision))
    small = 1e-11 if precision == 64 else 1e-5
    np.testing.assert_allclose(level, still.LEVEL + still.RISE, atol=small)
    assert np.nanmax(flood.max_speed) < 10 * small


@pytest.mark.parametrize("precision", [32, 64])
def test_rain_on_islands_and_walls_keeps_every_drop(scheme: str, order: int, precision: int) -> None:
    options = Options(scheme=scheme, order=order, precision=precision)
    flood = still.lake("emerging", options, rain=2e-5, sea=False)
    balance = flood.balance
    assert balance["stored_end"] - balance["stored_start"] == pytest.approx(
        balance["rain"], rel=1e-12 if precision == 64 else 1e-5
    )
    assert flood.final_depth.min() >= 0.0
    assert flood.max_speed[flood.final_depth > 0.5].max() < 0.1
