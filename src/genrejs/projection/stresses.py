"""The slow stresses of a city, each at low, middle, high or between, and what they come to year by year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.errors import InputError
from genrejs.projection.assets import project_assets
from genrejs.projection.climate import ClimatePath, climate_path, project_climate
from genrejs.projection.economy import project_economy
from genrejs.projection.levels import BASE_YEAR, LAST_YEAR, YEARS, Floats, Level, position
from genrejs.projection.people import project_people
from genrejs.projection.series import series_catalogue
from genrejs.projection.society import project_society

STRESSES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "sea": ("Havet stiger", "The sea rises"),
        "rain": ("Regnen bliver hårdere", "Rain gets harder"),
        "river": ("Åerne fører mere vand", "Streams carry more water"),
        "growth": ("Byen vokser", "The city grows"),
        "ageing": ("Borgerne bliver ældre", "People grow older"),
        "language": ("Flere taler et andet sprog", "More speak another language"),
        "economy": ("Færre i arbejde og dyrere velfærd", "Fewer in work and dearer welfare"),
        "cohesion": ("Sammenholdet svækkes", "Cohesion weakens"),
        "wear": ("Anlæg slides", "Installations wear"),
        "digital": ("Alt bliver digitalt", "Everything turns digital"),
    }
)
"""Every stress with its words in Danish and English; low is little of it, high is much."""


@dataclass(frozen=True)
class Stresses:
    """A stated future: `levels` 0..1 by stress, its `climate`, and its `series` ``(year,)`` from the base year to 2100.

    Two with the same levels are the same: everything else follows from them.
    """

    levels: Mapping[str, float]
    climate: ClimatePath
    series: Mapping[str, Floats]

    @staticmethod
    def at(levels: Mapping[str, Level] | None = None) -> Stresses:
        """Return the future at the named levels, middle where none is given.

        Raises
        ------
        InputError
            A stress is unknown, or a level is neither a name nor a number from 0 to 1.
        """
        where = positions(levels or {})
        paths = project_series({name: np.array([each]) for name, each in where.items()})
        climate = climate_path(where["sea"], where["rain"], where["river"])
        return Stresses(where, climate, {name: path[0] for name, path in paths.items()})

    @staticmethod
    def low() -> Stresses:
        """Return the future with little of every stress."""
        return Stresses.at(dict.fromkeys(STRESSES, "low"))

    @staticmethod
    def middle() -> Stresses:
        """Return the future in the middle of every stress."""
        return Stresses.at()

    @staticmethod
    def high() -> Stresses:
        """Return the future with much of every stress."""
        return Stresses.at(dict.fromkeys(STRESSES, "high"))

    def value(self, name: str, year: int) -> float:
        """Return one figure of a year; years before the base year and after 2100 count as these.

        Raises
        ------
        InputError
            No series has that name.
        """
        if name not in self.series:
            raise InputError(f"No series {name!r} in a projection; there are {', '.join(self.series)}.")
        return float(self.series[name][min(max(year, BASE_YEAR), LAST_YEAR) - BASE_YEAR])

    def table(self) -> pd.DataFrame:
        """Return the series side by side, one row a year; `words` says what the columns are."""
        return pd.DataFrame(dict(self.series), index=pd.Index(YEARS, name="year"))


def words() -> pd.DataFrame:
    """Return what each column of `Stresses.table` is: `unit`, `stress`, `sentence_da`, `sentence_en`, `source`."""
    rows = [vars(each) for each in series_catalogue().values()]
    return pd.DataFrame(rows).set_index("name")


def positions(levels: Mapping[str, Level]) -> Mapping[str, float]:
    """Return the position 0..1 of every stress, 0.5 where `levels` says nothing; raise InputError for unknown ones."""
    unknown = [name for name in levels if name not in STRESSES]
    if unknown:
        raise InputError(f"No stress {unknown[0]!r}; there are {', '.join(STRESSES)}.")
    return MappingProxyType({name: position(levels.get(name, "middle"), name) for name in STRESSES})


def project_series(where: Mapping[str, NDArray[np.float64]]) -> dict[str, Floats]:
    """Return every series by name ``(n, year)`` of n futures at the positions ``(n,)`` of every stress."""
    people = project_people(where["growth"], where["ageing"], where["language"])
    return {
        **project_climate(where["sea"], where["rain"], where["river"]),
        **people.series,
        **project_economy(people, where["economy"]),
        **project_society(people, where["cohesion"]),
        **project_assets(where["wear"], where["digital"]),
    }
