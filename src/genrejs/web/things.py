"""What one thing on the map is: its figures, each with its unit, its source and whether it is constructed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np

from genrejs.city.model import City
from genrejs.impact.damage import damage_categories
from genrejs.report.portrait import GUESSES
from genrejs.report.texts import Phrase, known
from genrejs.tables import own_rows
from genrejs.web.layers import LAYERS, STOREY
from genrejs.web.works import work

CATEGORY_WORDS = MappingProxyType(
    {
        "home": "Home", "summer_house": "Summer house", "garage": "Garage", "annex": "Outbuilding",
        "business": "Business", "business_low": "Business of low value", "culture": "Culture", "utility": "Utility",
        "public": "Public building", "unknown": "Building", "other": "Building",
    }
)  # fmt: skip
"""English words for the damage categories; in Danish the register's own words are used."""


@dataclass(frozen=True)
class Fact:
    """One figure of a thing; `source` names where it comes from, `constructed` whether we made or assumed it."""

    name_da: str
    name_en: str
    value: float | int | str | Phrase | None
    unit: str = ""
    source: str = ""
    constructed: bool = True

    def plain(self) -> dict[str, Any]:
        """Return it as the page reads it; words in both languages stand in `value` too, for whoever asks for that."""
        plain = dict(vars(self))
        if isinstance(self.value, Phrase):
            told = self.value
            plain |= {"value": f"{told.da} / {told.en}", "value_da": told.da, "value_en": told.en}
        return plain


Told = tuple[str, str, list[Fact]]


def thing(city: City, layer: str, row: int) -> dict[str, Any] | None:
    """Return the title and the facts of one feature of a layer by its `i`, None where there is none."""
    if layer not in TELLERS or not 0 <= row < _count(city, layer):
        return None
    title_da, title_en, facts = TELLERS[layer](city, row)
    return {"title_da": title_da, "title_en": title_en, "facts": [fact.plain() for fact in facts]}


def _count(city: City, layer: str) -> int:
    if layer == "sea":
        return len(LAYERS["sea"](city)[1])
    return 0 if (part := getattr(city, layer)) is None else len(part)


def origin(city: City, what: str) -> tuple[str, bool]:
    """Return source and constructedness of a part of the city by the city's own list; unknown parts are assumptions."""
    found = city.sources[city.sources["what"] == what] if len(city.sources) else city.sources
    if not len(found):
        return "assumption", True
    source, certainty = str(found["source"].iloc[0]), str(found["certainty"].iloc[0])
    return source, any(word in f"{source} {certainty}".lower() for word in GUESSES)


@cache
def _bbr_names() -> Mapping[int, str]:
    rows = own_rows("genrejs.impact", "curves", "dk_bbr_names.csv")
    return MappingProxyType({int(row["bbr_code"]): row["name_da"] for row in rows})


def _ground(city: City, x: float, y: float) -> Fact:
    column = int((x - city.grid.west) / city.grid.cell)
    line = int((city.grid.north - y) / city.grid.cell)
    inside = 0 <= line < city.grid.rows and 0 <= column < city.grid.columns
    level = float(city.terrain["elevation"].to_numpy()[line, column]) if inside else np.nan
    shown = round(level, 2) if np.isfinite(level) else None
    return Fact("Terræn (DVR90)", "Ground level (DVR90)", shown, "m", *origin(city, "terrain"))


def _district(city: City, id: str) -> Fact:
    names = city.districts.loc[city.districts["id"].astype(str) == id, "name_da"]
    return Fact(
        "Bydel", "District", str(names.iloc[0]) if len(names) else id, "", *origin(city, "outlines of districts")
    )


def _building(city: City, row: int) -> Told:
    here = city.buildings.iloc[row]
    code, middle = int(here["bbr_code"]), here.geometry.representative_point()
    made, look = origin(city, "buildings"), origin(city, "years, floors, cellars and floor levels of buildings")
    floors = int(here["floors"])
    facts = [
        Fact("BBR-anvendelse", "BBR use code", str(code), "", *made),
        Fact("Grundplan", "Footprint", round(float(here["area"]), 1), "m²", *made),
        Fact("Etager", "Floors", floors, "", *look),
        Fact("Højde (3 m pr. etage)", "Height (3 m a floor)", floors * STOREY, "m", "assumption"),
        Fact("Byggeår", "Built in", str(int(here["year"])), "", *look),
        Fact("Kælder", "Cellar", round(float(here["cellar_area"]), 1), "m²", *look),
        Fact("Gulv over terræn", "Floor above the ground", round(float(here["floor_level"]), 2), "m", *look),
        _ground(city, middle.x, middle.y),
        Fact("Beboere", "Residents", int(here["residents"]), "", *origin(city, "households")),
        Fact("Arbejdspladser", "Jobs", int(here["jobs"]), "", *origin(city, "jobs in the town")),
        _district(city, str(here["district"])),
    ]
    category = str(damage_categories([code])[0])
    return _bbr_names().get(code, "Bygning"), CATEGORY_WORDS[category], facts


