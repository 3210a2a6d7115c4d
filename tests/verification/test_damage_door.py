"""`genrejs damage` gives published amounts and sums reckoned by hand, from files to files."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio.transform import from_origin
from shapely import box

from genrejs.cli import main

pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")

WEST, NORTH = 530_000.0, 6_170_000.0
HOME, SUMMER, BUSINESS, GARAGE, HOTEL, LOW, NO_SUCH = 120, 510, 320, 910, 331, 323, 12345
DEPTHS = (0.30, 0.50, 1.00, 1.50)
SURGE = {
    "home": (HOME, 120.0, (408_109.48, 479_698.22, 576_838.09, 633_661.26)),
    "summer_house": (SUMMER, 80.0, (287_276.61, 356_001.46, 449_255.26, 503_805.24)),
    "business": (BUSINESS, 500.0, (1_919_428.95, 2_273_926.61, 2_754_949.95, 3_036_330.58)),
}


class Done(NamedTuple):
    """What a run wrote and printed."""

    table: pd.DataFrame
    totals: pd.DataFrame
    payers: pd.DataFrame
    sectors: pd.DataFrame
    summary: dict[str, Any]
    printed: str
    out: Path

    def all(self, annual: bool = False) -> pd.DataFrame:
        """The rows of the whole, one for each map or the average year's."""
        return self.totals[(self.totals["group"] == "all") & (self.totals["annual"] == annual)]


def tif(path: Path, depth, crs: str = "EPSG:25832", dtype: str = "float64") -> Path:
    """A map of one depth, or of `depth` ``(y, x)``, in cells of 10 m."""
    data = np.full((20, 20), depth) if np.ndim(depth) == 0 else np.asarray(depth)
    with rasterio.open(
        path, "w", driver="GTiff", height=data.shape[0], width=data.shape[1], count=1, dtype=dtype, crs=crs,
        transform=from_origin(WEST, NORTH, 10, 10), nodata=-9999,
    ) as out:  # fmt: skip
        out.write(data.astype(dtype), 1)
    return path


def homes(**columns) -> gpd.GeoDataFrame:
    """Footprints of 4 x 4 m, one in each 10 m cell of the first row; areas come from the column."""
    count = len(next(iter(columns.values())))
    shapes = [box(WEST + 10 * i + 3, NORTH - 7, WEST + 10 * i + 7, NORTH - 3) for i in range(count)]
    return gpd.GeoDataFrame({"id": [f"h{i}" for i in range(count)], **columns}, geometry=shapes, crs=25832)


def run(folder: Path, depths, buildings: gpd.GeoDataFrame, *options, dtype: str = "float64") -> Done:
    """Run the command on maps of `depths`, one or by return period, and read what it wrote."""
    buildings.to_file(folder / "b.gpkg")
    maps = depths if isinstance(depths, dict) else {None: depths}
    words = ["damage", "--buildings", folder / "b.gpkg", "--out", folder / "out" / "x.csv", *options]
    for period, depth in maps.items():
        path = tif(folder / f"d{period}.tif", depth, dtype=dtype)
        words += ["--depth", path if period is None else f"{period}={path}"]
    with contextlib.redirect_stdout(io.StringIO()) as printed, contextlib.redirect_stderr(io.StringIO()) as told:
        assert main([str(word) for word in words]) == 0, told.getvalue()
    out = folder / "out"
    tables = [pd.read_csv(out / f"x{end}.csv") for end in ("", "_totals", "_payers", "_sectors")]
    return Done(*tables, json.loads((out / "x_summary.json").read_text("utf-8")), printed.getvalue(), out)


def cents(values) -> list[float]:
    return [round(float(value), 2) for value in values]


@pytest.mark.parametrize("place", range(4))
def test_surge_amounts_to_the_oere(place: int, tmp_path: Path) -> None:
    codes, areas, amounts = zip(*SURGE.values(), strict=True)
    done = run(tmp_path, DEPTHS[place], homes(bbr_code=codes, byg041BebyggetAreal=areas))
    assert done.table["damage_dkk"].tolist() == [amount[place] for amount in amounts]
    assert done.table["category"].tolist() == list(SURGE)
    assert done.table["depth_m"].tolist() == [DEPTHS[place]] * 3
    assert done.summary["total_dkk"] == pytest.approx(sum(amount[place] for amount in amounts), abs=0.02)


