"""Constructed buildings: the same seed gives the same bits, nothing overlaps, nothing stands where it must not."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
import xarray as xr
from pandas.testing import assert_frame_equal

from genrejs.city.buildings import Siting, construct_buildings
from genrejs.city.buildings_blocks import BLOCKS, lay_blocks
from genrejs.city.buildings_quarters import WAYS, street_angles
from genrejs.city.buildings_use import TOTAL_JOBS, apportion
from genrejs.city.districts import embedded_roads, read_table
from genrejs.city.model import BUILDING_COLUMNS
from genrejs.city.terrain import embedded_streams
from genrejs.rng import stream


@pytest.fixture(scope="module")
def streams() -> gpd.GeoDataFrame:
    return embedded_streams()


@pytest.fixture(scope="module")
def buildings(streams: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return construct_buildings(streams, seed=1)


def test_the_same_seed_gives_the_same_bits(streams: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> None:
    again = construct_buildings(streams, seed=1)
    assert (again.geometry.to_wkb() == buildings.geometry.to_wkb()).all()
    assert_frame_equal(again.drop(columns="geometry"), buildings.drop(columns="geometry"), check_exact=True)


def test_another_seed_gives_another_city(streams: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> None:
    other = construct_buildings(streams, seed=2)
    assert set(other.geometry.to_wkb()) != set(buildings.geometry.to_wkb())


def test_columns_and_ids(buildings: gpd.GeoDataFrame) -> None:
    assert list(buildings.columns) == [*BUILDING_COLUMNS, "constructed", "geometry"]
    assert buildings["id"].is_unique
    assert buildings["constructed"].all()
    assert not buildings.isna().any(axis=None)


def test_no_footprint_meets_another(buildings: gpd.GeoDataFrame) -> None:
    footprints = buildings.geometry.to_numpy()
    first, second = shapely.STRtree(footprints).query(footprints, predicate="intersects")
    assert not (first < second).any()


def test_no_footprint_stands_in_a_stream_or_on_a_road(buildings: gpd.GeoDataFrame, streams: gpd.GeoDataFrame) -> None:
    roads = embedded_roads()
    bed = shapely.union_all(shapely.buffer(streams.geometry.to_numpy(), 12.0))
    carriageway = shapely.union_all(shapely.buffer(roads.geometry.to_numpy(), roads["width"].to_numpy() / 2))
    assert not buildings.intersects(bed).any()
    assert not buildings.intersects(carriageway).any()


def test_area_cellar_and_floor_level(buildings: gpd.GeoDataFrame) -> None:
    np.testing.assert_allclose(buildings["area"], buildings.geometry.area, atol=0.06)
    assert (buildings["cellar_area"] <= buildings["area"]).all()
    main = ~buildings["bbr_code"].isin((540, 910, 920, 930))
    assert buildings.loc[main, "floor_level"].between(0.15, 0.60).all()
    old, new = buildings["year"] < 1930, buildings["year"] > 1980
    assert (buildings["cellar_area"][old & main] > 0).mean() > 5 * (buildings["cellar_area"][new & main] > 0).mean()


def test_jobs_sum_to_the_assumed_total_and_homes_hold_few(buildings: gpd.GeoDataFrame) -> None:
    assert buildings["jobs"].sum() == TOTAL_JOBS
    assert buildings.loc[buildings["bbr_code"].isin((120, 131, 910)), "jobs"].sum() == 0


def test_every_lifeline_with_a_building_stands_in_one(buildings: gpd.GeoDataFrame) -> None:
    components = read_table("vejle", "components.csv")
    housed = components[components["bbr_code"].notna()]
    tree = shapely.STRtree(buildings.geometry.to_numpy())
    point, building = tree.query(shapely.points(housed["x"], housed["y"]), predicate="within")
    assert point.tolist() == list(range(len(housed)))
    assert buildings["bbr_code"].to_numpy()[building].tolist() == housed["bbr_code"].tolist()


def test_ground_below_the_limit_and_steep_ground_stay_free(streams: gpd.GeoDataFrame) -> None:
    x, y = np.arange(531_505.0, 541_500.0, 10.0), np.arange(6_177_495.0, 6_169_500.0, -10.0)
    level = np.where(x < 534_000, 5.0, 0.9) + np.zeros((y.size, 1))
    level[y > 6_175_000] = 5.0 + np.where(x < 534_000, 0.5 * (x - 531_500), 0.0)
    ground = xr.DataArray(level, dims=("y", "x"), coords={"y": y, "x": x})
    built = construct_buildings(streams, ground, seed=1)
    homes = built[built["bbr_code"].isin((120, 131, 140))].geometry.centroid
    assert len(homes) > 500
    assert not ((homes.x > 534_020) & (homes.y < 6_174_980)).any()
    assert not ((homes.x < 533_980) & (homes.y > 6_175_020)).any()


def test_siting_moves_buildings_from_a_stream(streams: gpd.GeoDataFrame) -> None:
    built = construct_buildings(streams, seed=1, siting=Siting(stream_clearance=60.0))
    near = built[built["bbr_code"] == 140].distance(streams.union_all())
    assert near.min() >= 60.0 - 0.2


@pytest.mark.parametrize("way", [way for way in WAYS if way != "green"])
def test_rectangles_of_a_way_of_building_never_overlap(way: str) -> None:
    rectangles, roles = lay_blocks(way, (0, 0, 1200, 1200), stream(7, way))
    boxes = shapely.box(*rectangles.T)
    first, second = shapely.STRtree(boxes).query(boxes, predicate="intersects")
    assert len(roles) == len(boxes) > 50
    assert not (first < second).any()
    assert way in BLOCKS


def test_streets_run_along_the_nearest_road() -> None:
    roads = gpd.GeoDataFrame(
        geometry=[shapely.LineString([(0, 0), (100, 100)]), shapely.LineString([(500, 0), (500, 9)])]
    )
    points = np.array([shapely.Point(40, 60), shapely.Point(510, 5)], dtype=object)
    np.testing.assert_allclose(street_angles(points, roads), [np.pi / 4, 0.0], atol=1e-12)


def test_apportion_gives_whole_numbers_that_sum_exactly() -> None:
    assert apportion(np.array([1.0, 1.0, 1.0]), 100).tolist() == [34, 33, 33]
    assert apportion(np.array([0.0, 3.0, 1.0]), 8).tolist() == [0, 6, 2]
