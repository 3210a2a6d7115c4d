"""The report on a small made-up story: what it says, in which languages, and in odd cases."""

from __future__ import annotations

import base64
import json
import re
import runpy
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from genrejs.errors import InputError
from genrejs.report import (
    afterwards_charts,
    bands,
    choices,
    curves,
    gantt,
    headline,
    images,
    maps,
    portrait,
    produce,
    services,
    stays,
    texts,
    told,
    verdict,
)
from genrejs.report.document import render, write_report
from genrejs.report.story import After, Story
from genrejs.report.summary import build_summary, schema
from genrejs.scenario.figures import flooded_area

TELLER = runpy.run_path(str(Path(__file__).parents[1] / "report_story.py"))
make_city, make_recovery, make_result = TELLER["make_city"], TELLER["make_recovery"], TELLER["make_result"]


WATCH = runpy.run_path(str(Path(__file__).parents[1] / "used_texts.py"))["watch"]


@pytest.fixture(scope="module")
def story() -> Story:
    return TELLER["make_story"]()


@pytest.fixture(scope="module")
def page(story) -> str:
    return render(story)


def changed(story: Story, **indicators: float) -> Story:
    main = story.main
    read = {**main.recovery.indicators, **indicators}
    return replace(story, showcase=(replace(main, recovery=replace(main.recovery, indicators=read)),))


def words(phrase: texts.Phrase) -> tuple[str, str]:
    return phrase.da.replace("\u00a0", " "), phrase.en.replace("\u00a0", " ")


def test_the_page_is_one_small_file_that_loads_nothing(story, tmp_path):
    place = write_report(tmp_path / "new", story)
    content = place.read_text("utf-8")
    assert place == tmp_path / "new" / "report.html"
    assert [path.name for path in place.parent.iterdir()] == ["report.html"]
    assert place.stat().st_size < 6e6
    loaded = re.findall(r"""(?:src|href|action|url\()\s*=?\s*["'(]?([a-z]+:[^"')\s]{0,30})""", content)
    assert loaded and {address.split(",")[0].split(";")[0].split(":")[0] for address in loaded} == {"data"}
    assert "@import" not in content


def test_a_story_without_events_is_refused(story):
    with pytest.raises(InputError, match="at least one event"):
        replace(story, showcase=())


class Outline(HTMLParser):
    """Collects open elements, image texts, headings and ids."""

    def __init__(self):
        super().__init__()
        self.stack, self.images, self.headings, self.ids, self.links = [], [], [], [], []
        self.languages = {"da": [], "en": []}

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag not in {"img", "meta", "link", "br"}:
            self.stack.append((tag, found.get("lang")))
        if tag == "img":
            self.images.append(found)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"][1:]] if found.get("href", "").startswith("#") else []

    def handle_endtag(self, tag):
        opened, _ = self.stack.pop()
        assert opened == tag, f"<{opened}> closed by </{tag}> at {self.getpos()}"

    def handle_data(self, data):
        spoken = [lang for tag, lang in self.stack if tag == "span" and lang]
        if spoken and data.strip():
            self.languages[spoken[-1]].append(data)


def test_the_markup_closes_and_every_picture_has_words_in_both_languages(page):
    outline = Outline()
    outline.feed(page)
    outline.close()
    assert outline.stack == []
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.links) <= set(outline.ids)
    assert outline.headings[0] == 1 and outline.headings.count(1) == 1
    assert all(image["alt"].strip() for image in outline.images)
    one_for_both = [image for image in outline.images if "lang" not in image]
    assert one_for_both and all(image["data-alt-da"] != image["data-alt-en"] for image in one_for_both)
    spoken = [image["lang"] for image in outline.images if "lang" in image]
    assert spoken.count("da") == spoken.count("en") > 0
    assert len(outline.languages["da"]) == len(outline.languages["en"]) > 200


def test_the_city_is_labelled_constructed_and_foreign_text_is_escaped(page, story):
    assert "Konstrueret by" in page and "Constructed city" in page
    assert "Terræn &lt;script&gt;" in page and "Terræn <script>" not in page
    assert maps.ATTRIBUTION in page
    surveyed = replace(story, city=story.city.change(constructed=False))
    assert 'class="constructed"' not in render(surveyed, "en")


def test_the_page_opens_in_the_language_asked_for(story):
    assert '<html lang="en">' in render(story, "en")