def test_depths_in_single_precision_count_from_the_same_depth(tmp_path: Path) -> None:
    """0.30 m as a float32 is a hair above 0.30: the building counts, and costs a hundredth of a krone more at most."""
    done = run(tmp_path, 0.30, homes(bbr_code=[HOME], byg041=[120.0]), dtype="float32")
    assert done.table["damage_dkk"][0] == pytest.approx(408_109.48, abs=0.011)


@pytest.mark.parametrize(("unit", "number"), [("m", 1), ("cm", 100), ("mm", 1000)])
def test_whole_numbers_with_a_unit(unit: str, number: int, tmp_path: Path) -> None:
    done = run(tmp_path, number, homes(bbr_code=[HOME], byg041=[120.0]), "--depth-unit", unit, dtype="int16")
    assert done.table[["depth_m", "damage_dkk"]].values.tolist() == [[1.0, 576_838.09]]


@pytest.mark.parametrize(("unit", "number"), [("cm", 30), ("mm", 300)])
def test_the_least_depth_counts_in_every_unit(unit: str, number: int, tmp_path: Path) -> None:
    done = run(tmp_path, number, homes(bbr_code=[HOME], byg041=[120.0]), "--depth-unit", unit, dtype="int16")
    assert done.table["damage_dkk"][0] == 408_109.48


def test_cloudburst_is_flat(tmp_path: Path) -> None:
    codes, areas = [HOME, SUMMER, BUSINESS, GARAGE, NO_SUCH, LOW], [120.0, 80.0, 500.0, 50.0, 70.0, 100.0]
    by_hand = [150_840.0, 99_920.0, 703_500.0, 30_000.0, 70_000.0, 35_163.0]
    for depth in (0.30, 2.0):
        done = run(tmp_path, depth, homes(bbr_code=codes, byg041=areas), "--model", "dk/cloudburst")
        assert done.table["damage_dkk"].tolist() == by_hand


def test_stream_by_hand(tmp_path: Path) -> None:
    codes, areas = [HOME, SUMMER, BUSINESS, GARAGE, NO_SUCH], [120.0, 80.0, 500.0, 50.0, 70.0]
    done = run(tmp_path, 1.0, homes(bbr_code=codes, byg041=areas), "--model", "dk/stream")
    log = np.log(100.0)
    by_hand = [
        120 * (389.29 * log - 190.40), 80 * (560.57 * log - 709.62), 500 * (462.65 * log - 293.93), 30_000, 70_000,
    ]  # fmt: skip
    assert done.table["damage_dkk"].tolist() == cents(by_hand)
    # A third of the sea's, as the documentation says.
    np.testing.assert_allclose(by_hand[:3], np.array([576_838.09, 449_255.26, 2_754_949.95]) / 3, rtol=1e-4)


def test_every_part_has_its_column(tmp_path: Path) -> None:
    frame = homes(
        bbr_code=[HOME, HOME, HOTEL, GARAGE, SUMMER], byg041=[120.0, 120.0, 500.0, 40.0, 80.0],
        cellar_area=[50.0, 50.0, 200.0, 0.0, 0.0], residents=[10, 10, 0, 0, 0],
    )  # fmt: skip
    depth = np.full((20, 20), 0.25)
    depth[:, 1:] = 1.0
    done = run(tmp_path, depth, frame)
    first, second, hotel, garage, summer = (done.table.iloc[i] for i in range(5))
    names = [f"{part}_dkk" for part in ("damage", "contents", "cellar", "value_loss", "people", "tourism", "loss")]
    assert first[names].tolist() == [0, 0, 28_900.0, 0, 0, 0, 28_900.0]
    by_hand = [576_838.09, 0, 28_900.0, 76_910.40, 498_636.60, 0, 1_181_285.09]
    assert second[names].tolist() == by_hand  # 0.04 x 16,023 x 120; 6.6 adults x 75,551
    assert hotel["tourism_dkk"] == 50 * 60 * 2_000.0
    assert hotel["loss_dkk"] == pytest.approx(2_754_949.95 + 578 * 200 + 6_000_000, abs=0.005)
    assert garage[names].tolist() == [30_000.0, 0, 0, 0, 0, 0, 30_000.0]
    assert summer[["value_loss_dkk", "tourism_dkk"]].tolist() == [51_273.60, 4 * 60 * 750.0]
    assert done.summary["loss_dkk"] == pytest.approx(done.table["loss_dkk"].sum(), abs=0.05)
    assert done.summary["total_dkk"] == pytest.approx(done.table["damage_dkk"].sum(), abs=0.05)
    assert done.summary["buildings_damaged"] == 5 and done.summary["people"]["adults_affected"] == 6.6


