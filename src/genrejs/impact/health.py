"""What a flood costs people in hours, illness and money of their own: the tool's amount and the survey's counts.

The Danish tool prices 251 hours of every adult; the survey behind it counts hours, sick days and expenses of every
household. They are the same hours on two bases (276 h a household is 138 h for each of two adults, 17 sick days of
7.5 h are 64 h for each): report either, never their sum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from genrejs.errors import InputError
from genrejs.impact.columns import not_negative, numbers, reached, water

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class HealthSettings:
    """Hours, days and expenses after a flood.

    Per adult (18-70): OS2 SkadesØkonomi. Per household: the survey that its documentation quotes (Jyllinge Nordmark
    after the storm Bodil of 2013, DTU; FACTS 15).
    """

    minimum_depth: float = 0.30  # m outside from which a home counts, as for buildings
    work_hours: float = 138.0  # h per adult: clean-up and rebuilding
    travel_hours: float = 23.0  # h per adult: longer ways
    sick_hours: float = 64.0  # h per adult
    holiday_hours: float = 26.0  # h per adult: holidays spent on it
    time_cost: float = 301.0  # DKK/h
    cleanup_hours: float = 276.0  # h per household
    extra_travel_hours: float = 55.0  # h per household
    sick_days: float = 17.0  # days per household
    psychological_share: float = 0.62  # of households that report psychological effects
    rebuilding_months: float = 12.5  # mean time to rebuild
    # DKK per household that no insurance paid, about 35 % on top of what it paid; what each item is stands only in
    # the survey's report, which has not been read: use the sum
    uninsured: tuple[float, ...] = (217_000.0, 88_000.0, 16_000.0, 27_000.0)

    def __post_init__(self) -> None:
        not_negative(self, tuple(name for name in self.__dataclass_fields__ if name != "uninsured"))
        if self.psychological_share > 1:
            raise InputError(f"The setting 'psychological_share' is a share, 0 to 1; got {self.psychological_share}.")
        if not all(np.isfinite(item) and item >= 0 for item in self.uninsured):
            raise InputError(f"The setting 'uninsured' needs amounts of 0 or above; got {self.uninsured}.")

    @property
    def adult_hours(self) -> float:
        """Return the hours that the tool counts for each adult [h]: 251."""
        return self.work_hours + self.travel_hours + self.sick_hours + self.holiday_hours


def adult_effects(adults: ArrayLike, depth: ArrayLike, settings: HealthSettings | None = None) -> pd.DataFrame:
    """Return the tool's basis, a row a building: hours of `work`, `travel`, `sick`, `holiday` [h] and `cost` [DKK].

    `adults` ``(n,)`` are residents aged 18-70, `depth` ``(n,)`` is the water outside [m].

    Raises
    ------
    InputError
        When the columns differ in length or hold something that is no number of 0 or above.
    """
    settings = settings or HealthSettings()
    deep = water(depth)
    counted = np.where(reached(deep, settings.minimum_depth), numbers(adults, "adults", deep.size), 0.0)
    hours = {
        "work": settings.work_hours,
        "travel": settings.travel_hours,
        "sick": settings.sick_hours,
        "holiday": settings.holiday_hours,
    }
    table = pd.DataFrame({name: counted * each for name, each in hours.items()})
    return table.assign(cost=settings.time_cost * settings.adult_hours * counted)


def household_effects(
    households: ArrayLike, depth: ArrayLike, settings: HealthSettings | None = None, floors: ArrayLike = 1.0
) -> pd.DataFrame:
    """Return the survey's basis, a row a building, for `households` ``(n,)`` in water of `depth` ``(n,)`` [m].

    Columns: `households` flooded, `cleanup_hours`, `travel_hours` [h], `sick_days` [d], `psychological` (households
    with psychological effects, expected), `months` (household-months until rebuilt), `uninsured` [DKK]. The survey
    asked owners of houses; with `floors` only the share 1/floors of a building's households is flooded (assumption).

    Raises
    ------
    InputError
        When the columns differ in length, or a number is negative or none, or there is less than one floor.
    """
    settings = settings or HealthSettings()
    deep = water(depth)
    storeys = numbers(floors, "floors", deep.size)
    if (storeys < 1).any():
        raise InputError(f"'floors' must be 1 or more; got {storeys.min():g}.")
    given = numbers(households, "households", deep.size)
    flooded = np.where(reached(deep, settings.minimum_depth), given / storeys, 0.0)
    return pd.DataFrame(
        {
            "households": flooded,
            "cleanup_hours": settings.cleanup_hours * flooded,
            "travel_hours": settings.extra_travel_hours * flooded,
            "sick_days": settings.sick_days * flooded,
            "psychological": settings.psychological_share * flooded,
            "months": settings.rebuilding_months * flooded,
            "uninsured": sum(settings.uninsured) * flooded,
        }
    )


def people_totals(adult: pd.DataFrame, household: pd.DataFrame) -> dict[str, float]:
    """Return the sums of both bases under names that keep them apart: `tool_...` per adult, `survey_...` per household.

    Their hours are the same hours, so no sum over both is given.
    """
    tool = {f"tool_{name}": float(adult[name].sum()) for name in adult}
    return tool | {f"survey_{name}": float(household[name].sum()) for name in household}
