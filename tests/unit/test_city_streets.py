import geopandas as gpd
import numpy as np
import pytest
import shapely
import xarray as xr
from shapely import LineString, MultiLineString, Point, box

from genrejs.city.buildings import construct_buildings
from genrejs.city.streets import KMH, LayerSettings, read_streets, shortened, straight_streets, streets_from_lines
from genrejs.city.streets_embedded import embedded_streets
from genrejs.city.terrain import embedded_streams
from genrejs.errors import InputError

WHOLE = LayerSettings(longest=1e9)


def layer(lines, crs="EPSG:25832", **columns):
    return gpd.GeoDataFrame(columns, geometry=lines, crs=crs)


def graph(lines, settings=WHOLE, streams=None, **columns):
    return streets_from_lines(layer(lines, **columns), streams, settings)


def stream(line, width):
    return gpd.GeoDataFrame({"name": ["å"], "width": [width]}, geometry=[line], crs="EPSG:25832")


def test_a_cross_of_lines_with_a_shared_vertex_is_a_junction():
    made = graph([LineString([(0, 0), (100, 0), (300, 0)]), LineString([(100, -50), (100, 0), (100, 70)])])
    assert made.x.size == 5
    assert sorted(made.length.tolist()) == [50.0, 70.0, 100.0, 200.0]
    middle = np.flatnonzero((made.x == 100) & (made.y == 0))
    assert middle.size == 1
    assert np.sum(made.start == middle[0]) + np.sum(made.end == middle[0]) == 4


def test_lines_that_only_cross_do_not_meet():
    made = graph([LineString([(0, 0), (200, 0)]), LineString([(100, -50), (100, 50)])])
    assert len(made) == 2
    assert len(set(made.parts().tolist())) == 2


def test_a_vertex_that_nobody_shares_is_no_junction_and_bends_count():
    made = graph([LineString([(0, 0), (30, 40), (30, 140)])])
    assert made.length.tolist() == [150.0]
    assert made.lines[0].length == 150.0


@pytest.mark.parametrize(("gap", "joined"), [(0.9, True), (1.1, False)])
def test_ends_nearer_than_the_snap_meet(gap, joined):
    made = graph([LineString([(0, 0), (100, 0)]), LineString([(100 + gap, 0), (200, 0)])])
    assert (len(set(made.parts().tolist())) == 1) is joined


@pytest.mark.parametrize(("gap", "joined"), [(0.9, True), (1.1, False)])
def test_an_end_that_nearly_touches_a_line_splits_it(gap, joined):
    made = graph([LineString([(0, 0), (100, 0)]), LineString([(40, gap), (40, 80)])])
    assert (len(made) == 3) is joined
    if joined:
        assert sorted(np.round(made.length).tolist()) == [40.0, 60.0, 80.0]


def test_a_ring_and_a_line_within_the_snap():
    made = graph([LineString([(0, 0), (50, 0), (50, 50), (0, 0)]), LineString([(300, 0), (300.5, 0)])])
    assert len(made) == 1
    assert made.start[0] == made.end[0]
    with pytest.raises(InputError, match="no line longer than 1 m"):
        graph([LineString([(0, 0), (0.5, 0)])])


def test_many_parts_and_heights_are_flat_lines():
    made = graph([MultiLineString([[(0, 0, 5), (10, 0, 9)], [(10, 0, 9), (10, 30, 1)]])])
    assert sorted(made.length.tolist()) == [10.0, 30.0]
    assert made.x.size == 3


def test_columns_are_read():
    line = [LineString([(0, 100 * k), (100, 100 * k)]) for k in range(6)]
    made = graph(
        line,
        maxspeed=["50", "30 mph", None, "DK:rural", 80, "60 km/h"],
        highway=["primary", "Residential", "motorway", "x", "", None],
        oneway=["yes", "no", "-1", None, "1", "false"],
        bridge=["yes", "no", "viaduct", None, "0", "true"],
        Name=["A", None, "C", "", "E", "F"],
        traffic=[1000, None, "200", 3, 4, 5],
    )
    assert (made.speed / KMH).tolist() == pytest.approx([50, 30 * 1.609344, 130, 80, 80, 60])
    assert made.oneway.tolist() == [True, False, True, False, True, False]
    assert made.bridge.tolist() == [True, False, True, False, False, True]
    assert made.freeboard.tolist() == [1.0, 0.0, 1.0, 0.0, 0.0, 1.0]
    assert made.name.tolist() == ["A", "", "C", "", "E", "F"]
    assert made.kind[2] == "motorway"
    assert made.traffic[[0, 2]].tolist() == [1000.0, 200.0]
    assert np.isnan(made.traffic[1])
    assert made.x[made.start[2]] == 100.0  # -1: against the drawn direction
    assert made.x[made.start[0]] == 0.0