def test_a_column_of_adults_goes_before_a_share_of_residents(tmp_path: Path) -> None:
    done = run(tmp_path, 1.0, homes(bbr_code=[HOME], byg041=[120.0], voksne=[2], residents=[10]))
    assert done.table["people_dkk"].tolist() == [151_102.0]


def test_the_json_total_is_the_sum_of_the_column(tmp_path: Path) -> None:
    frame = homes(bbr_code=[HOME, BUSINESS], byg041=[120.0, 500.0], cellar_area=[50, 50])
    done = run(tmp_path, {20: 0.5, 100: 1.0}, frame, "--json")
    printed = json.loads(done.printed)
    assert printed["total_dkk"] == pytest.approx(done.table["damage_dkk"].sum(), abs=0.011)
    assert printed["total_dkk"] == pytest.approx(576_838.09 + 2_754_949.95, abs=0.011)
    assert printed == done.summary


LOSSES = (30_000.0, 50_000.0, 80_000.0)
BETWEEN = (1 / 20 - 1 / 50) * (30_000 + 50_000) / 2 + (1 / 50 - 1 / 100) * (50_000 + 80_000) / 2
CLOSED = BETWEEN + 80_000 / 100
YEARS = {
    "closed": ((), CLOSED),
    "cut": (("--tail", "cut"), BETWEEN),
    "log": (("--tail", "log"), CLOSED + (80_000 - 50_000) / np.log(2) / 100),
    "harmless": (("--harmless", "5"), CLOSED + (1 / 5 - 1 / 20) * 30_000 / 2),
}


@pytest.mark.parametrize("tail", YEARS)
def test_an_average_year_is_the_trapezoid(tail: str, tmp_path: Path) -> None:
    """Buildings of 10, 16 and 26.6 m2 of value under a straight curve, so that the losses are round numbers."""
    options, annual = YEARS[tail]
    (tmp_path / "c.csv").write_text("depth_m,share\n0,0\n1,1\n", encoding="utf-8")
    depths = {100: 0.8, 20: 0.3, 50: 0.5}
    frame = homes(bbr_code=[HOME, GARAGE], value_dkk=[60_000.0, 40_000.0])
    done = run(tmp_path, depths, frame, "--model", tmp_path / "c.csv", *options)
    assert cents(done.all()["loss_dkk"]) == list(LOSSES)
    assert done.all()["return_period_years"].tolist() == [20, 50, 100]
    assert done.all(annual=True)["loss_dkk"].tolist() == cents([annual])
    assert done.summary["annual"]["loss_dkk"] == pytest.approx(annual, abs=1e-4)
    assert done.table["annual_loss_dkk"].tolist() == cents([0.6 * annual, 0.4 * annual])
    assert done.table["depth_m"].tolist() == [0.8, 0.8] and done.table["depth_m_T20"].tolist() == [0.3, 0.3]


def mixed_town() -> gpd.GeoDataFrame:
    codes = [HOME, SUMMER, BUSINESS, GARAGE, HOTEL, NO_SUCH, HOME, 431, 232]
    return homes(
        bbr_code=codes, byg041=[120.0, 80, 500, 40, 900, 70, 90, 700, 30], cellar_area=[60.0, 0, 100, 0, 50, 0, 0, 9, 0],
        residents=[3, 2, 0, 0, 0, 1, 4, 0, 0], bydel=["Midtby", "Nord", "Midtby", "Nord", "Ø", "Ø", "Nord", "Ø", "Ø"],
        households=[1, 1, 0, 0, 0, 1, 2, 0, 0],
    )  # fmt: skip


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Done:
    slope = np.tile(np.linspace(0.1, 1.5, 20), (20, 1))
    return run(tmp_path_factory.mktemp("town"), {20: slope, 50: slope + 0.4, 100: slope + 0.9}, mixed_town())


def test_groups_sum_to_the_whole(town: Done) -> None:
    counted = [name for name in town.totals if name.endswith("_dkk") or name.startswith("buildings")]
    for group in ("category", "district"):
        for annual in (False, True):
            rows = town.totals[(town.totals["group"] == group) & (town.totals["annual"] == annual)]
            sums = rows.groupby("return_period_years", dropna=False)[counted].sum().to_numpy()
            np.testing.assert_allclose(sums, town.all(annual)[counted].to_numpy(), rtol=1e-9, atol=0.05)
    assert set(town.totals.loc[town.totals["group"] == "district", "value"]) == {"Midtby", "Nord", "Ø"}
    assert "unknown" in set(town.totals["value"])


