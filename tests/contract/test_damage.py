"""What scripts may rely on in `genrejs damage`: files, columns, keys, exit codes, and that no file of a user's is lost."""

import contextlib
import io
import json
import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
import xarray as xr
from rasterio.transform import from_origin
from shapely import LineString, box

from genrejs import damage
from genrejs.cli import main, parser
from genrejs.damage.options import Options
from genrejs.damage.settings import Settings, set_words, told

pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")

WEST, NORTH = 530_000.0, 6_170_000.0
ENDS = (".csv", ".gpkg", "_payers.csv", "_sectors.csv", "_summary.json", "_totals.csv")
PARTS = ["damage_dkk", "contents_dkk", "cellar_dkk", "value_loss_dkk", "people_dkk", "tourism_dkk", "loss_dkk"]


def town(count: int = 4, **columns) -> gpd.GeoDataFrame:
    shapes = [box(WEST + 10 * i + 3, NORTH - 7, WEST + 10 * i + 7, NORTH - 3) for i in range(count)]
    given = {"id": [f"h{i}" for i in range(count)], "bbr_code": [120, 320, 910, 510][:count], **columns}
    return gpd.GeoDataFrame(given, geometry=shapes, crs=25832)


def tif(path: Path, depth: float) -> Path:
    with rasterio.open(
        path, "w", driver="GTiff", height=10, width=10, count=1, dtype="float32", crs="EPSG:25832",
        transform=from_origin(WEST, NORTH, 10, 10),
    ) as out:  # fmt: skip
        out.write(np.full((10, 10), depth, "float32"), 1)
    return path


@pytest.fixture
def case(tmp_path: Path) -> list[str]:
    """Words of a run of two maps; --out is missing."""
    town().to_file(tmp_path / "b.gpkg")
    maps = [f"{period}={tif(tmp_path / f'd{period}.tif', depth)}" for period, depth in ((20, 0.5), (100, 1.0))]
    return ["damage", "--depth", maps[0], "--depth", maps[1], "--buildings", str(tmp_path / "b.gpkg")]


