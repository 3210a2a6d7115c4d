"""What holds of `damage.assess` for any town and any water.

Of an added map this holds, with losses of buildings that are never negative. A map rarer than all others raises the
average year's loss if it costs no less than the rarest did; a map more frequent than all others always raises it, when
nothing is said to happen beyond it; a map between two others raises it if it costs no less than the straight line
between them, and lowers it if it costs less. With the tail "log" none of this holds: it carries the last rise on.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from shapely import box
from shapely.affinity import translate

from genrejs import damage
from genrejs.damage.settings import Settings, set_words, told

pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
# Without shrinking, which takes minutes where every try assesses a town.
few = settings(max_examples=6, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))

WEST, NORTH, CELLS = 530_000.0, 6_170_000.0, 8
MODELS = ("dk/storm-surge", "dk/cloudburst", "dk/stream", "jrc", "curve/jrc_industrial")
CODES = (120, 140, 320, 323, 331, 411, 431, 510, 585, 910, 232, 999, 4711)
EVERY_DEPTH = set_words(Settings(), ["damage.minimum_depth=0", "damage.cellar_depth=0"])
CERTAIN = set_words(Settings(), [f"{name}=0" for name in told(Settings()) if name.startswith("spread.")])

model = st.sampled_from(MODELS)
depths = st.lists(st.floats(0, 6, width=32), min_size=CELLS, max_size=CELLS).map(np.array)
more = st.lists(st.floats(0, 3, width=32), min_size=CELLS, max_size=CELLS).map(np.array)


@st.composite
def towns(draw: st.DrawFn) -> gpd.GeoDataFrame:
    """Footprints in a row of cells, some over two cells or upon the lines between them."""
    count = draw(st.integers(1, CELLS))
    rows = []
    for place in range(count):
        left, width = draw(st.sampled_from([0, 1, 5])), draw(st.sampled_from([2, 5, 9]))
        x = WEST + 10 * place + left
        rows.append({
            "id": f"b{place}", "bbr_code": draw(st.sampled_from(CODES)), "byg041": draw(st.floats(1, 5000)),
            "cellar_area": draw(st.sampled_from([0.0, 40.0])), "residents": draw(st.integers(0, 9)),
            "bydel": draw(st.sampled_from(["N", "S"])), "geometry": box(x, NORTH - 8, x + width, NORTH - 2),
        })  # fmt: skip
    return gpd.GeoDataFrame(rows, crs=25832)


def field(depth, west: float = WEST, north: float = NORTH) -> xr.DataArray:
    xy = {"y": north - 5 - 10 * np.arange(2), "x": west + 5 + 10 * np.arange(CELLS)}
    return xr.DataArray(np.tile(depth, (2, 1)), xy, ("y", "x"), attrs={"crs": "EPSG:25832"})


def assess(maps, homes: gpd.GeoDataFrame, name: str = MODELS[0], **options) -> damage.Assessment:
    maps = {period: field(depth) for period, depth in maps.items()} if isinstance(maps, dict) else field(maps)
    options.setdefault("hazard", None if name.startswith("dk") else "surge")
    if name.startswith("curve"):
        options.setdefault("value_per_area", 9_000.0)
    return damage.assess(maps, homes, name, **options)


def amounts(found: damage.Assessment) -> pd.DataFrame:
    return found.buildings[[name for name in found.buildings if name.endswith("_dkk")]]


@few
@given(towns(), depths, more, model)
def test_deeper_water_never_costs_less(homes, water, added, name) -> None:
    """Part for part and building for building, also where the Danish logarithm would pay for a little water."""
    for how in (Settings(), EVERY_DEPTH):
        shallow, deep = (assess(depth, homes, name, settings=how) for depth in (water, water + added))
        assert (amounts(shallow) >= 0).all(axis=None)
        assert (amounts(deep) >= amounts(shallow)).all(axis=None)
        assert deep.summary["loss_dkk"] >= shallow.summary["loss_dkk"]


@few
@given(st.sampled_from(CODES), st.floats(1, 300), st.sampled_from(MODELS[:3]))
def test_a_few_centimetres_never_pay(code, area, name) -> None:
    homes = gpd.GeoDataFrame(
        {"bbr_code": [code], "byg041": area}, geometry=[box(WEST + 1, NORTH - 8, WEST + 9, NORTH - 2)], crs=25832
    )
    found = [
        assess(np.full(CELLS, cm / 100), homes, name, settings=EVERY_DEPTH).summary["total_dkk"]
        for cm in (0, 1, 2, 3, 5)
    ]
    assert found[0] == 0 and found == sorted(found)


@few
@given(towns(), depths, more, more, st.sampled_from(["closed", "cut"]))
def test_a_rarer_map_that_costs_no_less_never_lowers_the_average_year(homes, water, one, two, tail) -> None:
    maps = {20: water, 50: water + one, 200: water + one + two}
    fewer = assess({period: maps[period] for period in (20, 50)}, homes, tail=tail)
    all_ = assess(maps, homes, tail=tail)
    assert all_.summary["annual"]["loss_dkk"] >= fewer.summary["annual"]["loss_dkk"] - 1e-3


@few
@given(towns(), depths, depths)
def test_a_more_frequent_map_never_lowers_the_average_year(homes, often, rare) -> None:
    fewer, all_ = assess({50: rare}, homes), assess({10: often, 50: rare}, homes)
    assert all_.summary["annual"]["loss_dkk"] >= fewer.summary["annual"]["loss_dkk"] - 1e-3


@few
@given(towns(), depths, depths, depths)
def test_a_map_between_two_raises_the_average_year_where_it_lies_above_their_line(homes, one, two, three) -> None:
    fewer, all_ = assess({20: one, 100: three}, homes), assess({20: one, 50: two, 100: three}, homes)
    a, b, c = (row["loss_dkk"] for row in all_.summary["by_return_period"])
    line = c + (a - c) * (1 / 50 - 1 / 100) / (1 / 20 - 1 / 100)
    change = all_.summary["annual"]["loss_dkk"] - fewer.summary["annual"]["loss_dkk"]
    assert change == pytest.approx((b - line) * (1 / 20 - 1 / 100) / 2, rel=1e-6, abs=1e-3)


@few
@given(towns(), depths, st.lists(st.integers(2, 1000), min_size=1, max_size=4, unique=True))
def test_the_same_loss_at_every_return_period_comes_as_often_as_the_first(homes, water, periods) -> None:
    found = assess(dict.fromkeys(periods, water), homes)
    assert found.summary["annual"]["loss_dkk"] == pytest.approx(
        found.summary["loss_dkk"] / min(periods), rel=1e-9, abs=1e-3
    )


@few
@given(towns(), depths, more, model, st.randoms(use_true_random=False))
def test_the_order_of_buildings_changes_nothing(homes, water, added, name, random) -> None:
    """Not a bit of any building's figures on a map; sums over maps and over buildings to rounding."""
    order = list(range(len(homes)))
    random.shuffle(order)
    first = assess({10: water, 100: water + added}, homes, name)
    second = assess({100: water + added, 10: water}, homes.iloc[order].reset_index(drop=True), name)
    here = first.buildings.set_index("id").drop(columns="geometry")
    there = second.buildings.set_index("id").loc[here.index].drop(columns="geometry")
    on_maps = [column for column in here if not column.startswith("annual")]
    pd.testing.assert_frame_equal(there[on_maps], here[on_maps], check_exact=True)
    pd.testing.assert_frame_equal(there, here, rtol=1e-12)
    pd.testing.assert_frame_equal(second.totals, first.totals, rtol=1e-12)
    np.testing.assert_allclose(second.payers["amount_dkk"], first.payers["amount_dkk"], rtol=1e-9, atol=1e-6)


