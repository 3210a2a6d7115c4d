"""One scenario: an event meets the city of one strategy; water in, recovery out."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.hazard.event import Event
from genrejs.impact.assess import ImpactSettings, assess, assess_depths
from genrejs.impact.result import Impact
from genrejs.recovery.learn import emerge_stronger, learn
from genrejs.recovery.restore import RecoverySettings, restore
from genrejs.recovery.result import Recovery
from genrejs.scenario.result import Result
from genrejs.warning.warn import WarningSettings, warn


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
class Label:
    """Whose result it is: the scenario's key, the strategy and the calendar year."""

    key: str
    strategy: str
    year: int


def run_footprint(city: City, event: Event, water: xr.Dataset | None, label: Label, settings: Settings) -> Result:
    """Return what `event` with its `water` (None for a dry event) does to `city` and how the city comes back."""
    return _finish(city, event, water, assess(city, water, event, settings.impact), (label, settings))


def run_depths(city: City, event: Event, depths: Depths, label: Label, settings: Settings) -> Result:
    """Return the same from depths at buildings and components, as interpolated between solver runs."""
    impact = assess_depths(city, depths.buildings, depths.components, event, settings.impact)
    return _finish(city, event, None, impact, (label, settings))


def depths_of(city: City, water: xr.Dataset) -> Depths:
    """Return the water at every building and component of `city` in a footprint."""
    return Depths(*sample_depths(city, water))


def _finish(city: City, event: Event, water: xr.Dataset | None, impact: Impact, how: tuple[Label, Settings]) -> Result:
    label, settings = how
    warned = warn(city, event, impact, settings.warning)
    recovery = restore(city, impact, warned, settings.recovery)
    return Result(label.key, event, label.strategy, label.year, water, impact, warned, recovery)


def second_shock(city: City, first: Result, water: xr.Dataset | None, settings: Settings) -> tuple[Recovery, float]:
    """Return the recovery from the same shock once the city has learnt, and how much stronger it emerged."""
    wiser = learn(city, first.impact, first.recovery, first.key)
    label = Label(first.key + "-again", first.strategy, first.year)
    again = run_footprint(wiser, first.event, water, label, settings)
    return again.recovery, emerge_stronger(first.recovery, again.recovery)
