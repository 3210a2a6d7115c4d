"""The buildings of a case: checked columns in our own names, footprints in the depth map's coordinates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from genrejs.city.raster import read_vector
from genrejs.damage.columns import find_columns
from genrejs.errors import InputError
from genrejs.impact.damage import damage_categories, known_codes

Floats = NDArray[np.float64]

SHAPES = ("Polygon", "MultiPolygon", "Point")
NUMBERS = (
    "area", "cellar_area", "floor_level", "protected_to", "adults", "residents", "households", "jobs", "income",
    "value",
)  # fmt: skip
"""Columns that hold numbers of 0 or more (the floor level may lie below the ground)."""
WORDS = ("district", "owner", "tenure", "curve")
NAMED = 5  # wrong things that a sentence names


@dataclass(frozen=True)
class Houses:
    """Buildings row for row: `table` with id, bbr_code, category, area [m2] and what else the layer had; geometry.

    `columns` says which column of the layer each came from, `notes` what was assumed or odd, one sentence each.
    """

    table: gpd.GeoDataFrame
    columns: Mapping[str, str]
    notes: tuple[str, ...]

    def numbers(self, name: str, otherwise: float = 0.0) -> Floats:
        """Return a column of numbers ``(n,)``, the same number everywhere where the layer had none."""
        if name in self.table:
            return np.asarray(self.table[name], np.float64)
        return np.full(len(self.table), otherwise)

    def take(self, rows: NDArray[np.int64]) -> Houses:
        """Return the buildings of `rows` alone."""
        return Houses(self.table.iloc[rows], self.columns, self.notes)


def read_houses(
    given: gpd.GeoDataFrame | Path | str, crs: str, columns: Mapping[str, str] | None = None, need_code: bool = True
) -> Houses:
    """Return the buildings of a layer (GeoPackage, GeoParquet, shapefile, GeoJSON) or table, reprojected to `crs`.

    Raises
    ------
    InputError
        No file, no CRS, no features, features without or with another geometry, ids twice, no BBR codes where the
        model needs them, numbers that are none or below 0, points without a column for the area.
    """
    where = "The building layer" if isinstance(given, gpd.GeoDataFrame) else str(given)
    layer = _layer(given, crs, where)
    found = find_columns([c for c in layer.columns if c != layer.geometry.name], columns or {}, where)
    notes: list[str] = []
    shapes = _shapes(layer, where, notes)
    data: dict[str, Any] = {"id": _ids(layer, found, where)}
    if need_code and "bbr_code" not in found:
        have = ", ".join(str(c) for c in layer.columns if c != layer.geometry.name) or "none"
        raise InputError(f"{where} has no column with BBR use codes; say which with bbr_code=COLUMN. It has {have}.")
    if "bbr_code" in found:
        data["bbr_code"] = _codes(layer[found["bbr_code"]], where, found["bbr_code"], notes)
        data["category"] = damage_categories(data["bbr_code"])
    for name in NUMBERS:
        if name in found:
            how = {"signed": name == "floor_level", "quiet": name == "area"}
            data[name] = _numbers(layer[found[name]], where, found[name], notes, **how)
    for name in WORDS:
        if name in found:
            blank = "" if name == "curve" else "unknown"
            data[name] = np.array([word or blank for word in words_of(layer[found[name]])], dtype=object)
    data["area"] = _areas(shapes, data.get("area"), where, notes)
    return Houses(gpd.GeoDataFrame(data, geometry=shapes.to_numpy(), crs=crs), found, tuple(notes))


def _layer(given: gpd.GeoDataFrame | Path | str, crs: str, where: str) -> gpd.GeoDataFrame:
    if not isinstance(given, gpd.GeoDataFrame):
        return read_vector(given, crs=crs)
    if given.empty:
        raise InputError(f"{where} has no features.")
    if given.crs is None:
        raise InputError(f"{where} has no coordinate reference system; set one, e.g. EPSG:25832.")
    return given.to_crs(crs)


def _shapes(layer: gpd.GeoDataFrame, where: str, notes: list[str]) -> gpd.GeoSeries:
    """Return the footprints, repaired where they cross themselves."""
    shapes = layer.geometry
    empty = shapes.isna() | shapes.is_empty
    if empty.any():
        raise InputError(
            f"{where}: {int(empty.sum())} of {len(layer)} buildings have no geometry; remove or draw them."
        )
    others = ~shapes.geom_type.isin(SHAPES)
    if others.any():
        kind = shapes.geom_type[others].iloc[0]
        raise InputError(
            f"{where}: {int(others.sum())} of {len(layer)} buildings are {kind}s; polygons or points are wanted."
        )
    if not np.isfinite(shapes.total_bounds).all():
        raise InputError(f"{where}: some buildings have coordinates that are no numbers in {layer.crs.name}.")
    wrong = ~shapes.is_valid
    if wrong.any():
        notes.append(f"{int(wrong.sum())} footprints crossed themselves and were repaired.")
        mended = shapes.to_numpy().copy()
        mended[wrong.to_numpy()] = [_polygons(shape) for shape in shapes[wrong].make_valid()]
        shapes = gpd.GeoSeries(mended, index=shapes.index, crs=shapes.crs)
    return shapes


def _polygons(shape: Any) -> Any:
    """Return the polygons of a mended footprint, without lines and points that were left over."""
    if shape.geom_type != "GeometryCollection":
        return shape
    parts = [part for part in shapely.get_parts(shape) if part.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts)


def _ids(layer: gpd.GeoDataFrame, found: Mapping[str, str], where: str) -> list[str]:
    if "id" not in found:
        return [str(number) for number in range(1, len(layer) + 1)]
    ids = pd.Series(words_of(layer[found["id"]]))
    if (ids == "").any():
        raise InputError(f"{where}: {int((ids == '').sum())} buildings have no id in the column '{found['id']}'.")
    twice = ids[ids.duplicated()].unique()
    if twice.size:
        shown = ", ".join(twice[:NAMED])
        raise InputError(f"{where}: the ids in '{found['id']}' are not all different: {shown} and {_more(twice.size)}.")
    return list(ids)


def words_of(values: pd.Series[Any]) -> list[str]:
    """Return a column as text without blanks around it, empty where there is nothing."""
    return list(values.astype("string").str.strip().fillna(""))


def _more(count: int) -> str:
    return f"{count - NAMED} more" if count > NAMED else "no others"


def _codes(values: pd.Series[Any], where: str, column: str, notes: list[str]) -> Floats:
    """Return the codes as numbers, NaN where a building has none; unknown ones are told."""
    codes = pd.to_numeric(values, errors="coerce").to_numpy(np.float64)
    if np.isnan(codes).all():
        raise InputError(f"{where}: the column '{column}' holds no BBR use code (a number such as 120).")
    strange = np.unique(codes[~known_codes(codes) & ~np.isnan(codes)])
    if strange.size:
        shown = ", ".join(f"{code:g}" for code in strange[:NAMED])
        count = int(np.isin(codes, strange).sum())
        notes.append(f"{count} buildings have a code that BBR does not define ({shown}); they count as 'unknown'.")
    words = np.array(words_of(values))
    odd, none = np.isnan(codes) & (words != ""), int((words == "").sum())
    if odd.any():
        given = str(words[odd][0])
        notes.append(
            f"{int(odd.sum())} buildings have a use code that is no number ({given!r}); they count as 'unknown'."
        )
    if none:
        notes.append(f"{none} buildings have no use code; they count as 'unknown'.")
    return np.asarray(codes)


def _numbers(
    values: pd.Series[Any], where: str, column: str, notes: list[str], *, signed: bool, quiet: bool = False
) -> Floats:
    """Return a column of numbers, 0 where it has nothing."""
    if pd.api.types.is_numeric_dtype(values):
        numbers, lost = values.to_numpy(np.float64, na_value=np.nan), np.zeros(len(values), bool)
    else:
        text = pd.Series(words_of(values))
        given = text.str.replace(r"^([+-]?\d+),(\d+)$", r"\1.\2", regex=True)  # as a Dane writes 10,5
        numbers = pd.to_numeric(given, errors="coerce").to_numpy(np.float64)
        lost = np.isnan(numbers) & (text != "").to_numpy()
    if lost.any():
        raise InputError(f"{where}: the column '{column}' holds {values[lost].iloc[0]!r}, which is no number.")
    if np.isinf(numbers).any():
        raise InputError(f"{where}: the column '{column}' holds a number that is not finite.")
    if not signed and (numbers < 0).any():
        raise InputError(f"{where}: the column '{column}' holds {np.nanmin(numbers):g}; 0 or more is wanted.")
    if np.isnan(numbers).any() and not quiet:
        notes.append(f"{int(np.isnan(numbers).sum())} buildings have nothing in '{column}'; it counts as 0.")
    return np.asarray(np.nan_to_num(numbers))


def _areas(shapes: gpd.GeoSeries, given: Floats | None, where: str, notes: list[str]) -> Floats:
    """Return ground-floor areas [m2]: the column's where it is above 0, else the footprint's."""
    own = shapes.area.to_numpy(np.float64)
    areas: Floats = own if given is None else np.where(given > 0, given, own)
    if (areas <= 0).any():
        raise InputError(
            f"{where}: {int((areas <= 0).sum())} buildings have no area; points need a column with the "
            "ground-floor area [m2] (area=COLUMN)."
        )
    if given is not None and (given <= 0).any():
        notes.append(f"{int((given <= 0).sum())} buildings have no area in their column; the footprint's is used.")
    return areas
