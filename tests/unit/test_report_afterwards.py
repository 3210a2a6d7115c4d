"""What the report tells of households, firms and the economy after the water, on a small made-up story."""

import base64
import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genrejs.recovery.economy import Shock, run_economy, town_table
from genrejs.recovery.firms import SECTORS, Firms
from genrejs.recovery.wellbeing import Wellbeing
from genrejs.report.afterwards import after_figures, afterwards
from genrejs.report.afterwards_charts import boom, lowest
from genrejs.report.templating import fill
from genrejs.report.texts import say
from genrejs.scenario.aftermath import Aftermath

TELLER = runpy.run_path(str(Path(__file__).parents[1] / "report_story.py"))
GROUPS = [
    # group, value, people, asset loss, well-being loss [DKK]
    ("income", "low", 100.0, 1.0e6, 1.5e6), ("income", "high", 100.0, 1.0e6, 0.1e6),
    ("language", "da", 150.0, 1.5e6, 0.6e6), ("language", "other", 50.0, 0.5e6, 1.0e6),
    ("tenure", "owner", 120.0, 2.0e6, 1.6e6), ("tenure", "social", 80.0, 0.0, 0.0),
    ("age", "children", 50.0, 0.5e6, 0.4e6), ("age", "seniors", 20.0, 0.2e6, 0.3e6),
]  # fmt: skip


def made_up(assets=2e6, felt=1.6e6):
    """Nine firms a sector, of which six close; builders at work again after 100 days, the others half at work."""
    columns = ["group", "value", "people", "asset_loss", "wellbeing_loss"]
    well = Wellbeing(pd.DataFrame(), pd.DataFrame(GROUPS, columns=columns), assets, felt)
    states = {"firms": 9, "open": 3, "reopened": 3, "closed": 2, "lost": 1}
    table = pd.DataFrame({"sector": SECTORS, "jobs": 1234.0, **states, "jobs_lost": 4.0, "job_days": 5678.0})
    work = np.full((200, len(SECTORS)), 0.5)
    work[100:, SECTORS.index("construction")] = 1.0
    economy = run_economy(town_table(1e9), Shock(capacity=work, other=3e8))
    return Aftermath(well, Firms(pd.DataFrame(), work, table), economy)


@pytest.fixture(scope="module")
def story():
    told = TELLER["make_story"]()
    return replace(told, aftermath={told.main.event.name: made_up()})


@pytest.fixture(scope="module")
def page(story):
    return afterwards(story)


def plain(text):
    return text.replace("\u00a0", " ")


def svg(address):
    return base64.b64decode(address.split(",")[1]).decode("utf-8")


def test_without_an_aftermath_nothing_is_told(story):
    assert afterwards(replace(story, aftermath={})) == {"after_facts": None}
    assert fill("after.j2", "da", say, {"after_facts": None}).strip() == ""


def test_every_key_is_the_parts_own(page):
    assert all(key.startswith("after_") for key in page)


def test_the_facts_stand_in_both_languages(page, story):
    loss = story.aftermath[story.main.event.name].economy.value_loss
    shown = [(plain(figure.da), plain(figure.en)) for _, figure in page["after_facts"]]
    assert ("2,0 mio. kr.", "DKK 2.0 million") in shown
    assert ("1,6 mio. kr.", "DKK 1.6 million") in shown
    assert ("36", "36") in shown and ("6", "6") in shown and ("24", "24") in shown
    assert (f"{loss / 1e7:.1f} %".replace(".", ","), f"{loss / 1e7:.1f}%") in shown


def test_every_sector_has_its_firms_and_jobs(page):
    table = page["after_firms"]
    place = [plain(column.en) for column in table.columns].index("Given up")
    assert len(table.rows) == len(SECTORS) and table.rows[0].head.da == "Industri"
    assert {row.cells[place].text.da for row in table.rows} == {"1"}
    assert any(cell.text.da == "5.678" and cell.text.en == "5,678" for cell in table.rows[0].cells)


def test_the_same_krone_hurts_those_more_who_have_little(page):
    assert plain(page["after_hundred"].en).endswith(
        "DKK 150 to a citizen of average consumption. For high income it is DKK 10."
    )
    low, high = page["after_groups"][0].rows
    assert (low.head.en, high.head.en) == ("Low", "High")
    assert [plain(cell.text.da) for cell in low.cells] == ["10.000 kr.", "15.000 kr.", "150"]
    assert [plain(cell.text.da) for cell in high.cells] == ["10.000 kr.", "1.000 kr.", "10"]
    assert [table.caption.en for table in page["after_groups"]] == ["Income", "Language", "Tenure", "Age"]
    assert [row.head.en for row in page["after_groups"][2].rows] == ["Owner"]


