"""The report itself: one HTML file that needs nothing else, in Danish and English."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from genrejs.report import (
    afterwards,
    bands,
    bearing,
    choices,
    curves,
    dark,
    first,
    gantt,
    headline,
    maps,
    palette,
    portrait,
    reach,
    services,
    stays,
    sure,
    told,
    verdict,
    weakest,
)
from genrejs.report.images import data_uri, vector
from genrejs.report.language import day
from genrejs.report.story import Story, city_title, district_names
from genrejs.report.tables import Cell, Row, Table
from genrejs.report.templating import fill
from genrejs.report.texts import Phrase, both, calendar_year, duration, listing, number, percent, same, say, titled
from genrejs.scenario.figures import flooded_area
from genrejs.scenario.result import Result
from genrejs.writing import whole

SECTIONS = ("water", "services", "curve", "choices", "city", "origins", "engineer")
FOUR_R = ("robustness", "redundancy", "resourcefulness", "rapidity")
HECTARE = 1e4
MOST_HIT = 3


def write_report(out: Path, story: Story, language: str = "da") -> Path:
    """Write `out`/report.html, whole or not at all, opening in `language`, and return its path."""
    page = render(story, language)
    place = out / "report.html"
    with whole(place) as beside:
        beside.write_text(page, encoding="utf-8")
    return place


def render(story: Story, language: str = "da") -> str:
    """Return the report as one HTML page that loads nothing from anywhere."""
    return fill("report.html.j2", language, say, _page(story))


def _page(story: Story) -> dict[str, Any]:
    city = story.city
    return {
        "story": story,
        "city_name": same(city_title(city)),
        "sections": SECTIONS,
        "event_title": titled(story.main.event),
        "cards": headline.cards(story),
        "facts_top": headline.facts(story.main),
        "lead": headline.lead(story),
        "conclusion": verdict.conclusion(story),
        "attribution": maps.ATTRIBUTION,
        **_water(story),
        **_services(story),
        **weakest.weakest(story.weakness),
        **_curve(story),
        **sure.sure(story),
        **first.first(story),
        **told.told(story, story.warning_levers),
        **reach.reach(story),
        **afterwards.afterwards(story),
        **stays.stays(story),
        **bands.bands(story),
        **gantt.gantt(story),
        **dark.dark(story),
        **_choices(story),
        **bearing.bearing(story),
        **_city(story),
        **_run(story),
    }


def _water(story: Story) -> dict[str, Any]:
    wet = [result for result in story.showcase if result.footprint is not None]
    return {
        "wet": [_flood(story, result) for result in wet],
        "dry": [titled(result.event) for result in story.showcase if result.footprint is None],
        "depth_legend": list(zip(("low", "middle", "high"), palette.WATER_CLASSES, strict=True)),
    }


def _flood(story: Story, result: Result) -> dict[str, Any]:
    area = number(flooded_area(story.city, result) / HECTARE, 0)
    count = number(float(result.impact.buildings["wet"].sum()))
    title = titled(result.event)
    return {
        "title": title,
        "image": data_uri(maps.flood_map(story.city, result), "image/webp"),
        "alt": say("water.alt", event=title, area=area, count=count),
        "facts": ((say("water.area"), say("water.hectares", area=area)), *headline.facts(result)),
        "most": _most_hit(story, result),
        "barriers": maps.mentions(story.city, result.footprint),
    }


def _most_hit(story: Story, result: Result) -> Phrase | None:
    """Return the districts with most wet buildings, None where all are dry."""
    wet = result.impact.buildings["wet"].to_numpy(dtype=bool)
    counts = story.city.buildings.loc[wet, "district"].astype(str).value_counts()
    if counts.empty:
        return None
    names = district_names(story.city)
    return say("water.most", districts=listing(same(names.get(id, id)) for id in counts.index[:MOST_HIT]))


def _services(story: Story) -> dict[str, Any]:
    return {
        "strips": [
            {
                "title": titled(result.event),
                "strip": services.strip(story, result),
                "groups": services.group_tables(story, result),
            }
            for result in story.showcase
        ]
    }


def _curve(story: Story) -> dict[str, Any]:
    main = story.main
    after = story.after.get(main.event.name)
    share, time = percent(main.recovery.indicators["withstand"]), headline.bounce_back(main)
    better = after is not None and after.emerge_stronger > 0
    return {
        "curve": vector(curves.resilience_chart(story)),
        "curve_alt": say("curve.alt", event=titled(main.event), share=share, time=time),
        "curve_stronger": say("curve.mark_stronger", share=headline.stronger(after)) if better else None,
        "curve_cut": curves.lowest_shown([main, *([after] if after else [])]) > 0,
        "events_curve": vector(curves.events_chart(story)) if len(story.showcase) > 1 else None,
        "readings": _readings(story),
        "loss_note": say("curve.loss_note", services=number(main.recovery.functionality.sizes["service"])),
        "four_r": [(say(f"four.{name}"), say(f"four.{name}_note")) for name in FOUR_R],
    }


def _readings(story: Story) -> Table:
    """Return what is read off every event's curve, the three headline numbers, the loss and the four R."""
    rows = []
    for result in story.showcase:
        read = result.recovery.indicators
        figures = [
            percent(read["withstand"], 1),
            headline.bounce_back(result),
            headline.stronger(story.after.get(result.event.name)),
            number(read["resilience_loss"]),
            number(float(result.recovery.away.max())),
            *(percent(read.get(name, float("nan")), 1) for name in FOUR_R),
        ]
        rows.append(Row(titled(result.event), tuple(Cell(figure) for figure in figures)))
    columns = (
        say("card.withstand"), say("card.bounce_back"), say("card.emerge_stronger"), say("curve.loss"),
        say("curve.away"), *(say(f"four.{name}") for name in FOUR_R),
    )  # fmt: skip
    return Table(say("curve.all_caption"), say("water.event"), columns, tuple(rows))


