"""The store: results by key on disk; a key that is there is never computed again, nothing is ever half-written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from genrejs.writing import whole

DEPTH_STEP = 0.001
"""[m] footprints are kept to the millimetre."""


@dataclass(frozen=True)
class Store:
    """A folder with `floods/<key>.zarr`, `records/<key>.json` and tables as CSV."""

    folder: Path

    def has_flood(self, key: str) -> bool:
        """Return whether the footprint is kept."""
        return self._flood_place(key).exists()

    def keep_flood(self, key: str, footprint: xr.Dataset) -> None:
        """Keep a footprint, depths and levels in steps of a millimetre."""
        with whole(self._flood_place(key)) as target:
            _write_footprint(footprint, target)

    def flood(self, key: str) -> xr.Dataset:
        """Return the footprint kept under `key`."""
        with xr.open_zarr(self._flood_place(key), consolidated=False) as dataset:
            kept: xr.Dataset = dataset.load()
        return kept

    def has_record(self, key: str) -> bool:
        """Return whether the record is kept."""
        return self._record_place(key).exists()

    def keep_record(self, key: str, record: dict[str, Any]) -> None:
        """Keep a small record."""
        with whole(self._record_place(key)) as target:
            target.write_text(json.dumps(record), encoding="utf-8")

    def record(self, key: str) -> dict[str, Any]:
        """Return the record kept under `key`."""
        kept: dict[str, Any] = json.loads(self._record_place(key).read_text(encoding="utf-8"))
        return kept

    def _flood_place(self, key: str) -> Path:
        return self.folder / "floods" / f"{key}.zarr"

    def _record_place(self, key: str) -> Path:
        return self.folder / "records" / f"{key}.json"

    def write_table(self, name: str, table: pd.DataFrame) -> None:
        """Keep a table as CSV under `name`, for people and other programs."""
        with whole(self.folder / f"{name}.csv") as target:
            table.to_csv(target, index=False)


def _write_footprint(dataset: xr.Dataset, target: Path) -> None:
    """Write depths and levels in steps of a millimetre, which is far below what the ground is known to."""
    kept = dataset.copy()
    for name in ("max_depth", "max_level"):
        kept[name] = (kept[name] / DEPTH_STEP).round() * DEPTH_STEP
    kept.astype("float32").to_zarr(target, mode="w", consolidated=False)