def test_where_no_home_is_hit_only_firms_and_the_economy_are_told(story):
    dry = made_up(0.0, 0.0)
    dry = replace(dry, wellbeing=replace(dry.wellbeing, by_group=dry.wellbeing.by_group.assign(asset_loss=0.0)))
    page = afterwards(replace(story, aftermath={story.main.event.name: dry}))
    assert page["after_groups"] == () and page["after_hundred"] is None
    shown = fill("after.j2", "da", say, page)
    assert "Hvem mærker tabet mest" not in shown and "Kontor og service" in shown


def test_the_boom_of_the_builders_is_read_off_the_economy():
    economy = made_up().economy
    shares = economy.value_added[:-1] / economy.value_before
    assert boom(economy) == shares[:, SECTORS.index("construction")].max()
    assert lowest(economy) == pytest.approx((economy.value_added.sum(axis=1) / economy.value_before.sum()).min())
    assert boom(economy) > 1 > lowest(economy)


def test_people_away_and_the_economy_have_words_for_those_who_do_not_see_them(page, story):
    most = f"{float(story.main.recovery.away.max()):.0f}"
    assert f"Flest: {most}." in page["after_people_alt"].da and f"Most: {most}." in page["after_people_alt"].en
    least = f"{100 * lowest(made_up().economy):.0f}"
    assert f"lavest på {least} %" in plain(page["after_chart_alt"].da) and f"at {least}%" in page["after_chart_alt"].en
    assert "Mennesker" in svg(page["after_people"]["da"]) and "People" in svg(page["after_people"]["en"])


def test_a_lever_says_what_others_pay_for_it_and_what_it_brings(page, story):
    notes = dict(zip(story.levers["lever"], (row.note for row in page["after_levers"].rows), strict=True))
    assert notes["none"] is None and notes["aid"] is None
    spared = story.levers["wellbeing_loss"].iloc[0] - story.levers.set_index("lever").loc["relief", "wellbeing_loss"]
    assert (
        plain(notes["relief"].en)
        == f"households are paid DKK 5.0 million more; each krone spares {spared / 5e6:.2f} of well-being"
    )
    assert plain(notes["local"].da) == "byen tjener 7,0 mio. kr. mere om året på almindelige dage"


def test_social_capital_is_a_table_of_its_own(page, story):
    rows = page["after_social"].rows
    assert [row.head.da for row in rows] == ["0,00", "0,50", "1,00"]
    assert [row.cells[0].text.en for row in rows] == ["9,000", "6,000", "5,000"] and rows[-1].cells[0].best
    assert afterwards(replace(story, social=None))["after_social"] is None


def test_the_best_lever_of_each_column_is_marked(page, story):
    table = page["after_levers"]
    assert table.rows[0].head.en == "As today" and len(table.rows) == len(story.levers)
    least = story.levers["people_away_days"].to_numpy().argmin()
    assert [row.cells[0].best for row in table.rows] == [place == least for place in range(len(table.rows))]
    assert afterwards(replace(story, levers=None))["after_levers"] is None


def test_the_economy_is_drawn_in_each_language(page):
    drawn = {language: svg(page["after_chart"][language]) for language in ("da", "en")}
    assert "Byggeri" in drawn["da"] and "Construction" in drawn["en"]
    assert "Måneder efter hændelsen" in drawn["da"] and "Months after the event" in drawn["en"]


def test_the_page_says_that_it_is_constructed_and_how_the_local_currency_ended(page):
    shown = fill("after.j2", "en", say, page)
    assert "are constructed" in shown and "Bristol Pound" in shown and "September 2021" in shown
    assert "konstruerede" in shown and ">None<" not in shown and ">nan<" not in shown


def test_the_figures_for_machines():
    figures = after_figures(made_up())
    assert figures["households_asset_loss_dkk"] == 2e6 and figures["wellbeing_loss_dkk"] == 1.6e6
    assert figures["socioeconomic_resilience"] == pytest.approx(1.25)
    assert (figures["firms_closed"], figures["firms_lost"], figures["jobs_lost"]) == (36, 6, 24)
    assert after_figures(made_up(0.0, 0.0))["socioeconomic_resilience"] is None
