"""A City from the user's own terrain and buildings; what the files do not say gets a stated default."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import box

from genrejs.city import landcover
from genrejs.city.districts import DISTRICT_COLUMNS
from genrejs.city.grid import Floats, Grid
from genrejs.city.model import (
    BUILDING_COLUMNS,
    COMPONENT_COLUMNS,
    HOUSEHOLD_COLUMNS,
    LINK_COLUMNS,
    SUPPLY_COLUMNS,
    City,
)
from genrejs.city.raster import read_raster, read_vector
from genrejs.city.terrain import to_dataset
from genrejs.errors import InputError

DISTRICT = "all"
"""Id of the one district of a city from files."""


@dataclass(frozen=True)
class FileDefaults:
    """What is taken where the files say nothing; every number is an assumption."""

    manning: float = 0.05  # roughness everywhere [s m-1/3]
    infiltration: float = 0.0  # nothing soaks in [m/s]
    drain_capacity: float = 0.0  # no drains [m/s]
    floors: int = 1
    year: int = 1970
    floor_level: float = 0.2  # top of the ground floor above the ground outside [m]
    area_per_resident: float = 52.0  # floor area of homes per person [m2], about the Danish mean
    homes: tuple[int, int] = (110, 199)  # BBR codes of year-round homes


def city_from_files(
    terrain: Path,
    buildings: Path | None,
    *,
    name: str,
    id_column: str = "id",
    bbr_column: str = "bbr_code",
    defaults: FileDefaults | None = None,
) -> City:
    """Return a City on the grid of a GeoTIFF terrain [m], with the footprints and BBR codes of a building layer.

    Columns of BUILDING_COLUMNS that the layer has are kept; others follow `defaults`. There is one district, the whole
    raster, and there are no households, lifelines, streams or sea.

    Raises
    ------
    InputError
        A file is not what is wanted (see `read_raster`, `read_vector`), or the buildings do not fit the terrain.
    """
    defaults = defaults or FileDefaults()
    elevation, grid = read_raster(terrain)
    houses = _buildings(buildings, grid, id_column, bbr_column, defaults)
    return City(
        name=name,
        grid=grid,
        terrain=to_dataset(grid, _fields(elevation, defaults), {"title": name, "source": terrain.name}),
        districts=_district(grid, int(houses["residents"].sum())),
        buildings=houses,
        households=pd.DataFrame(columns=list(HOUSEHOLD_COLUMNS)),
        components=pd.DataFrame(columns=list(COMPONENT_COLUMNS)),
        links=pd.DataFrame(columns=list(LINK_COLUMNS)),
        supply=pd.DataFrame(columns=list(SUPPLY_COLUMNS)),
        streams=gpd.GeoDataFrame({"name": [], "width": []}, geometry=[], crs=grid.crs),
        sources=_sources(terrain, buildings, defaults),
    )


def _fields(elevation: Floats, defaults: FileDefaults) -> dict[str, Any]:
    """Return the terrain's fields ``(y, x)`` with the same roughness and soil everywhere."""
    field = landcover.read_land_cover().code("field")
    return {
        "elevation": elevation,
        "manning": np.full(elevation.shape, defaults.manning),
        "infiltration": np.full(elevation.shape, defaults.infiltration),
        "drain_capacity": np.full(elevation.shape, defaults.drain_capacity),
        "land_cover": np.full(elevation.shape, field, dtype=np.int8),
    }


def _buildings(
    path: Path | None, grid: Grid, id_column: str, bbr_column: str, defaults: FileDefaults
) -> gpd.GeoDataFrame:
    """Return BUILDING_COLUMNS and footprints of the buildings that touch the grid."""
    if path is None:
        return gpd.GeoDataFrame({column: [] for column in BUILDING_COLUMNS}, geometry=[], crs=grid.crs)
    layer = read_vector(path, crs=grid.crs)
    others = ~layer.geom_type.isin(["Polygon", "MultiPolygon"])
    if others.any():
        raise InputError(
            f"{path}: {int(others.sum())} of {len(layer)} buildings are no polygons; footprints are wanted."
        )
    layer = layer[layer.intersects(box(*grid.bounds))].reset_index(drop=True)
    if layer.empty:
        raise InputError(f"{path}: no building touches the terrain {grid.bounds} ({grid.crs}).")
    given = pd.DataFrame(layer.drop(columns=layer.geometry.name))
    ids = _ids(given, id_column, path)
    table = _completed(given, _codes(given, bbr_column, path), layer.area.to_numpy(dtype=np.float64), defaults, path)
    table["id"] = ids
    return gpd.GeoDataFrame(table[list(BUILDING_COLUMNS)], geometry=layer.geometry.make_valid(), crs=grid.crs)


