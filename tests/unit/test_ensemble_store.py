"""The store keeps footprints small, whole and near enough."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from genrejs.ensemble.store import STEPS, Store

RNG = np.random.default_rng(3)


def footprint(size: int = 300, height: float = 60.0) -> xr.Dataset:
    """Rain on rough ground: a film nearly everywhere, some ponds, a dry corner, a sea that is not computed."""
    y, x = np.mgrid[:size, :size] * 10.0
    ground = height * (1 + np.sin(x / 700) * np.cos(y / 900)) / 2 + RNG.normal(0, 0.05, x.shape)
    depth = np.where(ground < 0.2 * height, 0.4, 0.003) * RNG.uniform(0.2, 2, x.shape)
    wet = (x + y) > 300
    fields = {
        "max_depth": np.where(wet, depth, 0.0), "max_level": np.where(wet, ground + depth, np.nan),
        "max_speed": np.where(wet, depth**0.6, np.nan), "arrival": np.where(wet, 36_000 * np.exp(-depth), np.nan),
    }  # fmt: skip
    for values in fields.values():
        values[:, -5:] = np.nan
    data = {name: (("y", "x"), values.astype(np.float32)) for name, values in fields.items()}
    return xr.Dataset(data, {"y": y[::-1, 0], "x": x[0]}, {"balance_rain": 12.5, "steps": 7, "problem": "k"})


@pytest.mark.parametrize("height", [60.0, 2000.0])
def test_a_footprint_comes_back_within_half_a_step(height: float, tmp_path: Path) -> None:
    given, store = footprint(height=height), Store(tmp_path)
    store.keep_flood("k", given)
    kept = store.flood("k")
    assert store.has_flood("k")
    assert kept.attrs == given.attrs
    for name, step in STEPS.items():
        ours, theirs = kept[name].to_numpy(), given[name].to_numpy()
        assert ours.dtype == np.float32
        np.testing.assert_array_equal(np.isnan(ours), np.isnan(theirs))
        rounding = 2 * np.spacing(np.nanmax(np.abs(theirs)))
        assert np.nanmax(np.abs(ours.astype(float) - theirs)) <= step / 2 + rounding
    assert all(STEPS[name] <= 0.01 for name in ("max_depth", "max_level"))
    xr.testing.assert_equal(kept.y, given.y)


def test_a_dry_flood_stays_dry(tmp_path: Path) -> None:
    dry = footprint() * np.nan
    dry["max_depth"] = xr.zeros_like(dry["max_depth"])
    Store(tmp_path).keep_flood("k", dry)
    kept = Store(tmp_path).flood("k")
    assert float(kept["max_depth"].max()) == 0.0
    assert kept["max_level"].isnull().all()


def test_one_file_for_a_flood_the_same_bytes_at_another_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = footprint()
    Store(tmp_path / "a").keep_flood("k", given)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    Store(tmp_path / "b").keep_flood("k", given)
    files = [path for path in (tmp_path / "a").rglob("*") if path.is_file()]
    assert [path.name for path in files] == ["k.zarr.zip"]
    assert files[0].read_bytes() == (tmp_path / "b" / "floods" / "k.zarr.zip").read_bytes()
    assert files[0].stat().st_size < 4 * given["max_depth"].size