def test_buildings_sum_to_the_totals(town: Done) -> None:
    for period, row in town.all().set_index("return_period_years").iterrows():
        for name in ("damage_dkk", "loss_dkk"):
            assert town.table[f"{name}_T{period:g}"].sum() == pytest.approx(row[name], abs=0.06)
    parts = [f"{part}_dkk" for part in ("damage", "contents", "cellar", "value_loss", "people", "tourism")]
    np.testing.assert_allclose(town.table[parts].sum(axis=1), town.table["loss_dkk"], atol=0.04)
    assert town.table["annual_loss_dkk"].sum() == pytest.approx(town.all(True)["loss_dkk"].iloc[0], abs=0.06)


def test_the_geopackage_holds_the_same_numbers_in_the_crs_of_the_raster(town: Done) -> None:
    layer = gpd.read_file(town.out / "x.gpkg")
    assert layer.crs.to_epsg() == 25832
    assert list(layer.columns.drop("geometry")) == list(town.table.columns)
    for name in town.table.select_dtypes("number"):
        np.testing.assert_allclose(layer[name].astype(float), town.table[name], atol=0.0051, err_msg=name)
    assert layer["id"].tolist() == town.table["id"].tolist()


def test_who_pays_sums_to_the_loss(town: Done) -> None:
    by_period = town.payers[~town.payers["annual"]].groupby("return_period_years")["amount_dkk"].sum()
    np.testing.assert_allclose(by_period, town.all()["loss_dkk"], atol=0.06)
    annual = town.payers.loc[town.payers["annual"], "amount_dkk"].sum()
    assert annual == pytest.approx(town.all(True)["loss_dkk"].iloc[0], abs=0.06)
    parts = town.payers.columns.drop(["return_period_years", "annual", "payer", "amount_dkk"])
    np.testing.assert_allclose(town.payers[parts].sum(axis=1), town.payers["amount_dkk"], atol=0.05)


def test_who_pays_for_one_home(tmp_path: Path) -> None:
    """100 years: a third of the amount is contents; 8 % and 10 % stay with the owner. 20 years: all stays there."""
    done = run(tmp_path, {20: 1.0, 100: 1.0}, homes(bbr_code=[HOME], byg041=[120.0]))
    paid = done.payers[~done.payers["annual"]].set_index(["return_period_years", "payer"])["amount_dkk"]
    own = 576_838.09 * (0.08 * 2 / 3 + 0.10 / 3)
    assert paid[100.0, "owner"] == pytest.approx(own, abs=0.01)
    assert paid[100.0, "scheme"] == pytest.approx(576_838.09 - own, abs=0.01)
    assert paid[20.0, "owner"] == pytest.approx(576_838.09, abs=0.01) and paid[20.0, "scheme"] == 0
    assert paid[20.0, "nobody"] == paid[100.0, "nobody"] == 76_910.40


@pytest.mark.parametrize("place", range(9))
def test_jrc_at_its_own_points(place: int, tmp_path: Path) -> None:
    depth = (0, 0.5, 1, 1.5, 2, 3, 4, 5, 6)[place]
    shares = (
        (0, 0.25, 0.4, 0.5, 0.6, 0.75, 0.85, 0.95, 1),
        (0, 0.15, 0.3, 0.45, 0.55, 0.75, 0.9, 1, 1),
        (0, 0.15, 0.27, 0.4, 0.52, 0.7, 0.85, 1, 1),
    )
    worth = 7.45 * 1.35 * np.array([[593, 296], [611, 611], [392, 588]])  # EUR of 2010 to DKK of 2024
    areas = np.array([120.0, 500.0, 300.0])
    done = run(tmp_path, depth, homes(bbr_code=[HOME, BUSINESS, LOW], byg041=areas), "--model", "jrc")
    by_hand = areas[:, None] * worth * np.array([each[place] for each in shares])[:, None]
    np.testing.assert_allclose(done.table[["damage_dkk", "contents_dkk"]], by_hand, atol=0.0051)


CURVES = "id,depth_m,share\nwood,0,0.1\nwood,1,0.5\nwood,2,1\nbrick,0,0\nbrick,2,0.4\n"


