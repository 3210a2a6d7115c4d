"""What the report tells: the results of a study gathered in one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from genrejs.appraisal.bearers import Bearers
from genrejs.appraisal.result import Comparison
from genrejs.city.model import City
from genrejs.errors import InputError
from genrejs.measure.model import Measure, Strategy
from genrejs.recovery.result import Recovery
from genrejs.report.weakest import Weakness
from genrejs.scenario.aftermath import Aftermath
from genrejs.scenario.result import Result
from genrejs.scenario.spread import Band


@dataclass(frozen=True)
class After:
    """The same shock met again after learning: its recovery, and emerge stronger = 1 - L2/L1 [-]."""

    recovery: Recovery
    emerge_stronger: float


@dataclass(frozen=True)
class Solve:
    """How the solver computed one event: cells, cell size [m], steps, wall time [s], water account [m3] of `Flood`."""

    cells: int
    cell: float
    steps: int
    wall_seconds: float
    balance: Mapping[str, float]
    max_froude: float = 0.0

    @property
    def relative_error(self) -> float:
        """Volume that appeared or vanished as a share of the volume moved [-]; 0 when nothing moved."""
        moved = self.balance.get("moved", 0.0)
        return abs(self.balance.get("error", 0.0)) / moved if moved > 0 else 0.0


@dataclass(frozen=True)
class RunFacts:
    """Who made this and how: run time [s], local time of creation, cell size [m] and number of runs of the risk set,
    period of appraisal [year] and tax distortion [-]."""

    version: str
    commit: str
    seed: int
    seconds: float
    created: datetime
    risk_cell: float = 20.0
    risk_runs: int = 0
    money_years: int = 50
    tax_distortion: float = 0.10


@dataclass(frozen=True)
class Story:
    """Everything the report and `summary.json` need; the first of `showcase` is the main event.

    `showcase` holds results of the strategy "today", one per event; `after`, `aftermath`, `bands` and `solves` are
    keyed by the event's name and may lack events; `measures` are those that `strategies` name; `bearers` tells who
    bears the expected year's damage to today's city, `weakness` what hurts it most when it fails; `orders`, `levers`
    and `social` say what other priorities, one thing changed, and more or less social capital make of the main event.
    """

    city: City
    showcase: tuple[Result, ...]
    after: Mapping[str, After]
    comparison: Comparison
    run: RunFacts
    measures: tuple[Measure, ...] = ()
    strategies: tuple[Strategy, ...] = ()
    solves: Mapping[str, Solve] = field(default_factory=dict)
    bearers: Bearers | None = None
    weakness: Weakness | None = None
    aftermath: Mapping[str, Aftermath] = field(default_factory=dict)
    bands: Mapping[str, Band] = field(default_factory=dict)
    orders: pd.DataFrame | None = None
    levers: pd.DataFrame | None = None
    warning_levers: pd.DataFrame | None = None
    social: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        if not self.showcase:
            raise InputError("A report needs the result of at least one event; the showcase is empty.")

    @property
    def main(self) -> Result:
        """The event that the headline numbers are about."""
        return self.showcase[0]


def city_title(city: City) -> str:
    """Return the city's name as a proper name: "vejle" becomes "Vejle"."""
    return city.name[:1].upper() + city.name[1:]


def district_names(city: City) -> dict[str, str]:
    """Return the shown name of every district by id: a place keeps its own name in every language."""
    shown = next(column for column in ("name_da", "name", "id") if column in city.districts)
    return dict(zip(city.districts["id"].astype(str), city.districts[shown].astype(str), strict=True))