def _ids(given: pd.DataFrame, column: str, path: Path) -> list[str]:
    """Return an id for every building: the column's, or numbers where the layer has no column `id`."""
    if column not in given.columns:
        if column == "id":
            return [str(number) for number in range(1, len(given) + 1)]
        raise InputError(f"{path} has no column '{column}' for the ids; it has {_names(given)}.")
    if given[column].isna().any() or given[column].duplicated().any():
        raise InputError(f"{path}: the ids in column '{column}' are not all there or not all different.")
    return given[column].astype(str).tolist()


def _codes(given: pd.DataFrame, column: str, path: Path) -> pd.Series[float]:
    """Return the BBR use codes as numbers, NaN where a building has none."""
    if column not in given.columns:
        raise InputError(f"{path} has no column '{column}' for the BBR use codes; it has {_names(given)}.")
    codes = pd.to_numeric(given[column], errors="coerce").astype(float)
    if codes.isna().all():
        raise InputError(
            f"{path}: column '{column}' holds no BBR use code (a number such as 120 for a detached house)."
        )
    return codes


def _completed(
    given: pd.DataFrame, codes: pd.Series[float], footprint: Floats, defaults: FileDefaults, path: Path
) -> pd.DataFrame:
    """Return every number of a building, from the layer where it has it, else from the defaults."""
    table = pd.DataFrame({"bbr_code": codes})

    def take(column: str, otherwise: Any) -> None:
        values = (
            pd.to_numeric(given[column], errors="coerce") if column in given.columns else pd.Series(np.nan, codes.index)
        )
        table[column] = values.astype(float).fillna(pd.Series(np.broadcast_to(otherwise, len(codes)), codes.index))
        if not np.isfinite(table[column]).all():
            raise InputError(f"{path}: column '{column}' holds a number that is not finite.")
        if (table[column] < 0).any():
            raise InputError(f"{path}: column '{column}' holds a negative number.")

    take("area", footprint)
    take("floors", float(defaults.floors))
    take("year", float(defaults.year))
    take("cellar_area", 0.0)
    take("floor_level", defaults.floor_level)
    take("protected_to", 0.0)
    home = codes.between(*defaults.homes)
    take("residents", np.where(home, np.round(table["area"] * table["floors"] / defaults.area_per_resident), 0.0))
    take("jobs", 0.0)
    whole = ["floors", "year", "residents", "jobs"]
    table[whole] = table[whole].round().astype(np.int64)
    table["district"] = DISTRICT
    return table


def _names(given: pd.DataFrame) -> str:
    return ", ".join(map(str, given.columns)) or "no columns"


def _district(grid: Grid, residents: int) -> gpd.GeoDataFrame:
    """Return the one district, the whole raster."""
    values = (DISTRICT, "Hele området", "Whole area", residents, "detached", "assumption", 0.0, 0.0, 0.0, "bounds")
    row = dict(zip(DISTRICT_COLUMNS, values, strict=True))
    return gpd.GeoDataFrame([row], geometry=[box(*grid.bounds)], crs=grid.crs)


def _sources(terrain: Path, buildings: Path | None, defaults: FileDefaults) -> pd.DataFrame:
    """Return where the parts come from."""
    rows = [("terrain", terrain.name, "user's file", "", "given")]
    if buildings is not None:
        rows.append(("buildings", buildings.name, "user's file", "", "given"))
    rows.append(("what the files do not say", str(defaults), "defaults of genrejs.city.files", "", "assumption"))
    return pd.DataFrame(rows, columns=["what", "value", "source", "licence", "certainty"])
