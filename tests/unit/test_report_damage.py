"""The page on a damage assessment: what it says, in which languages, what it draws, and in odd cases."""

from __future__ import annotations

import base64
import io
import re
import runpy
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from PIL import Image

from genrejs.appraisal.payers import PAYERS
from genrejs.appraisal.risk import TAILS, weights
from genrejs.damage import assess
from genrejs.damage.columns import COLUMNS
from genrejs.damage.measure import Measure, with_measure
from genrejs.damage.options import KINDS
from genrejs.damage.settings import Settings, told
from genrejs.errors import InputError
from genrejs.impact.damage import CATEGORIES, HAZARDS
from genrejs.impact.sampling import HOW
from genrejs.impact.uncertainty import FACTORS
from genrejs.report import damage_charts, damage_map, damage_money, damage_page, damage_tables, damage_texts
from genrejs.report.texts import Phrase

pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")

TELLER = runpy.run_path(str(Path(__file__).parents[1] / "damage_story.py"))
make_assessment, make_full = TELLER["make_assessment"], TELLER["make_full"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("shore")


@pytest.fixture(scope="module")
def full(folder):
    return make_full(folder)


@pytest.fixture(scope="module")
def plain(folder):
    return make_assessment(folder)


@pytest.fixture(scope="module")
def odd(full, folder) -> dict:
    return odd_assessments(full, folder)


MEASURES = ("never", "worse", "even", "gone")
"""Odd assessments of which only what is said about the measure differs."""


class Watched(dict):
    """The texts, and which of them were asked for."""

    def __init__(self, texts):
        super().__init__(texts)
        self.used: set[str] = set()

    def __getitem__(self, key):
        self.used.add(key)
        return super().__getitem__(key)


@pytest.fixture(scope="module")
def rendered(full, odd) -> tuple[dict[str, str], Watched]:
    """Every page, drawn once, and the texts that they took."""
    watched = Watched(damage_texts.entries())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(damage_texts, "entries", lambda: watched)
        patch.setattr(damage_tables, "entries", lambda: watched)
        patch.setattr(damage_page, "CROWDED", 100)
        for name in MEASURES:
            damage_money.measure(odd[name])
        pages = {name: damage_page.damage_page(odd[name]) for name in odd if name not in MEASURES}
        pages["full"] = damage_page.damage_page(full, "da", "shore_report.html")
    return pages, watched


@pytest.fixture(scope="module")
def page(rendered) -> str:
    return rendered[0]["full"]


def words(phrase: Phrase) -> tuple[str, str]:
    return phrase.da.replace("\u00a0", " "), phrase.en.replace("\u00a0", " ")


class Outline(HTMLParser):
    """Collects open elements, pictures, ids, links, and what is written in each language."""

    def __init__(self, page: str):
        super().__init__()
        self.stack, self.images, self.headings, self.ids, self.links = [], [], [], [], []
        self.seen = {"da": [], "en": []}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag not in {"img", "meta", "link", "br"}:
            self.stack.append((tag, found.get("lang"), found.get("translate")))
        if tag == "img":
            self.images.append(found)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"][1:]] if found.get("href", "").startswith("#") else []
        if tag == "img" and "lang" in found:
            drawn = base64.b64decode(found["src"].split(",")[1]).decode("utf-8")
            self.seen[found["lang"]] += re.findall(r">([^<>]+)</(?:text|tspan)>", drawn)
        for language in ("da", "en"):
            label = found.get("data-label-" + language) or found.get("data-alt-" + language)
            alone = found.get("alt") if found.get("lang") == language else None
            self.seen[language] += [text for text in (label, alone) if text]

    def handle_endtag(self, tag):
        opened, _, _ = self.stack.pop()
        assert opened == tag, f"<{opened}> closed by </{tag}> at {self.getpos()}"

    def handle_data(self, data):
        if any(tag in ("script", "style") or translate == "no" for tag, _, translate in self.stack):
            return
        spoken = [lang for tag, lang, _ in self.stack if tag == "span" and lang]
        for language in spoken[-1:] or ("da", "en"):
            self.seen[language] += [data.strip()] if data.strip() else []


def read(page: str, language: str) -> str:
    return " ".join(Outline(page).seen[language]).replace("\u00a0", " ").replace("\u2011", "-")


def test_the_page_is_one_small_file_that_loads_nothing_and_is_written_whole(full, tmp_path):
    place = damage_page.write_damage_page(full, tmp_path / "new" / "shore_report.html", "en")
    content = place.read_text("utf-8")
    assert [path.name for path in place.parent.iterdir()] == ["shore_report.html"]
    assert '<html lang="en">' in content and "shore_summary.json" in content
    assert place.stat().st_size < 5e5
    loaded = re.findall(r"""(?:src|href|action|url\()\s*=?\s*["'(]?([a-z]+:[^"')\s]{0,30})""", content)
    assert loaded and {address.split(":")[0] for address in loaded} == {"data"}
    with pytest.raises(InputError, match="da or en; got 'de'"):
        damage_page.damage_page(full, "de")


def test_the_markup_closes_and_every_picture_has_words_in_both_languages(page):
    outline = Outline(page)
    assert outline.stack == []
    assert len(outline.ids) == len(set(outline.ids)) and set(outline.links) <= set(outline.ids)
    assert outline.headings[0] == 1 and outline.headings.count(1) == 1
    assert all(image["alt"].strip() for image in outline.images)
    spoken = [image["lang"] for image in outline.images if "lang" in image]
    assert spoken.count("da") == spoken.count("en") == 4
    both = [image for image in outline.images if "lang" not in image]
    assert len(both) == 1 and both[0]["data-alt-da"].startswith("Kort over") and "Map of" in both[0]["data-alt-en"]


ENGLISH = re.compile(
    r"\b(the|of|and|with|from|loss|losses|buildings?|damage|water|year|years|map|flood|who|pays|mean|median|"
    r"annual|million|billion|none|null|nan|assumption|setting|owner|category|insurer|home|business|public|unknown)\b",
    re.IGNORECASE,
)
DANISH = re.compile(r"\b(og|af|det|den|ikke|vand|bygninger|mio|mia|antagelse|gennemsnit)\b|[æøå]", re.IGNORECASE)
PROPER = (
    "LNH Water", "kælderareal", "OS2 SkadesØkonomi", "Jyllinge Nordmark", "SkadesØkonomi", "bbr_code", "Genrejs:",
    "beboere", "husstande", "indkomst", "bydel", "ejerform", "Øst", ": værdi",
)  # fmt: skip


def without_names(text: str) -> str:
    for name in PROPER:
        text = text.replace(name, "")
    return text


def test_no_word_of_the_other_language_is_left(rendered):
    for each in rendered[0].values():
        da, en = without_names(read(each, "da")), without_names(read(each, "en"))
        assert not ENGLISH.findall(da), [da[m.start() - 40 : m.end() + 40] for m in ENGLISH.finditer(da)][:3]
        found = [en[m.start() - 40 : m.end() + 40] for m in DANISH.finditer(en)]
        assert not [text for text in found if "Kvarter" not in text], found[:3]
        assert not re.search(r"\bnan\b|\bNone\b|\binf\b|−0(?![,.\d])|\{\w*\}|\.\.|kr\. \.", da + en)


def test_every_text_has_both_languages_with_the_same_blanks():
    for key, entry in damage_texts.entries().items():
        assert entry["da"].strip() and entry["en"].strip(), key
        blanks = [sorted(re.findall(r"{\w+}", entry[language])) for language in ("da", "en")]
        assert blanks[0] == blanks[1], key


def odd_assessments(full, folder) -> dict:
    summary, measure = full.summary, full.summary["measure"]
    poor = {**measure, "npv_dkk": -1e6, "internal_rate": None, "payback_years": None, "benefit_cost": None}
    several = "the net flow changes sign 3 times, so several rates may fit; use the npv"
    log = make_assessment(folder, sensitivity="sobol", tail="log", harmless_period=5.0)
    houses = TELLER["buildings"](40)
    worse = full.more["measure"].assign(after_dkk=lambda table: 1.2 * table["before_dkk"])
    even = worse.assign(after_dkk=worse["before_dkk"])
    gone = worse.assign(after_dkk=0.0, before_dkk=[5.0, *[0.0] * (len(worse) - 1)])
    return {
        "poor": changed(full, measure={**poor, "internal_rate_because": several}),
        "never": changed(full, measure={**poor, "internal_rate_because": "the net flow never changes sign"}),
        "worse": replace(full, more={**full.more, "measure": worse}),
        "even": replace(full, more={**full.more, "measure": even}),
        "gone": replace(full, more={**full.more, "measure": gone}),
        "log": changed(log, harmless_period_years=5.0),
        "front": changed(log, harmless_period_years=None, tail="cut"),
        "often": changed(full, by_return_period=frequent(summary)),
        "unpaid": replace(full, payers=full.payers[full.payers["payer"] == "nobody"]),
        "new": changed(log, notes=["Something <new> happened."]),
        "quiet": changed(log, notes=[]),
        **single_maps(folder, houses),
        "dry": dry(folder, houses),
    }


def changed(result, **values):
    return replace(result, summary={**result.summary, **values})


def single_maps(folder, houses) -> dict:
    """Assessments of one map: by JRC, by a value of the buildings, by curves, with a measure that costs nothing."""
    curves = folder / "own.csv"
    curves.write_text("depth_m,share\n0,0\n1,0.5\n2,1\n", encoding="utf-8")
    valued = houses.assign(værdi=2e3)
    small = single(folder, houses=valued, model=str(curves))
    adults = houses.rename(columns={"beboere": "voksne"})
    inside = shapely.box(TELLER["WEST"], TELLER["NORTH"] - 1000, TELLER["WEST"] + 500, TELLER["NORTH"])
    districts = gpd.GeoDataFrame({"navn": ["Øst"]}, geometry=[inside], crs=25832)
    jrc = single(folder, model="jrc")
    return {
        "jrc": single(folder, model="jrc", houses=adults, districts=districts),
        "given": single(folder, houses=valued, model="jrc", sensitivity="morris"),
        "curve": single(folder, 100.0, houses=valued, model="curve/jrc_residential"),
        "free": with_measure(small, single(folder, level=1.0, houses=valued, model=str(curves)), None),
        "same": with_measure(jrc, jrc, None),
    }


def single(folder, period=None, level=1.5, **options):
    houses = options.pop("houses", TELLER["buildings"](40))
    place = TELLER["depths"](folder, f"one{level:g}.tif", level)
    return assess(place if period is None else {period: place}, houses, **options)


def dry(folder, houses):
    place = TELLER["depths"](folder, "dry.tif", 0.0)
    return assess({20.0: place, 100.0: place}, houses, sensitivity="morris", samples=4)


def frequent(summary) -> list[dict]:
    rows = [dict(row) for row in summary["by_return_period"]]
    rows[0]["return_period_years"] = 2.5
    return rows


NAMES = {
    "payer.": PAYERS, "ground_of.": PAYERS, "bearer.": PAYERS[:-1], "hazard.": (*HAZARDS, "any"), "model.": HAZARDS,
    "category.": CATEGORIES, "sector.": KINDS, "sector_word.": KINDS, "ground.take_": HOW, "ground.tail_": TAILS,
    "often.": TAILS, "factor.": FACTORS, "column.": COLUMNS,
    "extent.": ("m", "km", "ha", "person-days"), "part.": (*damage_tables.PARTS, *damage_tables.COUNTS),
}  # fmt: skip
"""What the calculation has names for, and under which key the page has words for it."""


def test_every_name_of_the_calculation_has_words():
    wanted = {key + name for key, names in NAMES.items() for name in names}
    assert sorted(wanted - set(damage_texts.entries())) == []


BY_NAME = (*NAMES, "setting.", "note.", "note_map.", "source.", "unit.", "counted.")


def test_no_text_is_unused(rendered):
    watched = rendered[1]
    assert sorted(key for key in set(watched) - watched.used if not key.startswith(BY_NAME)) == []


def test_the_headline_is_the_summarys(full, page):
    text, told_ = read(page, "da"), full.summary
    assert f"kommer én gang på 500 år, koster {told_['whole_dkk'] / 1e6:.0f} mio. kr." in text
    year = told_["annual"]
    ends = (year[f"loss_dkk_{end}"] + year["sectors_dkk"] for end in ("p05", "p95"))
    low, high = (f"{amount / 1e6:.1f}".replace(".", ",") for amount in ends)
    assert f"ligger tabet mellem {low} mio. kr. og {high} mio. kr." in text
    assert f"ud af {told_['buildings']}. Vandet når {told_['buildings_wet']} bygninger." in text
    assert "modelbeløb" in text and "august 2025" in text and "OS2 SkadesØkonomi, stormflod" in text


def test_a_map_without_a_return_period_has_no_year_and_no_curve(folder):
    page = damage_page.damage_page(single(folder, model="jrc"))
    text = read(page, "da")
    assert "Oversvømmelsen på kortet koster" in text and "gennemsnitsår er" not in text
    assert "Der er kun ét kort" in text and "Hvem der betaler, afhænger af" in text
    assert "Prisniveau: 2024, omregnet fra euro i 2010-priser" in text
    assert Outline(page).images and not [image for image in Outline(page).images if "lang" in image]


def test_a_building_has_the_class_of_its_damage():
    table = gpd.GeoDataFrame(
        {
            "depth_m": [0.0, 0.1, 0.5, 0.5, 0.5, 0.5, 0.5],
            "damage_dkk": [0.0, 0.0, 1.0, 99_999.0, 60_000.0, 5e5, 0.0],
            "contents_dkk": [0.0, 0.0, 0.0, 0.0, 40_000.0, 0.0, 0.0],
            "cellar_dkk": [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2e6],
        },
        geometry=[shapely.Point(k, 0) for k in range(7)],
        crs=25832,
    )
    assert [damage_map.CLASSES[k][0] for k in damage_map.classes(table)] == [
        "dry", "wet", "low", "low", "middle", "high", "most",
    ]  # fmt: skip


def test_the_map_is_true_to_scale_and_zooms_to_the_water(folder):
    houses = [shapely.box(0, 0, 80, 80), shapely.box(5000, 0, 5080, 80)]
    table = gpd.GeoDataFrame(
        {"depth_m": [1.0, 0.0], "damage_dkk": [2e6, 0.0], "contents_dkk": 0.0, "cellar_dkk": 0.0},
        geometry=houses,
        crs=25832,
    )
    west, south, east, north = damage_map.window(shapely.bounds(table.geometry.to_numpy())[:1])
    assert (east - west, north - south) == (damage_map.NARROWEST, damage_map.NARROWEST)
    drawn = damage_map.damage_map(table)
    assert drawn.counts == (1, 0, 0, 0, 0, 1) and drawn.outside == 1
    shown = np.asarray(Image.open(io.BytesIO(drawn.picture)).convert("RGB"), dtype=float)
    dark = np.abs(shown - [0x5C, 0x1D, 0x02]).sum(axis=2) < 60
    assert dark.mean() == pytest.approx((80 / 200) ** 2, rel=0.02)
    rows, columns = np.nonzero(dark)
    assert rows.mean() == pytest.approx(shown.shape[0] / 2, rel=0.02)
    assert columns.mean() == pytest.approx(shown.shape[1] / 2, rel=0.02)


def test_a_small_damaged_building_is_seen_in_a_large_crowd():
    draw, count = np.random.default_rng(1), 30_000
    x, y = draw.uniform(0, 30_000, (2, count))
    damage = np.where(np.arange(count) == 0, 2e6, 0.0)
    x[0], y[0] = 15_000.0, 15_000.0
    table = gpd.GeoDataFrame(
        {"depth_m": 1.0, "damage_dkk": damage, "contents_dkk": 0.0, "cellar_dkk": 0.0},
        geometry=shapely.box(x - 4, y - 4, x + 4, y + 4), crs=25832,
    )  # fmt: skip
    drawn = damage_map.damage_map(table)
    assert drawn.counts[1] == count - 1 and drawn.counts[5] == 1
    assert len(drawn.picture) < 1.3e6
    shown = np.asarray(Image.open(io.BytesIO(drawn.picture)).convert("RGB"), dtype=float)
    middle = shown[shown.shape[0] // 2 - 6 : shown.shape[0] // 2 + 6, shown.shape[1] // 2 - 6 : shown.shape[1] // 2 + 6]
    assert middle.sum(axis=2).min() < 300


@pytest.mark.parametrize("tail", ["closed", "log", "cut"])
def test_what_is_drawn_beyond_the_rarest_map_is_what_the_average_year_counts(tail):
    period, loss = np.array([20.0, 100.0, 500.0]), np.array([1e6, 4e6, 9e6])
    drawn = damage_charts._beyond(damage_charts.Exceedance(period, loss, None, None, tail))
    counted = weights(1 / period, tail) @ loss - weights(1 / period, "cut") @ loss
    if drawn is None:
        assert tail == "cut" and counted == 0.0
        return
    # The mean of L + s ln(T / 500) over the frequencies below 1/500 is L + s.
    slope = (drawn[1] - drawn[0]) / np.log(damage_charts.BEYOND)
    assert (drawn[0] + slope) / 500 == pytest.approx(counted)


def test_charts_are_vector_graphics_with_text_in_their_language(full):
    curve = damage_charts.Exceedance(np.array([20.0, 100.0]), np.array([1e6, 2e6]), np.array([5e5, 1e6]), None, "cut")
    drawn = damage_charts.exceedance_chart(curve)
    assert drawn == damage_charts.exceedance_chart(curve)
    assert "1,0 mio. kr." in drawn["da"].decode().replace("\u00a0", " ")
    assert "DKK 2.0 million" in drawn["en"].decode().replace("\u00a0", " ")
    assert all(b"<text" in content and len(content) < 1e5 for content in drawn.values())


def test_what_each_pays_sums_to_the_loss_and_nobody_comes_last(full):
    paid = damage_money._paid(full)
    sectors = full.sectors[full.sectors["annual"]]["loss_dkk"].sum()
    assert paid.sum() == pytest.approx(full.summary["annual"]["loss_dkk"] + sectors, rel=1e-6)
    assert paid.index[-1] == "nobody" and "state" in paid.index
    assert list(paid[:-1]) == sorted(paid[:-1], reverse=True)
    part = damage_money.payers(full, Phrase("e", "e"))
    assert "1,0 mio. kr. for hver hændelse" in " ".join(words(ground)[0] for _, ground in part["pay_grounds"])
    shares = [int(row.cells[1].text.en.rstrip("%").replace("below ", "")) for row in part["pay_table"].rows]
    assert sum(shares) == pytest.approx(100, abs=len(shares))
    assert "veje" in part["pay_intro"].da


def test_the_measure_is_told_in_words(full, odd):
    told_ = {name: damage_money.measure(odd[name]) for name in ("poor", "never", "worse", "even", "gone", "free")}
    assert words(told_["worse"]["measure"])[0].startswith("Pas på: Med tiltaget vokser tabet")
    assert words(told_["even"]["measure"])[1].startswith("The measure does not change the loss")
    assert "koster tiltaget 1,0 mio. kr. mere" in words(told_["poor"]["measure_verdict"])[0]
    facts = {name.en: words(value)[0] for name, value in told_["poor"]["measure_facts"]}
    assert facts["Internal rate of return"] == "ikke entydig" and facts["Paid back after"] == "aldrig"
    assert facts["Benefit per krone"] == "–"
    assert {n.en: v.en for n, v in told_["never"]["measure_facts"]}["Internal rate of return"] == "none"
    assert told_["free"]["measure_facts"] == () and told_["free"]["measure_verdict"] is None
    whole = full.more["measure"].iloc[0]
    shown = words(damage_money.measure(full)["measure"])[0]
    assert shown.startswith("Tiltaget sparer") and whole["after_dkk"] < whole["before_dkk"]
    bar = damage_money._change_bar(Phrase("a", "a"), 200.0, 150.0)
    assert bar.text is not None and words(bar.text) == ("25 % mindre", "25% less")


def test_the_calculations_sentences_have_danish(folder):
    houses = TELLER["buildings"](30)
    houses["bbr_code"] = houses["bbr_code"].astype(float)
    houses["bebygget_areal"] = np.where(np.arange(30) == 8, 0.0, 120.0)
    houses.loc[0, "bbr_code"], houses.loc[1, "bbr_code"], houses.loc[2, "beboere"] = 77.0, np.nan, np.nan
    shapes = list(houses.geometry)
    shapes[3] = shapely.Polygon([(530100, 6171500), (530120, 6171520), (530120, 6171500), (530100, 6171520)])
    shapes[4], shapes[5] = shapely.box(1, 1, 9, 9), shapely.box(529_995, 6_171_500, 530_005, 6_171_510)
    shapes[6] = shapely.box(530_502, 6_171_502, 530_508, 6_171_508)
    districts = gpd.GeoDataFrame({"navn": ["Øst"]}, geometry=[shapely.box(530000, 6171000, 530500, 6172000)], crs=25832)
    with rasterio.open(TELLER["depths"](folder, "hole.tif", 2.0)) as source:
        profile, values = source.profile, source.read(1)
    values[:, 50:] = np.nan
    with rasterio.open(folder / "hole.tif", "w", **profile) as out:
        out.write(values, 1)
    given = houses.drop(columns="bydel").set_geometry(gpd.GeoSeries(shapes, crs=houses.crs))
    maps = {20.0: folder / "hole.tif", 100.0: TELLER["depths"](folder, "low.tif", 0.5)}
    notes = assess(maps, given, districts=districts).summary["notes"]
    notes += single(folder, model="jrc").summary["notes"]
    notes += assess({100.0: TELLER["depths"](folder, "low.tif", 0.5)}, houses, "jrc").summary["notes"]
    notes = [sentence for sentence in notes if not sentence.startswith(damage_page.COLUMNS_USED)]
    found = {sentence: damage_texts.note(sentence) for sentence in notes}
    assert not [sentence for sentence, phrase in found.items() if phrase is None]
    said = " ".join(words(phrase)[0] for phrase in found.values())
    known = [key for key in damage_texts.entries() if key.startswith("note.")]
    assert len({damage_texts.note(sentence).da for sentence in notes}) >= len(known)
    assert "1 bygning har en kode, som BBR ikke kender (77)" in said and "hole.tif: " in said
    assert str(folder) not in said and "/" not in said
    note = damage_texts.note("The depth map for 100 years: 1,234 buildings lie outside the map and count as dry.")
    assert words(note)[0] == "Kortet for 100 år: 1.234 bygninger ligger uden for kortet og regnes som uden vand."


def test_a_sentence_without_danish_stands_under_its_own_heading(plain):
    odd = replace(plain, summary={**plain.summary, "notes": ["Something <new> happened."]})
    page = damage_page.damage_page(odd)
    assert '<ul translate="no"><li>Something &lt;new&gt; happened.</li></ul>' in page
    assert "Beregningens egne ord, på engelsk" in read(page, "da")
    quiet = damage_page.damage_page(replace(plain, summary={**plain.summary, "notes": []}))
    assert "Beregningen har ingen bemærkninger." in read(quiet, "da")


def test_every_setting_has_words():
    known = {key.removeprefix("setting.") for key in damage_texts.entries() if key.startswith("setting.")}
    assert known == set(told(Settings()))


def test_settings_are_shown_with_their_units_and_what_was_changed(full):
    rows = {row.name: row for row in damage_tables.settings_rows(full, ["danish", "roads", "payers", "prices"])}
    shown = {name: words(row.value) for name, row in rows.items()}
    assert shown["damage.person_cost"] == ("75.551 kr.", "DKK 75,551")
    assert shown["roads.traffic"][0] == "6.200 biler pr. døgn" and shown["roads.speed"][0] == "50 km/t"
    assert shown["roads.closure"][0] == "12 timer" and rows["roads.closure"].changed
    assert shown["prices.year"] == ("2024", "2024") and shown["damage.value_loss_share"] == ("4 %", "4%")
    assert rows["payers.pool"].changed and not rows["damage.minimum_depth"].changed
    assert rows["damage.adult_share"].assumed and not rows["damage.person_cost"].assumed
    assert "spread.depth" not in rows and "health.sick_days" not in rows


def test_many_groups_end_in_one_row_that_holds_the_rest(full):
    when = Phrase("w", "w")
    table = next(t for t in damage_tables.group_tables(full, when) if t.corner.en == "District")
    have = full.totals[(full.totals["group"] == "district") & (full.totals["return_period_years"] == 500.0)]
    wet = have[have["buildings_wet"] > 0].sort_values("loss_dkk", ascending=False)
    assert len(table.rows) == damage_tables.MOST + 1 < len(wet)
    rest = wet["buildings_damaged"].iloc[damage_tables.MOST :].sum()
    assert words(table.rows[-1].cells[0].text)[0] == f"{rest:.0f}"
    assert table.rows[-1].head.da == f"Resten ({len(wet) - damage_tables.MOST})"
    assert words(table.rows[0].head)[0] == wet["value"].iloc[0]
    owners = next(t for t in damage_tables.group_tables(full, when) if t.corner.en == "Owner")
    assert "Ikke oplyst" in {row.head.da for row in owners.rows}


@pytest.mark.parametrize(
    ("low", "high", "da", "en"),
    [
        (325e6, 499e6, "325–499 mio. kr.", "DKK 325–499 million"),
        (928e3, 1.6e6, "928.000 kr. – 1,6 mio. kr.", "DKK 928,000 – DKK 1.6 million"),
        (9.77e6, 15.2e6, "9,8–15,2 mio. kr.", "DKK 9.8–15.2 million"),
        (0.0, 0.0, "0 kr.", "DKK 0"),
    ],
)
def test_a_range_names_its_unit_once(low, high, da, en):
    assert words(damage_texts.span(low, high)) == (da, en)


def test_a_sentence_that_ends_in_kroner_has_one_full_stop():
    assert words(damage_texts.say("lead.year", loss=damage_texts.span(1e6, 2e6)))[0].endswith("1,0–2,0 mio. kr.")
    assert words(damage_texts.counted(1)) == ("1 bygning", "1 building")
    assert damage_texts.on_one_line(damage_texts.say("payer.scheme")) == Phrase(
        "Stormflodsordningen", "Storm-flood scheme"
    )


def test_what_the_measure_is_worth_is_the_appraisals(full):
    facts = {name.en: words(value)[1] for name, value in damage_money.measure(full)["measure_facts"]}
    worth = full.summary["measure"]
    assert facts["Benefit per krone"] == f"{worth['benefit_cost']:.1f}"
    assert facts["Cost"] == "DKK 5.0 million" and facts["Lifetime"] == f"{Measure(0.0).lifetime} years"