def _choices(story: Story) -> dict[str, Any]:
    comparison = story.comparison
    years = {"now": calendar_year(comparison.now), "future": calendar_year(comparison.future)}
    drawn = bool(curves.drawn_hazards(comparison.exceedance))
    return {
        "comparison": choices.comparison_table(story),
        "verdicts": verdict.verdicts(story),
        "verdict_note": say("verdict.note", years=number(story.run.money_years)),
        "exceedance": vector(curves.exceedance_chart(story)) if drawn else None,
        "exceedance_alt": say("choice.curve_alt", **years),
        "spared": choices.spared_tables(story),
        "actions": choices.actions(story),
    }


def _city(story: Story) -> dict[str, Any]:
    return {
        "city_image": data_uri(maps.city_map(story.city), "image/webp"),
        "city_totals": portrait.totals(story),
        "districts": portrait.district_table(story),
        "lifelines": portrait.lifeline_table(story),
        "city_barriers": maps.mentions(story.city, None),
        "sources": portrait.source_rows(story),
        "event_sources": [(titled(result.event), portrait.origin(result.event.source)) for result in story.showcase],
        "levers": portrait.lever_rows(story),
    }


def _run(story: Story) -> dict[str, Any]:
    run = story.run
    facts = (
        (say("engineer.version"), same(run.version)),
        (say("engineer.commit"), same(run.commit)),
        (say("engineer.seed"), same(str(run.seed))),
        (say("engineer.run_time"), duration(run.seconds / 3600)),
        (say("engineer.created"), both(day, run.created.date())),
    )
    return {
        "account": portrait.account_table(story),
        "run_facts": facts,
        "interpolation": (
            say("engineer.interpolation", runs=number(run.risk_runs), cell=number(run.risk_cell))
            if run.risk_runs
            else None
        ),
        "money_rules": _money_rules(story),
        "created": both(day, run.created.date()),
    }


def _money_rules(story: Story) -> Phrase:
    run, comparison = story.run, story.comparison
    ends = {"now": calendar_year(comparison.now), "future": calendar_year(comparison.future)}
    return say("engineer.money", years=number(run.money_years), tax=percent(run.tax_distortion), **ends)