def test_geofabrik_letters_are_directions_only_beside_a_b():
    line = [LineString([(0, 100 * k), (100, 100 * k)]) for k in range(3)]
    made = graph(line, oneway=["B", "F", "T"])
    assert made.oneway.tolist() == [False, True, True]
    assert made.x[made.start].tolist() == [0.0, 0.0, 100.0]
    with pytest.raises(InputError, match="oneway in row 1 is 't'"):
        graph(line[:2], oneway=["T", "no"])


def test_without_columns_the_defaults_hold():
    made = graph([LineString([(0, 0), (100, 0)])])
    assert made.speed.tolist() == [50 * KMH]
    assert not made.bridge.any()
    assert not made.oneway.any()
    assert made.crs == "EPSG:25832"


def test_a_bridge_is_guessed_from_bank_to_bank():
    brook = stream(LineString([(100, -500), (100, 500)]), 20.0)
    made = graph(
        [LineString([(0, 0), (300, 0)]), LineString([(112, 50), (112, 200)])], streams=brook, freeboard=[2.5, None]
    )
    over = np.flatnonzero(made.bridge)
    assert over.size == 1  # the second line only runs along the bank
    assert made.length[over[0]] == pytest.approx(30.0)  # 20 m of stream and 5 m behind either bank
    assert sorted(made.x[[made.start[over[0]], made.end[over[0]]]].tolist()) == pytest.approx([85.0, 115.0])
    assert made.freeboard[over[0]] == 2.5
    assert made.length.sum() == pytest.approx(450.0)


def test_a_road_that_crosses_once_and_runs_along_the_bank_is_one_bridge():
    brook = stream(LineString([(100, -500), (100, 500)]), 20.0)
    made = graph([LineString([(0, 0), (200, 0), (200, 50), (112, 50), (112, 200)])], streams=brook)
    assert made.length[made.bridge].tolist() == pytest.approx([30.0])


def test_a_column_bridge_stops_the_guessing():
    brook = stream(LineString([(100, -500), (100, 500)]), 20.0)
    made = graph([LineString([(0, 0), (300, 0)])], streams=brook, bridge=["no"])
    assert len(made) == 1
    assert not made.bridge.any()


def test_long_stretches_are_cut_and_bridges_are_not():
    made = streets_from_lines(
        layer([LineString([(0, 0), (310, 0)]), LineString([(310, 0), (700, 0)])], bridge=["no", "yes"], name=["a", "b"])
    )
    assert sorted(made.length.tolist()) == pytest.approx([310 / 3] * 3 + [390.0])
    assert made.named("a").size == 3
    assert len(set(made.parts().tolist())) == 1
    assert made.x[made.tips(made.named("a"))].tolist() == pytest.approx([0.0, 310.0])
    for k in range(len(made)):
        assert made.lines[k].coords[0] == pytest.approx((made.x[made.start[k]], made.y[made.start[k]]))
        assert made.lines[k].coords[-1] == pytest.approx((made.x[made.end[k]], made.y[made.end[k]]))
    with pytest.raises(InputError, match="longest stretch"):
        shortened(made, 0.0)


@pytest.mark.parametrize("name", ["roads.gpkg", "roads.geojson"])
def test_files_are_read(tmp_path, name):
    layer([LineString([(500000, 6170000), (500100, 6170000)])], speed=[60]).to_file(tmp_path / name)
    made = read_streets(tmp_path / name, crs="EPSG:25832")
    assert made.length[0] == pytest.approx(100.0, abs=0.1)
    assert made.speed[0] == pytest.approx(60 * KMH)


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (lambda: layer([box(0, 0, 1, 1)]), "are no lines .a Polygon"),
        (lambda: layer([Point(0, 0)]), "are no lines .a Point"),
        (lambda: layer([LineString([(0, 0), (9, 0)])], crs=None), "no coordinate reference system"),
        (lambda: layer([LineString([(9, 55), (9.1, 55)])], crs="EPSG:4326"), "in degrees"),
        (lambda: layer([]), "has no roads"),
        (lambda: layer([None]), "has no roads"),
        (lambda: layer([LineString([(0, 0), (9, 0)])], speed=[0]), "speed in row 1 is '0'"),
        (lambda: layer([LineString([(0, 0), (9, 0)])] * 2, maxspeed=["50", "-5"]), "maxspeed in row 2 is '-5'"),
        (lambda: layer([LineString([(0, 0), (9, 0)])], maxspeed=["fast"]), "'fast'; a speed above 0"),
        (lambda: layer([LineString([(0, 0), (9, 0)])], oneway=["maybe"]), "oneway in row 1 is 'maybe'"),
        (lambda: layer([LineString([(0, 0), (9, 0)])], traffic=[-1]), "'traffic' holds a number that is negative"),
    ],
)
def test_bad_layers_are_refused_in_one_sentence(table, sentence):
    with pytest.raises(InputError, match=sentence):
        streets_from_lines(table())


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"speed": [0.0]}, "speed of edge 0 is 0 m/s"),
        ({"speed": [-3.0]}, "speed of edge 0 is -3"),
        ({"speed": [np.nan]}, "speed of edge 0 is nan"),
        ({"x": [0.0, 0.0]}, "length of edge 0 is 0 m"),
        ({"end": [2]}, "between its 2 nodes"),
        ({"start": [], "end": []}, "got 0 edges"),
        ({"freeboard": [-1.0]}, "freeboard"),
    ],
)
def test_bad_graphs_are_refused_in_one_sentence(parts, sentence):
    good = {"x": [0.0, 10.0], "y": [0.0, 0.0], "start": [0], "end": [1]}
    with pytest.raises(InputError, match=sentence):
        straight_streets(**(good | parts))


