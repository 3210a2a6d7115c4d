"""Levers on the same impact: the base row is the aftermath itself, and no lever makes worse what it is for."""

import runpy
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genrejs.errors import InputError
from genrejs.hazard.event import Event
from genrejs.recovery.households import GOLDEN
from genrejs.recovery.restore import RecoverySettings, restore
from genrejs.scenario.aftermath import aftermath
from genrejs.scenario.levers import LeverSettings, levers, social_effect
from genrejs.scenario.result import Result

CITY = runpy.run_path(str(Path(__file__).parents[1] / "recovery_city.py"))
tiny_city, tiny_impact, nobody_warned = CITY["tiny_city"], CITY["tiny_impact"], CITY["nobody_warned"]
EVENT = Event("storm", "surge", "Storm", "Storm", duration=3600.0)
HOMES = ["insurance", "relief"]
WAYS = ["social_capital", "aid", "claims"]


def shaken(wet=range(20), hours=100.0, **plan):
    """A town of 40 homes with a shop in each, of which those in rows `wet` were flooded."""
    city = tiny_city((), (), (), 40, **plan)
    city = city.change(buildings=city.buildings.assign(jobs=3, bbr_code=np.resize([322, 140, 321], 40)))
    impact, warned = tiny_impact(city, wet, hours), nobody_warned(city)
    return city, Result("key", EVENT, "today", 2026, None, impact, warned, restore(city, impact, warned))


@pytest.fixture(scope="module")
def town():
    return shaken()


@pytest.fixture(scope="module")
def table(town):
    return levers(*town).set_index("lever")


def test_the_first_row_is_the_aftermath_itself(town, table):
    city, result = town
    after = aftermath(city, result)
    base = table.loc["none"]
    assert table.index[0] == "none"
    assert base["people_away_days"] == result.recovery.indicators["person_days_away"] > 0
    assert base["wellbeing_loss"] == after.wellbeing.wellbeing_loss > 0
    assert base["value_lost"] == after.economy.value_loss > 0
    assert base["jobs_lost"] == after.firms.by_sector["jobs_lost"].sum() > 0


def test_each_lever_moves_what_it_is_for_and_nothing_else(table):
    base = table.loc["none"]
    assert (table.loc[["social_capital", "claims"], "people_away_days"] < base["people_away_days"]).all()
    assert (table.loc[HOMES, "wellbeing_loss"] < base["wellbeing_loss"]).all()
    assert (table.loc[WAYS, "wellbeing_loss"] == base["wellbeing_loss"]).all()
    unmoved = table.loc[HOMES, ["people_away_days", "value_lost", "jobs_lost"]]
    assert (unmoved == base[unmoved.columns]).all(axis=None)
    assert (table.loc["local", ["people_away_days", "wellbeing_loss", "jobs_lost"]] == base[
        ["people_away_days", "wellbeing_loss", "jobs_lost"]
    ]).all()  # fmt: skip


def test_more_crews_help_where_crews_are_short():
    crews = {"builder": 2.0, "electrician": 1.0, "plumber": 1.0, "it": 1.0, "civil": 1.0}
    table = levers(*shaken(range(30), 400.0, crews=crews)).set_index("lever")
    assert table.loc["aid", "people_away_days"] < 0.95 * table.loc["none", "people_away_days"]
    assert table.loc["aid", "value_lost"] < table.loc["none", "value_lost"]


@settings(max_examples=10, deadline=None)
@given(
    wet=st.sets(st.integers(0, 39), max_size=30),
    hours=st.floats(1.0, 900.0),
    builders=st.integers(1, 9),
    trust=st.floats(0.0, 1.0),
)
def test_no_lever_keeps_people_away_longer_costs_jobs_or_well_being(wet, hours, builders, trust):
    town = shaken(wet, hours, crews={"builder": float(builders)}, social_capital=trust)
    table = levers(*town).set_index("lever")
    for name in ("people_away_days", "wellbeing_loss", "jobs_lost"):
        assert (table[name] <= table.loc["none", name] * (1 + 1e-9) + 1e-6).all(), name


def test_the_effect_of_social_capital_is_that_of_the_law(town):
    """With crews enough, all that S does is to divide the cleaning and the mean wait by 1 + S (closed form)."""
    city, result = town
    how = RecoverySettings()
    wait = -np.log1p(-np.mod((np.arange(20) + 0.5) * GOLDEN, 1.0)) * how.return_days
    clean = how.clean_up / how.household_hands / how.helping_day
    fixed = how.water_leaves / 24 + how.claim_days + 100.0 / how.working_day
    found = social_effect(city, result)
    assert found["social_capital"].tolist() == [0.0, 0.25, 0.5, 0.75, 1.0]
    for capital, days in found.to_numpy():
        assert days == pytest.approx(2 * (fixed + (clean + wait) / (1 + capital)).sum(), rel=1e-9)
    today = social_effect(city, result, capitals=(city.preparedness.social_capital,))
    assert today["people_away_days"].item() == result.recovery.indicators["person_days_away"]


def test_what_others_pay_and_what_ordinary_days_bring_is_told(table):
    assert (table["given"] > 0).to_numpy().tolist() == table.index.isin(HOMES).tolist()
    assert table["ordinary"].ne(0).to_numpy().tolist() == (table.index == "local").tolist()
    assert table.loc["relief", "given"] == pytest.approx(20 * 2 * 50_000.0)
    assert table.loc["local", "ordinary"] > 0


def test_a_lever_that_is_not_pulled_changes_nothing(town, table):
    still = levers(*town, how=LeverSettings(trust=0.0, aid=0.0, claims=1.0, relief=0.0, local=0.0)).set_index("lever")
    same = still.drop(index="insurance")
    assert (same == table.loc["none"]).all(axis=None)


@pytest.mark.parametrize(
    "wrong", [{"trust": 1.1}, {"claims": -0.1}, {"local": np.nan}, {"aid": -1.0}, {"relief": np.inf}]
)
def test_a_lever_out_of_range_is_refused_in_words(wrong):
    with pytest.raises(InputError, match=next(iter(wrong))):
        LeverSettings(**wrong)


def test_a_social_capital_out_of_range_is_refused_in_words(town):
    with pytest.raises(InputError, match=r"share 0\.\.1; got 1\.2"):
        social_effect(*town, capitals=(1.2,))
