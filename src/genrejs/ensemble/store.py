"""The store: results by key on disk; a key that is there is never computed again, nothing is ever half-written."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from zarr.codecs import BloscCodec
from zarr.storage import MemoryStore, ZipStore

from genrejs.writing import whole

STEPS = MappingProxyType({"max_depth": 0.001, "max_level": 0.001, "max_speed": 0.01, "arrival": 10.0})
"""[m, m, m/s, s] footprints are kept in whole steps: the error is half a step, 0.5 mm of water.

A step of 5 mm for the level saves 12 % of the file and moves the damage of small floods by up to 15 %: many houses
stand at one depth."""
MISSING = 65535
"""The whole number that stands for no water."""
CHUNK = 2048
"""Cells along the side of a compressed block; a smaller map is one block."""


@dataclass(frozen=True)
class Store:
    """A folder with `floods/<key>.zarr.zip`, `records/<key>.json`, `arrays/<key>.npz` and tables as CSV."""

    folder: Path

    def has_flood(self, key: str) -> bool:
        """Return whether the footprint is kept."""
        return self._flood_place(key).exists()

    def keep_flood(self, key: str, footprint: xr.Dataset) -> None:
        """Keep a footprint in one file, its maps in whole `STEPS`."""
        with whole(self._flood_place(key)) as target:
            _write_footprint(footprint, target)

    def flood(self, key: str) -> xr.Dataset:
        """Return the footprint kept under `key`."""
        with (
            ZipStore(self._flood_place(key), mode="r") as place,
            xr.open_zarr(place, consolidated=False) as dataset,
        ):
            kept: xr.Dataset = dataset.load().astype("float32")
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
        return self.folder / "floods" / f"{key}.zarr.zip"

    def _record_place(self, key: str) -> Path:
        return self.folder / "records" / f"{key}.json"

    def has_arrays(self, key: str) -> bool:
        """Return whether the arrays are kept."""
        return self._arrays_place(key).exists()

    def keep_arrays(self, key: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Keep arrays by name in one file, bit for bit."""
        with whole(self._arrays_place(key)) as target, target.open("wb") as file:
            np.savez(file, allow_pickle=False, **dict(arrays))

    def arrays(self, key: str) -> dict[str, NDArray[Any]]:
        """Return the arrays kept under `key`."""
        with np.load(self._arrays_place(key), allow_pickle=False) as kept:
            return {name: kept[name] for name in kept.files}

    def _arrays_place(self, key: str) -> Path:
        return self.folder / "arrays" / f"{key}.npz"

    def write_table(self, name: str, table: pd.DataFrame) -> None:
        """Keep a table as CSV under `name`, for people and other programs."""
        with whole(self.folder / f"{name}.csv") as target:
            table.to_csv(target, index=False)


def _write_footprint(dataset: xr.Dataset, target: Path) -> None:
    """Write maps as compressed whole numbers: a Zarr in one uncompressed zip, the same bytes for the same flood."""
    parts: dict[str, Any] = {}
    codes = {str(name): _code(str(name), values) for name, values in dataset.items()}
    dataset.to_zarr(MemoryStore(parts), encoding=codes, consolidated=False)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(parts):
            archive.writestr(zipfile.ZipInfo(name), parts[name].to_bytes())


def _code(name: str, values: xr.DataArray) -> dict[str, Any]:
    """Return how a map is written: whole steps above its lowest value, 16 bits where they are enough."""
    step = STEPS[name]
    known = values.to_numpy()[np.isfinite(values.to_numpy())]
    lowest, highest = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    floor = float(np.floor(lowest))
    wide = (highest - floor) / step >= MISSING - 1
    return {
        "dtype": "uint32" if wide else "uint16", "scale_factor": step, "add_offset": floor,
        "_FillValue": 2**32 - 1 if wide else MISSING, "chunks": tuple(min(n, CHUNK) for n in values.shape),
        "compressors": [BloscCodec(cname="zstd", clevel=5, shuffle="shuffle")],
    }  # fmt: skip