@few
@given(towns().filter(lambda homes: len(homes) > 1), depths, more, model, st.data())
def test_two_halves_of_a_town_add_up(homes, water, added, name, data) -> None:
    """All sums by group, and who pays as long as the scheme's pool holds out: beyond it the state steps in."""
    cut = data.draw(st.integers(1, len(homes) - 1))
    maps = {10: water, 100: water + added}
    whole, *halves = (assess(maps, part, name) for part in (homes, homes.iloc[:cut], homes.iloc[cut:]))
    keys, columns = ["group", "value", "return_period_years", "annual"], whole.totals.columns[4:]
    joined = pd.concat([half.totals for half in halves]).groupby(keys, dropna=False)[list(columns)].sum()
    expected = whole.totals.set_index(keys)[list(columns)].sort_index()
    pd.testing.assert_frame_equal(joined.sort_index(), expected, rtol=1e-9, check_dtype=False)
    if whole.payers.loc[whole.payers["payer"] == "state", "amount_dkk"].sum() == 0:
        paid = sum(half.payers["amount_dkk"].to_numpy() for half in halves)
        np.testing.assert_allclose(paid, whole.payers["amount_dkk"], rtol=1e-9, atol=1e-6)


@few
@given(towns(), depths, st.sampled_from(["dk/cloudburst", "jrc", "curve/jrc_industrial"]), st.floats(0.1, 10))
def test_amounts_per_area_grow_with_the_area(homes, water, name, factor) -> None:
    """In the Danish model garages and annexes cost the same whatever their size; all else is per square metre."""
    some = homes if not name.startswith("dk") else homes[~homes["bbr_code"].isin([910, 585])].reset_index(drop=True)
    if some.empty:
        return
    once, often = assess(water, some, name), assess(water, some.assign(byg041=some["byg041"] * factor), name)
    np.testing.assert_allclose(often.buildings["damage_dkk"], factor * once.buildings["damage_dkk"], rtol=1e-9)


