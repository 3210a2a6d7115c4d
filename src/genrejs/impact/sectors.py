"""What water costs beyond buildings: guests, crops, recreation, staff, public service and the neighbours' prices.

The equations are those of OS2 SkadesØkonomi (its SQL models and official documentation). Where it counts and prices
nothing (staff, habitats, public service), so do we; what we add is called an assumption.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from genrejs.city.grid import Grid
from genrejs.errors import InputError
from genrejs.impact.columns import Flags, not_negative, numbers, reached, water
from genrejs.impact.damage import DamageSettings, building_damage, cellar_damage, damage_categories
from genrejs.impact.sampling import CellIndex, footprint_cells
from genrejs.tables import own_rows

Floats = NDArray[np.float64]

YEAR = 365.0  # days
CHUNK = 200_000  # pairs of field and cell cut at a time


@dataclass(frozen=True)
class SectorSettings:
    """What may be chosen; the defaults are the municipal tool's own unless called an assumption."""

    minimum_depth: float = (
        0.30  # m from which a place counts, as for buildings; the tool's later releases start at 0.20
    )
    perimeter_share: float = 0.05  # of a building's perimeter that wet cells must span
    lost_nights: float = 60.0  # days that a flooded bed stays empty; every bed counts as taken
    other_crop: float | None = None  # DKK/m2 of a crop code that the table lacks; None refuses it
    recreation_days: float = 24.0  # days that a recreational area cannot be used
    closed_days: float = 10.0  # working days that a flooded workplace stands still (assumption)
    day_wage: float = 301.0 * 7.4  # DKK a working day: the tool's hour, 37 hours a week (assumption)
    neighbour_distance: float = 300.0  # m from a flooded building within which dry homes lose value
    neighbour_share: float = 0.50  # of the value loss of a flooded home

    def __post_init__(self) -> None:
        not_negative(self, tuple(name for name in self.__dataclass_fields__ if name != "other_crop"))
        if self.other_crop is not None:
            not_negative(self, ("other_crop",))


@lru_cache(maxsize=4)
def _table(name: str, key: str) -> pd.DataFrame:
    """Return a table of `impact/curves` by its numeric key."""
    table = pd.DataFrame(list(own_rows("genrejs.impact", "curves", name)))
    return table.set_index(table[key].astype(float))


def _lookup(codes: ArrayLike, name: str, key: str, column: str) -> Floats:
    """Return a column of a table for each code, ``(n,)``; NaN for codes that it lacks."""
    given = pd.to_numeric(pd.Series(np.atleast_1d(np.asarray(codes))), errors="coerce")
    values = pd.to_numeric(_table(name, key)[column]).reindex(given)
    return values.to_numpy(np.float64)


def _given(values: ArrayLike | None, default: Floats, what: str) -> Floats:
    """Return a city's own figures ``(n,)``, the table's where they are missing or NaN."""
    if values is None:
        return default
    own = np.broadcast_to(np.asarray(values, dtype=np.float64), default.shape)
    return numbers(np.nan_to_num(np.where(np.isnan(own), default, own)), what, default.size)


def lost_guest_nights(
    bbr_code: ArrayLike, depth: ArrayLike, settings: SectorSettings | None = None, beds: ArrayLike | None = None
) -> Floats:
    """Return the guest-nights that each building loses, ``(n,)``: beds by BBR code times the days closed.

    `beds` ``(n,)`` overrides the tool's guests per building (50 for a hotel); NaN keeps them. Codes without guests
    lose none.
    """
    settings = settings or SectorSettings()
    deep = water(depth)
    table = np.nan_to_num(_lookup(bbr_code, "dk_tourism.csv", "bbr_code", "capacity"))
    guests = numbers(_given(beds, table, "beds"), "beds", deep.size)
    return np.where(reached(deep, settings.minimum_depth), settings.lost_nights * guests, 0.0)


def tourism_loss(
    bbr_code: ArrayLike,
    depth: ArrayLike,
    settings: SectorSettings | None = None,
    beds: ArrayLike | None = None,
    spend: ArrayLike | None = None,
) -> Floats:
    """Return the spending of guests who stay away, ``(n,)`` [DKK]: lost guest-nights times DKK a guest and night.

    `spend` ``(n,)`` overrides the tool's spending by BBR code; NaN keeps it.
    """
    nights = lost_guest_nights(bbr_code, depth, settings, beds)
    table = np.nan_to_num(_lookup(bbr_code, "dk_tourism.csv", "bbr_code", "spend_per_night"))
    return nights * numbers(_given(spend, table, "spend"), "spend", nights.size)