def _component(city: City, row: int) -> Told:
    here = city.components.iloc[row]
    source = str(here["source"]) if "source" in here.index else "assumption"
    guess = not source.startswith("PyPSA")
    own = ("assumption", True)
    service = known(f"service.{here['service']}", str(here["service"]))
    facts = [
        Fact("Giver", "Gives", service, "", source, guess),
        Fact("Går i stå ved vand på", "Stops at water of", float(here["fail_depth"]), "m", *own),
        Fact("Starter igen efter", "Starts again after", float(here["restart"]), "h", *own),
        Fact("Reparation efter vand", "Repair after water", float(here["repair"]), "h", *own),
        Fact("Kan drives i hånden", "Can be run by hand", round(100 * float(here["fallback"])), "%", *own),
        Fact("Afhænger af kommunens it", "Depends on municipal IT", _yes(bool(here["digital"])), "", *own),
        _ground(city, float(here["x"]), float(here["y"])),
    ]
    return str(here["name_da"]), str(here["name_en"]), facts


def _yes(value: bool) -> Phrase:
    return Phrase("ja", "yes") if value else Phrase("nej", "no")


def _one_district(city: City, row: int) -> Told:
    here = city.districts.iloc[row]
    source, guess = str(here["source"]), str(here["certainty"]) != "published"
    people = city.buildings.loc[city.buildings["district"].astype(str) == str(here["id"])]
    shares = (
        ("language_other_share", "Andet sprog end dansk", "Another language than Danish"),
        ("low_income_share", "Lav indkomst", "Low income"),
        ("social_housing_share", "Almene boliger", "Social housing"),
    )
    facts = [
        Fact("Beboere", "Residents", int(people["residents"].sum()), "", source, guess),
        Fact("Bygninger", "Buildings", len(people), "", *origin(city, "buildings")),
    ]
    told = origin(city, "shares of language, income and social housing by district")
    facts += [Fact(da, en, round(100 * float(here[name])), "%", *told) for name, da, en in shares]
    return str(here["name_da"]), str(here["name_en"]), facts


def _stream(city: City, row: int) -> Told:
    here = city.streams.iloc[row]
    name = str(here["name"])
    facts = [
        Fact("Bredde", "Width", float(here["width"]), "m", *origin(city, "stream widths")),
        Fact("Længde på kortet", "Length on the map", round(here.geometry.length), "m", *origin(city, "stream lines")),
    ]
    return name, name, facts


def _street(city: City, row: int) -> Told:
    streets = city.streets
    if streets is None:  # _count lets none through
        raise IndexError(row)
    told = origin(city, "streets")
    known_as = str(streets.name[row])
    name = known_as[:1].upper() + known_as[1:]
    facts = [
        Fact("Længde", "Length", round(float(streets.length[row])), "m", *told),
        Fact("Fart", "Speed", round(float(streets.speed[row]) * 3.6), "km/h", *told),
        Fact("Bro", "Bridge", _yes(bool(streets.bridge[row])), "", *origin(city, "bridges")),
    ]
    return name or "Vej", name or "Street", facts


def _sea(city: City, _: int) -> Told:
    facts = [Fact("Bund", "Bed", Phrase("0,9–10", "0.9–10"), "m", *origin(city, "sea bed"))]
    return "Fjorden", "The fjord", facts


def _structure(city: City, row: int) -> Told:
    title_da, title_en, figures, source = work(city.structures[row])
    guess = any(word in source.lower() for word in GUESSES)
    return title_da, title_en, [Fact(da, en, value, unit, source, guess) for da, en, value, unit in figures]


TELLERS: Mapping[str, Callable[[City, int], Told]] = MappingProxyType(
    {
        "buildings": _building, "components": _component, "districts": _one_district, "streams": _stream,
        "streets": _street, "sea": _sea, "structures": _structure,
    }
)  # fmt: skip
"""What tells of a feature of each layer."""
