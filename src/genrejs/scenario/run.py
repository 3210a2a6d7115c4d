"""One scenario: an event meets the city of one strategy; water in, recovery out."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.hazard.event import Event
from genrejs.hazard.water import ordinary_water
from genrejs.impact.assess import ImpactSettings, assess, assess_depths
from genrejs.impact.result import Impact
from genrejs.impact.sampling import CellIndex, depth_at_points, footprint_cells, highest, north_up
from genrejs.recovery.learn import emerge_stronger, learn
from genrejs.recovery.restore import restore
from genrejs.recovery.result import Recovery
from genrejs.recovery.settings import RecoverySettings
from genrejs.scenario.result import Result
from genrejs.warning.channels import WarningSettings
from genrejs.warning.warn import warn


@dataclass(frozen=True)
class Settings:
    """The rooms' settings that a study may change."""

    impact: ImpactSettings = field(default_factory=ImpactSettings)
    warning: WarningSettings = field(default_factory=WarningSettings)
    recovery: RecoverySettings = field(default_factory=RecoverySettings)


@dataclass(frozen=True)
class Depths:
    """Water at every building and component [m], without a raster: what an interpolated event carries."""

    buildings: NDArray[np.float64]
    components: NDArray[np.float64]


@dataclass(frozen=True)
class How:
    """Whose result it is (the scenario's key, the strategy, the calendar year) and the rooms' settings."""

    key: str
    strategy: str
    year: int
    settings: Settings


Bounds = tuple[float, float, float, float]
DRAWS = 9
"""Cities that learnt, of which the median is shown (assumption)."""


def building_cells(city: City, window: Bounds | None = None) -> CellIndex:
    """Return the cells under every building, without those that hold water on an ordinary day (sea, streams)."""
    grid, cut = city.grid.window(window) if window is not None else (city.grid, (slice(None), slice(None)))
    return footprint_cells(city.buildings.geometry, grid, skip=ordinary_water(city)[cut])


def run_footprint(city: City, event: Event, water: xr.Dataset | None, index: CellIndex, how: How) -> Result:
    """Return what `event` with its `water` (None for a dry event) does to `city` and how the city comes back."""
    return _finish(city, event, water, assess(city, water, event, how.settings.impact, index), how)


def run_depths(city: City, event: Event, depths: Depths, how: How) -> Result:
    """Return the same from depths at buildings and components, as interpolated between solver runs."""
    impact = assess_depths(city, depths.buildings, depths.components, event, how.settings.impact)
    return _finish(city, event, None, impact, how)


def depths_of(city: City, water: xr.Dataset, index: CellIndex) -> Depths:
    """Return the water at every building and component of `city` in a footprint on the grid of `index`."""
    depth = north_up(water["max_depth"])
    x, y = city.components["x"].to_numpy(), city.components["y"].to_numpy()
    return Depths(highest(depth, index), depth_at_points(depth, index.grid, x, y))


def _finish(city: City, event: Event, water: xr.Dataset | None, impact: Impact, how: How) -> Result:
    warned = warn(city, event, impact, how.settings.warning)
    recovery = restore(city, impact, warned, how.settings.recovery)
    return Result(how.key, event, how.strategy, how.year, water, impact, warned, recovery)


def second_shock(city: City, first: Result, index: CellIndex, settings: Settings) -> tuple[Recovery, float]:
    """Return the recovery from the same shock once the city has learnt, and how much stronger it emerged.

    Which buildings are rebuilt better and which components moved is drawn; of `DRAWS` cities the median one is shown.
    """
    runs = [_again(city, first, index, (settings, draw)) for draw in range(DRAWS)]
    runs.sort(key=lambda run: run[1])
    return runs[DRAWS // 2]


def _again(city: City, first: Result, index: CellIndex, drawn: tuple[Settings, int]) -> tuple[Recovery, float]:
    settings, draw = drawn
    key = f"{first.key}/{draw}"
    wiser = learn(city, first.impact, first.recovery, key)
    how = How(key, first.strategy, first.year, settings)
    again = run_footprint(wiser, first.event, first.footprint, index, how)
    return again.recovery, emerge_stronger(first.recovery, again.recovery)