def run(words) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error."""
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as error:
        try:
            code = main([str(word) for word in words])
        except SystemExit as done:
            code = int(done.code or 0)
    return code, out.getvalue(), error.getvalue()


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize(
    ("out", "base"), [("out/x.csv", "out/x"), ("out", "out/damage"), ("new/deep/x.csv", "new/deep/x")]
)
def test_files_and_columns(case, out: str, base: str, tmp_path: Path) -> None:
    before = files(tmp_path)
    assert run([*case, "--out", tmp_path / out])[0] == 0
    assert set(files(tmp_path)) - set(before) == {f"{base}{end}" for end in ENDS}
    table = pd.read_csv(tmp_path / f"{base}.csv")
    always = ["id", "bbr_code", "category", "area_m2", "depth_m", *PARTS]
    by_map = [f"{name}_T{t}" for t in (20, 100) for name in ("depth_m", "damage_dkk", "loss_dkk")]
    assert list(table) == [*always, *by_map, "annual_damage_dkk", "annual_loss_dkk"]
    totals = pd.read_csv(tmp_path / f"{base}_totals.csv")
    keys = ["group", "value", "return_period_years", "annual", "buildings_wet", "buildings_damaged"]
    assert list(totals) == [*keys, *PARTS]
    payers = pd.read_csv(tmp_path / f"{base}_payers.csv")
    assert list(payers)[:3] == ["return_period_years", "annual", "payer"] and list(payers)[-1] == "amount_dkk"


def test_one_map_without_a_return_period(case, tmp_path: Path) -> None:
    words = ["damage", "--depth", tif(tmp_path / "d.tif", 1.0), *case[-2:], "--out", tmp_path / "x.csv"]
    code, out, _ = run(words)
    assert code == 0 and "average year" in out
    summary = json.loads((tmp_path / "x_summary.json").read_text("utf-8"))
    assert summary["annual"] is None and summary["payers"] == []
    assert list(pd.read_csv(tmp_path / "x.csv")) == ["id", "bbr_code", "category", "area_m2", "depth_m", *PARTS]


def test_more_options_give_more_files_and_columns(case, tmp_path: Path) -> None:
    after = ["--after", f"20={tif(tmp_path / 'a20.tif', 0)}", "--after", f"100={tif(tmp_path / 'a100.tif', 0.4)}"]
    more = ["--samples", "8", "--sensitivity", "morris", *after, "--cost", "1000", "--out", tmp_path / "out/x.csv"]
    assert run([*case, *more])[0] == 0
    assert set(files(tmp_path / "out")) == {f"x{end}" for end in (*ENDS, "_measure.csv", "_sensitivity.csv")}
    table = pd.read_csv(tmp_path / "out/x.csv")
    assert {"damage_dkk_p05", "damage_dkk_p50", "damage_dkk_p95"} <= set(table)
    totals = pd.read_csv(tmp_path / "out/x_totals.csv")
    assert {"loss_dkk_p05", "loss_dkk_p50", "loss_dkk_p95"} <= set(totals)
    assert list(pd.read_csv(tmp_path / "out/x_sensitivity.csv")) == ["factor", "meaning", "mean", "spread"]


KEYS = (
    "model", "sources", "version", "buildings", "buildings_wet", "buildings_damaged", "total_dkk", "loss_dkk",
    "by_return_period", "annual", "by_category", "by_district", "sectors", "payers", "people", "samples", "seed",
    "take", "tail", "columns", "settings", "notes",
)  # fmt: skip


def test_json_for_machines(case, tmp_path: Path) -> None:
    code, out, error = run([*case, "--out", tmp_path / "out", "--json"])
    assert code == 0
    told_ = json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert set(KEYS) <= set(told_)
    assert told_ == json.loads((tmp_path / "out" / "damage_summary.json").read_text("utf-8"))
    assert told_["total_dkk"] == pytest.approx(pd.read_csv(tmp_path / "out/damage.csv")["damage_dkk"].sum(), abs=0.03)
    assert all(line.startswith("[") for line in error.splitlines())
    assert [row["return_period_years"] for row in told_["by_return_period"]] == [20.0, 100.0]


def test_numbers_of_buildings_are_whole(case, tmp_path: Path) -> None:
    _, out, _ = run([*case, "--out", tmp_path / "out", "--json"])
    counts = [row["buildings_wet"] for row in json.loads(out)["by_return_period"]]
    assert counts == [4, 4] and all(isinstance(count, int) for count in counts)


def test_json_has_no_number_that_json_does_not_know(case, tmp_path: Path) -> None:
    dry = [f"--after={period}={tif(tmp_path / f'a{period}.tif', 0)}" for period in (20, 100)]
    for cost in (0, 1, 1e12):
        _, out, _ = run([*case, *dry, "--cost", cost, "--samples", 4, "--out", tmp_path / "out", "--json"])
        json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def test_the_lines_say_what_and_how_much(case, tmp_path: Path) -> None:
    _, out, _ = run([*case, "--out", tmp_path / "out/x.csv"])
    lines = out.splitlines()
    assert "dk/storm-surge: 4 of 4 buildings damaged" in lines[0] and "DKK" in lines[0]
    assert [line.split(":")[0].strip() for line in lines[1:4]] == ["20 years", "100 years", "in an average year"]


def test_a_second_run_writes_the_same_bytes(case, tmp_path: Path) -> None:
    words = [*case, "--samples", "16", "--out", tmp_path / "out/x.csv"]
    run(words)
    first = files(tmp_path / "out")
    run(words)
    second = files(tmp_path / "out")
    assert {name for name in first if first[name] != second[name]} <= {"x.gpkg"}  # which holds the time of writing


def test_python_gives_what_the_command_gives(case, tmp_path: Path) -> None:
    _, out, _ = run([*case, "--out", tmp_path / "out", "--json"])
    maps = {20: tmp_path / "d20.tif", 100: str(tmp_path / "d100.tif")}
    assert damage.assess(maps, tmp_path / "b.gpkg").summary == json.loads(out)
    xy = {"y": NORTH - 5 - 10 * np.arange(10), "x": WEST + 5 + 10 * np.arange(10)}
    arrays = {
        period: xr.DataArray(np.full((10, 10), depth), xy, ("y", "x"), attrs={"crs": "EPSG:25832"})
        for period, depth in ((100, 1.0), (20, 0.5))
    }
    assert damage.assess(arrays, town()).summary["total_dkk"] == json.loads(out)["total_dkk"]


def test_nothing_half_written_is_left_when_writing_fails(case, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/x.csv").write_text("from before")
    before = files(tmp_path)

    def fails(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pyogrio, "write_dataframe", fails)
    with contextlib.suppress(OSError):
        run([*case, "--out", tmp_path / "out/x.csv"])
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    ("out", "words"),
    [
        ("b.csv", ()),  # b.gpkg beside it is the buildings' own file
        ("c.csv", ("--model", "c.csv", "--value-per-m2", "1000")),
        ("p.csv", ("--districts", "p.gpkg")),
        ("p.csv", ("--layer", "recreation=p.gpkg")),
    ],
)
def test_no_input_is_written_over(case, out: str, words, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "c.csv").write_text("depth_m,share\n0,0\n2,1\n")
    parts = gpd.GeoDataFrame(
        {"name": ["a"], "yearly_value": [1.0]}, geometry=[box(WEST, NORTH - 50, WEST + 50, NORTH)], crs=25832
    )
    parts.to_file(tmp_path / "p.gpkg")
    before = files(tmp_path)
    code, _, error = run([*case, "--out", out, *words])
    assert {name: content for name, content in files(tmp_path).items() if name in before} == before
    assert code == 1 and len([line for line in error.splitlines() if line.startswith("genrejs:")]) == 1


def test_a_folder_in_the_way_is_not_removed(case, tmp_path: Path) -> None:
    (tmp_path / "out/x_totals.csv").mkdir(parents=True)
    (tmp_path / "out/x_totals.csv/precious.txt").write_text("mine")
    with contextlib.suppress(OSError):
        run([*case, "--out", tmp_path / "out/x.csv"])
    assert (tmp_path / "out/x_totals.csv/precious.txt").exists()


def test_a_place_that_cannot_be_written_is_one_sentence(case, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    places = [tmp_path / "file/x.csv", "/proc/x.csv", tmp_path / f"{'x' * 300}.csv"]
    places += [] if os.geteuid() == 0 else [closed / "x.csv"]
    told_ = {}
    for place in places:
        try:
            code, _, error = run([*case, "--out", place])
            told_[str(place)[-20:]] = (code, error.count("genrejs:"))
        except OSError as error_:
            told_[str(place)[-20:]] = repr(error_)
    assert set(told_.values()) == {(1, 1)}, told_


def test_the_file_is_called_as_it_was_asked_for(case, tmp_path: Path) -> None:
    assert run([*case, "--out", tmp_path / "out/X.CSV"])[0] == 0
    assert (tmp_path / "out/X.CSV").exists()


def test_a_fault_of_ours_leaves_with_2(case, tmp_path: Path, monkeypatch) -> None:
    import genrejs.damage.door

    def fails(*_):
        raise ZeroDivisionError("not the user's doing")

    monkeypatch.setattr(genrejs.damage.door, "run_damage", fails)
    assert run([*case, "--out", tmp_path / "out"])[0] == 2


def test_every_option_has_a_word_of_help() -> None:
    commands = next(action for action in parser()._actions if action.dest == "command").choices
    options = {action.dest: action for action in commands["damage"]._actions}
    assert {"seed", "samples", "tail", "districts"} <= set(options)
    assert not [name for name, action in options.items() if not action.help]


def test_every_choice_of_the_library_is_on_the_command_line() -> None:
    names = {
        "how": "take",
        "value_per_area": "value_per_m2",
        "harmless_period": "harmless",
        "settings": "set",
        "layers": "layer",
    }
    commands = next(action for action in parser()._actions if action.dest == "command").choices
    words = {action.dest for action in commands["damage"]._actions}
    assert {names.get(name, name) for name in Options.__dataclass_fields__} <= words


COUNT = 24
ROW = 10 * np.arange(COUNT) + WEST


def array(depth) -> xr.DataArray:
    xy = {"y": NORTH - 5 - 10 * np.arange(COUNT), "x": ROW + 5}
    return xr.DataArray(np.tile(depth, (COUNT, 1)), xy, ("y", "x"), attrs={"crs": "EPSG:25832"})


@pytest.fixture(scope="module")
def rich():
    """A town with every column and layer on maps that hold every depth from 1 cm to 1.2 m."""
    people = {"residents": 3, "households": 1, "jobs": 5, "income": np.linspace(1e5, 4e5, COUNT)}
    shapes = [box(x + 2, NORTH - 8, x + 8, NORTH - 2) for x in ROW]
    codes = [120, 320, 510, 910, 331, 12345, 323, 431] * 3
    columns = {"bbr_code": codes, "byg041": 100.0, "cellar_area": 50.0, **people}
    homes = gpd.GeoDataFrame(columns, geometry=shapes, crs=25832)
    field = box(WEST, NORTH - 240, WEST + 240, NORTH - 100)

    def layer(geometry, **given) -> gpd.GeoDataFrame:
        return gpd.GeoDataFrame(given, geometry=geometry, crs=25832)

    lines = [LineString([(x + 1, NORTH - 25), (x + 9, NORTH - 25)]) for x in ROW]
    layers = {
        "roads": layer(lines, traffic=[5000.0] * COUNT),
        "crops": layer([field], crop_code=[1]),
        "recreation": layer([field], yearly_value=[1e5]),
    }
    water = np.linspace(0.01, 1.2, COUNT)

    def outcome(model: str, *words: str) -> str:
        how = {"settings": set_words(Settings(), words), "samples": 4, "layers": layers, "hazard": "surge"}
        found = damage.assess({50: array(water), 100: array(water)}, homes, model, **how)
        return repr({name: found.summary[name] for name in found.summary if name != "settings"})

    return outcome


@pytest.fixture(scope="module")
def standard(rich) -> dict[str, str]:
    return {model: rich(model) for model in ("dk/storm-surge", "jrc")}


ABROAD = {"prices.dkk_per_usd", "sectors.other_crop"}  # costs in dollars, crops without a price
MOVED = {
    "payers.pool": 1e5,
    "payers.pool_used": 449_999_000.0,
    "prices.year": 2020,
    "prices.growth_from": 2000,
    "prices.growth_to": 2020,
}


@pytest.mark.parametrize("name", sorted(set(told(Settings())) - ABROAD))
def test_every_setting_does_something(name: str, rich, standard: dict[str, str]) -> None:
    """A number that may be set changes some figure of the summary, or it should not be offered."""
    standing = told(Settings())[name]
    word = f"{name}={MOVED.get(name, 0.5 * (standing or 0.0))}"
    assert any(rich(model, word) != standard[model] for model in standard)


def test_settings_that_errors_name_can_be_set() -> None:
    """The refusal of an unknown crop code says to set other_crop."""
    assert set_words(Settings(), ["sectors.other_crop=2"]).sectors.other_crop == 2