@few
@given(towns(), depths, model, st.integers(0, 2**32))
def test_quantiles_are_in_order_and_a_seed_gives_the_same_bits(homes, water, name, seed) -> None:
    first, second = (assess({50: water}, homes, name, samples=9, seed=seed) for _ in range(2))
    for table, what in ((first.buildings, "damage_dkk"), (first.totals, "loss_dkk")):
        low, middle, high = (table[f"{what}_{end}"].to_numpy() for end in ("p05", "p50", "p95"))
        assert (low >= 0).all() and (low <= middle).all() and (middle <= high).all()
    pd.testing.assert_frame_equal(first.totals, second.totals, check_exact=True)
    assert first.summary == second.summary
    assert first.buildings.drop(columns="geometry").equals(second.buildings.drop(columns="geometry"))


@few
@given(towns(), depths, model)
def test_without_spreads_every_quantile_is_the_plain_figure(homes, water, name) -> None:
    found = assess({50: water}, homes, name, samples=5, settings=CERTAIN)
    for end in ("p05", "p50", "p95"):
        np.testing.assert_allclose(found.totals[f"loss_dkk_{end}"], found.totals["loss_dkk"], rtol=1e-12, atol=1e-6)
        # kept in single precision, building for building
        np.testing.assert_allclose(found.buildings[f"damage_dkk_{end}"], found.buildings["damage_dkk"], rtol=1e-6)


@few
@given(towns(), depths, more, model)
def test_payers_pay_the_loss_and_no_less_than_nothing(homes, water, added, name) -> None:
    found = assess({10: water, 30: water + added}, homes, name, harmless_period=5.0)
    assert (found.payers.drop(columns=["return_period_years", "annual", "payer"]) >= -1e-6).all(axis=None)
    loss = found.totals[found.totals["group"] == "all"].set_index("return_period_years")["loss_dkk"]
    paid = found.payers.groupby("return_period_years", dropna=False)["amount_dkk"].sum()
    np.testing.assert_allclose(paid.sort_index(), loss.sort_index(), rtol=1e-9, atol=1e-6)


@few
@given(towns(), depths, st.integers(-2000, 2000), st.integers(-2000, 2000))
def test_where_the_town_lies_changes_nothing(homes, water, east, south) -> None:
    moved = homes.set_geometry([translate(shape, east, -south) for shape in homes.geometry])
    here, there = assess(water, homes), damage.assess(field(water, WEST + east, NORTH - south), moved)
    pd.testing.assert_frame_equal(amounts(here), amounts(there), check_exact=True)


@few
@given(towns(), depths)
def test_the_largest_depth_is_no_less_than_the_mean_or_the_middle(homes, water) -> None:
    largest, mean, middle = (assess(water, homes, how=how).buildings["depth_m"] for how in ("max", "mean", "point"))
    assert (largest >= mean - 1e-12).all() and (largest >= middle).all()
    assert set(largest) <= set(water) | {0.0}


@few
@given(towns(), depths)
def test_the_unit_of_the_map_changes_nothing(homes, water) -> None:
    metres, centimetres = assess(water, homes), assess(100 * water, homes, depth_unit="cm")
    np.testing.assert_allclose(centimetres.buildings["depth_m"], metres.buildings["depth_m"], rtol=1e-12)
