import numpy as np
import pytest

from genrejs.errors import InputError
from genrejs.hazard.cloudburst import climate_factor
from genrejs.projection.assets import ASSETS, MEAN_AGE, RENEWED, mean_age, project_assets
from genrejs.projection.climate import CLIMATE, HEAVY_RAIN, climate_path, middle_path
from genrejs.projection.economy import AGED, COST_A_HEAD, ECONOMY, project_economy
from genrejs.projection.futures import FACTORS, draw_futures, factor_words
from genrejs.projection.levels import BASE_YEAR, YEARS, between, drift, position
from genrejs.projection.people import PEOPLE, project_people
from genrejs.projection.series import series_catalogue
from genrejs.projection.society import SOCIETY, VOLUNTEERS, project_society
from genrejs.projection.stresses import STRESSES, Stresses, words


@pytest.fixture(scope="module")
def levels():
    return {"low": Stresses.low(), "middle": Stresses.middle(), "high": Stresses.high()}


def test_positions_of_levels():
    assert [position(each) for each in ("low", "middle", "high", 0.3)] == [0.0, 0.5, 1.0, 0.3]
    for wrong in ("most", 1.5, -0.1, float("nan")):
        with pytest.raises(InputError, match="low, middle, high or a number"):
            position(wrong)
    assert between([0.0, 0.25, 0.5, 1.0], 1.0, 2.0, 6.0) == pytest.approx([1.0, 1.5, 2.0, 6.0])
    assert drift(1.0, [3.0])[0, [0, -1]] == pytest.approx([1.0, 3.0])


def test_the_middle_climate_is_the_path_that_studies_take():
    assert climate_path() == middle_path()
    years = (2020, 2026, 2050, 2070, 2100, 2110)
    path = middle_path()
    assert [path.rain_factor(year, 1.4) for year in years] == [
        1.0 + (1.4 - 1.0) * ((year - 2020) / 100.0) for year in years
    ]
    assert climate_factor(100.0) == HEAVY_RAIN


def test_published_sea_levels():
    rises = [climate_path(sea=where).rise(2100) for where in (0.0, 0.5, 1.0)]
    assert rises == pytest.approx([0.35, 0.50, 0.90])


def test_the_series_of_the_climate_are_its_path(levels):
    for future in levels.values():
        for year in (BASE_YEAR, 2037, 2050, 2081, 2100):
            assert future.value("sea_rise", year) == pytest.approx(future.climate.rise(year))
            assert future.value("river_factor", year) == pytest.approx(future.climate.river_factor(year))
            assert future.value("rain_factor", year) == pytest.approx(future.climate.rain_factor(year, HEAVY_RAIN))


def test_every_series_is_declared_in_two_languages_with_a_source(levels):
    known = series_catalogue()
    assert tuple(known) == (*CLIMATE, *PEOPLE, *ECONOMY, *SOCIETY, *ASSETS)
    for future in levels.values():
        assert set(future.series) == set(known)
        table = future.table()
        assert table.shape == (YEARS.size, len(known)) and np.isfinite(table.to_numpy()).all()
    told = words()
    assert set(told.index) == set(known) and (told != "").all(axis=None)
    assert set(told["stress"]) <= set(STRESSES)


def test_levels_may_be_mixed(levels):
    mixed = Stresses.at({"sea": "high", "growth": "low", "wear": 0.75})
    assert mixed.levels["sea"] == 1.0 and mixed.levels["growth"] == 0.0 and mixed.levels["ageing"] == 0.5
    assert mixed.value("sea_rise", 2100) == levels["high"].value("sea_rise", 2100)
    assert mixed.value("failure_ratio", 2100) < levels["high"].value("failure_ratio", 2100)


def test_unknown_stresses_and_series_are_named():
    with pytest.raises(InputError, match="No stress 'sun'"):
        Stresses.at({"sun": "high"})
    with pytest.raises(InputError, match="No series 'sun'"):
        Stresses.middle().value("sun", 2050)


def test_years_outside_count_as_the_nearest(levels):
    middle = levels["middle"]
    assert middle.value("residents", 1990) == middle.value("residents", BASE_YEAR)
    assert middle.value("residents", 2120) == middle.value("residents", 2100)


