"""What the columns of a layer of roads say: speed, direction, bridge, class, name, traffic."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from genrejs.city.raster import check_metric
from genrejs.errors import InputError

KMH = 1 / 3.6  # m/s per km/h
MILE = 1.609344  # km
SPEED, CLASS = ("maxspeed", "speed"), ("class", "highway", "fclass", "kind")
NAME, TRAFFIC = ("name", "navn", "vejnavn", "name_da"), ("traffic", "vehicles_per_day")
WORDS = {"dk:urban": 50.0, "dk:rural": 80.0, "dk:motorway": 130.0}
"""Danish general limits as OpenStreetMap writes them [km/h]."""

UNSAID = {"", "none", "nan", "null", "<na>", "signals", "variable", "0"}
YES, NO, BACK = (
    {"yes", "true", "1", "1.0", "ft", "y"},
    UNSAID | {"no", "false", "0.0", "n"},
    {"-1", "-1.0", "tf", "reverse"},
)


def checked_lines(layer: gpd.GeoDataFrame, what: str) -> NDArray[np.object_]:
    """Return the lines of a layer in the plane, ``(row,)``; raise InputError when they are not lines in metres."""
    if layer.crs is None:
        raise InputError(f"{what} has no coordinate reference system; save it with one, e.g. EPSG:25832.")
    check_metric(what, layer.crs)
    shapes = np.asarray(layer.geometry.to_numpy(), dtype=np.object_)
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    if empty.all():
        raise InputError(f"{what} has no roads.")
    wrong = ~empty & ~np.isin(shapely.get_type_id(shapes), [1, 5])
    if wrong.any():
        kind = shapes[int(np.flatnonzero(wrong)[0])].geom_type
        raise InputError(
            f"{what}: {int(wrong.sum())} of {shapes.size} shapes are no lines (a {kind}); roads are lines."
        )
    return np.asarray(shapely.force_2d(shapes), dtype=np.object_)


def read(layer: gpd.GeoDataFrame, what: str, speed: float, speeds: Mapping[str, float]) -> pd.DataFrame:
    """Return `speed` [m/s], `kind`, `name`, `bridge`, `freeboard` [m], `oneway`, `reverse`, `traffic` of each row.

    Raises
    ------
    InputError
        A speed is 0, negative or no number, or a direction is not known.
    """
    kind = _text(layer, CLASS).str.lower()
    usual = kind.map(dict(speeds)).astype(float).fillna(speed)
    ways = _ways(_text(layer, ("oneway",)).str.lower(), what)
    bridge = ~_text(layer, ("bridge",)).str.lower().isin(NO | {"f"})
    return pd.DataFrame(
        {
            "speed": _speed(layer, what).fillna(usual).to_numpy(),
            "kind": kind.to_numpy(dtype=object),
            "name": _text(layer, NAME).to_numpy(dtype=object),
            "bridge": bridge.to_numpy(),
            "freeboard": _number(layer, ("freeboard",), what).to_numpy(),
            "oneway": (ways != 0).to_numpy(),
            "reverse": (ways < 0).to_numpy(),
            "traffic": _number(layer, TRAFFIC, what).to_numpy(),
        }
    )


def _column(layer: gpd.GeoDataFrame, names: tuple[str, ...]) -> Any:
    """Return the first column of these names, whatever their case; None without any."""
    known = {str(column).lower(): column for column in layer.columns}
    found = [known[name] for name in names if name in known]
    return layer[found[0]].reset_index(drop=True) if found else None


def _text(layer: gpd.GeoDataFrame, names: tuple[str, ...]) -> pd.Series[str]:
    values = _column(layer, names)
    if values is None:
        return pd.Series([""] * len(layer), dtype=object)
    text: pd.Series[str] = values.astype(object).where(values.notna(), "").astype(str).str.strip()
    return text


def _number(layer: gpd.GeoDataFrame, names: tuple[str, ...], what: str) -> pd.Series[float]:
    """Return a column of numbers, NaN where it says nothing; raise InputError where one is negative."""
    values = _column(layer, names)
    if values is None:
        return pd.Series(np.full(len(layer), np.nan))
    numbers: pd.Series[float] = pd.to_numeric(values, errors="coerce").astype(float)
    if (numbers < 0).any() or np.isinf(numbers).any():
        raise InputError(f"{what}: column '{values.name}' holds a number that is negative or not finite.")
    return numbers


def _speed(layer: gpd.GeoDataFrame, what: str) -> pd.Series[float]:
    """Return the speed that each row states [m/s], NaN where it states none."""
    values = _column(layer, SPEED)
    if values is None:
        return pd.Series(np.full(len(layer), np.nan))
    text = values.astype(object).where(values.notna(), "").astype(str).str.strip().str.lower()
    if "fclass" in {str(name).lower() for name in layer.columns}:  # Geofabrik's layers write 0 for unknown
        text = text.where(~text.isin(["0", "0.0"]), "")
    known = {word: _kmh(word, f"{what}: {values.name} in row", text) for word in text.unique()}
    speed: pd.Series[float] = text.map(known).astype(float) * KMH
    return speed


def _kmh(word: str, where: str, text: pd.Series[str]) -> float:
    if word in UNSAID - {"0"}:
        return float("nan")
    found = WORDS.get(word)
    if found is None:
        match = re.fullmatch(r"(-?\d+(?:\.\d+)?)\s*(km/h|kmh|mph)?", word)
        found = float(match[1]) * (MILE if match[2] == "mph" else 1.0) if match else float("nan")
    if not found > 0 or not np.isfinite(found):
        row = int(np.flatnonzero((text == word).to_numpy())[0]) + 1
        raise InputError(f"{where} {row} is '{word}'; a speed above 0 km/h is wanted, or nothing.")
    return found


def _ways(text: pd.Series[str], what: str) -> pd.Series[int]:
    """Return 0 for both ways, 1 for along the line, -1 for against it."""
    letters = {"b": 0, "f": 1, "t": -1} if (text == "b").any() else {}
    known = dict.fromkeys(NO, 0) | dict.fromkeys(YES, 1) | dict.fromkeys(BACK, -1) | letters
    ways = text.map(known)
    if ways.isna().any():
        row = int(np.flatnonzero(ways.isna().to_numpy())[0])
        raise InputError(f"{what}: oneway in row {row + 1} is '{text.iloc[row]}'; yes, no and -1 are known.")
    return ways.astype(int)
