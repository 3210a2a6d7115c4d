"""What constructed buildings are used for: BBR code, floors, year, cellar, floor level and jobs (assumptions)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from genrejs.city.districts import read_table
from genrejs.city.model import BUILDING_COLUMNS
from genrejs.rng import stream

Floats = NDArray[np.float64]
TOTAL_JOBS = 30_000  # in the town (assumption)
CELLAR_SHARE = 0.8  # of the footprint (assumption)
CELLAR_YEARS = (0, 1930, 1961, 1976)  # a cellar's chance changes in these years ...
CELLAR_CHANCE = (0.70, 0.55, 0.20, 0.03)  # ... to these (assumption)
FLOOR_YEARS = (0, 1930, 1961, 1999)
FLOOR_LEVEL = (0.45, 0.35, 0.22, 0.17)  # [m] homes: the middle of the range (assumption)
SHOP_FLOOR_LEVEL = 0.16  # [m] shops, halls and public buildings have a step-free entrance (assumption)
OUTBUILDING_FLOOR_LEVEL = 0.05  # [m] (assumption)
SITE_FLOORS = {431: 5, 321: 3, 160: 2, 421: 2, 429: 2, 433: 2}  # lifelines' buildings; others have one (assumption)


def furnish(footprints: pd.DataFrame, name: str, seed: int) -> pd.DataFrame:
    """Return the footprints with BUILDING_COLUMNS filled, `constructed` and geometry; nobody lives there yet.

    `footprints` has `district`, `kind`, `role`, `bbr_code` (NaN where the role decides) and `geometry`.
    """
    rng = stream(seed, "buildings/use")
    mix, use = read_table(name, "building_mix.csv").fillna({"kind": ""}), read_table(name, "building_use.csv")
    table = footprints.reset_index(drop=True).copy()
    code, floors = _codes(table, mix, rng)
    years = read_table(name, "fabric.csv").set_index("district").loc[table["district"], ["year_from", "year_to"]]
    span = years.to_numpy()
    year = np.round(span[:, 0] + (span[:, 1] - span[:, 0]) * rng.beta(1.6, 1.6, len(table))).astype(np.int64)
    row = use.set_index("bbr_code").loc[code]
    area = np.round(shapely.area(table["geometry"].to_numpy()), 1)
    cellar = (rng.random(len(table)) < _by_year(year, CELLAR_YEARS, CELLAR_CHANCE)) & (row["cellar"] == 1).to_numpy()
    table["id"] = [f"B{number:05d}" for number in range(len(table))]
    table["bbr_code"], table["floors"], table["year"], table["area"] = code, floors, year, area
    table["cellar_area"] = np.where(cellar, np.round(CELLAR_SHARE * area, 1), 0.0)
    table["floor_level"] = _floor_level(year, row, rng)
    table["protected_to"], table["residents"] = 0.0, 0
    table["jobs"] = apportion(row["jobs_density"].to_numpy() * area * floors, TOTAL_JOBS)
    table["constructed"] = True
    return table[[*BUILDING_COLUMNS, "constructed", "geometry"]]


def apportion(weight: Floats, total: int) -> NDArray[np.int64]:
    """Return whole numbers in proportion to `weight` that sum to `total`, ``(row,)``, by largest remainders."""
    exact = weight / weight.sum() * total
    whole: NDArray[np.int64] = np.floor(exact).astype(np.int64)
    left = total - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:left]] += 1
    return whole


def _codes(
    table: pd.DataFrame, mix: pd.DataFrame, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    code, floors = table["bbr_code"].fillna(0).to_numpy(dtype=np.int64), np.ones(len(table), dtype=np.int64)
    role_kind = table["role"] + "/" + table["kind"]
    for pair in sorted(role_kind.unique()):
        rows, (role, kind) = np.flatnonzero(role_kind == pair), pair.split("/")
        if role == "site":
            floors[rows] = [SITE_FLOORS.get(int(value), 1) for value in code[rows]]
            continue
        options = mix[(mix["role"] == role) & (mix["kind"] == kind)]
        options = options if len(options) else mix[(mix["role"] == role) & (mix["kind"] == "")]
        share = options["share"].to_numpy()
        pick = rng.choice(len(options), size=len(rows), p=share / share.sum())
        code[rows] = options["bbr_code"].to_numpy()[pick]
        low, high = options["floors_from"].to_numpy()[pick], options["floors_to"].to_numpy()[pick]
        floors[rows] = rng.integers(low, high + 1)
    return code, floors


def _floor_level(year: NDArray[np.int64], use: pd.DataFrame, rng: np.random.Generator) -> Floats:
    home = use["dwelling_area"].to_numpy() > 0
    house = use.index.isin((120, 131, 132))
    middle = np.where(home | house, _by_year(year, FLOOR_YEARS, FLOOR_LEVEL), SHOP_FLOOR_LEVEL)
    level = np.clip(middle * rng.uniform(0.75, 1.35, year.size), 0.15, 0.60)
    shed = (use["outbuilding"] == 1).to_numpy()
    return np.asarray(np.round(np.where(shed, OUTBUILDING_FLOOR_LEVEL, level), 2), dtype=np.float64)


def _by_year(year: NDArray[np.int64], starts: tuple[int, ...], values: tuple[float, ...]) -> Floats:
    return np.asarray(np.asarray(values)[np.searchsorted(starts, year, side="right") - 1], dtype=np.float64)