def test_every_text_has_both_languages_with_the_same_blanks():
    for key, phrase in texts.all_texts().items():
        assert phrase.da.strip() and phrase.en.strip(), key
        assert re.findall(r"{\w+}", phrase.da) == re.findall(r"{\w+}", phrase.en) or sorted(
            re.findall(r"{\w+}", phrase.da)
        ) == sorted(re.findall(r"{\w+}", phrase.en)), key


def test_no_text_is_unused(story, monkeypatch):
    watched = WATCH(monkeypatch)
    for wordless in ("flood_map", "city_map"):
        monkeypatch.setattr(maps, wordless, lambda *_: b"")
    odd = odd_stories(story)
    for drawn in ("ordinary", "long"):
        render(odd.pop(drawn))
    for drawing in (curves, afterwards_charts, bands, gantt, stays, told):
        monkeypatch.setattr(drawing, "svg", lambda _: b"")
    for each in odd.values():
        render(each)
    # Texts of the strategy document are held to the same by its own tests.
    elsewhere = ("kind.", "pathways.", "regret.", "discovery.", "plan.", "strategy.")
    assert not {key for key in watched.unused("") if not key.startswith(elsewhere)}


def odd_stories(story: Story) -> dict[str, Story]:
    main, city, comparison = story.main, story.city, story.comparison
    table = comparison.strategies
    none = comparison.exceedance[comparison.exceedance["hazard"] == "outage"]
    poor = replace(comparison, strategies=table.assign(npv=-1.0), exceedance=none)
    tired = replace(comparison, strategies=table.assign(person_days_now=6000.0))
    best = replace(comparison, strategies=table.assign(npv=table["cost"]))
    helped = city.prepare(aid_crews={"builder": 3.0})
    longer = make_recovery()
    late = longer.functionality.assign_coords(time=longer.functionality["time"] * 1.5)
    stretched = replace(longer, functionality=late, curve=longer.curve.assign_coords(time=late["time"]))
    slow = make_recovery(days=150.0)
    slow.functionality[:, :, 75] = 0.1
    slow = replace(slow, curve=slow.functionality.mean(("service", "district")), work=main.recovery.work)
    second = replace(main, event=replace(main.event, name="second"))
    after = story.aftermath[main.event.name]
    far = replace(after, travel=TELLER["make_travel"](city, ("care", "rescue", "shelter")))
    both = {main.event.name: far, "second": after}
    return {
        "ordinary": story,
        "two waters": replace(story, showcase=(main, second), aftermath=both),
        "slow": replace(story, showcase=(replace(main, recovery=slow),)),
        "forgotten": replace(story, solves={}),
        "dry": replace(story, showcase=story.showcase[1:], after={}, solves={}, run=replace(story.run, risk_runs=0)),
        "censored": changed(story, bounce_back_days=np.inf, censored=1.0),
        "unshaken": changed(story, bounce_back_days=0.0),
        "weaker": replace(story, after={"storm_1872": After(make_recovery(), -0.2)}),
        "equal": replace(story, after={"storm_1872": After(make_recovery(), 0.0)}),
        "poor": replace(story, comparison=poor, measures=()),
        "tired": replace(story, comparison=tired),
        "best": replace(story, comparison=best),
        "worse": calm_main(
            with_strategies(
                story, npv=[0.0, 0.0, -4e8, -2e8, -3e8, -9e8], person_days_now=[9e3, 6e3, 5e3, 7e3, 3e3, 1e3]
            )
        ),
        "slight": with_strategies(story, npv=0.0, person_days_now=6e3, added_value=0.0),
        "alone": replace(story, comparison=replace(comparison, strategies=table[table["id"] == "today"])),
        "nobody pays": replace(story, bearers=None, weakness=None),
        "bare": replace(story, city=helped.change(sources=pd.DataFrame(), structures=())),
        "long": replace(story, showcase=(replace(main, recovery=stretched),)),
    }


def test_a_bounce_back_beyond_the_horizon_is_said_to_be_longer(story):
    shown = words(headline.bounce_back(changed(story, bounce_back_days=np.inf, censored=1.0).main))
    assert shown == ("Mere end 2 år", "More than 2 years")
    assert words(headline.bounce_back(story.main)) == ("40 døgn", "40 days")


