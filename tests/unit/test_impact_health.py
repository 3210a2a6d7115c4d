import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrejs.errors import InputError
from genrejs.impact.damage import person_cost
from genrejs.impact.health import HealthSettings, adult_effects, household_effects, people_totals


def test_an_adult_spends_251_hours_and_75551_kroner():
    rules = HealthSettings()
    assert rules.adult_hours == 138 + 23 + 64 + 26 == 251
    got = adult_effects([1.0, 2.0, 3.0], [0.5, 0.1, np.nan])
    assert got.loc[0].tolist() == [138.0, 23.0, 64.0, 26.0, 75_551.0]
    assert got.loc[1:].to_numpy().sum() == 0.0


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0, 3)), min_size=1, max_size=20))
def test_the_amount_is_that_of_the_damage_model(rows):
    adults, depth = np.array(rows).T
    np.testing.assert_allclose(adult_effects(adults, depth)["cost"], person_cost(adults, depth), rtol=1e-12)


def test_a_household_counts_what_the_survey_counted():
    got = household_effects([1.0, 100.0], [0.3, 0.5])
    assert got.loc[0].tolist() == [1.0, 276.0, 55.0, 17.0, 0.62, 12.5, 348_000.0]
    assert got.loc[1, "psychological"] == pytest.approx(62.0)
    assert got.loc[1, "uninsured"] == 100 * (217_000 + 88_000 + 16_000 + 27_000)


def test_the_two_bases_are_the_same_hours():
    rules = HealthSettings()
    assert rules.cleanup_hours == 2 * rules.work_hours
    assert rules.sick_days * 7.5 / 2 == pytest.approx(rules.sick_hours, abs=0.5)


def test_only_the_ground_floor_of_a_block_is_flooded_when_floors_are_given():
    assert household_effects([12.0], [1.0], floors=[3.0])["households"].tolist() == [4.0]
    assert household_effects([12.0], [1.0])["households"].tolist() == [12.0]
    with pytest.raises(InputError, match="'floors' must be 1 or more"):
        household_effects([12.0], [1.0], floors=[0.5])


def test_totals_keep_the_bases_apart():
    adult, household = adult_effects([2.0, 2.0], [1.0, 0.0]), household_effects([1.0, 1.0], [1.0, 0.0])
    totals = people_totals(adult, household)
    assert totals["tool_cost"] == 151_102.0 and totals["tool_work"] == 276.0
    assert totals["survey_cleanup_hours"] == 276.0 and totals["survey_sick_days"] == 17.0
    assert {name.split("_")[0] for name in totals} == {"tool", "survey"}


def test_wrong_figures_are_refused():
    with pytest.raises(InputError, match="work_hours"):
        HealthSettings(work_hours=-1.0)
    with pytest.raises(InputError, match="psychological_share"):
        HealthSettings(psychological_share=1.1)
    with pytest.raises(InputError, match="uninsured"):
        HealthSettings(uninsured=(1.0, np.nan))
    with pytest.raises(InputError, match="'adults'"):
        adult_effects([-1.0], [1.0])
    with pytest.raises(InputError, match="'households' has 2 values"):
        household_effects([1.0, 2.0], [1.0, 1.0, 1.0])
