"""What people do with a warning: leave, move the car, carry goods up, lay sandbags; how many in time, and its worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.city.preparedness import Preparedness
from genrejs.impact.people import AGES
from genrejs.impact.result import Impact
from genrejs.warning.channels import GROUPS, WarningSettings
from genrejs.warning.ladder import Ladder, Spread, in_time, understanding

Floats = NDArray[np.float64]

ACTIONS = ("leave", "move_car", "raise_goods", "sandbag")


@dataclass(frozen=True)
class Held:
    """The city's households ``(household,)``: people by age (`heads` ``(household, age)``), whether they speak another
    language than Danish (`foreign`, 0 or 1), the row of their building (`place`), their number of `persons`."""

    heads: Floats
    foreign: NDArray[np.int64]
    place: NDArray[np.int64]
    persons: Floats


@dataclass(frozen=True)
class Homes:
    """What acting can save: households in `danger`, with water inside (`goods`), with a car that the water ruins
    (`cars`), all ``(household,)``, and the `damage` of buildings and cellars ``(building,)`` [DKK]."""

    danger: NDArray[np.bool_]
    goods: NDArray[np.bool_]
    cars: NDArray[np.bool_]
    damage: Floats


def held(city: City) -> Held:
    """Return the households of `city` as arrays; every language but Danish counts as another."""
    table = city.households
    foreign = (table["language"].to_numpy() != "da").astype(np.int64)
    heads = np.column_stack([table[age].to_numpy(np.float64) for age in AGES])
    return Held(heads, foreign, table["building"].to_numpy(np.int64), table["persons"].to_numpy(np.float64))


def homes(city: City, impact: Impact, danger: NDArray[np.bool_], settings: WarningSettings) -> Homes:
    """Return what acting can save in the city's homes; `danger` are the households in it."""
    place = city.households["building"].to_numpy(np.int64)
    damage = impact.buildings["damage"].to_numpy(np.float64) + impact.buildings["cellar"].to_numpy(np.float64)
    inside = ~impact.buildings["habitable"].to_numpy(bool)
    drowned = impact.buildings["depth"].to_numpy(np.float64) >= settings.car_depth
    return Homes(danger, inside[place], city.households["car"].to_numpy(bool) & drowned[place], damage)


def people_in(who: Held, chosen: NDArray[np.bool_]) -> Floats:
    """Return people in the `chosen` households, ``(language, age)``."""
    return np.array([who.heads[chosen & (who.foreign == language)].sum(axis=0) for language in (0, 1)])


def damage_avoided(who: Held, saved: Homes, acted: Floats, settings: WarningSettings) -> float:
    """Return the damage that acting keeps away [DKK], by the share of each home's people who act."""
    rows = len(saved.damage)
    acting = np.bincount(who.place, weights=who.persons * acted, minlength=rows)
    share = acting / np.maximum(np.bincount(who.place, weights=who.persons, minlength=rows), 1.0)
    return float(settings.avoided_share * (share * saved.damage).sum())


def value_moved(saved: Homes, acted: Floats, settings: WarningSettings) -> float:
    """Return the value of belongings and cars moved, which the damage model leaves out [DKK]."""
    return float((acted * (settings.belongings * saved.goods + settings.car * saved.cars)).sum())


def needed(settings: WarningSettings) -> dict[str, float]:
    """Return the minutes that each action takes, by its name."""
    minutes = (settings.leave_minutes, settings.car_minutes, settings.goods_minutes, settings.sandbag_minutes)
    return dict(zip(ACTIONS, minutes, strict=True))


def share_of_households(who: Held, shares: Floats) -> Floats:
    """Return the share of each household's people, ``(household,)``, from shares by `GROUPS` ``(group,)``."""
    people = who.heads.sum(axis=1)
    return np.asarray((who.heads * by_age(shares)[who.foreign]).sum(axis=1) / np.maximum(people, 1.0))


def by_age(shares: Floats) -> Floats:
    """Return shares by `GROUPS` as ``(language, age)``, children with the adults of their language."""
    adults_seniors = shares.reshape(len(GROUPS) // 2, 2)
    return np.column_stack([adults_seniors[:, 0], adults_seniors])


def action_table(
    who: Held, saved: Homes, able: dict[str, Floats], acted: Floats, settings: WarningSettings
) -> pd.DataFrame:
    """Return what is done: `action`, `minutes` it takes, `households` and `people` able in time, `avoided` [DKK].

    `able` are the shares of `GROUPS` able in time, by action: those who hear early enough for the whole of it. What is
    `avoided` also counts a part of an action, as the totals do: what sandbags avoid is damage, goods and cars are value
    moved.
    """
    concerned = (saved.danger, saved.cars, saved.goods, saved.danger & (saved.damage > 0.0)[who.place])
    avoided = (
        0.0, settings.car * (acted * saved.cars).sum(), settings.belongings * (acted * saved.goods).sum(),
        damage_avoided(who, saved, acted, settings),
    )  # fmt: skip
    rows = []
    for (action, minutes), mine, worth in zip(needed(settings).items(), concerned, avoided, strict=True):
        share = share_of_households(who, able[action]) * mine
        rows.append((action, minutes, float(share.sum()), float((who.persons * share).sum()), float(worth)))
    return pd.DataFrame(rows, columns=["action", "minutes", "households", "people", "avoided"])


def able_in_time(ready: Preparedness, spread: Spread, ladder: Ladder, settings: WarningSettings) -> dict[str, Floats]:
    """Return the share of each of `GROUPS` able to carry out all of each action before the water, ``(group,)``."""
    minutes = needed(settings)
    early = in_time(spread, spread.left - np.array(list(minutes.values())))
    shares = early.T * understanding(ready, settings) * ladder.comply
    return dict(zip(minutes, shares, strict=True))