def said(story: Story) -> tuple[str, str]:
    pairs = [words(phrase) for phrase in verdict.conclusion(story)]
    return " ".join(da for da, _ in pairs), " ".join(en for _, en in pairs)


def with_strategies(story: Story, **columns: object) -> Story:
    comparison = story.comparison
    return replace(story, comparison=replace(comparison, strategies=comparison.strategies.assign(**columns)))


def test_the_conclusion_names_the_best_that_is_still_open(story):
    da, en = said(story)
    assert "Flest kroner giver »Grå«: 210 mio. kr. mere tilbage" in da
    assert "Mest skånes borgerne med »Samlet«: 4.800 færre persondøgn" in da and "(80 % færre end i dag)" in da
    assert "“Grey” gives back most money: DKK 210 million" in en and "4,800 fewer person-days" in en
    da, _ = said(with_strategies(story, npv=[9e9, 9e9, 1e6, 2e6, 3e6, 4e6]))
    assert "»Samlet« er bedst på begge mål: Den giver 4,0 mio. kr. mere tilbage" in da


def test_the_conclusion_says_plainly_that_nothing_pays_and_what_the_money_buys(story):
    poor = with_strategies(
        story, npv=[0.0, 0.0, -4e8, -2e8, -3e8, -9e8], person_days_now=[9e3, 6e3, 5e3, 7e3, 3e3, 1e3]
    )
    da, en = said(poor)
    assert "tjener ingen strategi sig hjem: De koster fra 200 mio. kr. (»Grøn«) til 900 mio. kr. mere" in da
    assert "Mest for pengene får borgerne med »Social og digital«: 3.000 færre persondøgn" in da
    assert "Mest skånes borgerne med »Samlet«: 5.000 færre" in da
    assert "Pas på: »Grøn« giver i beregningen flere persondøgn" in da
    assert "Beware: in the computation, “Green” gives more" in en
    assert "Stormflod, der kommer én gang på 1.000 år: Med »Samlet« bliver skaden 190 mio. kr. mod 759 mio. kr." in da


def test_each_strategy_is_weighed_in_words_against_today(story):
    poor = with_strategies(story, npv=[0.0, 0.0, -4e8, 0.0, 3e8, -9e8], person_days_now=[9e3, 6e3, 5e3, 7e3, 6e3, 1e3])
    grey, green, social, _ = verdict.verdicts(poor)
    assert words(grey.balance) == (
        "Koster 400 mio. kr. mere, end den giver tilbage",
        "Costs DKK 400 million more than it gives back",
    )
    assert words(grey.brings[3])[0] == "1.000 færre persondøgn uden en funktion om året"
    assert words(green.brings[3])[0].startswith("1.000 flere persondøgn") and not green.pays
    assert social.pays and words(social.brings[3])[1] == "As many person-days without a service as today"
    gone = replace(poor, comparison=replace(poor.comparison, strategies=poor.comparison.strategies.iloc[2:]))
    assert verdict.verdicts(gone) == ()


def test_the_lead_names_the_event_that_people_feel_more(story):
    first, second = headline.lead(calm_main(story))
    assert "Vandet når" in first.da and "1.500 persondøgn" in first.da
    assert second.en.startswith("“Event attack (2.15 m)” costs even more person-days: 12,345")
    assert len(headline.lead(story)) == 1


def calm_main(story: Story) -> Story:
    return replace(story, showcase=(*changed(story, person_days_without_service=1500.0).showcase, story.showcase[1]))


def test_the_lines_for_the_terminal_hold_no_empty_figure(story):
    for odd in odd_stories(story).values():
        lines = " ".join(produce._lines(odd, build_summary(odd), Path("report.html"), 61.0))
        assert "Prøveby: " in lines and not re.search("nan|None|inf ", lines)
    late = changed(story, bounce_back_days=np.inf, censored=1.0)
    assert "bounce back more than 2 years" in " ".join(produce._lines(late, build_summary(late), Path("r"), 1.0))


def test_the_embedded_citys_sources_and_events_have_danish():
    from genrejs.city.embedded import embedded_sources

    sources = embedded_sources()
    words_in_danish = [portrait.origin(text) for text in (*sources["what"], *sources["certainty"], *sources["licence"])]
    proper = {"Lille Bavnehøj", "Munkebjerg", "EUPL-1.2", "CC BY 4.0", "CC0"}
    assert {each.en for each in words_in_danish if each.da == each.en} <= proper
    assert portrait.origin("ukendt +-2 m").en == "ukendt ±2 m"


