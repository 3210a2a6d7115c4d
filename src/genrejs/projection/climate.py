"""The climate of a year: how much higher the sea stands, how much harder it rains, how much more the streams carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from genrejs.errors import InputError

REFERENCE_YEAR = 2020


@dataclass(frozen=True)
class ClimatePath:
    """A stated path; all figures are assumptions that a study may change.

    `sea_rise` [m above 2020 by year]: 0.2 m in 2050 fits the published 2.0 m design level, 0.5 m in 2100 the national
    high-emission figure. `river_growth`: share added to flood flows in 100 years. Rain grows by its return period's
    100-year climate factor, linearly in time.
    """

    sea_rise: Mapping[int, float]
    river_growth: float = 0.3

    def rise(self, year: int) -> float:
        """Return the sea-level rise [m] in `year`, linear between the stated years and flat outside them."""
        years = sorted(self.sea_rise)
        return float(np.interp(year, years, [self.sea_rise[y] for y in years]))

    def river_factor(self, year: int) -> float:
        """Return the factor on flood flows in `year`."""
        return 1.0 + self.river_growth * self._centuries(year)

    def rain_factor(self, year: int, hundred_year_factor: float) -> float:
        """Return the factor on rain intensity in `year`, given the factor for a 100-year horizon."""
        return 1.0 + (hundred_year_factor - 1.0) * self._centuries(year)

    @staticmethod
    def _centuries(year: int) -> float:
        if not 1800 <= year <= 2300:
            raise InputError(f"A year must lie between 1800 and 2300; got {year}.")
        return max(0.0, (year - REFERENCE_YEAR) / 100.0)


def middle_path() -> ClimatePath:
    """Return the path used when a study states none (assumption)."""
    return ClimatePath({REFERENCE_YEAR: 0.0, 2050: 0.2, 2100: 0.5})
