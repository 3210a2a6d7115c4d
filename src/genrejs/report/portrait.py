"""The picture of the city, what of it is constructed or assumed, and how the figures were computed."""

from __future__ import annotations

import tomllib
from collections.abc import Hashable, Mapping
from dataclasses import fields
from functools import cache
from importlib import resources

import numpy as np
import pandas as pd

from genrejs.city.model import SERVICES, residents_by_district
from genrejs.city.preparedness import Preparedness
from genrejs.report.language import MISSING, significant
from genrejs.report.story import Story, district_names
from genrejs.report.tables import Cell, Row, Table, barred
from genrejs.report.texts import Phrase, both, known, listing, number, percent, same, say, titled

GUESSES = ("constructed", "assum", "konstruer", "antag")
"""Words by which the list of sources marks what is ours."""


def totals(story: Story) -> tuple[tuple[Phrase, Phrase], ...]:
    """Return the city in a few numbers."""
    city = story.city
    people = city.households
    persons = max(1, int(people["persons"].sum()))
    return (
        (say("city.residents"), number(float(city.buildings["residents"].sum()))),
        (say("city.buildings"), number(len(city.buildings))),
        (say("city.households"), number(len(people))),
        (say("city.jobs"), number(float(city.buildings["jobs"].sum()))),
        (say("city.cellars"), number(float((city.buildings["cellar_area"] > 0).sum()))),
        (say("city.other_language"), percent(people.loc[people["language"] == "other", "persons"].sum() / persons)),
        (say("city.seniors"), percent(people["seniors"].sum() / persons)),
        (say("city.components"), number(len(city.components))),
    )


def district_table(story: Story) -> Table:
    """Return residents, buildings, and ground-floor area under a stated level for every district."""
    city = story.city
    residents, names = residents_by_district(city), district_names(city)
    buildings = city.buildings.groupby("district", observed=True).size().reindex(residents.index, fill_value=0)
    order = residents.sort_values(ascending=False, kind="stable").index
    bars = barred([float(residents[id]) for id in order], number)
    rows = tuple(
        Row(same(names[str(id)]), (bar, Cell(number(float(buildings[id])))))
        for id, bar in zip(order, bars, strict=True)
    )
    return Table(say("city.districts"), say("group.district"), (say("city.residents"), say("city.buildings")), rows)


def lifeline_table(story: Story) -> Table:
    """Return the lifelines: how many components give each service, and their names."""
    components = story.city.components
    rows = []
    for service in SERVICES:
        mine = components[components["service"] == service]
        if len(mine):
            named = [Phrase(str(row.name_da), str(row.name_en)) for row in mine.itertuples()]
            rows.append(Row(known(f"service.{service}", service), (Cell(number(len(mine))), Cell(listing(named)))))
    columns = (say("city.number"), say("city.names"))
    return Table(say("city.lifelines"), say("services.corner"), columns, tuple(rows))


def source_rows(story: Story) -> tuple[dict[str, object], ...]:
    """Return the city's own list of sources; `guess` marks those that are constructed or assumed."""
    table = story.city.sources
    return tuple(
        {**{name: origin(_shown(row.get(name))) for name in ("what", "value", "source", "licence", "certainty")},
         "guess": _is_guess(row)}
        for row in table.to_dict("records")
    )  # fmt: skip


def lever_rows(story: Story) -> tuple[tuple[Phrase, Phrase], ...]:
    """Return every lever of the city's preparedness with its value today."""
    today = story.city.preparedness
    return tuple((say(f"lever.{lever.name}"), _lever(getattr(today, lever.name))) for lever in fields(Preparedness))


def account_table(story: Story) -> Table:
    """Return the solver's account of every event: cells, steps, time, volumes [m3] and the relative error."""
    rows = []
    for result in story.showcase:
        solve = story.solves.get(result.event.name)
        head = titled(result.event)
        if solve is None:
            word = say("engineer.not_kept" if result.event.wet else "engineer.no_water")
            rows.append(Row(head, (Cell(word),) + (Cell(same(MISSING)),) * 6))
            continue
        figures = (
            say("engineer.cells_of", cells=number(solve.cells), cell=number(solve.cell)),
            number(solve.steps),
            number(solve.wall_seconds, 1),
            both(significant, solve.balance.get("moved", np.nan), 3),
            both(significant, solve.balance.get("error", np.nan), 2),
            _power(solve.relative_error),
            number(solve.max_froude, 2),
        )
        rows.append(Row(head, tuple(Cell(figure) for figure in figures)))
    columns = tuple(
        say(f"engineer.{name}") for name in ("cells", "steps", "seconds", "moved", "error", "relative", "froude")
    )
    return Table(say("engineer.caption"), say("water.event"), columns, tuple(rows))


def _power(value: float) -> Phrase:
    if value == 0:
        return same("0")
    mantissa, exponent = f"{value:.1e}".split("e")
    digits = "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in str(abs(int(exponent))))
    sign = "⁻" if int(exponent) < 0 else ""
    return Phrase(f"{mantissa.replace('.', ',')} · 10{sign}{digits}", f"{mantissa} · 10{sign}{digits}")


def _lever(value: object) -> Phrase:
    if isinstance(value, Mapping):
        return listing(
            Phrase(f"{known(f'trade.{trade}', trade).da}: {crews:g}", f"{known(f'trade.{trade}', trade).en}: {crews:g}")
            for trade, crews in value.items()
        ) if value else say("lever.none")  # fmt: skip
    return both(significant, float(str(value)), 3)


def origin(text: str) -> Phrase:
    """Return a source's words with their Danish where there are some, in both languages as they stand otherwise."""
    return Phrase(_danish_origins().get(text, text), text.replace("+-", "±"))


@cache
def _danish_origins() -> Mapping[str, str]:
    return tomllib.loads(resources.files("genrejs.report").joinpath("origins_da.toml").read_text(encoding="utf-8"))


def _shown(value: object) -> str:
    return MISSING if value is None or (isinstance(value, float) and pd.isna(value)) else str(value)


def _is_guess(row: Mapping[Hashable, object]) -> bool:
    text = f"{row.get('source', '')} {row.get('certainty', '')}".lower()
    return any(word in text for word in GUESSES)
