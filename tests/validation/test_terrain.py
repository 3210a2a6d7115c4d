"""The embedded terrain against the independent construction that it must agree with."""

from pathlib import Path

import numpy as np
import pytest

from genrejs.city.grid import Grid
from genrejs.city.raster import read_raster
from genrejs.city.terrain import WINDOW, embedded_terrain

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "vejle"
SEA, FLOOR, SLOPE = 1, 2, 3

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the reference terrain is not on this machine")


def _rms(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(values**2)))


def test_error_against_the_reference() -> None:
    reference, grid = read_raster(FOLDER / "reference_terrain_10m.tif")
    kinds, _ = read_raster(FOLDER / "reference_class_10m.tif")
    window, cut = grid.window(WINDOW)
    assert window == Grid.covering(WINDOW, 10.0)
    error = embedded_terrain(window)["elevation"].to_numpy() - reference[cut]
    kind = kinds[cut]
    assert _rms(error[kind != SEA]) < 1.0, "bar: 2 m"
    assert _rms(error[kind == SLOPE]) < 1.0
    assert _rms(error[(kind == FLOOR) & (reference[cut] < 5)]) < 0.3, "wider beds than the reference's count as errors"
    assert abs(error[kind == SLOPE].mean()) < 0.3
