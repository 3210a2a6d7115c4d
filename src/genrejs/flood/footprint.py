"""`Footprint`: what a flood left behind, as labelled maps and tables that draw and save themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyproj
import xarray as xr

from genrejs.city.grid import Grid
from genrejs.city.raster import write_raster
from genrejs.flood.account import COMES, GOES, KEPT, MOVES, cautions, terms
from genrejs.flood.picture import page
from genrejs.flood.surface import Surface
from genrejs.hazard.flood.danger import hazard_class
from genrejs.hazard.flood.options import Options
from genrejs.hazard.flood.problem import Flood
from genrejs.variables import catalogue
from genrejs.writing import whole_folder

FILES = {
    "max_depth": "max_depth.tif", "max_level": "max_level.tif", "max_speed": "max_speed.tif",
    "arrival": "arrival_time.tif",
}  # fmt: skip
"""The file of each map."""
LARGEST = {"max_depth", "max_level", "max_speed"}


@dataclass(frozen=True)
class Footprint:
    """The result of `flood.simulate`.

    `maps` ``(y, x)``, rows from north to south: max_depth [m], max_level [m], max_speed [m/s], arrival [s], NaN where
    never wet (depth: 0), and on request duration_above [s] ``(threshold, y, x)``, max_depth_speed [m2/s], hazard
    (class 0 to 6) and recession [s]. `gauges` name, time_s, level_m, depth_m, velocities east_m_s, north_m_s;
    `slices` depth ``(time, y, x)`` [m] or None; `terrain` ``(y, x)`` [m] the ground that the water met, buildings
    raised; `balance` m3 by term; `summary` figures as in `summary.json`. In a notebook it shows a map and the water
    account.
    """

    maps: xr.Dataset
    gauges: pd.DataFrame
    slices: xr.DataArray | None
    terrain: xr.DataArray
    balance: Mapping[str, float]
    summary: Mapping[str, Any]
    grid: Grid

    def save(self, folder: Path | str) -> Path:
        """Write maps (GeoTIFF), gauges (CSV), `summary.json` and slices (Zarr) into `folder`, all or none.

        Raises
        ------
        InputError
            The folder cannot be written.
        """
        with whole_folder(Path(folder)) as place:
            for file, values in self._rasters():
                write_raster(place / file, values, self.grid)
            if not self.gauges.empty:
                text = self.gauges.assign(time_s=[f"{time:g}" for time in self.gauges["time_s"]])
                text.to_csv(place / "gauges.csv", index=False, float_format="%.4f")
            if self.slices is not None:
                kept = xr.Dataset({"depth": self.slices.drop_vars("spatial_ref")}, attrs={"crs": self.grid.crs})
                kept.to_zarr(place / "slices.zarr", consolidated=False)
            text_summary = json.dumps(self.summary, indent=2, ensure_ascii=False)
            (place / "summary.json").write_text(text_summary + "\n", encoding="utf-8")
        return Path(folder)

    def _rasters(self) -> Iterator[tuple[str, Any]]:
        """Yield file name and values ``(y, x)`` of every map."""
        for name, values in self.maps.data_vars.items():
            if name == "duration_above":
                for threshold in values["threshold"].to_numpy():
                    yield f"{name}_{threshold:.9g}m.tif", values.sel(threshold=threshold).to_numpy()
            else:
                yield FILES.get(str(name), f"{name}.tif"), values.to_numpy()

    def html(self, language: str = "da") -> str:
        """Return a small page part with a map of the greatest depth, its legend and the account, da or en."""
        return page(self.maps["max_depth"].to_numpy(), self.terrain.to_numpy(), self.summary, language)

    def lines(self) -> Iterator[str]:
        """Yield what was done, the water account [m3] by the terms that are not 0, and warnings."""
        told, account = self.summary, self.balance
        yield f"{told['scheme']}, {told['steps']} steps, balance error {told['balance_error']:.1e}"
        shown = terms(account, (*COMES, *GOES, *MOVES, *KEPT, "error"))
        volumes = [f"{name.replace('_', ' ')} {value:,.1f}" for name, value in shown]
        yield f"  water [m3]: {', '.join(volumes) or 'none'}"
        for warning in told["warnings"]:
            yield f"  {warning}"

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        return self.html()

    def __repr__(self) -> str:
        """Return one line."""
        s = self.summary
        return (
            f"Footprint({self.grid.rows} x {self.grid.columns} cells of {self.grid.cell:g} m, {s['scheme']}, "
            f"{s['simulated_seconds']:g} s: {s['wet_area_m2']:g} m2 above 5 cm, "
            f"deepest {s['deepest_m']:.2f} m, balance error {s['balance_error']:.1e})"
        )


def gather(
    flood: Flood, surface: Surface, ground: np.ndarray[Any, Any], asked: tuple[Options, str, float, list[str]]
) -> Footprint:
    """Return the solver's result on the caller's coordinates; `asked` is options, why the scheme, duration, gauges."""
    options, why, duration, names = asked
    place = _coordinates(surface)
    maps = xr.Dataset(
        {name: _map(name, getattr(flood, name), place) for name in FILES} | _asked(flood, place, options),
        attrs={"Conventions": "CF-1.11"},
    )
    terrain = _labelled(ground, place, {"units": "m", "long_name": "Ground that the water met"})
    return Footprint(
        maps, _gauges(flood, names), _slices(flood, place), terrain, dict(flood.balance),
        _summary(flood, surface.grid, duration, (options, why)) | _danger(maps, surface.grid), surface.grid,
    )  # fmt: skip


def _coordinates(surface: Surface) -> dict[str, Any]:
    """Return the caller's own cell centres with CF attributes, and the CRS as CF and rioxarray keep it."""
    crs = pyproj.CRS.from_user_input(surface.grid.crs)
    g = surface.grid
    lies = {**crs.to_cf(), "GeoTransform": f"{g.west} {g.cell} 0.0 {g.north} 0.0 {-g.cell}"}

    def axis(name: str, values: Any) -> xr.Variable:
        about = {"units": "m", "standard_name": f"projection_{name}_coordinate", "axis": name.upper()}
        return xr.Variable((name,), values, about)

    return {"y": axis("y", surface.y), "x": axis("x", surface.x), "spatial_ref": xr.Variable((), 0, lies)}


