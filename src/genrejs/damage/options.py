"""What a caller of `damage.assess` may choose, with the values that stand where nothing is chosen."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd

from genrejs.appraisal.risk import TAILS
from genrejs.damage.settings import Settings, alike
from genrejs.errors import InputError
from genrejs.impact.damage import HAZARDS
from genrejs.impact.sampling import HOW

KINDS = ("roads", "crops", "recreation", "infrastructure")
"""Layers besides the buildings."""
MOST_DRAWS = 10_000


@dataclass(frozen=True)
class Options:
    """Choices of an assessment.

    `columns` our name -> the layer's; `how` the depth on a building is taken; `depth_unit` auto, m, cm or mm;
    `value_per_area` [DKK/m2] for curves; `districts` a polygon layer or None; `samples` of what is uncertain (0 for
    none) from the stream of `seed`; `sensitivity` sobol, morris or None; `hazard` surge, cloudburst or stream where the
    model does not say (it decides who pays); `layers` of other sectors by kind (roads, crops, recreation,
    infrastructure); `tail` beyond the rarest map and `harmless_period` [year], more often than which nothing happens.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    how: str = "max"
    depth_unit: str = "auto"
    value_per_area: float | None = None
    districts: gpd.GeoDataFrame | Path | str | None = None
    settings: Settings = field(default_factory=Settings)
    samples: int = 0
    seed: int = 1
    sensitivity: str | None = None
    hazard: str | None = None
    layers: Mapping[str, gpd.GeoDataFrame | Path | str] = field(default_factory=dict)
    tail: str = "closed"
    harmless_period: float | None = None

    def __post_init__(self) -> None:
        if self.how not in HOW:
            raise InputError(f"The depth on a building is taken as {', '.join(HOW)}; got {self.how!r}.")
        if self.tail not in TAILS:
            raise InputError(f"Unknown tail '{self.tail}' of the exceedance curve; accepted are {', '.join(TAILS)}.")
        if self.hazard not in (None, *HAZARDS):
            raise InputError(f"The kind of flood is {', '.join(HAZARDS)}; got {self.hazard!r}.")
        for kind in self.layers:
            if kind not in KINDS:
                raise InputError(f"There is no layer of '{kind}'; known are {', '.join(KINDS)}.")
        if self.samples < 0 or self.samples == 1 or self.samples > MOST_DRAWS:
            raise InputError(f"The number of draws is 0 or from 2 to {MOST_DRAWS:,}; got {self.samples}.")
        if self.value_per_area is not None and not 0 < self.value_per_area < float("inf"):
            raise InputError(f"The value per m2 must be above 0 DKK; got {self.value_per_area}.")
        if self.harmless_period is not None and not 0 < self.harmless_period < float("inf"):
            raise InputError(f"The harmless return period must be above 0 years; got {self.harmless_period}.")


def read_options(given: Mapping[str, Any]) -> Options:
    """Return the options of keyword arguments.

    Raises
    ------
    InputError
        A keyword is not known or its value not accepted.
    """
    known = [part.name for part in dataclasses.fields(Options)]
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(known)}."
            raise InputError(f"damage.assess has no option '{name}'; {hint}")
    options = Options(**given)
    return dataclasses.replace(options, settings=alike(options.settings))
