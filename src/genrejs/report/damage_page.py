"""The page on a damage assessment: one HTML file that needs nothing else, in Danish and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genrejs.damage.model import DANISH
from genrejs.damage.result import Assessment
from genrejs.errors import InputError
from genrejs.report import damage_money, damage_tables
from genrejs.report.damage_map import CLASSES, damage_map
from genrejs.report.damage_texts import counted, note, say, source, years
from genrejs.report.headline import Card
from genrejs.report.images import data_uri
from genrejs.report.language import LANGUAGES
from genrejs.report.templating import fill
from genrejs.report.texts import Phrase, listing, money, number
from genrejs.writing import whole

CROWDED = 20_000
"""Buildings from which some lie over others on the map."""
COLUMNS_USED = "Columns used:"
"""Beginning of the calculation's sentence on the columns of the building layer."""
QUIET = 5.0
"""Return period of the most frequent map [year] from which nothing happens in most years."""


@dataclass(frozen=True)
class View:
    """The result and what all parts of the page ask it: the rarest map's figures, its name, and the kind of flood."""

    result: Assessment

    @property
    def told(self) -> Mapping[str, Any]:
        """The summary."""
        return self.result.summary

    @property
    def rarest(self) -> Mapping[str, Any]:
        """The figures of the rarest map."""
        rows: list[Mapping[str, Any]] = self.told["by_return_period"]
        return rows[-1]

    @property
    def period(self) -> float | None:
        """The return period of the rarest map [year]."""
        period: float | None = self.rarest["return_period_years"]
        return period

    @property
    def event(self) -> Phrase:
        """What the rarest map is called."""
        return say("when.only") if self.period is None else say("when.period", years=years(self.period))

    @property
    def when(self) -> Phrase:
        """At the rarest map."""
        return say("when.in_event", event=self.event)

    @property
    def hazard(self) -> str:
        """The kind of flood, "any" where nothing says it."""
        return str(self.told.get("hazard") or DANISH.get(str(self.told["model"])) or "any")


def write_damage_page(result: Assessment, path: Path | str, language: str = "da") -> Path:
    """Write the page of `damage_page` to `path`, whole or not at all, and return the path.

    Raises
    ------
    InputError
        The language is neither da nor en, or the place cannot be written.
    """
    page, place = damage_page(result, language, Path(path).name), Path(path)
    with whole(place) as beside:
        beside.write_text(page, encoding="utf-8")
    return place


def damage_page(result: Assessment, language: str = "da", name: str = "") -> str:
    """Return a damage assessment as one HTML page that loads nothing from anywhere, opening in `language`.

    Both languages are in it, with a switch. `name` is the file's own (X_report.html), whose neighbours the foot names.

    Raises
    ------
    InputError
        The language is neither da nor en.
    """
    if language not in LANGUAGES:
        raise InputError(f"The page is written in {' or '.join(LANGUAGES)}; got {language!r}.")
    view = View(result)
    parts = {
        **_top(view), **_often(view), **_where(view), **damage_money.payers(result, view.event),
        **damage_money.measure(result), **damage_money.matters(result, view.when), **_tables(view), **_ground(view),
    }  # fmt: skip
    sections = ["often", "where", "payers", "measure", "matters", "tables", "ground"]
    sections = [each for each in sections if parts.get(each, True) is not None]
    numbers = {each: number for number, each in enumerate(sections, start=2)}
    page = {"sections": sections, "numbers": numbers, "foot": _foot(view, name), **parts}
    return fill("damage.html.j2", language, say, page)


def _foot(view: View, name: str) -> Phrase:
    version = view.told["version"]
    if not name.endswith("_report.html"):
        return say("assess.footer_alone", version=version)
    return say("assess.footer", version=version, summary=name.replace("_report.html", "_summary.json"))


def _top(view: View) -> dict[str, Any]:
    return {"lead": _lead(view), "cards": _cards(view), "model": _model(view), "prices": _prices(view)}


def _lead(view: View) -> list[Phrase]:
    """Return what the rarest event and an average year cost, who bears most, and what the measure is worth."""
    told, loss = view.told, money(view.rarest["whole_dkk"])
    if not view.rarest["whole_dkk"]:
        return [say("lead.none")]
    if view.period is None:
        lines = [say("lead.only", loss=loss)]
    else:
        lines = [say("lead.rare", hazard=say(f"hazard.{view.hazard}"), years=years(view.period), loss=loss)]
    if others := damage_money.other_losses(view.result):
        what = listing(say(f"sector_word.{name}") for name in others)
        lines.append(say("lead.others", loss=money(sum(others.values())), what=what))
    if told["annual"]:
        often = float(told["by_return_period"][0]["return_period_years"])
        lines.append(say("lead.quiet" if often >= QUIET else "lead.year", loss=money(told["annual"]["whole_dkk"])))
    lines += damage_money.largest_payer(view.result)
    return lines + damage_money.worth_in_short(view.result)