def test_own_curves_values_floors_and_doors(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(CURVES, encoding="utf-8")
    frame = homes(
        kurve=["wood", "brick", "wood", "wood", "brick"], value_dkk=[1e6, 2e6, 1e6, 1e6, 2e6],
        floor_level=[0.0, 0.0, 0.6, 0.0, 3.0], protected_to=[0.0, 0.0, 0.0, 1.5, 0.0],
    )  # fmt: skip
    done = run(tmp_path, 1.5, frame, "--model", tmp_path / "c.csv")
    assert done.table["damage_dkk"].tolist() == [750_000.0, 600_000.0, 460_000.0, 0.0, 0.0]
    assert "category" not in done.table and done.table["curve"].tolist()[:2] == ["wood", "brick"]


def test_value_per_area(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("depth_m,share\n0,0\n2,1\n", encoding="utf-8")
    options = ("--model", tmp_path / "c.csv", "--value-per-m2", "9000")
    done = run(tmp_path, 0.5, homes(bbr_code=[HOME, GARAGE], byg041=[120.0, 40.0]), *options)
    assert done.table["damage_dkk"].tolist() == [0.25 * 9_000 * 120, 0.25 * 9_000 * 40]
    own = run(tmp_path, 0.5, homes(bbr_code=[HOME]), *options)
    assert own.table[["area_m2", "damage_dkk"]].values.tolist() == [[16.0, 36_000.0]]


def test_a_published_curve_by_its_id(tmp_path: Path) -> None:
    options = ("--model", "curve/jrc_industrial", "--value-per-m2", "1000")
    done = run(tmp_path, 2.5, homes(id=["x"], byg041=[200.0]), *options)
    assert done.table["damage_dkk"].tolist() == [pytest.approx(200_000 * (0.52 + 0.70) / 2, abs=0.005)]


def test_a_measure_is_worth_what_it_avoids(tmp_path: Path) -> None:
    """A wall that keeps all water out avoids the loss of an average year, 50 years at 3.5 % and then 2.5 %."""
    dry = tif(tmp_path / "dry.tif", 0.0)
    more = ("--after", f"100={dry}", "--cost", "1000000", "--upkeep", "2000")
    done = run(tmp_path, {100: 1.0}, homes(bbr_code=[HOME], byg041=[120.0]), *more)
    avoided = (576_838.09 + 76_910.40) / 100
    factor = [1.035 ** -min(t, 35) * 1.025 ** -max(t - 35, 0) for t in range(50)]
    measure = done.summary["measure"]
    assert measure["avoided_dkk_per_year"] == pytest.approx(avoided, abs=1e-3)
    assert measure["present_benefit_dkk"] == pytest.approx(avoided * sum(factor), rel=1e-6)
    assert measure["present_cost_dkk"] == pytest.approx(1.1 * (1_000_000 + 2_000 * sum(factor)), rel=1e-6)
    saved = pd.read_csv(done.out / "x_measure.csv").set_index(["group", "value"])["avoided_dkk"]
    assert saved["all", "all"] == saved["category", "home"] == round(avoided, 2)


def test_a_measure_is_worth_what_it_spares_on_roads_too(tmp_path: Path) -> None:
    """The layers that were given are lost without the wall and kept with it, so they are part of what it avoids."""
    road = gpd.GeoDataFrame({"traffic": [0.0]}, geometry=[box(WEST, NORTH - 50, WEST + 100, NORTH).boundary], crs=25832)
    road.to_file(tmp_path / "r.gpkg")
    more = (
        "--after",
        f"100={tif(tmp_path / 'dry.tif', 0.0)}",
        "--cost",
        "1000",
        "--layer",
        f"roads={tmp_path / 'r.gpkg'}",
    )
    done = run(tmp_path, {100: 1.0}, homes(bbr_code=[HOME], byg041=[120.0]), *more)
    assert done.sectors.loc[~done.sectors["annual"], "loss_dkk"].tolist() == [300 * 20.0]
    avoided = (576_838.09 + 76_910.40 + 300 * 20) / 100
    assert done.summary["measure"]["avoided_dkk_per_year"] == pytest.approx(avoided, abs=1e-3)


@pytest.mark.parametrize(
    ("column", "words"), [("protected_to", ()), ("floor_level", ("--set", "damage.minimum_depth=0"))]
)
def test_people_are_affected_where_the_loss_says_so(column: str, words, tmp_path: Path) -> None:
    """The second home stands behind shutters, the third stands dry: two adults are affected, not six."""
    depth = np.full((20, 20), 1.0)
    depth[:, 2:] = 0.0
    door = [0.0, 2.0, 0.0] if column == "protected_to" else [0.0, 0.0, 0.0]
    frame = homes(bbr_code=[HOME] * 3, byg041=[120.0] * 3, adults=[2, 2, 2], **{column: door})
    done = run(tmp_path, depth, frame, *words)
    assert done.summary["people"]["adults_affected"] == (done.table["people_dkk"] > 0).sum() * 2
