"""What the water costs besides buildings: roads, crops, recreation and infrastructure, from layers of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from genrejs.city.grid import Grid
from genrejs.city.raster import read_vector
from genrejs.damage.columns import plain
from genrejs.damage.depths import DepthMap
from genrejs.damage.options import Options
from genrejs.damage.settings import Settings
from genrejs.errors import InputError
from genrejs.impact.infrastructure import infrastructure_damage, service_loss
from genrejs.impact.roads import DAY, stretch_cost
from genrejs.impact.sampling import Sampler, depth_at_points
from genrejs.impact.sectors import crop_loss, field_cells, recreation_loss, wet_area

Floats = NDArray[np.float64]

COLUMNS = ("sector", "return_period", "annual", "places", "flooded", "quantity", "unit", "loss")
"""Columns of the table of sectors: `places` in the layer, `flooded` of them, `quantity` of `unit`, `loss` [DKK]."""
NAMES: Mapping[str, tuple[str, ...]] = {
    "traffic": ("traffic", "trafik", "aadt", "ådt", "aardoegn_trafik", "vehicles"),
    "crop_code": ("crop_code", "afgkode", "afgrødekode", "afgroede_kode", "crop"),
    "yearly_value": ("yearly_value", "årlig_værdi", "værdi_kr", "value_dkk_year"),
    "value_per_area": ("value_per_m2", "værdi_pr_m2", "kr_m2"),
    "curve": ("curve", "curve_id", "kurve"),
    "cost": ("cost", "cost_id", "pris_id"),
    "quantity": ("quantity", "antal", "mængde", "value_dkk"),
    "sector": ("sector", "sektor", "service"),
    "persons": ("persons", "personer", "people", "residents"),
    "fail_depth": ("fail_depth", "svigtdybde"),
}
"""Names of the layers' columns elsewhere, compared without capitals and with æ ø å spelled out."""


def sector_losses(maps: list[DepthMap], asked: Options, weights: Floats | None) -> pd.DataFrame:
    """Return the losses of every layer that was given by map, and in an average year where `weights` are given.

    Raises
    ------
    InputError
        A layer lacks what its sector needs.
    """
    rows: list[dict[str, Any]] = []
    for kind, given in asked.layers.items():
        layer = _layer(given, maps[0].grid.crs, kind)
        found = _READERS[kind](layer, maps, asked.settings, str(given) if isinstance(given, (str, Path)) else kind)
        for map_, row in zip(maps, found, strict=True):
            rows.append({"sector": kind, "return_period": map_.period, "annual": False, "places": len(layer), **row})
        if weights is not None:
            year = {name: float(weights @ [row[name] for row in found]) for name in ("flooded", "quantity", "loss")}
            told = {
                "sector": kind,
                "return_period": None,
                "annual": True,
                "places": len(layer),
                "unit": found[0]["unit"],
            }
            rows.append(told | year)
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"return_period": float, "annual": bool})


def _layer(given: gpd.GeoDataFrame | Path | str, crs: str, kind: str) -> gpd.GeoDataFrame:
    if isinstance(given, gpd.GeoDataFrame) and (given.empty or given.crs is None):
        raise InputError(f"The layer of {kind} has no features or no coordinate reference system.")
    layer = given.to_crs(crs) if isinstance(given, gpd.GeoDataFrame) else read_vector(given, crs=crs)
    empty = layer.geometry.isna() | layer.geometry.is_empty
    if empty.any():
        raise InputError(f"The layer of {kind}: {int(empty.sum())} of {len(layer)} features have no geometry.")
    return layer.reset_index(drop=True)


def _column(layer: gpd.GeoDataFrame, name: str, where: str, otherwise: Any = None) -> NDArray[Any]:
    """Return a layer's column ``(n,)``; raise InputError where it is needed and missing."""
    known = {plain(str(column)): column for column in layer.columns}
    for theirs in NAMES[name]:
        if plain(theirs) in known:
            return np.asarray(layer[known[plain(theirs)]])
    if otherwise is None:
        raise InputError(f"{where} needs a column '{name}' (or {', '.join(NAMES[name][1:])}).")
    return np.full(len(layer), otherwise)


def _numbers(layer: gpd.GeoDataFrame, name: str, where: str, otherwise: float | None = None) -> Floats:
    values = pd.to_numeric(pd.Series(_column(layer, name, where, otherwise)), errors="coerce").to_numpy(np.float64)
    if name != "fail_depth" and not np.isfinite(values).all():
        raise InputError(f"{where}: the column '{name}' holds something that is no number.")
    if (values < 0).any():
        raise InputError(f"{where}: the column '{name}' holds {np.nanmin(values):g}; 0 or more is wanted.")
    return values


def _only(layer: gpd.GeoDataFrame, kinds: tuple[str, ...], where: str) -> None:
    wrong = ~layer.geom_type.isin(kinds)
    if wrong.any():
        raise InputError(f"{where}: {int(wrong.sum())} of {len(layer)} features are no {' or '.join(kinds).lower()}s.")


def _roads(layer: gpd.GeoDataFrame, maps: list[DepthMap], settings: Settings, where: str) -> list[dict[str, Any]]:
    """Return clean-up and lost time of wet roads: depths are read along each line at every half cell."""
    _only(layer, ("LineString", "MultiLineString"), where)
    # A road of several lines is reckoned line by line, and counted once.
    parts = layer.explode()
    lines, length = parts.geometry.to_numpy(), parts.length.to_numpy(np.float64)
    traffic = _numbers(layer, "traffic", where, 0.0)[parts.index.to_numpy()] / DAY
    found = []
    for map_ in maps:
        wet_length, mean = _along(lines, length, map_.depth, map_.grid, settings.roads.wet_depth)
        cost = stretch_cost(length, wet_length, traffic, mean, settings.roads)
        found.append({
            "flooded": int(parts.index[wet_length > 0].nunique()), "quantity": float(wet_length.sum()), "unit": "m",
            "loss": float(cost.sum()),
        })  # fmt: skip
    return found


