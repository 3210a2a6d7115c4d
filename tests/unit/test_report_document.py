"""The report on a small made-up story: what it says, in which languages, and in odd cases."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import geopandas as gpd
import jsonschema
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from shapely import LineString, Point, box

from genrejs.appraisal.result import Comparison
from genrejs.city.grid import Grid
from genrejs.city.model import SERVICES, City
from genrejs.city.structures import Gate, Pump, Wall
from genrejs.errors import InputError
from genrejs.hazard.event import Event
from genrejs.hazard.flood.problem import Series
from genrejs.impact.result import Impact
from genrejs.measure.model import Strategy
from genrejs.recovery.result import Recovery
from genrejs.report import choices, curves, headline, images, maps, services, texts
from genrejs.report.document import render, write_report
from genrejs.report.story import After, RunFacts, Solve, Story
from genrejs.report.summary import build_summary, flooded_area, schema
from genrejs.scenario.result import Result
from genrejs.warning.result import Warned

GRID = Grid(west=532000, north=6174000, cell=20, rows=60, columns=80)
DISTRICTS = (("midtby", "Midtbyen", 0, 600), ("vestby", "Vestbyen", 600, 1100), ("havn", "Havnen", 1100, 1600))
HOURS = np.r_[np.arange(0, 337), np.arange(360, 730 * 24 + 1, 24)].astype(float)
AT_WORST = dict(zip(SERVICES, np.linspace(0.55, 1.0, len(SERVICES)), strict=True))
STRATEGIES = ("no_sluice_2012", "today", "grey", "green", "social_digital", "together")


def make_city() -> City:
    rng = np.random.default_rng(1)
    x, y = np.meshgrid(GRID.x, GRID.y)
    elevation = 0.6 + np.abs(y - 6173400) / 110 + (532000 + 1100 - x) / 500
    terrain = xr.Dataset({"elevation": (("y", "x"), elevation)}, coords={"y": GRID.y, "x": GRID.x})
    boxes = [box(532000 + a, 6172800, 532000 + b, 6174000) for *_, a, b in DISTRICTS]
    districts = gpd.GeoDataFrame(
        {"id": [d[0] for d in DISTRICTS], "name_da": [d[1] for d in DISTRICTS]}, geometry=boxes, crs=GRID.crs
    )
    places = [(532020 + 74 * (k % 20), 6172840 + 110 * (k // 20)) for k in range(200)]
    shapes = [box(px, py, px + 24, py + 18) for px, py in places]
    owner = [next(d[0] for d in DISTRICTS if d[2] <= px - 532000 < d[3]) for px, _ in places]
    buildings = gpd.GeoDataFrame(
        {
            "id": range(200),
            "district": owner,
            "residents": rng.integers(0, 9, 200),
            "jobs": rng.integers(0, 4, 200),
            "cellar_area": rng.choice([0.0, 60.0], 200),
        },
        geometry=shapes,
        crs=GRID.crs,
    )
    households = pd.DataFrame(
        {"id": range(200), "persons": 2, "seniors": 0.4, "language": ["da", "da", "da", "other"] * 50}
    )
    components = pd.DataFrame(
        {
            "id": SERVICES[1:],
            "name_da": [f"Anlæg for {s}" for s in SERVICES[1:]],
            "name_en": [f"Plant for {s}" for s in SERVICES[1:]],
            "service": SERVICES[1:],
            "x": np.linspace(532100, 533400, 11),
            "y": np.linspace(6173900, 6172900, 11),
        }
    )
    stream = gpd.GeoDataFrame(
        {"name": ["Å"], "width": [8.0]}, geometry=[LineString([(532000, 6173400), (533100, 6173400)])], crs=GRID.crs
    )
    sources = pd.DataFrame(
        {
            "what": ["Terræn <script>", "Borgere"],
            "value": ["10 m", "58.000"],
            "source": ["SRTM", "constructed from totals"],
            "licence": ["public domain", None],
            "certainty": ["±3 m", "assumption"],
        }
    )
    wall = Wall("dike", LineString([(532600, 6173380), (533050, 6173330)]), 1.9)
    gate = Gate(
        "sluice",
        LineString([(533050, 6173380), (533050, 6173420)]),
        Point(533080, 6173400),
        Point(533000, 6173400),
        1.0,
        2.0,
    )
    pump = Pump("pump", Point(533000, 6173420), Point(533080, 6173420), 7.5, 0.5, 0.2)
    empty = pd.DataFrame()
    return City(
        "Prøveby", GRID, terrain, districts, buildings, households, components, empty, empty, stream,
        (wall, gate, pump), sources=sources, constructed=True,
    )  # fmt: skip


def make_recovery(depth: float = 1.0, days: float = 40.0, censored: float = 0.0) -> Recovery:
    back = np.clip((HOURS - 12) / (days * 24), 0, 1) ** 0.5
    fall = np.clip(HOURS / 8, 0, 1)
    values = np.ones((len(SERVICES), 3, len(HOURS)))
    for row, service in enumerate(SERVICES):
        values[row] = 1 - depth * (1 - AT_WORST[service]) * fall * (1 - back) * np.array([[1.0], [0.6], [1.2]])
    ids = [d[0] for d in DISTRICTS]
    functionality = xr.DataArray(
        values, dims=("service", "district", "time"), coords={"service": list(SERVICES), "district": ids, "time": HOURS}
    )
    curve = functionality.mean(("service", "district"))
    groups = [("district", id) for id in ids] + [("language", v) for v in ("da", "other")]
    groups += [("income", v) for v in ("low", "middle", "high")] + [
        ("age", v) for v in ("children", "adults", "seniors")
    ]
    by_group = pd.DataFrame(groups, columns=["group", "value"]).assign(people=250.0, person_days=np.arange(11) * 300.0)
    indicators = {
        "withstand": float(curve.min()), "bounce_back_days": days, "censored": censored, "resilience_loss": 3210.0,
        "person_days_without_service": 12345.0, "person_days_away": 777.0, "robustness": 0.8, "redundancy": 0.3,
        "resourcefulness": 0.4, "rapidity": 0.02,
    }  # fmt: skip
    away = xr.DataArray(200 * (1 - back), dims="time", coords={"time": HOURS})
    return Recovery(functionality, curve, away, pd.DataFrame(), pd.DataFrame(), indicators, by_group, {})


def make_result(city: City, name: str, level: float | None, recovery: Recovery | None = None) -> Result:
    sea = None if level is None else Series(np.array([0.0]), np.array([level]))
    titles = (f"Hændelse {name} (2,15 m)", f"Event {name} (2.15 m)")
    event = Event(name, "outage" if level is None else "surge", *titles, duration=43200.0, sea_level=sea)
    wet, water = np.zeros(len(city.buildings), dtype=bool), None
    if level is not None:
        depth = np.maximum(level - city.terrain["elevation"].to_numpy(), 0.0)
        water = xr.Dataset({"max_depth": (("y", "x"), depth)}, coords={"y": GRID.y, "x": GRID.x})
        spots = city.buildings.geometry.centroid
        wet = np.array([depth[GRID.index(p.x, p.y)] > 0.05 for p in spots])
    totals = {
        "damage_total": 1.5e6 * wet.sum(),
        "residents_in_wet_homes": float(city.buildings["residents"][wet].sum()),
    }
    impact = Impact(pd.DataFrame({"wet": wet}), pd.DataFrame(), {}, totals)
    warned = Warned(pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), 0.0, {})
    return Result(name, event, "today", 2026, water, impact, warned, recovery or make_recovery())


def make_comparison() -> Comparison:
    count = len(STRATEGIES)
    ead = np.array([38e6, 24e6, 9e6, 18e6, 21e6, 6e6])
    strategies = pd.DataFrame(
        {
            "id": STRATEGIES,
            "name_da": ["Som i 2012", "I dag", "Grå", "Grøn", "Social og digital", "Samlet"],
            "name_en": ["As in 2012", "Today", "Grey", "Green", "Social and digital", "Together"],
            "cost": [0, 0, 250e6, 140e6, 12e6, 400e6],
            "upkeep": [0, 0, 2e6, 1e6, 3e6, 6e6],
            "ead_now": ead,
            "ead_future": ead * 2.7,
            "npv": [-300e6, 0, 210e6, 90e6, 60e6, 190e6],
            "benefit_cost": [np.nan, np.nan, 1.8, 1.6, 6.0, 1.5],
            "person_days_now": [9000, 6000, 3500, 4800, 2500, 1200],
            "person_days_future": [22000, 15000, 8000, 11000, 7000, 3000],
            "added_value": [0, 0.5e6, 1e6, 9e6, 5e6, 14e6],
            "residents_wet_now": [90, 60, 20, 40, 58, 12],
        }
    )
    periods = np.array([5, 20, 100, 1000])
    rows = [
        (STRATEGIES[k], year, hazard, f"{hazard}_{t}", 1 / t, ead[k] * t**0.5 * growth, 10.0 * t)
        for k in range(count)
        for year, growth in ((2026, 1.0), (2070, 2.0))
        for hazard in ("surge", "cloudburst", "river")
        for t in periods
    ]
    rows += [(name, year, "outage", "attack", 0.02, 0.0, 100.0) for name in STRATEGIES for year in (2026, 2070)]
    columns = ["strategy", "year", "hazard", "event", "frequency", "damage", "person_days"]
    groups = make_recovery().by_group[["group", "value", "people"]]
    spared = pd.concat(
        [groups.assign(strategy=s, person_days=9.0, spared=4.0 * k - 3) for k, s in enumerate(STRATEGIES)]
    )
    return Comparison(strategies, pd.DataFrame(rows, columns=columns), spared, 2024, 2026, 2070)


def make_story() -> Story:
    from genrejs.measure.catalogue import catalogue

    city = make_city()
    shown = (make_result(city, "storm_1872", 2.15), make_result(city, "attack", None, make_recovery(0.5, 9.0)))
    balance = {"moved": 2.0e6, "error": -0.004}
    return Story(
        city=city,
        showcase=shown,
        after={"storm_1872": After(make_recovery(0.6, 20.0), 0.37)},
        comparison=make_comparison(),
        run=RunFacts("0.1.0", "abc123", 7, 61.2, datetime(2026, 11, 23, 20, 0), 20.0, 30),
        measures=tuple(catalogue().values()),
        strategies=tuple(
            Strategy(s, s, s, ("sluice_pumps",), ("sluice",) if s == STRATEGIES[0] else ()) for s in STRATEGIES
        ),
        solves={"storm_1872": Solve(4800, 20.0, 3210, 1.7, balance, 0.93)},
    )


@pytest.fixture(scope="module")
def story() -> Story:
    return make_story()


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
    used: set[str] = set()

    class Watched(dict):
        def __getitem__(self, key):
            used.add(key)
            return super().__getitem__(key)

        def get(self, key, otherwise=None):
            used.add(key)
            return super().get(key, otherwise)

    watched = Watched(texts.all_texts())
    monkeypatch.setattr(texts, "all_texts", lambda: watched)
    for wordless in ("flood_map", "city_map"):
        monkeypatch.setattr(maps, wordless, lambda *_: b"")
    odd = odd_stories(story)
    for drawn in ("ordinary", "long"):
        render(odd.pop(drawn))
    monkeypatch.setattr(curves, "svg", lambda _: b"")
    for each in odd.values():
        render(each)
    assert not {key for key in set(watched) - used if not key.startswith("kind.")}


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
    return {
        "ordinary": story,
        "forgotten": replace(story, solves={}),
        "dry": replace(story, showcase=story.showcase[1:], after={}, solves={}, run=replace(story.run, risk_runs=0)),
        "censored": changed(story, bounce_back_days=np.inf, censored=1.0),
        "unshaken": changed(story, bounce_back_days=0.0),
        "weaker": replace(story, after={"storm_1872": After(make_recovery(), -0.2)}),
        "equal": replace(story, after={"storm_1872": After(make_recovery(), 0.0)}),
        "poor": replace(story, comparison=poor, measures=()),
        "tired": replace(story, comparison=tired),
        "best": replace(story, comparison=best),
        "alone": replace(story, comparison=replace(comparison, strategies=table[table["id"] == "today"])),
        "bare": replace(story, city=helped.change(sources=pd.DataFrame(), structures=())),
        "long": replace(story, showcase=(replace(main, recovery=stretched),)),
    }


def test_a_bounce_back_beyond_the_horizon_is_said_to_be_longer(story):
    shown = words(headline.bounce_back(changed(story, bounce_back_days=np.inf, censored=1.0).main))
    assert shown == ("Mere end 2 år", "More than 2 years")
    assert words(headline.bounce_back(story.main)) == ("40 døgn", "40 days")


def test_the_conclusion_names_the_best_that_is_still_open(story):
    da, en = words(headline.conclusion(story))
    assert "»Grå« mest for pengene: 210 mio. kr." in da and "»Samlet« sparer borgerne for mest: 4.800" in da
    assert "“Grey” gives most for the money: DKK 210 million" in en and "4,800 person-days" in en
    past = story.comparison.strategies.assign(npv=[9e9, 9e9, 1e6, 2e6, 3e6, 4e6])
    da, _ = words(headline.conclusion(replace(story, comparison=replace(story.comparison, strategies=past))))
    assert "»Samlet« bedst på begge mål: Den giver 4,0 mio. kr." in da


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


@pytest.mark.browser
def test_a_browser_opens_it_without_a_word_of_complaint(story, tmp_path):
    from shutil import which

    program = which("chromium")
    if program is None:
        pytest.skip("needs Chromium")
    place = write_report(tmp_path, story)
    done = subprocess.run(
        [program, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         f"--user-data-dir={tmp_path / 'profile'}", "--enable-logging=stderr", "--v=0", "--dump-dom",
         f"{place.as_uri()}#en"],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert '<html lang="en"' in done.stdout
    assert "CONSOLE" not in done.stderr