def test_the_strip_weighs_districts_by_people_and_takes_the_worst_of_a_period(story):
    functionality = xr.DataArray(
        np.ones((1, 3, 4)),
        dims=("service", "district", "time"),
        coords={"service": ["power"], "district": ["midtby", "vestby", "havn"], "time": [0.0, 3.0, 12.0, 30.0]},
    )
    functionality[0, 1, 1] = 0.0
    people = story.city.buildings.groupby("district")["residents"].sum()
    worst = services.worst_by_period(story, functionality)
    assert list(worst.columns) == ["hours_6", "hours_12", "day_2"]
    assert worst.loc["power", "hours_6"] == pytest.approx(1 - people["vestby"] / people.sum())
    assert worst.loc["power", "hours_12"] == 1.0


def test_flooded_area_counts_dry_land_alone():
    city = make_city()
    plain = city.terrain.assign(elevation=city.terrain["elevation"] * 0 + 1.0)
    plain["elevation"][:, 70:] = -2.0
    city = city.change(terrain=plain, streams=city.streams.iloc[:0])
    result = make_result(city, "level", 1.2)
    assert flooded_area(city, result) == 60 * 70 * 400.0
    assert flooded_area(city, replace(result, footprint=None)) == 0.0
    with_stream = city.change(streams=make_city().streams)
    assert flooded_area(with_stream, result) < 60 * 70 * 400.0


def test_depth_classes_and_colours():
    colours = maps.depth_colours(np.array([[0.04, 0.05, 0.31, 2.0, np.nan]]))
    assert list(colours[0, :, 3] > 0) == [False, True, True, True, False]
    darkness = colours[0, 1:4, :3].sum(axis=1)
    assert darkness[0] > darkness[1] > darkness[2]


def test_a_map_is_a_picture_of_the_citys_shape(story):
    content = maps.flood_map(story.city, story.main)
    assert content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    assert len(content) < 1e6
    assert maps.mentions(story.city, story.main.footprint) == ("wall", "gate", "pump")


def test_charts_are_vector_graphics_with_text_in_their_language(story):
    drawn = curves.resilience_chart(story)
    assert drawn == curves.resilience_chart(story)
    assert "Holder stand" in drawn["da"].decode() and "Withstands" in drawn["en"].decode()
    assert all(b"<text" in content and len(content) < 2e5 for content in drawn.values())
    assert images.data_uri(b"x", "image/webp") == "data:image/webp;base64," + base64.b64encode(b"x").decode()


def test_the_comparison_marks_the_best_and_survives_missing_figures(story):
    table = choices.comparison_table(story)
    rows = {row.head.en: row.cells for row in table.rows}
    assert [cell.best for cell in rows["Net present value"]] == [False, False, True, False, False, False]
    assert rows["Net present value"][0].bar == -1.0
    assert [cell.text.da for cell in rows["Benefit per krone"]][:2] == ["–", "–"]
    assert not any(cell.best for cell in rows["Cost to build"])


def test_summary_keeps_the_contract_and_the_schema(story):
    for odd in odd_stories(story).values():
        summary = build_summary(odd)
        jsonschema.Draft202012Validator(schema()).validate(json.loads(json.dumps(summary, allow_nan=False)))
    summary = build_summary(story)
    assert summary["resilience"]["bounce_back_days"] == 40.0
    assert summary["resilience"]["emerge_stronger"] == 0.37
    assert summary["events"][0]["water_balance_error"] == pytest.approx(2e-9)
    assert summary["events"][1]["water_balance_error"] == 0.0
    assert summary["strategies"][0]["benefit_cost"] is None
    late = build_summary(changed(story, bounce_back_days=np.inf, censored=1.0))["resilience"]
    assert late["censored"] is True and late["bounce_back_days"] == 730.0


def test_every_key_of_the_schema_is_written_and_documented():
    documented = (Path(__file__).parents[2] / "docs" / "report.md").read_text("utf-8")
    keys = set(re.findall(r'"([a-z_]+)": \{"(?:type|enum)', json.dumps(schema()))) - {"items"}
    assert keys and not {key for key in keys if f"`{key}`" not in documented}
