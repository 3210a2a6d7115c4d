"""`damage.assess`: depth maps and buildings in, what the water costs out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.appraisal.risk import weights
from genrejs.damage.case import Case, Found
from genrejs.damage.depths import DepthMap, read_depths
from genrejs.damage.districts import with_districts
from genrejs.damage.houses import Houses, read_houses
from genrejs.damage.layers import sector_losses
from genrejs.damage.losses import Sampled, evaluate, groupings, sample, totals
from genrejs.damage.model import DanishModel, Model, find_model
from genrejs.damage.options import Options, read_options
from genrejs.damage.result import Assessment
from genrejs.damage.sensitivity import sensitivity
from genrejs.damage.summary import gather
from genrejs.errors import InputError
from genrejs.impact.sampling import Sampler
from genrejs.impact.uncertainty import draws
from genrejs.rng import stream

if TYPE_CHECKING:
    from genrejs.damage.depths import Map

Floats = NDArray[np.float64]


def assess(
    depth: Mapping[float | None, Map] | Map,
    buildings: gpd.GeoDataFrame | Path | str,
    model: str = "dk/storm-surge",
    **options: Any,
) -> Assessment:
    """Return what water of `depth` [m] does to `buildings`, building by building and summed.

    `depth` is one map (path or DataArray with a CRS) or several by return period [year]; `buildings` a layer or table
    of footprints; `model` dk/storm-surge, dk/cloudburst, dk/stream, jrc, curve/ID or a CSV file of curves. Keywords
    are those of `genrejs.damage.options.Options`.

    Raises
    ------
    InputError
        Something given cannot be used; the sentence says what and where.
    """
    asked = read_options(options)
    chosen = find_model(model, asked.settings, asked.value_per_area)
    _check_sense(chosen, asked)
    maps = read_depths(depth, asked.depth_unit)
    houses = read_houses(buildings, maps[0].grid.crs, asked.columns, chosen.needs_code)
    chosen.check(houses)
    houses = with_districts(houses, asked.districts)
    water, notes = depths_at(maps, houses, asked.how)
    case = Case(chosen, houses, tuple(map_.period for map_ in maps), _weights(maps, asked), asked)
    losses = evaluate(chosen, houses, water)
    table = totals(losses, groupings(houses), case.periods, case.weights)
    sectors = sector_losses(maps, asked, case.weights)
    notes = [*houses.notes, *notes]
    return gather(case, Found(losses, table, sectors, _sampled(case, water), _matters(case, water), tuple(notes)))


def _check_sense(model: Model, asked: Options) -> None:
    """Raise InputError for choices that would be passed over in silence or contradict the model."""
    if asked.value_per_area is not None and isinstance(model, DanishModel):
        raise InputError(f"The amounts of {model.name} hold their own values; a value per m2 is for jrc and curves.")
    if asked.hazard is not None and model.hazard not in (None, asked.hazard):
        raise InputError(f"{model.name} is for {model.hazard}; --hazard {asked.hazard} contradicts it.")


def depths_at(maps: list[DepthMap], houses: Houses, how: str) -> tuple[Floats, list[str]]:
    """Return the depths ``(map, building)`` [m] and what is odd about them.

    Raises
    ------
    InputError
        No building lies on a map.
    """
    sampler = Sampler(houses.table.geometry, how)
    water, notes = [], []
    for map_ in maps:
        found = sampler(map_.depth, map_.grid)
        counts = found.counts()
        if counts["outside"] == len(found.depth):
            west, south, east, north = map_.grid.bounds
            raise InputError(
                f"No building lies on {map_.name}, which covers x {west:.0f} to {east:.0f} and y {south:.0f} to "
                f"{north:.0f} ({map_.grid.crs})."
            )
        for name, told in _TOLD.items():
            if counts[name]:
                notes.append(f"{map_.name}: {counts[name]:,} buildings {told}.")
        water.append(found.depth)
    return np.stack(water), notes


_TOLD = {
    "outside": "lie outside the map and count as dry",
    "partly": "lie partly outside the map; the depth is that of the rest",
    "nodata": "lie where the map has no data and count as dry",
}


def _weights(maps: list[DepthMap], asked: Options) -> Floats | None:
    """Return what each map counts in an average year ``(map,)`` [1/year], None where return periods are not known."""
    if maps[0].period is None:
        if asked.harmless_period is not None:
            raise InputError("The harmless return period belongs to an average year: give the maps' own (100=d.tif).")
        return None
    often = None if asked.harmless_period is None else 1.0 / asked.harmless_period
    return weights([1.0 / float(map_.period or 1.0) for map_ in maps], asked.tail, often)


def _matters(case: Case, water: Floats) -> pd.DataFrame | None:
    if case.asked.sensitivity is None:
        return None
    how = (case.asked.sensitivity, case.asked.settings.spread, case.asked.seed)
    return sensitivity(case.model, case.houses, water, case.weights, how)


def _sampled(case: Case, water: Floats) -> Sampled | None:
    if not case.asked.samples:
        return None
    generator = stream(case.asked.seed, "damage/uncertainty")
    drawn = draws(case.asked.samples, generator, case.asked.settings.spread)
    return sample(case.model, case.houses, water, drawn, case.weights)
