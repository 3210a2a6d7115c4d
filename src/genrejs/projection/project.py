"""The city of a later year: what the slow stresses make of it before any shock comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.city.model import City, residents_by_district
from genrejs.errors import InputError
from genrejs.projection.homes import AGES, LANGUAGE_MOST, Wanted, evenly, resettle, whole
from genrejs.projection.levels import BASE_YEAR, Floats
from genrejs.projection.society import vulnerable_areas
from genrejs.projection.stresses import Stresses
from genrejs.rng import stream

IT_SERVICES = ("digital", "telecom")
"""Whoever needs one of these leans harder on it as everything turns digital."""
SHARES = {"language_other_share": "other_language_share", "low_income_share": "low_income_share"}
"""Columns of `City.districts` that are counted from the households, and what `vulnerable_areas` calls them."""


@dataclass(frozen=True)
class Change:
    """From the year `now`, which the city shows, to `year`; `places` takes shares of the growth by district."""

    stresses: Stresses
    now: int
    year: int
    places: Mapping[str, float] | None = None

    def ratio(self, name: str) -> float:
        """Return a series in `year` over the same in `now`."""
        return self.stresses.value(name, self.year) / self.stresses.value(name, self.now)

    def gain(self, name: str) -> float:
        """Return a series in `year` less the same in `now`."""
        return self.stresses.value(name, self.year) - self.stresses.value(name, self.now)


def project(
    city: City, stresses: Stresses, year: int, *, now: int = BASE_YEAR, places: Mapping[str, float] | None = None
) -> City:
    """Return the city of `year` under the stresses; in `now`, which it shows, and before it is the same city.

    Growth goes to every district in proportion, or by the shares `places` of districts by id; homes stand where homes
    stand. The sea, rain and streams of the year are the event's (`stresses.climate`) and change nothing here.

    Raises
    ------
    InputError
        `places` names an unknown or empty district, or its shares are below 0 or do not sum to 1.
    """
    _check_places(city, places)
    if year <= now:
        return city
    change = Change(stresses, now, year, places)
    for stress in (people, jobs, incomes, volunteers, cohesion, crews, wear, digital):
        city = stress(city, change)
    return _told(city, change)


def people(city: City, change: Change) -> City:
    """Growth, ageing and language: the town's residents by age group, language and district, and where they live."""
    if city.households.empty:
        return _scaled(city, change)
    wanted = wanted_people(city, change)
    homes = resettle(city, wanted).sort_values("building", kind="stable", ignore_index=True)
    heads = [
        np.bincount(table["building"], table["persons"], len(city.buildings)) for table in (city.households, homes)
    ]
    residents = city.buildings["residents"].to_numpy(np.int64) + np.rint(heads[1] - heads[0]).astype(np.int64)
    return _counted(city.change(buildings=city.buildings.assign(residents=residents), households=homes))


def wanted_people(city: City, change: Change) -> Wanted:
    """Return the residents of the later year: the town's total shared by how the municipality's groups change."""
    homes = city.households
    now = homes[list(AGES)].sum().to_numpy(np.float64)
    total = round(float(now.sum()) * change.ratio("town_residents"))
    ages = whole(now * [change.ratio(name) for name in AGES], total)
    other = float(homes.loc[homes["language"] == "other", "persons"].sum()) / max(float(now.sum()), 1.0)
    share = min(other * change.ratio("other_language_share"), LANGUAGE_MOST)
    here = vulnerable_areas(city)["residents"]
    districts = _placed(here, float(total - now.sum()), change.places)
    return Wanted((int(ages[0]), int(ages[1]), int(ages[2])), districts, share * total)


def jobs(city: City, change: Change) -> City:
    """The economy: jobs where jobs are, in proportion."""
    held = city.buildings["jobs"].to_numpy(np.float64)
    later = whole(held, round(float(held.sum()) * change.ratio("jobs_ratio")))
    return city.change(buildings=city.buildings.assign(jobs=later))


def incomes(city: City, change: Change) -> City:
    """The economy: homes of middle and low income change place until the share of people in low ones is right."""
    homes, ratio = city.households, change.ratio("low_income_ratio")
    if homes.empty or ratio == 1.0:
        return city
    persons, income = homes["persons"].to_numpy(np.float64), homes["income"].to_numpy().astype(object)
    poor = float(persons[income == "low"].sum())
    gives, takes = ("middle", "low") if ratio > 1.0 else ("low", "middle")
    order = stream(city.name, "projection/incomes").permutation(len(homes))
    able = order[income[order] == gives]
    moved = able[np.cumsum(persons[able]) <= poor * abs(ratio - 1.0)]
    income[moved] = takes
    return _counted(city.change(households=homes.assign(income=income.astype(str))))


def volunteers(city: City, change: Change) -> City:
    """Cohesion: who volunteers at home, and those the municipality has organised."""
    plan, ratio = city.preparedness, change.ratio("volunteers_share")
    heads = ratio * change.ratio("town_residents")
    city = city.prepare(volunteers=round(plan.volunteers * heads), door_pairs=round(plan.door_pairs * heads))
    homes = city.households
    if homes.empty:
        return city
    willing = homes["volunteers"].to_numpy(np.float64)
    grown = homes["adults"].to_numpy(np.float64) + homes["seniors"].to_numpy(np.float64)
    return city.change(households=homes.assign(volunteers=_shifted(np.minimum(willing, grown), grown, ratio, city)))