def test_an_unknown_street_is_named_with_those_that_are_known():
    made = straight_streets([0.0, 10.0], [0.0, 0.0], [0], [1], name=["Havnegade"])
    with pytest.raises(InputError, match="No street is named 'E45'; known are Havnegade"):
        made.named("E45")


@pytest.fixture(scope="module")
def vejle():
    return embedded_streets("vejle", seed=1)


def test_the_constructed_city_hangs_together(vejle):
    assert len(set(vejle.parts().tolist())) == 1
    assert set(vejle.kind) == {"motorway", "main", "street"}
    assert vejle.length.max() == pytest.approx(1712.0)
    assert np.sort(vejle.length)[-2] <= 150.0


def test_every_constructed_building_stands_by_a_street(vejle):
    houses = construct_buildings(embedded_streams(), seed=1).geometry.centroid.to_numpy()
    nearest = vejle.lines[shapely.STRtree(vejle.lines).nearest(houses)]
    assert (shapely.distance(nearest, houses) < 60.0).mean() > 0.999


def test_the_fjord_bridge_is_as_published_and_the_motorway_meets_two_roads(vejle):
    bridge = vejle.named("E45 bridge")
    assert bridge.size == 1
    assert vejle.bridge[bridge].all()
    assert vejle.length[bridge].tolist() == pytest.approx([1712.0])
    assert vejle.freeboard[bridge].tolist() == [40.0]
    assert vejle.traffic[bridge].tolist() == [86_000.0]
    fast = vejle.kind == "motorway"
    shared = np.intersect1d(np.r_[vejle.start[fast], vejle.end[fast]], np.r_[vejle.start[~fast], vejle.end[~fast]])
    assert shared.size == 2
    assert vejle.tips(np.r_[vejle.named("E45"), bridge]).size == 2


def test_constructed_streets_cross_streams_on_bridges_only(vejle):
    streams = embedded_streams()
    ordinary = vejle.lines[~vejle.bridge]
    assert not shapely.STRtree(ordinary).query(streams.geometry.to_numpy(), predicate="intersects").size
    assert 10 < vejle.bridge.sum() < 100
    assert set(vejle.freeboard[vejle.bridge]) == {1.0, 40.0}


def test_ordinary_streets_keep_off_low_ground():
    x, y = np.arange(530_000.0, 542_000.0, 50.0), np.arange(6_178_000.0, 6_169_000.0, -50.0)
    level = np.where(x < 534_000.0, 0.5, 20.0) + 0 * y[:, None]
    made = embedded_streets(ground=xr.DataArray(level, coords={"y": y, "x": x}, dims=("y", "x")))
    built = made.lines[[("/" in name) for name in made.name]]
    assert shapely.bounds(built)[:, 0].min() > 533_900.0
    assert len(set(made.parts().tolist())) == 1


def test_the_same_seed_gives_the_same_streets_from_the_cache_too(vejle, tmp_path):
    made = [embedded_streets(cache=tmp_path) for _ in range(2)]
    assert len(list(tmp_path.glob("*.npz"))) == 1
    for other in made:
        for part in ("x", "start", "length", "speed", "name", "kind", "bridge", "freeboard"):
            np.testing.assert_array_equal(getattr(vejle, part), getattr(other, part))
        assert shapely.equals_exact(vejle.lines, other.lines).all()
        assert other.crs == vejle.crs


def test_a_layer_of_geofabrik_writes_0_for_an_unknown_speed():
    made = graph([LineString([(0, 0), (100, 0)])], fclass=["motorway"], maxspeed=[0])
    assert made.speed.tolist() == [130 * KMH]


def test_no_other_city_is_embedded():
    with pytest.raises(InputError, match="No city 'odense'"):
        embedded_streets("odense")