def _along(
    lines: NDArray[np.object_], length: Floats, depth: NDArray[Any], grid: Grid, wet_depth: float
) -> tuple[Floats, Floats]:
    """Return the wet length [m] and the mean depth of what is wet [m] of each line, ``(n,)`` each."""
    owner, steps, water = _read_along(lines, length, depth, grid)
    wet = water >= wet_depth
    count = np.bincount(owner, wet, len(lines))
    mean = np.bincount(owner, np.where(wet, water, 0.0), len(lines)) / np.maximum(count, 1)
    return length * count / steps, mean


def _read_along(
    lines: NDArray[np.object_], length: Floats, depth: NDArray[Any], grid: Grid
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Return depths read every half cell along the lines [m]: the line of each, how many each has, the depths."""
    steps = np.maximum(np.ceil(length / (0.5 * grid.cell)), 1).astype(np.int64)
    owner = np.repeat(np.arange(len(lines)), steps)
    place = np.arange(owner.size) - np.repeat(np.cumsum(steps) - steps, steps)
    points = shapely.line_interpolate_point(lines[owner], (place + 0.5) / steps[owner], normalized=True)
    return owner, steps, depth_at_points(depth, grid, shapely.get_x(points), shapely.get_y(points))


def _deepest(layer: gpd.GeoDataFrame, map_: DepthMap) -> Floats:
    """Return the largest depth at each feature ``(n,)`` [m]: under polygons and points, along lines."""
    along = layer.geom_type.isin(["LineString", "MultiLineString"]).to_numpy()
    depth = np.zeros(len(layer))
    if (~along).any():
        depth[~along] = Sampler(layer.geometry[~along])(map_.depth, map_.grid).depth
    if along.any():
        parts = layer[along].explode()
        read = _read_along(parts.geometry.to_numpy(), parts.length.to_numpy(np.float64), map_.depth, map_.grid)
        np.maximum.at(depth, parts.index.to_numpy()[read[0]], read[2])
    return depth


def _crops(layer: gpd.GeoDataFrame, maps: list[DepthMap], settings: Settings, where: str) -> list[dict[str, Any]]:
    """Return the crops lost where fields stand in water."""
    _only(layer, ("Polygon", "MultiPolygon"), where)
    code = _numbers(layer, "crop_code", where)
    return [
        {
            "flooded": int((area > 0).sum()), "quantity": float(area.sum()), "unit": "m2",
            "loss": float(crop_loss(code, area, settings.sectors).sum()),
        }
        for area in _flooded(layer, maps, settings)
    ]  # fmt: skip


def _flooded(layer: gpd.GeoDataFrame, maps: list[DepthMap], settings: Settings) -> list[Floats]:
    """Return the flooded area of each polygon on each map, ``(n,)`` [m2]."""
    cells: dict[Grid, Any] = {}
    for map_ in maps:
        if map_.grid not in cells:
            cells[map_.grid] = field_cells(layer.geometry.make_valid(), map_.grid)
    return [wet_area(map_.depth, cells[map_.grid], settings.sectors) for map_ in maps]


def _recreation(layer: gpd.GeoDataFrame, maps: list[DepthMap], settings: Settings, where: str) -> list[dict[str, Any]]:
    """Return the value of recreation lost while areas cannot be used."""
    _only(layer, ("Polygon", "MultiPolygon"), where)
    whole = layer.area.to_numpy(np.float64)
    per_area = _numbers(layer, "value_per_area", where, 0.0)
    value = per_area * whole if per_area.any() else _numbers(layer, "yearly_value", where)
    return [
        {
            "flooded": int((area > 0).sum()), "quantity": float(area.sum()), "unit": "m2",
            "loss": float(recreation_loss(value, whole, np.minimum(area, whole), settings.sectors).sum()),
        }
        for area in _flooded(layer, maps, settings)
    ]  # fmt: skip


def _infrastructure(
    layer: gpd.GeoDataFrame, maps: list[DepthMap], settings: Settings, where: str
) -> list[dict[str, Any]]:
    """Return the damage of assets by their curves and costs, and the person-days without their service."""
    assets = pd.DataFrame({
        "curve": _column(layer, "curve", where), "cost": _column(layer, "cost", where, ""),
        "quantity": _numbers(layer, "quantity", where, 1.0),
    })  # fmt: skip
    sector = _column(layer, "sector", where, "")
    persons, fails = _numbers(layer, "persons", where, 0.0), _numbers(layer, "fail_depth", where, np.nan)
    found = []
    for map_ in maps:
        depth = _deepest(layer, map_)
        damage = infrastructure_damage(assets, depth, settings.infrastructure)["damage"]
        days = 0.0
        if (persons > 0).any():
            days = float(service_loss(sector, depth, persons, settings.infrastructure, fails)["person_days"].sum())
        found.append({
            "flooded": int((depth > 0).sum()), "quantity": days, "unit": "person-days", "loss": float(damage.sum()),
        })  # fmt: skip
    return found


_READERS: Mapping[str, Callable[[gpd.GeoDataFrame, list[DepthMap], Settings, str], list[dict[str, Any]]]] = {
    "roads": _roads, "crops": _crops, "recreation": _recreation, "infrastructure": _infrastructure,
}  # fmt: skip
