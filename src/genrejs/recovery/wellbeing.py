"""What a loss means to those who bear it: well-being lost by household after Hallegatte, by group of people.

A household that loses `loss` of what it lives in and by rebuilds it at the rate lambda. Until then it goes without the
income of what is lost and pays for the rebuilding, so that its consumption falls by

    dc(t) = (pi + lambda) loss exp(-lambda t)

A stock (savings, insurance payout, relief) is spent on the largest of this first: it holds the fall at one level until
the fall is below it by itself. Without interest and impatience no other way of spending it hurts less. The well-being
lost is the discounted utility lost over a horizon, utility ``c ** (1 - eta) / (1 - eta)``, divided by the marginal
utility at the mean consumption: a krone lost by a household of mean consumption, spread thinly, counts as one krone.

Sources: Hallegatte, Vogt-Schilb, Bangalore & Rozenberg 2017, "Unbreakable" (World Bank); Walsh & Hallegatte 2020,
"Measuring natural risks in the Philippines: socioeconomic resilience and wellbeing losses".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from genrejs.city.model import City
from genrejs.errors import InputError
from genrejs.impact.people import RELATIVE_INCOME
from genrejs.impact.result import Impact
from genrejs.recovery.households import AGES, GOLDEN
from genrejs.recovery.wellbeing_kernel import Taste, all_households

__all__ = ["HouseholdSettings", "Losses", "Wellbeing", "WellbeingSettings", "household_losses", "wellbeing_losses"]

Floats = NDArray[np.float64]
INCOMES = ("low", "middle", "high")
TENURES = ("owner", "social", "private")
GROUPS = ("income", "language", "district", "tenure")


@dataclass(frozen=True)
class WellbeingSettings:
    """How lost consumption becomes lost well-being; money in the unit of the losses (DKK for a city).

    The horizon is that of the integral and of the search for the best rate. It should be long: within ten years it
    would seem best never to rebuild, because what is still missing afterwards is not counted.
    """

    productivity: float = 0.15  # pi [1/year], income from a krone of effective capital (assumption)
    elasticity: float = 1.5  # eta of marginal utility (assumption; as in the published cases)
    discount: float = 0.06  # rho [1/year] of utility (assumption; as in the published cases)
    horizon: float = math.inf  # [years]
    mean_consumption: float = 200_000.0  # DKK per person and year (assumption; magnitude of the national accounts)
    subsistence: float = 72_000.0  # DKK per person and year that rebuilding must leave (assumption: 6,000 a month)
    slowest: float = 0.02  # lambda [1/year]: 5 % are rebuilt in 2.5 years (assumption; as good as never)
    fastest: float = 12.0  # lambda [1/year]: 95 % are rebuilt in a quarter of a year (assumption)

    def __post_init__(self) -> None:
        named = {"productivity": self.productivity, "horizon": self.horizon, "subsistence": self.subsistence}
        named |= {"mean_consumption": self.mean_consumption}
        for name, value in named.items():
            if not value > 0:
                raise InputError(f"wellbeing.{name} must be above 0; got {value}.")
        if not (0 <= self.elasticity < math.inf and 0 <= self.discount < math.inf):
            raise InputError("wellbeing.elasticity and wellbeing.discount must be 0 or more.")
        if not 0 < self.slowest < self.fastest < math.inf:
            raise InputError("wellbeing.slowest must be above 0 and below wellbeing.fastest.")

    def taste(self) -> Taste:
        """Return the figures as the compiled loop takes them."""
        return Taste(
            float(self.productivity), float(self.elasticity), float(self.discount), float(self.horizon),
            float(self.mean_consumption), float(self.subsistence),
        )  # fmt: skip


@dataclass(frozen=True)
class Losses:
    """``(household,)`` each: what the household loses, besides its assets.

    `wellbeing` lost [money at mean consumption]; `rate` lambda [1/year] of rebuilding, NaN where nothing is lost;
    `shortfall` [money] by which consumption falls below subsistence over the horizon because of the loss: what others
    would have to give (0 where rebuilding is slow enough to avoid it).
    """

    wellbeing: Floats
    rate: Floats
    shortfall: Floats


def wellbeing_losses(
    loss: ArrayLike,
    consumption: ArrayLike,
    stock: ArrayLike = 0.0,
    settings: WellbeingSettings | None = None,
    *,
    rate: ArrayLike | None = None,
) -> Losses:
    """Return what each household ``(n,)`` loses; all arguments broadcast.

    `loss` [money] is ``v k``, the lost share of effective capital times that capital; `consumption` [money a year]
    before; `stock` [money] savings, payout and relief together; `rate` lambda [1/year] if it is given by others, else
    each household takes the best between `slowest` and the fastest that leaves it subsistence all the time.
    Where even `slowest` breaks subsistence the household rebuilds at `slowest`; below subsistence each further krone
    weighs what it weighs there, so that no loss is infinite, and `shortfall` says what lacks. A given rate is kept.

    Raises
    ------
    InputError
        A figure is negative or not finite, a rate is not above 0, or the arrays differ in length.
    """
    chosen = settings or WellbeingSettings()
    given = np.nan if rate is None else np.asarray(rate, dtype=np.float64)
    if rate is not None and not ((given > 0) & np.isfinite(given)).all():
        raise InputError("Rates of rebuilding must be above 0 and finite; leave `rate` out for the best ones.")
    named = {"loss": loss, "consumption": consumption, "stock": stock}
    arrays = [_amounts(name, values) for name, values in named.items()]
    try:
        whole = np.broadcast_arrays(np.zeros(1), *arrays, given)[1:]
    except ValueError as wrong:
        raise InputError("Loss, consumption, stock and rate need one figure for each household.") from wrong
    homes = np.column_stack([np.ravel(values) for values in whole[:3]])
    rates = np.array(np.ravel(whole[3]), dtype=np.float64)
    found = all_households(homes, rates, chosen.taste(), (float(chosen.slowest), float(chosen.fastest)))
    return Losses(found[:, 1].copy(), found[:, 0].copy(), found[:, 2].copy())


def _amounts(name: str, values: ArrayLike) -> Floats:
    amounts = np.asarray(values, dtype=np.float64)
    if not ((amounts >= 0) & np.isfinite(amounts)).all():
        raise InputError(f"The {name} of households must be 0 or more and finite.")
    return amounts


def _fixed(**figures: float) -> Mapping[str, float]:
    return MappingProxyType(figures)


@dataclass(frozen=True)
class HouseholdSettings:
    """How the households of a city live and what they can fall back on; DKK."""

    relative: Mapping[str, float] = field(default_factory=lambda: RELATIVE_INCOME)
    # consumption per person relative to the mean, by income (assumption)
    savings: Mapping[str, float] = field(default_factory=lambda: _fixed(low=0.05, middle=0.2, high=0.5))
    # savings that can be spent, in years of consumption, by income (assumption)
    insured: Mapping[str, float] = field(default_factory=lambda: _fixed(low=0.8, middle=0.95, high=0.98))
    # share of households with an insurance, by income (assumption)
    bears: Mapping[str, float] = field(default_factory=lambda: _fixed(owner=1.0, social=0.3, private=0.3))
    # share of the loss in a home that its household bears, by tenure: the rest is the landlord's (assumption)
    payout: float = 0.74  # share of the whole loss that is paid: 1 / 1.35, 35 % come on top (national survey, FACTS 15)
    deductible: float = 8_000.0  # DKK that a household bears at least (storm-surge scheme after 2013, FACTS 7.3)
    relief: float = 0.0  # DKK per person whose household bears a loss

    def __post_init__(self) -> None:
        tables = {"relative": INCOMES, "savings": INCOMES, "insured": INCOMES, "bears": TENURES}
        for name, keys in tables.items():
            figures = getattr(self, name)
            if set(figures) != set(keys) or not all(0 <= figures[key] < math.inf for key in keys):
                raise InputError(f"households.{name} needs a figure of 0 or more for each of {', '.join(keys)}.")
        if not 0 <= self.payout <= 1 or not self.deductible >= 0 or not self.relief >= 0:
            raise InputError("households.payout must be 0..1, deductible and relief 0 DKK or more.")


@dataclass(frozen=True)
class Wellbeing:
    """Well-being lost in a city.

    `households`, row for row with `City.households`: `persons`, `asset_loss`, `stock`, `wellbeing_loss`, `shortfall`
    [DKK], `consumption` [DKK a year, of all its persons], `rate` [1/year] (NaN without a loss).
    `by_group`: `group` (income, age, language, district, tenure), `value`, `people`, `asset_loss`, `wellbeing_loss`
    [DKK], `per_person` [DKK] and `resilience`, the asset loss per krone of well-being lost (NaN without a loss).
    `asset_loss`, `wellbeing_loss` [DKK] of all households.
    """

    households: pd.DataFrame
    by_group: pd.DataFrame
    asset_loss: float
    wellbeing_loss: float

    @property
    def resilience(self) -> float:
        """Socio-economic resilience: assets lost per krone of well-being lost (Hallegatte et al. 2017)."""
        return self.asset_loss / self.wellbeing_loss if self.wellbeing_loss > 0 else math.nan


def household_losses(
    city: City,
    impact: Impact,
    settings: WellbeingSettings | None = None,
    homes: HouseholdSettings | None = None,
    *,
    rate: ArrayLike | None = None,
) -> Wellbeing:
    """Return what the households of `city` lose in `impact`.

    The damage of a building (with its cellar) is shared by persons among the households in it; each bears the share of
    its tenure. All persons of a household consume alike. Which households are insured is spread evenly over the rows:
    no chance. Landlords' losses are left out.

    Raises
    ------
    InputError
        The impact belongs to another city, or an income or tenure is unknown.
    """
    chosen, how = settings or WellbeingSettings(), homes or HouseholdSettings()
    if len(impact.buildings) != len(city.buildings):
        raise InputError("The impact has another number of buildings than the city: compute it for this city.")
    table = _accounts(city, impact, chosen, how)
    persons = np.maximum(table["persons"].to_numpy(np.float64), 1.0)
    loss, consumption, stock = (table[name].to_numpy(np.float64) for name in ("asset_loss", "consumption", "stock"))
    found = wellbeing_losses(loss / persons, consumption / persons, stock / persons, chosen, rate=rate)
    table["wellbeing_loss"] = found.wellbeing * persons
    table["shortfall"] = found.shortfall * persons
    table["rate"] = found.rate
    totals = table[["asset_loss", "wellbeing_loss"]].sum()
    return Wellbeing(table, _groups(city, table), float(totals.iloc[0]), float(totals.iloc[1]))


def _accounts(city: City, impact: Impact, settings: WellbeingSettings, how: HouseholdSettings) -> pd.DataFrame:
    people = city.households
    persons = people["persons"].to_numpy(np.float64)
    place = people["building"].to_numpy(np.int64)
    damage = impact.buildings["damage"].to_numpy(np.float64) + impact.buildings["cellar"].to_numpy(np.float64)
    living = np.bincount(place, persons, len(damage))
    share = np.divide(persons, living[place], out=np.zeros_like(persons), where=living[place] > 0)
    loss = damage[place] * share * _of(people, "tenure", how.bears)
    consumption = persons * settings.mean_consumption * _of(people, "income", how.relative)
    covered = np.mod((np.arange(len(people)) + 0.5) * GOLDEN, 1.0) < _of(people, "income", how.insured)
    paid = np.where(covered, np.maximum(np.minimum(how.payout * loss, loss - how.deductible), 0.0), 0.0)
    saved = consumption * _of(people, "income", how.savings)
    stock = np.where(loss > 0, saved + paid + how.relief * persons, saved)
    return pd.DataFrame({"persons": persons, "asset_loss": loss, "consumption": consumption, "stock": stock})


def _of(people: pd.DataFrame, column: str, figures: Mapping[str, float]) -> Floats:
    found = np.asarray(people[column].astype(str).map(dict(figures)), dtype=np.float64)
    if np.isnan(found).any():
        raise InputError(f"A household has an unknown {column}; accepted are {', '.join(figures)}.")
    return found


def _groups(city: City, table: pd.DataFrame) -> pd.DataFrame:
    people = city.households
    sums = table[["persons", "asset_loss", "wellbeing_loss"]].rename(columns={"persons": "people"})
    keys = {name: people[name].astype(str) for name in GROUPS if name != "district"}
    place = people["building"].to_numpy(np.int64)
    keys["district"] = city.buildings["district"].iloc[place].astype(str).reset_index(drop=True)
    parts = [_rows(name, sums.groupby(keys[name].to_numpy(), sort=True).sum()) for name in GROUPS]
    persons = np.maximum(table["persons"].to_numpy(np.float64), 1.0)
    heads = people[list(AGES)].to_numpy(np.float64)
    each = sums[["asset_loss", "wellbeing_loss"]].to_numpy() / persons[:, None]
    ages = pd.DataFrame(heads.T @ each, index=list(AGES), columns=["asset_loss", "wellbeing_loss"])
    ages.insert(0, "people", heads.sum(axis=0))
    whole = pd.concat([parts[0], _rows("age", ages), *parts[1:]], ignore_index=True)
    lost = whole["wellbeing_loss"].where(whole["wellbeing_loss"] > 0)
    whole["per_person"] = whole["wellbeing_loss"] / whole["people"].where(whole["people"] > 0)
    return whole.assign(resilience=whole["asset_loss"] / lost)


def _rows(group: str, sums: pd.DataFrame) -> pd.DataFrame:
    table = sums.rename_axis("value").reset_index()
    table.insert(0, "group", group)
    return table
