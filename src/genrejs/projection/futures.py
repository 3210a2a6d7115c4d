"""Many futures at once: each stress drawn between low and high, so that strategies can be tried against them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from genrejs.errors import InputError
from genrejs.projection.levels import LAST_YEAR, Floats
from genrejs.projection.series import series_catalogue
from genrejs.projection.stresses import STRESSES, Stresses, project_series
from genrejs.rng import stream

MOST = 100_000  # futures at a time: their series fill 3 GB
FACTORS: Mapping[str, str] = {
    "sea_rise_2100": "sea_rise",
    "rain_factor_2100": "rain_factor",
    "river_factor_2100": "river_factor",
    "residents_2100": "residents",
    "town_residents_2100": "town_residents",
    "elderly_share_2100": "elderly_share",
    "other_language_share_2100": "other_language_share",
    "low_income_ratio_2100": "low_income_ratio",
    "unskilled_share_2100": "unskilled_share",
    "welfare_gap_2100": "welfare_gap",
    "hands_missing_2100": "hands_missing",
    "volunteers_share_2100": "volunteers_share",
    "social_capital_2100": "social_capital",
    "failure_ratio_2100": "failure_ratio",
    "digital_share_2100": "digital_share",
}
"""What a future is described by, in natural units, and the series whose last year it is."""


@dataclass(frozen=True)
class Futures:
    """`positions` ``(future, stress)`` 0..1, drawn independently, and every series of every future."""

    positions: pd.DataFrame
    paths: Mapping[str, Floats]

    def __len__(self) -> int:
        """Return how many futures there are."""
        return len(self.positions)

    @cached_property
    def factors(self) -> pd.DataFrame:
        """Return ``(future, factor)``: the figures of FACTORS in natural units."""
        return pd.DataFrame({name: self.paths[series][:, -1] for name, series in FACTORS.items()})

    def table(self, name: str) -> Floats:
        """Return one series of every future ``(future, year)``, the years those of `levels.YEARS`.

        Raises
        ------
        InputError
            No series has that name.
        """
        if name not in self.paths:
            raise InputError(f"No series {name!r} in a projection; there are {', '.join(self.paths)}.")
        return self.paths[name]

    def stresses(self, row: int) -> Stresses:
        """Return one future, as `project` takes it.

        Raises
        ------
        InputError
            There is no such row.
        """
        if not 0 <= row < len(self):
            raise InputError(f"There is no future {row}; there are {len(self)}, numbered from 0.")
        return Stresses.at({name: float(self.positions[name].iloc[row]) for name in STRESSES})


def draw_futures(key: str | int, count: int) -> Futures:
    """Return `count` futures: a Latin hypercube over all stresses, each triangular around its middle (assumption).

    Every stress has its own random stream, so that the same key always gives the same bits, and a new stress would
    leave the others as they are [mckay1979].

    Raises
    ------
    InputError
        The count is not from 1 to 100,000.
    """
    if not 1 <= count <= MOST:
        raise InputError(f"{count} futures were asked for; give a number from 1 to {MOST}.")
    drawn = {name: _triangular(_hypercube(key, name, count)) for name in STRESSES}
    return Futures(pd.DataFrame(drawn), project_series(drawn))


def factor_words() -> pd.DataFrame:
    """Return what each factor is: `unit`, `stress`, `name_da`, `name_en`, `source`."""
    known = series_catalogue()
    rows = {
        name: {
            "unit": known[series].unit,
            "stress": known[series].stress,
            "name_da": f"{known[series].sentence_da.removesuffix('.')} ({LAST_YEAR})",
            "name_en": f"{known[series].sentence_en.removesuffix('.')} ({LAST_YEAR})",
            "source": known[series].source,
        }
        for name, series in FACTORS.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("factor")


def _hypercube(key: str | int, name: str, count: int) -> Floats:
    """Return one value from each of `count` equal parts of 0..1, in random order ``(count,)``."""
    rng = stream(key, f"futures/{name}")
    return np.asarray((rng.permutation(count) + rng.random(count)) / count, dtype=np.float64)


def _triangular(share: Floats) -> Floats:
    """Return the positions at the shares ``(n,)`` of a triangular distribution on 0..1 with its peak at 0.5."""
    low = np.sqrt(0.5 * share)
    high = 1.0 - np.sqrt(0.5 * (1.0 - share))
    return np.asarray(np.where(share < 0.5, low, high), dtype=np.float64)