def crop_price(crop_code: ArrayLike, settings: SectorSettings | None = None) -> Floats:
    """Return the price of each crop, ``(n,)`` [DKK/m2]; the table's own unit is øre per m2.

    Raises
    ------
    InputError
        When a code is not in the table and `other_crop` is None.
    """
    settings = settings or SectorSettings()
    price = _lookup(crop_code, "dk_crops.csv", "crop_code", "price_per_area") / 100.0
    missing = np.isnan(price)
    if missing.any() and settings.other_crop is None:
        code = np.atleast_1d(np.asarray(crop_code))[missing][0]
        raise InputError(f"The crop code '{code}' has no price; correct it or set 'other_crop' [DKK/m2].")
    return np.where(missing, settings.other_crop or 0.0, price)


def crop_loss(crop_code: ArrayLike, flooded_area: ArrayLike, settings: SectorSettings | None = None) -> Floats:
    """Return the lost crop of each field, ``(n,)`` [DKK]: `flooded_area` [m2] times the price; all of it is lost.

    Raises
    ------
    InputError
        When a code has no price, or an area is negative or no number.
    """
    price = crop_price(crop_code, settings)
    return price * numbers(flooded_area, "flooded_area", price.size)


@dataclass(frozen=True)
class FieldCells:
    """The cells that each polygon meets and the part of each that lies inside [m2], found once for every event."""

    index: CellIndex
    areas: Floats


def field_cells(fields: gpd.GeoSeries, grid: Grid, skip: Flags | None = None) -> FieldCells:
    """Return the cells of `grid` inside each polygon of `fields`; cells of `skip` ``(y, x)`` are left out as dry.

    Raises
    ------
    InputError
        When a polygon is not valid.
    """
    shapes = fields.to_numpy()
    valid = shapely.is_valid(shapes)
    if not valid.all():
        raise InputError(f"Field {int(np.flatnonzero(~valid)[0])} is not a valid polygon.")
    index = footprint_cells(fields, grid, skip)
    owner, areas = np.repeat(np.arange(len(shapes)), np.diff(index.starts)), np.zeros(index.cells.size)
    for start in range(0, owner.size, CHUNK):
        piece = slice(start, start + CHUNK)
        areas[piece] = _part_inside(shapes[owner[piece]], grid, index.cells[piece])
    return FieldCells(index, areas)


def wet_area(depth: Floats, cells: FieldCells, settings: SectorSettings | None = None) -> Floats:
    """Return how much of each polygon stands in water of the minimum depth or more, ``(n,)`` [m2].

    `depth` ``(y, x)`` [m] lies on the grid of `cells`; a cell at the edge counts for the part inside.

    Raises
    ------
    InputError
        When `depth` does not have the shape of the grid.
    """
    settings, index = settings or SectorSettings(), cells.index
    wet = reached(_at(depth, index), settings.minimum_depth)
    owner = np.repeat(np.arange(index.starts.size - 1), np.diff(index.starts))
    return np.bincount(owner[wet], weights=cells.areas[wet], minlength=index.starts.size - 1).astype(np.float64)


def _at(depth: Floats, index: CellIndex) -> Floats:
    """Return the depth in each cell of the index, ``(pair,)`` [m]."""
    if np.shape(depth) != index.grid.shape:
        raise InputError(f"The depth has shape {np.shape(depth)}, the grid has {index.grid.shape} cells.")
    return np.asarray(depth, np.float64).ravel()[index.cells]


def _part_inside(shapes: NDArray[np.object_], grid: Grid, cells: NDArray[np.int64]) -> Floats:
    """Return the area of each cell that lies in its polygon, ``(n,)`` [m2]."""
    west, north = grid.west + cells % grid.columns * grid.cell, grid.north - cells // grid.columns * grid.cell
    squares = shapely.box(west, north - grid.cell, west + grid.cell, north)
    shapely.prepare(shapes)
    area = np.full(cells.size, float(grid.cell) ** 2)
    edge = ~shapely.covers(shapes, squares)
    area[edge] = shapely.area(shapely.intersection(shapes[edge], squares[edge]))
    return area


def wet_perimeter(perimeter: ArrayLike, depth: Floats, index: CellIndex, minimum_depth: float = 0.30) -> Floats:
    """Return wet cells times the cell's side over the perimeter [m] of each building, ``(n,)``.

    The tool leaves out buildings below `SectorSettings.perimeter_share`: with fine cells, a corner in a puddle.
    """
    size = index.starts.size - 1
    owner = np.repeat(np.arange(size), np.diff(index.starts))
    wet = reached(_at(depth, index), minimum_depth)
    around = numbers(perimeter, "perimeter", size)
    if (around <= 0).any():
        raise InputError(f"'perimeter' must be above 0; got {around.min():g}.")
    return np.bincount(owner, weights=wet, minlength=size) * index.grid.cell / around