def cohesion(city: City, change: Change) -> City:
    """Cohesion: social capital, which speeds clean-up and return."""
    capital = city.preparedness.social_capital + change.gain("social_capital")
    return city.prepare(social_capital=float(np.clip(capital, 0.0, 1.0)))


def crews(city: City, change: Change) -> City:
    """The economy: repair crews grow and shrink with the people in work."""
    workers = change.ratio("employed")
    return city.prepare(
        crews=MappingProxyType({name: count * workers for name, count in city.preparedness.crews.items()})
    )


def wear(city: City, change: Change) -> City:
    """Wear: repairs take more work, and less water stops an installation."""
    parts = city.components
    worn = {"repair": change.ratio("repair_ratio"), "fail_depth": change.ratio("fail_depth_ratio")}
    return city.change(components=parts.assign(**{name: parts[name] * ratio for name, ratio in worn.items()}))


def digital(city: City, change: Change) -> City:
    """Digital dependency: more runs on IT, more is lost without it, and fewer can still do it by hand."""
    left = (1.0 - change.stresses.value("digital_share", change.year)) / (
        1.0 - change.stresses.value("digital_share", change.now)
    )
    links, parts = city.links, city.components
    service = links["source"].map(parts.set_index("id")["service"])
    apart = links["either"].fillna("").astype(str) == "" if "either" in links.columns else True
    leans = service.isin(IT_SERVICES) & apart
    loss = links["loss"].where(~leans, 1.0 - (1.0 - links["loss"]) * left)
    turned = stream(city.name, "projection/digital").random(len(parts)) >= left
    return city.change(
        links=links.assign(loss=loss), components=parts.assign(digital=parts["digital"].astype(bool) | turned),
        preparedness=replace(city.preparedness, fallback=city.preparedness.fallback * left),
    )  # fmt: skip


def _shifted(willing: Floats, grown: Floats, ratio: float, city: City) -> NDArray[np.int64]:
    """Return whole volunteers of every home ``(household,)``: their share of adults times `ratio`, at most all."""
    spots = evenly(stream(city.name, "projection/volunteers"), willing.size)
    if ratio <= 1.0:
        return np.floor(willing * ratio + spots * (willing > 0)).astype(np.int64)
    idle = grown - willing
    joins = min((ratio - 1.0) * float(willing.sum()) / max(float(idle.sum()), 1.0), 1.0)
    return (willing + np.floor(idle * joins + spots * (idle > 0))).astype(np.int64)


def _scaled(city: City, change: Change) -> City:
    """Return a city without households with all residents in proportion."""
    held = city.buildings["residents"].to_numpy(np.float64)
    later = whole(held, round(float(held.sum()) * change.ratio("town_residents")))
    return _counted(city.change(buildings=city.buildings.assign(residents=later)))


def _placed(here: pd.Series, growth: float, places: Mapping[str, float] | None) -> dict[str, float]:
    """Return residents by district id: growth in proportion, or by `places`; decline is always in proportion."""
    everywhere = here / max(float(here.sum()), 1.0)
    share = everywhere if places is None or growth < 0 else pd.Series(places).reindex(here.index, fill_value=0.0)
    return {str(name): float(count) for name, count in (here + growth * share).items()}


def _check_places(city: City, places: Mapping[str, float] | None) -> None:
    if places is None:
        return
    lived = residents_by_district(city)
    lived = lived[lived > 0]
    wrong = [name for name in places if name not in lived.index]
    if wrong:
        raise InputError(f"No homes in a district {wrong[0]!r} for growth; there are {', '.join(lived.index)}.")
    if min(places.values(), default=0.0) < 0 or not np.isclose(sum(places.values()), 1.0):
        raise InputError(f"The shares of growth by district must be 0 or more and sum to 1; got {dict(places)}.")


def _counted(city: City) -> City:
    """Return the city with its districts' residents and shares counted anew."""
    table = city.districts
    held = residents_by_district(city).round().to_numpy()
    counted = {"residents": held.astype(table["residents"].dtype)}
    if len(city.households):
        shares = vulnerable_areas(city)
        lived = (shares["residents"] > 0).to_numpy()
        for column, name in SHARES.items():
            if column in table.columns:
                counted[column] = np.where(lived, shares[name].to_numpy(), table[column].to_numpy())
    return city.change(districts=table.assign(**counted))


def _told(city: City, change: Change) -> City:
    """Return the city with a row in its sources that says that a projection made it."""
    levels = ", ".join(f"{name} {level:g}" for name, level in change.stresses.levels.items())
    row = {
        "what": f"the city in {change.year}",
        "value": f"projected from {change.now}; levels from 0 (low) to 1 (high): {levels}",
        "source": "genrejs.projection, docs/projection.md",
        "licence": "EUPL-1.2",
        "certainty": "assumption",
    }
    return city.change(sources=pd.concat([city.sources, pd.DataFrame([row])], ignore_index=True))