def _labelled(values: Any, place: dict[str, Any], about: dict[str, str]) -> xr.DataArray:
    """Return an array ``(y, x)`` as float32 with its coordinates."""
    array = xr.DataArray(np.asarray(values, np.float32), place, ("y", "x"), attrs=about)
    array.encoding["grid_mapping"] = "spatial_ref"
    return array


def _map(name: str, values: Any, place: dict[str, Any]) -> xr.DataArray:
    """Return a declared variable as a map."""
    known = catalogue()[name]
    about = {"units": known.unit, "long_name": known.sentence_en.rstrip("."), "standard_name": known.cf_name}
    return _labelled(values, place, about | ({"cell_methods": "time: maximum"} if name in LARGEST else {}))


def _asked(flood: Flood, place: dict[str, Any], options: Options) -> dict[str, xr.DataArray]:
    """Return the maps that were asked for."""
    found = {}
    if flood.duration_above is not None:
        known = catalogue()["duration_above"]
        depth = xr.Variable(("threshold",), list(options.thresholds), {"units": "m", "long_name": "Depth"})
        about = {"units": known.unit, "long_name": known.sentence_en.rstrip(".")}
        above = np.asarray(flood.duration_above, np.float32)
        found["duration_above"] = xr.DataArray(
            above, {"threshold": depth, **place}, ("threshold", "y", "x"), attrs=about
        )
    if flood.max_depth_speed is not None:
        found["max_depth_speed"] = _map("max_depth_speed", flood.max_depth_speed, place)
        classes = hazard_class(flood.max_depth_speed, flood.max_depth, flood.max_speed)
        found["hazard"] = _map("hazard", classes, place)
    if flood.recession is not None:
        found["recession"] = _map("recession", flood.recession, place)
    return found


def _gauges(flood: Flood, names: list[str]) -> pd.DataFrame:
    """Return level, depth and velocity at every gauge over time, one row each."""
    if flood.gauges is None or flood.gauge_times is None:
        return pd.DataFrame(columns=["name", "time_s", "level_m", "depth_m", "east_m_s", "north_m_s"])
    times = np.asarray(flood.gauge_times)
    table = pd.DataFrame({
        "name": np.repeat(names, times.size), "time_s": np.tile(times, len(names)),
        "level_m": np.ravel(flood.gauges), "depth_m": np.ravel(np.asarray(flood.gauge_depths)),
    })  # fmt: skip
    if flood.gauge_velocities is None:
        return table
    east, north = flood.gauge_velocities.reshape(-1, 2).T
    return table.assign(east_m_s=east, north_m_s=north)


def _slices(flood: Flood, place: dict[str, Any]) -> xr.DataArray | None:
    """Return depths over time, None when they were not asked for."""
    if flood.slices is None or flood.slice_times is None:
        return None
    time = xr.Variable(("time",), flood.slice_times, {"long_name": "Seconds from the start", "axis": "T"})
    about = {"units": "m", "long_name": "Depth of water", "standard_name": "flood_water_thickness"}
    return xr.DataArray(flood.slices, {"time": time, **place}, ("time", "y", "x"), attrs=about, name="depth")


def _summary(flood: Flood, grid: Grid, duration: float, asked: tuple[Options, str]) -> dict[str, Any]:
    """Return the figures of a run for machines."""
    (options, why), account = asked, flood.balance
    told = {
        "cells": grid.rows * grid.columns,
        "steps": flood.steps,
        "simulated_seconds": duration,
        "wall_seconds": round(flood.wall_seconds, 3),
        "cell_updates": flood.cell_updates,
        "active_cell_updates": flood.active_cell_updates,
        "water_in_m3": sum(account.get(name, 0.0) for name in COMES),
        "water_out_m3": sum(account.get(name, 0.0) for name in GOES),
        "water_start_m3": account["stored_start"],
        "water_stored_m3": account["stored_end"] + account.get("pipes", 0.0),
        "balance_error": abs(account["error"]) / max(account["moved"], account["stored_start"], 1e-9),
        "wet_area_m2": float(np.count_nonzero(flood.max_depth >= 0.05) * grid.cell**2),
        "deepest_m": round(float(flood.max_depth.max()), 3),
        "scheme": options.scheme,
        "scheme_because": why,
        "order": options.order if options.scheme == "shallow-water" else None,
        "engine": flood.engine,
        "precision": options.precision,
        "max_froude": round(flood.max_froude, 3),
        "balance_m3": {name: round(float(value), 3) for name, value in account.items()},
        "structures_m3": {
            kind: {name: round(float(volume), 3) for name, volume in moved.items()}
            for kind in ("pumped", "weir", "culvert", "drained", "rating")
            if (moved := getattr(flood, kind))
        },
    }
    return told | {"warnings": cautions(told)}


def _danger(maps: xr.Dataset, grid: Grid) -> dict[str, Any]:
    """Return the area [m2] of each hazard class, nothing where it was not asked for."""
    if "hazard" not in maps:
        return {}
    counts = np.bincount(maps["hazard"].to_numpy().astype(np.int64).ravel(), minlength=7)
    return {"hazard_area_m2": {f"H{k}": float(counts[k]) * grid.cell**2 for k in range(1, 7)}}