def recreation_loss(
    yearly_value: ArrayLike, area: ArrayLike, flooded_area: ArrayLike, settings: SectorSettings | None = None
) -> Floats:
    """Return the lost value of recreational areas, ``(n,)``: value a year x days / 365 x share of the area flooded.

    `yearly_value` is that of the whole area [DKK/year]; visits a year give lost visits instead, and a value per m2 is
    to be multiplied by the area before. Areas in m2.

    Raises
    ------
    InputError
        When more is flooded than there is, or a number is negative or none.
    """
    settings = settings or SectorSettings()
    flooded = water(flooded_area)
    whole = numbers(area, "area", flooded.size)
    if (flooded > whole * (1.0 + 1e-6)).any():
        place = int(np.argmax(flooded > whole * (1.0 + 1e-6)))
        raise InputError(f"{flooded[place]:g} m2 are flooded of an area of {whole[place]:g} m2 (row {place}).")
    share = np.divide(flooded, whole, out=np.zeros(flooded.size), where=whole > 0)
    return numbers(yearly_value, "yearly_value", flooded.size) * share * settings.recreation_days / YEAR


def staff_affected(jobs: ArrayLike, depth: ArrayLike, settings: SectorSettings | None = None) -> Floats:
    """Return the staff of each flooded workplace, ``(n,)`` persons; the tool counts them and prices nothing."""
    settings = settings or SectorSettings()
    deep = water(depth)
    return np.where(reached(deep, settings.minimum_depth), numbers(jobs, "jobs", deep.size), 0.0)


def staff_cost(jobs: ArrayLike, depth: ArrayLike, settings: SectorSettings | None = None) -> Floats:
    """Return wages while a flooded workplace stands still, ``(n,)`` [DKK]: staff x days x wage (assumption)."""
    settings = settings or SectorSettings()
    return staff_affected(jobs, depth, settings) * settings.closed_days * settings.day_wage


def public_service(
    buildings: pd.DataFrame, depth: ArrayLike, hazard: str, settings: DamageSettings | None = None
) -> pd.DataFrame:
    """Return the public buildings that are flooded: `id`, `use`, `depth` [m], `damage` and `cellar` [DKK].

    `buildings` has the columns of `City.buildings`, `depth` ``(n,)`` is the water outside. The amounts are those of the
    building model: they are part of the damage of all buildings already.
    """
    settings = settings or DamageSettings()
    deep, category = water(depth), damage_categories(buildings["bbr_code"].to_numpy())
    hit = (category == "public") & reached(deep, settings.minimum_depth)
    found, kind, wet = buildings[hit], category[hit], deep[hit]
    names = _table("dk_bbr_names.csv", "bbr_code")["name_da"].reindex(found["bbr_code"].astype(float))
    table = pd.DataFrame({"id": found["id"].to_numpy(), "use": names.to_numpy(), "depth": wet})
    return table.assign(
        damage=building_damage(hazard, kind, found["area"].to_numpy(np.float64), wet, settings),
        cellar=cellar_damage(hazard, kind, found["cellar_area"].to_numpy(np.float64), wet, settings),
    )


def habitats_flooded(score: ArrayLike, flooded_area: ArrayLike) -> pd.DataFrame:
    """Return the habitats under water by `score` (bioscore): `habitats` and `area` [m2]; the tool prices nothing."""
    flooded = water(flooded_area)
    table = pd.DataFrame({"score": numbers(score, "score", flooded.size), "area": flooded})
    grouped = table[table["area"] > 0].groupby("score")["area"]
    return pd.DataFrame({"habitats": grouped.size(), "area": grouped.sum()}).reset_index()


def neighbour_value_loss(
    footprints: gpd.GeoSeries,
    category: ArrayLike,
    area: ArrayLike,
    flooded: Flags,
    settings: SectorSettings | None = None,
    damage: DamageSettings | None = None,
) -> Floats:
    """Return the lost value of dry homes near flooded buildings, ``(n,)`` [DKK], by footprint area [m2].

    The tool keeps this model hidden and out of its sums: half the loss of a flooded home within 300 m of one.
    """
    settings, damage = settings or SectorSettings(), damage or DamageSettings()
    shapes, wet = footprints.to_numpy(), np.asarray(flooded, dtype=bool)
    near, dry = np.zeros(wet.size, dtype=bool), np.flatnonzero(~wet)
    if wet.any() and dry.size:
        tree = shapely.STRtree(shapes[wet])
        found, _ = tree.query_nearest(shapes[dry], max_distance=settings.neighbour_distance, all_matches=False)
        near[dry[found]] = True
    sold = np.isin(np.asarray(category), damage.value_loss_categories)
    each = settings.neighbour_share * damage.value_loss_share * damage.price_per_area
    return np.where(near & sold, each * numbers(area, "area", wet.size), 0.0)
