"""Depth maps of a case, one for each return period: read, checked to be depths in metres, never guessed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import RasterioError

from genrejs.city.grid import Grid
from genrejs.city.raster import read_raster
from genrejs.errors import InputError

DEEPEST = 30.0
"""Depth [m] above which a map is taken for levels, centimetres or millimetres (assumption)."""
UNITS = {"m": 1.0, "cm": 0.01, "mm": 0.001}
"""Metres in each unit that a depth map may have."""
ONE = "depth"
"""Name of the only map, when no return period is given."""

if TYPE_CHECKING:
    import xarray as xr

    Map = xr.DataArray | Path | str


@dataclass(frozen=True)
class DepthMap:
    """Depths ``(y, x)`` [m], NaN outside the map, row 0 in the north; `period` [year] or None; `name` for people."""

    period: float | None
    name: str
    depth: NDArray[Any]
    grid: Grid


def read_words(words: Sequence[str]) -> dict[float | None, Path]:
    """Return the maps of ``T=PATH`` words by return period [year]; a word without one is the only map.

    Raises
    ------
    InputError
        A return period twice or not above 0, or maps with and without one.
    """
    maps: dict[float | None, Path] = {}
    for word in words:
        period, path = _split(word)
        if period in maps:
            told = "without a return period" if period is None else f"for {period:g} years"
            raise InputError(f"Two depth maps were given {told}; each needs its own, such as 100=depth100.tif.")
        maps[period] = path
    return maps


def _split(word: str) -> tuple[float | None, Path]:
    before, sign, after = word.partition("=")
    if not sign or Path(word).exists():
        return None, Path(word)
    try:
        period = float(before.replace(",", "."))
    except ValueError:
        raise InputError(
            f"The depth map {word!r} should start with its return period in years, such as 100={after}."
        ) from None
    if not (math.isfinite(period) and period > 0):
        raise InputError(f"A return period is a number of years above 0; got {before!r} in {word!r}.")
    return period, Path(after)


def read_depths(given: Mapping[float | None, Map] | Map, unit: str = "auto") -> list[DepthMap]:
    """Return the maps in order of return period; `unit` is auto (metres, never for whole numbers), m, cm or mm.

    Raises
    ------
    InputError
        No map, mixed return periods, another CRS than the first, no depths in metres: whole numbers without a unit,
        negative or impossibly large numbers, all of it empty.
    """
    if unit not in ("auto", *UNITS):
        raise InputError(f"The unit of the depth map is auto, {', '.join(UNITS)}; got {unit!r}.")
    maps: dict[float | None, Map] = dict(given) if isinstance(given, Mapping) else {None: given}
    if not maps:
        raise InputError("Give at least one depth map, such as --depth 100=depth100.tif.")
    if None in maps and len(maps) > 1:
        raise InputError("With several depth maps each needs its return period, such as 20=a.tif and 100=b.tif.")
    for period in maps:
        if period is not None and not (math.isfinite(period) and period > 0):
            raise InputError(f"A return period is a number of years above 0; got {period!r}.")
    order = sorted(maps, key=lambda period: period or 0.0)
    read = [_read(period, maps[period], unit) for period in order]
    for other in read[1:]:
        if other.grid.crs != read[0].grid.crs:
            raise InputError(
                f"The depth maps lie in different coordinate reference systems: {read[0].name} in "
                f"{read[0].grid.crs}, {other.name} in {other.grid.crs}; reproject one."
            )
    return read


def _read(period: float | None, given: Map, unit: str) -> DepthMap:
    if not isinstance(given, (str, Path)):
        from genrejs.flood.surface import read_surface  # noqa: PLC0415  # loads xarray, which maps in files do not need

        name = "The depth map" if period is None else f"The depth map for {period:g} years"
        surface = read_surface(given, what=name)
        depth, grid, whole = surface.elevation, surface.grid, np.issubdtype(given.dtype, np.integer)
    else:
        name = str(given)
        depth, grid = read_raster(given, dtype=_kept(given, unit))
        whole = _whole_numbers(given)
    if whole and unit == "auto":
        raise InputError(
            f"{name} holds whole numbers; depths in metres have decimals. Say which unit they are: "
            f"--depth-unit {', '.join(UNITS)}."
        )
    if unit not in ("auto", "m"):
        depth = depth * UNITS[unit]
    _check(name, depth)
    return DepthMap(period, name, depth, grid)


def _kept(path: Path | str, unit: str) -> type[np.floating[Any]]:
    """Return the precision to read a map in: single where the file has no more and nothing is reckoned on it."""
    if not Path(path).is_file() or unit not in ("auto", "m"):
        return np.float64
    try:
        with rasterio.open(path) as source:
            single = source.dtypes[0] == "float32" and (source.scales[0], source.offsets[0]) == (1.0, 0.0)
    except RasterioError:
        return np.float64  # the reader says what is wrong with it
    return np.float32 if single else np.float64


def _whole_numbers(path: Path | str) -> bool:
    with rasterio.open(path) as source:
        scaled = (source.scales[0], source.offsets[0]) != (1.0, 0.0)
        return bool(np.issubdtype(np.dtype(source.dtypes[0]), np.integer)) and not scaled


def _check(name: str, depth: NDArray[Any]) -> None:
    least, most = float(np.nanmin(depth)), float(np.nanmax(depth))
    if least < 0:
        count = int((depth < 0).sum())
        raise InputError(
            f"{name} holds {count:,} negative depths (least {least:g} m): dry ground is 0, and a number that stands "
            "for no data must be declared as such in the file."
        )
    if most > DEEPEST:
        raise InputError(
            f"{name} holds depths up to {most:g} m, more than {DEEPEST:g} m: are they levels, centimetres or "
            "millimetres (--depth-unit cm, mm)?"
        )
