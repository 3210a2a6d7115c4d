import csv
from importlib import resources

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPoint, Point, Polygon, box

from genrejs.city.grid import Grid
from genrejs.errors import InputError
from genrejs.impact.curve import curve, make_curve
from genrejs.impact.damage import CATEGORIES, DamageSettings, building_damage, value_loss
from genrejs.impact.jrc import JRC_CLASS, JRC_CLASSES, JrcSettings, curve_damage, jrc_damage, jrc_value
from genrejs.impact.prices import PriceSettings, price_growth, to_dkk
from genrejs.impact.sampling import footprint_cells
from genrejs.impact.sectors import (
    SectorSettings,
    _part_inside,
    crop_loss,
    crop_price,
    field_cells,
    habitats_flooded,
    lost_guest_nights,
    neighbour_value_loss,
    public_service,
    recreation_loss,
    staff_affected,
    staff_cost,
    tourism_loss,
    wet_area,
    wet_perimeter,
)

GRID = Grid(west=0.0, north=100.0, cell=10.0, rows=10, columns=10)


def published(name):
    text = resources.files("genrejs.impact").joinpath("curves", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


# --- tourism


def test_a_flooded_hotel_loses_fifty_guests_for_sixty_nights():
    codes = [331, 510, 521, 120, -9999]
    assert lost_guest_nights(codes, [0.5] * 5).tolist() == [3000.0, 240.0, 6000.0, 0.0, 0.0]
    assert tourism_loss(codes, [0.5] * 5).tolist() == [6_000_000.0, 180_000.0, 5_100_000.0, 0.0, 0.0]


def test_every_row_of_the_table_of_guests_comes_out():
    rows = published("dk_tourism.csv")
    got = tourism_loss([float(row["bbr_code"]) for row in rows], np.ones(len(rows)), SectorSettings(lost_nights=1.0))
    assert got.tolist() == [float(row["capacity"]) * float(row["spend_per_night"]) for row in rows]


def test_guests_stay_below_the_minimum_depth_and_own_figures_count():
    depth = [0.0, 0.29, 0.30, np.nan]
    assert tourism_loss([331] * 4, depth).tolist() == [0.0, 0.0, 6_000_000.0, 0.0]
    assert tourism_loss([331] * 4, depth, SectorSettings(minimum_depth=0.20)).tolist()[1] == 6_000_000.0
    assert tourism_loss([331, 331], [1.0, 1.0], beds=[10.0, np.nan]).tolist() == [1_200_000.0, 6_000_000.0]
    assert tourism_loss([120], [1.0], beds=[2.0], spend=[500.0]).tolist() == [60_000.0]
    with pytest.raises(InputError, match="'beds'"):
        tourism_loss([331], [1.0], beds=[-1.0])


# --- crops


def test_a_hectare_of_spring_barley_is_9200_kroner():
    # 92 øre per m2: the table's unit is a hundredth of a krone
    assert crop_loss([1, 11, 1], [10_000.0, 10_000.0, 0.0]).tolist() == pytest.approx([9_200.0, 13_900.0, 0.0])


def test_every_crop_has_the_published_price():
    rows = published("dk_crops.csv")
    assert len(rows) == 319 and {row["unit"] for row in rows} == {"øre/m2"}
    got = crop_price([row["crop_code"] for row in rows])
    np.testing.assert_allclose(got, [float(row["price_per_area"]) / 100.0 for row in rows], rtol=1e-15)


def test_an_unknown_crop_is_refused_or_priced_by_a_setting():
    with pytest.raises(InputError, match="crop code '9999'"):
        crop_loss([1, 9999], [1.0, 1.0])
    assert crop_loss([1, 9999], [1.0, 1.0], SectorSettings(other_crop=0.5)).tolist() == [0.92, 0.5]


def test_wet_area_cuts_cells_at_the_edge_and_at_the_minimum_depth():
    field = gpd.GeoSeries([box(5, 5, 35, 25), box(200, 200, 210, 210)])
    depth = np.zeros(GRID.shape)
    depth[:, :2] = 0.30  # wet up to x = 20
    depth[:, 2] = 0.29
    cells = field_cells(field, GRID)
    assert wet_area(depth, cells).tolist() == [15.0 * 20.0, 0.0]
    assert wet_area(depth, cells, SectorSettings(minimum_depth=0.1)).tolist() == [25.0 * 20.0, 0.0]
    skip = np.zeros(GRID.shape, dtype=bool)
    skip[:, 0] = True  # a stream
    assert wet_area(depth, field_cells(field, GRID, skip)).tolist() == [10.0 * 20.0, 0.0]


points = st.lists(
    st.tuples(st.floats(1.0, 99.0, allow_nan=False), st.floats(1.0, 99.0, allow_nan=False)), min_size=3, max_size=8
)


@given(points, st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_wet_and_dry_parts_of_a_field_make_the_whole(corners, seed):
    field = MultiPoint(corners).convex_hull
    if not isinstance(field, Polygon) or field.area < 1e-3:
        return
    wet = np.random.default_rng(seed).random(GRID.shape) < 0.5
    cells = field_cells(gpd.GeoSeries([field]), GRID)
    parts = wet_area(1.0 * wet, cells) + wet_area(1.0 * ~wet, cells)
    assert parts[0] == pytest.approx(field.area, rel=1e-9)


def test_bad_fields_are_refused():
    bow = gpd.GeoSeries([Polygon([(0, 0), (20, 20), (20, 0), (0, 20)])])
    with pytest.raises(InputError, match="Field 0"):
        field_cells(bow, GRID)
    with pytest.raises(InputError, match="shape"):
        wet_area(np.zeros((3, 3)), field_cells(gpd.GeoSeries([box(0, 0, 5, 5)]), GRID))
    with pytest.raises(InputError, match="'flooded_area'"):
        crop_loss([1, 1], [1.0, -1.0])


def test_wet_perimeter_is_wet_cells_times_the_side():
    houses = gpd.GeoSeries([box(2, 2, 8, 8), box(12, 12, 28, 28)])
    index = footprint_cells(houses, GRID)
    depth = np.zeros(GRID.shape)
    depth[9, 0] = depth[8, 1] = depth[7, 1] = 0.5
    got = wet_perimeter(houses.length.to_numpy(), depth, index)
    np.testing.assert_allclose(got, [10.0 / 24.0, 20.0 / 64.0])
    assert wet_perimeter(houses.length.to_numpy(), depth, index, minimum_depth=0.6).tolist() == [0.0, 0.0]


# --- recreation, staff, public service, habitats


def test_recreation_is_the_share_of_the_year_and_of_the_area():
    assert recreation_loss([365_000.0] * 3, [1000.0] * 3, [500.0, 1000.0, 0.0]).tolist() == [12_000.0, 24_000.0, 0.0]
    assert recreation_loss([365_000.0], [0.0], [0.0]).tolist() == [0.0]
    half = recreation_loss([365_000.0], [1000.0], [500.0], SectorSettings(recreation_days=12.0))
    assert half.tolist() == [6_000.0]
    with pytest.raises(InputError, match="row 1"):
        recreation_loss([1.0, 1.0], [10.0, 10.0], [10.0, 10.1])


def test_staff_is_counted_and_priced_only_when_asked():
    assert staff_affected([12.0, 3.0, 5.0], [0.5, 0.1, np.nan]).tolist() == [12.0, 0.0, 0.0]
    assert staff_cost([12.0], [0.5]).tolist() == [pytest.approx(12 * 10 * 301 * 7.4)]
    assert staff_cost([12.0], [0.5], SectorSettings(closed_days=0.0)).tolist() == [0.0]
    with pytest.raises(InputError, match="'jobs' has 2 values"):
        staff_affected([1.0, 2.0], [0.1, 0.2, 0.3])


def test_public_buildings_are_listed_with_the_building_models_amounts():
    table = pd.DataFrame(
        {
            "id": ["school", "home", "hospital"],
            "bbr_code": [421, 120, 431],
            "area": [1000.0, 100.0, 5000.0],
            "cellar_area": [200.0, 0.0, 0.0],
        }
    )
    got = public_service(table, [0.5, 0.5, 0.1], "surge")
    assert got["id"].tolist() == ["school"] and got["use"].tolist() == ["Grundskole"]
    assert got["damage"].tolist() == building_damage("surge", ["public"], [1000.0], [0.5]).tolist()
    assert got["cellar"].tolist() == [578.0 * 200.0]
    assert public_service(table, [0.0, 0.0, 0.0], "surge").empty


def test_habitats_are_counted_by_score():
    got = habitats_flooded([3.0, 3.0, 7.0, 9.0], [10.0, 5.0, 2.0, 0.0])
    assert got["score"].tolist() == [3.0, 7.0] and got["habitats"].tolist() == [2, 1]
    assert got["area"].tolist() == [15.0, 2.0]


def test_dry_homes_within_three_hundred_metres_lose_half_of_what_flooded_ones_lose():
    houses = gpd.GeoSeries([box(x, 0, x + 10, 10) for x in (0, 310, 620.5, 20, 30)])
    category = np.array(["home", "home", "home", "business", "home"])
    flooded = np.array([True, False, False, False, True])
    area = np.full(5, 120.0)
    got = neighbour_value_loss(houses, category, area, flooded)
    of_a_flooded = value_loss(category, area, np.ones(5))
    np.testing.assert_allclose(got, [0.0, 0.5 * of_a_flooded[1], 0.0, 0.0, 0.0], rtol=1e-12)
    assert got[1] == pytest.approx(0.5 * 0.04 * 16_023 * 120)
    none = neighbour_value_loss(houses, category, area, np.zeros(5, dtype=bool))
    assert none.tolist() == [0.0] * 5
    dearer = neighbour_value_loss(houses, category, area, flooded, damage=DamageSettings(value_loss_share=0.10))
    assert dearer[1] == pytest.approx(2.5 * got[1])


@pytest.mark.parametrize("name", ["minimum_depth", "lost_nights", "closed_days", "other_crop"])
def test_settings_below_zero_are_refused(name):
    with pytest.raises(InputError, match=name):
        SectorSettings(**{name: -1.0})


def test_words_are_no_depths():
    with pytest.raises(InputError, match="'depth' must be numbers"):
        staff_affected([1.0], ["deep"])


# --- prices


def test_euro_of_2010_become_kroner_of_2024():
    assert to_dkk(100.0, "EUR", 2010) == pytest.approx(100 * 7.45 * 1.35)
    assert to_dkk([1.0, 2.0], "EUR").tolist() == [7.45, 14.9]
    assert to_dkk(10.0, "DKK", 2024) == pytest.approx(10.0)
    assert to_dkk(10.0, "USD", None, PriceSettings(dkk_per_usd=7.0)) == pytest.approx(70.0)


def test_prices_grow_at_one_rate():
    assert price_growth(2017) == pytest.approx(np.sqrt(1.35))
    assert price_growth(2023) ** 14 == pytest.approx(1.35)
    assert price_growth(2024) == 1.0
    assert price_growth(2024, PriceSettings(year=2038)) == pytest.approx(1.35)
    assert price_growth(None) == 1.0


def test_wrong_money_is_refused():
    with pytest.raises(InputError, match="currency 'GBP'"):
        to_dkk(1.0, "GBP")
    with pytest.raises(InputError, match="growth"):
        PriceSettings(growth=-1.0)
    with pytest.raises(InputError, match="later year"):
        PriceSettings(growth_to=2010)
    with pytest.raises(InputError, match="dkk_per_eur"):
        PriceSettings(dkk_per_eur=-7.45)


# --- JRC

JRC_POINTS = {row["id"].removeprefix("jrc_"): row for row in published("jrc_curves.csv")}


@pytest.mark.parametrize("name", JRC_CLASSES)
@pytest.mark.parametrize("part", ["total", "structure", "content"])
def test_jrc_table_points_are_exact(name, part):
    depth = np.array([float(x) for x in JRC_POINTS[name]["depth_m"].split()])
    share = np.array([float(x) for x in JRC_POINTS[name]["share"].split()])
    category = {"residential": "home", "commercial": "business", "industrial": "utility"}[name]
    row = {row["id"]: row for row in published("jrc_max_damage.csv")}[f"jrc_{name}"]
    got = jrc_damage([category] * 9, [120.0] * 9, depth, settings=JrcSettings(part=part))
    np.testing.assert_allclose(got, 120.0 * float(row[part]) * 7.45 * 1.35 * share, rtol=1e-12)


def test_jrc_values_are_those_of_the_facts():
    assert {name: round(value, -2) for name, value in jrc_value().items()} == {
        "residential": 8900.0, "commercial": 12300.0, "industrial": 9800.0,
    }  # fmt: skip
    assert jrc_damage(["home"], [120.0], [1.0])[0] == pytest.approx(0.40 * 889 * 7.45 * 1.35 * 120)


def test_every_category_has_a_class_and_classes_can_be_changed():
    assert set(JRC_CLASS) == set(CATEGORIES) and set(JRC_CLASS.values()) == set(JRC_CLASSES)
    other = JrcSettings(classes={"home": "industrial"})
    assert jrc_damage(["home"], [1.0], [1.0], settings=other)[0] == pytest.approx(0.27 * 979 * 7.45 * 1.35)
    for wrong in ({"home": "castle"}, {"castle": "industrial"}):
        with pytest.raises(InputError, match="castle"):
            JrcSettings(classes=wrong)
    with pytest.raises(InputError, match="'roof'"):
        JrcSettings(part="roof")
    with pytest.raises(InputError, match="category 'castle'"):
        jrc_damage(["castle"], [1.0], [1.0])
    with pytest.raises(InputError, match="1 categories"):
        jrc_damage(["home"], [1.0], [1.0, 2.0])


def test_dry_places_lose_nothing_even_on_a_curve_that_starts_above_zero():
    threshold = make_curve("own", [0.0, 1.0], [0.2, 0.6])
    assert curve_damage(threshold, 100.0, [np.nan, 0.0, -1.0, 0.5, 9.0]).tolist() == [0.0, 0.0, 0.0, 40.0, 60.0]


def test_a_curves_band_goes_into_the_damage():
    shape = make_curve("own", [0.0, 1.0], [0.0, 0.5], low=[0.0, 0.3], high=[0.0, 0.9])
    assert [curve_damage(shape, 10.0, [1.0], band)[0] for band in (-1.0, 0.0, 0.5, 1.0)] == [3.0, 5.0, 7.0, 9.0]
    with pytest.raises(InputError, match="band"):
        curve_damage(shape, 10.0, [1.0], 1.5)
    assert curve_damage("jrc_residential", 10.0, [1.0])[0] == pytest.approx(10.0 * float(curve("jrc_residential")(1.0)))


def test_a_grid_of_whole_numbers_keeps_parts_of_cells():
    circle = gpd.GeoSeries([Point(50, 50).buffer(23)])
    cells = footprint_cells(circle, GRID).cells
    parts = _part_inside(np.repeat(circle.to_numpy(), cells.size), Grid(0, 100, 10, 10, 10), cells)
    assert parts.sum() == pytest.approx(circle.area[0], rel=1e-12)


def test_a_point_is_no_field():
    assert wet_area(np.ones(GRID.shape), field_cells(gpd.GeoSeries([Point(5, 5)]), GRID)).tolist() == [0.0]
