"""The climate of a year: how much higher the sea stands, how much harder it rains, how much more the streams carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from genrejs.errors import InputError
from genrejs.projection.levels import YEARS, Floats, between

REFERENCE_YEAR = 2020
SEA_2100 = (0.35, 0.50, 0.90)
"""[m] by level: national figures if political ambitions are met and at high emission (DMI Klimaatlas, told by bt.dk);
high: the add-on that the municipal plan used (oversvommelse.kyst.dk), that it falls in 2100 is an assumption."""
SEA_2050 = (0.14, 0.20, 0.30)
"""[m] by level: the middle fits the published 2.0 m design level of 2050; low and high are assumptions."""
RIVER_GROWTH = (0.15, 0.30, 0.50)
"""Share added to flood flows in 100 years, by level (assumption)."""
RAIN_SCALE = (0.5, 1.0, 2.4)
"""Times the usual climate factors of rain, by level: high are Skrift 30's high factors (general knowledge)."""
HEAVY_RAIN = 1.4
"""The usual 100-year climate factor of a 100-year rain (Skrift 30, general knowledge), for the series shown."""
CLIMATE = ("sea_rise", "rain_factor", "river_factor")


@dataclass(frozen=True)
class ClimatePath:
    """A stated path; all figures are assumptions that a study may change.

    `sea_rise` [m above 2020 by year]: 0.2 m in 2050 fits the published 2.0 m design level, 0.5 m in 2100 the national
    high-emission figure. `river_growth`: share added to flood flows in 100 years. Rain grows by its return period's
    100-year climate factor, linearly in time, `rain_scale` times as much.
    """

    sea_rise: Mapping[int, float]
    river_growth: float = 0.3
    rain_scale: float = 1.0

    def rise(self, year: int) -> float:
        """Return the sea-level rise [m] in `year`, linear between the stated years and flat outside them."""
        years = sorted(self.sea_rise)
        return float(np.interp(year, years, [self.sea_rise[y] for y in years]))

    def river_factor(self, year: int) -> float:
        """Return the factor on flood flows in `year`."""
        return 1.0 + self.river_growth * self._centuries(year)

    def rain_factor(self, year: int, hundred_year_factor: float) -> float:
        """Return the factor on rain intensity in `year`, given the factor for a 100-year horizon."""
        return 1.0 + self.rain_scale * (hundred_year_factor - 1.0) * self._centuries(year)

    @staticmethod
    def _centuries(year: int) -> float:
        if not 1800 <= year <= 2300:
            raise InputError(f"A year must lie between 1800 and 2300; got {year}.")
        return max(0.0, (year - REFERENCE_YEAR) / 100.0)


def middle_path() -> ClimatePath:
    """Return the path used when a study states none (assumption)."""
    return ClimatePath({REFERENCE_YEAR: 0.0, 2050: 0.2, 2100: 0.5})


def climate_path(sea: float = 0.5, rain: float = 0.5, river: float = 0.5) -> ClimatePath:
    """Return the path at positions 0..1 on the rising sea, harder rain and fuller streams; 0.5 is `middle_path`."""
    rise = {REFERENCE_YEAR: 0.0, 2050: float(between(sea, *SEA_2050)), 2100: float(between(sea, *SEA_2100))}
    return ClimatePath(rise, float(between(river, *RIVER_GROWTH)), float(between(rain, *RAIN_SCALE)))


def project_climate(sea: ArrayLike, rain: ArrayLike, river: ArrayLike) -> Mapping[str, Floats]:
    """Return the series of CLIMATE by name ``(n, year)``, at positions 0..1 ``(n,)``; rain is the 100-year rain's."""
    sea, rain, river = (np.atleast_1d(np.asarray(each, dtype=np.float64)) for each in (sea, rain, river))
    late, far = between(sea, *SEA_2050)[:, None], between(sea, *SEA_2100)[:, None]
    early = np.clip((YEARS - REFERENCE_YEAR) / (2050 - REFERENCE_YEAR), 0.0, 1.0)
    beyond = np.clip((YEARS - 2050) / 50.0, 0.0, 1.0)
    century = (YEARS - REFERENCE_YEAR) / 100.0
    return {
        "sea_rise": late * early + (far - late) * beyond,
        "rain_factor": 1.0 + between(rain, *RAIN_SCALE)[:, None] * (HEAVY_RAIN - 1.0) * century,
        "river_factor": 1.0 + between(river, *RIVER_GROWTH)[:, None] * century,
    }