def _cards(view: View) -> list[Card]:
    told, rare = view.told, view.rarest
    if view.period is None:
        first = Card(say("card.only"), money(rare["whole_dkk"]), _sentences(say("card.only_sentence"), _spread(rare)))
    else:
        sentence = say("card.rare_sentence", years=years(view.period))
        first = Card(say("card.rare"), money(rare["whole_dkk"]), _sentences(sentence, _spread(rare)))
    cards = [first]
    if annual := told["annual"]:
        sentence = _sentences(say("card.year_sentence"), _spread(annual))
        cards.append(Card(say("card.year"), money(annual["whole_dkk"]), sentence))
    counts = {"all": number(told["buildings"]), "wet": counted(told["buildings_wet"])}
    cards.append(Card(say("card.hit"), number(told["buildings_damaged"]), say("card.hit_sentence", **counts)))
    people = told["people"]
    for name, words in (("residents_in_wet_buildings", "people"), ("adults_affected", "adults")):
        if name in people:
            cards.append(Card(say("card.people"), number(people[name]), say(f"card.{words}_sentence")))
            break
    return cards


def _spread(row: Mapping[str, Any]) -> Phrase:
    low, high = (damage_money.quantile(row, end) for end in ("p05", "p95"))
    if low is None or high is None:
        return say("card.unsure")
    if not high:
        return Phrase("", "")
    spread = say("card.spread", low=money(low), high=money(high))
    return _sentences(spread, say("card.spread_less")) if row["sectors_dkk"] else spread


def _sentences(*sentences: Phrase) -> Phrase:
    return Phrase(" ".join(each.da for each in sentences).strip(), " ".join(each.en for each in sentences).strip())


def _model(view: View) -> Phrase:
    """Return the name of the damage model as a reader knows it."""
    name = str(view.told["model"])
    if name in DANISH:
        return say(f"model.{DANISH[name]}")
    if name == "jrc":
        return say("model.jrc")
    kind = "curve" if name.startswith("curve/") else "file"
    return say(f"model.{kind}", name=name.removeprefix("curve/") if kind == "curve" else Path(name).name)


def _prices(view: View) -> Phrase:
    """Return the price level, as far as it is known."""
    name = str(view.told["model"])
    if name in DANISH:
        return say("model.prices_dk")
    given = "value" in view.told["columns"] or view.told.get("value_per_area_dkk") is not None
    if name == "jrc" and not given:
        return say("model.prices_jrc", year=f"{view.told['settings']['prices.year']:.0f}")
    return say("model.prices_given")


def _often(view: View) -> dict[str, Any]:
    return damage_money.often(view.told)


def _where(view: View) -> dict[str, Any]:
    buildings = view.result.buildings
    drawn = damage_map(buildings)
    legend = [
        (colour, say("where.class", name=say(f"where.{name}"), count=number(count)))
        for (name, _, colour), count in zip(CLASSES, drawn.counts, strict=True)
    ]
    shown = [text for (_, text), count in zip(legend, drawn.counts, strict=True) if count]
    return {
        "map_image": data_uri(drawn.picture, "image/webp"),
        "map_alt": say("where.alt", when=view.when, classes=listing(shown)),
        "map_intro": say("where.intro", when=view.when),
        "map_legend": legend,
        "map_cut": say("where.cut", count=counted(drawn.outside)) if drawn.outside else None,
        "map_crowded": len(buildings) > CROWDED,
    }


def _tables(view: View) -> dict[str, Any]:
    result, people = view.result, view.told["people"]
    equity = view.told["equity"]
    weighed = None
    if equity:
        amounts = {"weighted": money(equity["weighted_loss_dkk"]), "plain": money(equity["loss_dkk"])}
        weighed = say("person.equity", gamma=number(equity["gamma"], 1), **amounts)
        if equity["buildings_without_income"]:
            missing = say("person.equity_missing", count=counted(equity["buildings_without_income"]))
            weighed = _sentences(weighed, missing)
    return {
        "events_table": damage_tables.events_table(result),
        "group_tables": damage_tables.group_tables(result, view.when),
        "sector_table": damage_tables.sector_table(result, view.when),
        "people_table": damage_tables.people_table(result, view.when),
        "sampled": bool(view.told["samples"]),
        "survey": any(name.startswith("survey_") for name in people),
        "equity": weighed,
    }


def _ground(view: View) -> dict[str, Any]:
    told = view.told
    # Which columns were used stands among the choices.
    found = [(text, note(text)) for text in told["notes"] if not text.startswith(COLUMNS_USED)]
    return {
        "sources": [source(text) for text in told["sources"]],
        "choices": damage_tables.choice_rows(view.result),
        "settings": damage_tables.settings_rows(view.result, _at_work(view)),
        "remarks": [phrase for _, phrase in found if phrase is not None],
        "other_remarks": [text for text, phrase in found if phrase is None],
    }


def _at_work(view: View) -> list[str]:
    """Return which parts of the settings had a say in this result."""
    result, told = view.result, view.told
    sectors = set(result.sectors["sector"]) if len(result.sectors) else set()
    people: Mapping[str, float] = told["people"]
    uses = {
        "danish": told["model"] in DANISH,
        "uncertain": bool(told["samples"]) or "sensitivity" in result.more,
        "prices": told["model"] == "jrc" or "infrastructure" in sectors,
        "crops": "crops" in sectors,
        "recreation": "recreation" in sectors,
        "roads": "roads" in sectors,
        "households": any(name.startswith("survey_") for name in people),
        "payers": len(result.payers) > 0,
        "equity": bool(told["equity"]),
    }
    return [name for name, used in uses.items() if used]