def test_the_budget_balances_in_the_base_year_and_by_hand():
    people = project_people(0.5, 0.5, 0.5)
    money = project_economy(people, 0.5)
    assert money["welfare_gap"][0, 0] == pytest.approx(0.0, abs=1e-3)
    assert money["hands_missing"][0, 0] == pytest.approx(0.0, abs=1e-6)
    by_hand = sum(people.aged(*ages)[0, 0] * cost for ages, cost in zip(AGED, COST_A_HEAD, strict=True))
    assert money["welfare_cost"][0, 0] == pytest.approx(by_hand)
    assert np.allclose(money["welfare_gap"], money["welfare_cost"] - money["tax_base"])


def test_an_older_city_lacks_more(levels):
    young, old = (Stresses.at({"ageing": level}) for level in ("low", "high"))
    for name in ("welfare_gap", "hands_missing"):
        assert old.value(name, 2100) > young.value(name, 2100)
    assert levels["high"].value("welfare_gap", 2100) > levels["middle"].value("welfare_gap", 2100)


def test_volunteers_start_at_the_published_share():
    people = project_people([0.5] * 3, [0.5] * 3, [0.5] * 3)
    ties = project_society(people, [0.0, 0.5, 1.0])
    assert ties["volunteers_share"][:, 0] == pytest.approx(VOLUNTEERS)
    assert (np.diff(ties["volunteers_share"][:, -1]) < 0).all() and (np.diff(ties["social_capital"][:, -1]) < 0).all()
    assert ties["volunteer_hours"][0, 0] == pytest.approx(ties["volunteers"][0, 0] * 216.0)


def test_a_stock_that_is_renewed_ends_at_one_over_the_rate():
    age = mean_age(MEAN_AGE, RENEWED)
    assert age[0] == pytest.approx(30.0)
    step = np.diff(mean_age(MEAN_AGE, [1 / 40])[0])
    # A' = 1 - r A, against the slope of its own path.
    middle = 0.5 * (age[1, 1:] + age[1, :-1])
    assert step == pytest.approx(1.0 - middle / 40, abs=1e-3)
    assert mean_age(0.0, [0.5])[0, -1] == pytest.approx(2.0)


def test_wear_and_uptake_grow_from_today():
    paths = project_assets([0.0, 0.5, 1.0], [0.0, 0.5, 1.0])
    assert paths["repair_ratio"][:, 0] == pytest.approx(1.0) and paths["fail_depth_ratio"][:, 0] == pytest.approx(1.0)
    assert paths["failure_ratio"][0] == pytest.approx(1.0)
    assert (np.diff(paths["failure_ratio"][:, -1]) > 0).all() and (np.diff(paths["fail_depth_ratio"][:, -1]) < 0).all()
    assert paths["digital_share"][:, 0] == pytest.approx(0.6) and (paths["digital_share"] < 1.0).all()


@pytest.fixture(scope="module")
def futures():
    return draw_futures("test", 100)


def test_futures_fill_every_part_of_every_stress(futures):
    assert len(futures) == 100 and list(futures.positions) == list(STRESSES)
    share = np.where(futures.positions < 0.5, 2 * futures.positions**2, 1 - 2 * (1 - futures.positions) ** 2)
    assert (np.sort((share * 100).astype(int), axis=0) == np.arange(100)[:, None]).all()
    assert futures.positions.mean().to_numpy() == pytest.approx(0.5, abs=0.01)


def test_futures_are_the_same_bits_and_each_is_a_stated_future(futures):
    again = draw_futures("test", 100)
    assert futures.positions.equals(again.positions) and futures.factors.equals(again.factors)
    assert not futures.positions.equals(draw_futures("other", 100).positions)
    one = futures.stresses(17)
    for name in one.series:
        assert np.array_equal(one.series[name], futures.table(name)[17])
    assert list(futures.factors) == list(FACTORS) and set(factor_words().index) == set(FACTORS)


def test_wrong_futures_are_refused(futures):
    with pytest.raises(InputError, match="give a number from 1"):
        draw_futures("x", 0)
    with pytest.raises(InputError, match="no future 100"):
        futures.stresses(100)
    with pytest.raises(InputError, match="No series"):
        futures.table("sun")
