"""Questions in plain values, works drawn on the map, and their answers."""

import json
from dataclasses import replace

import numpy as np
import pytest
from shapely import LineString, Polygon, box

from genrejs.city.structures import Basin, Wall
from genrejs.ensemble import whatif
from genrejs.ensemble.ask import ask_schema, cost_of, event_of, read_ask, strategy_of, works_of
from genrejs.ensemble.run import room_settings
from genrejs.ensemble.store import Store
from genrejs.ensemble.whatif import Desk, answer_file, ask_key, plain, run_ask
from genrejs.errors import InputError
from genrejs.hazard.event import HOUR, Event
from genrejs.hazard.flood.options import Options
from genrejs.hazard.water import build_problem, solve
from genrejs.measure.catalogue import carry_out, catalogue, find_strategy
from genrejs.measure.drawn import KINDS, SOAKS, Drawn, carry_out_drawn
from genrejs.scenario.run import How, building_cells, run_footprint
from genrejs.study import FloodSection, Study

VEJLE = [9.536, 55.709]
STUDY = Study(flood=FloodSection(cell=40.0, risk_cell=40.0, window=(532500.0, 6172500.0, 535000.0, 6174500.0)))


def quiet(share: float, what: str = "") -> None:
    assert 0 <= share <= 1


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(STUDY)


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path)


def test_the_answer_is_that_of_the_rooms_one_by_one(desk, store) -> None:
    ask = read_ask({"event": {"kind": "surge", "peak": 2.2}, "measures": ["flood_doors"]})
    answer = run_ask(ask, store, desk, progress=quiet)
    strategy = replace(find_strategy("today"), measures=("sluice_pumps", "dikes_vejle_aa", "flood_doors"))
    city = carry_out(desk.city, strategy)
    event = event_of(ask, city)
    store.keep_flood("own", solve(build_problem(city, event, STUDY.flood.window)))
    index = building_cells(city, STUDY.flood.window)
    known = run_footprint(city, event, store.flood("own"), index, How("k", "today", 2026, room_settings(STUDY)))
    assert answer["figures"]["damage_dkk"] == known.impact.totals["damage_total"] > 0
    read = known.recovery.indicators
    assert answer["figures"]["person_days_without_service"] == read["person_days_without_service"]
    assert answer["buildings"]["rows"] == np.flatnonzero(known.impact.buildings["wet"]).tolist()
    assert answer["constructed"] is True and answer["cost_dkk"] == catalogue()["flood_doors"].cost
    json.dumps(answer, allow_nan=False)


def test_a_question_that_was_answered_is_not_computed_again(desk, store, monkeypatch) -> None:
    ask = read_ask({"event": {"kind": "outage", "services": ["telecom"], "hours": 24}})
    first = run_ask(ask, store, desk, progress=quiet)
    monkeypatch.setattr(whatif, "run_footprint", None)
    assert run_ask(ask, store, desk, progress=quiet) == first
    assert set(plain(first)) < set(first) and first["figures"]["flooded_area_m2"] == 0


def test_the_same_measures_asked_in_another_way_are_the_same_question() -> None:
    named = read_ask({"event": "attack_48h", "strategy": "grey"})
    added = read_ask({"event": "attack_48h", "strategy": "grey", "measures": ["flood_doors", "backup_power"]})
    assert ask_key(named, STUDY) == ask_key(added, STUDY)
    less = read_ask({"event": "attack_48h", "strategy": "grey", "without": ["backup_power"]})
    assert ask_key(less, STUDY) != ask_key(named, STUDY)
    assert "backup_power" not in strategy_of(less).measures


def test_frames_come_while_the_water_runs_and_change_nothing(desk, store, tmp_path) -> None:
    ask = read_ask({"event": {"kind": "cloudburst", "mm": 50, "minutes": 30, "place": VEJLE, "radius": 800}})
    frames = []
    shown = run_ask(ask, store, desk, progress=quiet, frame=lambda at, depth: frames.append((at, depth)))
    times = [at for at, _ in frames]
    assert times == sorted(times) and times[0] == 0 and times[-1] == 30 * 60 + 2 * HOUR and len(times) > 20
    assert frames[3][1].shape == (50, 63) and frames[3][1].dtype == np.float32
    silent = run_ask(ask, Store(tmp_path / "other"), desk, progress=quiet)
    assert silent == shown


def test_what_is_cancelled_keeps_nothing(desk, store) -> None:
    def stop(share: float, what: str = "") -> None:
        if what == "water":
            raise InterruptedError

    ask = read_ask({"event": {"kind": "surge", "peak": 1.7}})
    with pytest.raises(InterruptedError):
        run_ask(ask, store, desk, progress=stop)
    assert not list(store.folder.rglob("*.json")) and not list(store.folder.rglob("*.zip"))


def test_a_released_cloudburst_has_exactly_its_depth_where_it_falls(desk) -> None:
    ask = read_ask({"event": {"kind": "cloudburst", "mm": 60, "minutes": 45, "place": VEJLE, "radius": 500}})
    event = event_of(ask, desk.city)
    assert np.trapezoid(event.rain.values, event.rain.times) == pytest.approx(0.060)
    assert event.rain_area.area == pytest.approx(np.pi * 500**2, rel=0.01)
    problem = build_problem(desk.city, event, STUDY.flood.window)
    wet = problem.forcing.rain_zones == 0
    assert wet.sum() * 40.0**2 == pytest.approx(np.pi * 500**2, rel=0.05)
    flood = solve(problem, Options(precision=64))
    assert flood.attrs["balance_rain"] == pytest.approx(0.060 * wet.sum() * 40.0**2, rel=1e-9)


def test_rain_beside_the_window_is_told(desk) -> None:
    ask = read_ask({"event": {"kind": "cloudburst", "mm": 60, "place": [9.3, 55.6], "radius": 500}})
    with pytest.raises(InputError, match="falls outside the window"):
        build_problem(desk.city, event_of(ask, desk.city), STUDY.flood.window)


def test_a_later_year_lifts_the_sea_and_hardens_the_rain(desk) -> None:
    def asked(event: object, year: int | None) -> Event:
        return event_of(read_ask({"event": event, "year": year}), desk.city, desk.climate)

    now, later = asked("storm_1872", None), asked("storm_1872", 2100)
    assert later.sea_level.values.max() - now.sea_level.values.max() == pytest.approx(0.5)
    now, later = (asked({"kind": "cloudburst", "mm": 60}, year) for year in (None, 2120))
    assert later.rain.values.max() / now.rain.values.max() == pytest.approx(1.4)
    now, later = asked("rain_2019", None), asked("rain_2019", 2120)
    assert later.inflows["Grejs Å"].values.max() == pytest.approx(1.3 * now.inflows["Grejs Å"].values.max())
    assert asked("attack_48h", 2100).outages == asked("attack_48h", None).outages
    assert asked({"kind": "river", "period": 50}, 2050).sea_level.values[0] == pytest.approx(0.4)
    assert asked("cloudburst_100", 2120).rain.values.max() > asked("cloudburst_100", None).rain.values.max()


def test_a_drawn_wall_follows_the_ground_and_is_priced_by_its_face(desk) -> None:
    line = [[9.53, 55.706], [9.538, 55.706]]
    ask = read_ask({"event": "attack_48h", "drawn": [{"kind": "wall", "line": line, "height": 1.5}]})
    (work,) = works_of(ask, desk.city)
    assert cost_of(ask, desk.city) == pytest.approx(work.shape.length * 1.5 * KINDS["wall"].unit_cost)
    built = desk.built(ask)
    walls = [part for part in built.structures if isinstance(part, Wall) and part.id.startswith("drawn_")]
    assert sum(part.line.length for part in walls) == pytest.approx(work.shape.length)
    assert all(part.line.length <= 50.01 for part in walls) and len({part.crest for part in walls}) > 1


def test_a_drawn_basin_and_rain_bed_take_water(desk) -> None:
    grid = desk.city.grid
    x, y = grid.x[40] - grid.cell / 2, grid.y[40] - grid.cell / 2
    square = box(x, y, x + 2 * grid.cell, y + 2 * grid.cell)
    built = carry_out_drawn(desk.city, (Drawn("basin", square, 1.0), Drawn("rain_bed", square)))
    assert [part.depth for part in built.structures if isinstance(part, Basin)] == [1.0]
    more = built.terrain["infiltration"] - desk.city.terrain["infiltration"]
    assert float(more.sum()) * grid.cell**2 == pytest.approx(SOAKS * square.area)
    assert Drawn("basin", square, 0.5).amount == pytest.approx(square.area * 0.5)


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({}, "event"),
        ({"event": "flood"}, "no event 'flood'"),
        ({"event": {"kind": "surge"}}, "peak"),
        ({"event": {"kind": "surge", "peak": 50}}, "less than or equal to 5"),
        ({"event": {"kind": "meteor"}}, "kind"),
        ({"event": {"kind": "cloudburst", "mm": float("nan")}}, "mm"),
        ({"event": {"kind": "cloudburst", "mm": 60, "place": [200, 55]}}, "place"),
        ({"event": "attack_48h", "strategy": "golden"}, "Unknown strategy"),
        ({"event": "attack_48h", "measures": ["magic"]}, "Unknown measure"),
        ({"event": "attack_48h", "year": 1800}, "year"),
        ({"event": "attack_48h", "speed": 1}, "speed"),
        ({"event": "attack_48h", "drawn": [{"kind": "wall", "line": [VEJLE]}]}, "line"),
    ],
)
def test_a_wrong_question_is_told_in_a_sentence(inputs, says) -> None:
    with pytest.raises(InputError, match=says):
        read_ask(inputs)


FAR = [[9.0, 55.0], [9.01, 55.0], [9.01, 55.01]]
HERE = [[9.53, 55.706], [9.538, 55.706], [9.538, 55.708]]


@pytest.mark.parametrize(
    ("drawn", "says"),
    [
        ({"kind": "wall", "line": FAR, "height": 1}, "inside the city's map"),
        ({"kind": "wall", "line": HERE}, "a line and a height"),
        ({"kind": "wall", "area": HERE, "height": 1}, "a line and a height"),
        ({"kind": "wall", "line": HERE, "area": HERE, "height": 1}, "nothing else"),
        ({"kind": "wall", "line": HERE, "height": 60}, "must be 0.2 to 6 m"),
        ({"kind": "basin", "area": HERE}, "an area and a depth"),
        ({"kind": "basin", "area": [HERE[0]] * 3, "depth": 1}, "plain area"),
        ({"kind": "rain_bed", "area": [[9.4, 55.6], [9.7, 55.6], [9.7, 55.8]]}, "at most"),
    ],
)
def test_a_work_that_cannot_be_built_is_told(desk, drawn, says) -> None:
    with pytest.raises(InputError, match=says):
        desk.built(read_ask({"event": "attack_48h", "drawn": [drawn]}))


def test_a_work_of_another_shape_or_kind_is_refused() -> None:
    with pytest.raises(InputError, match="is one of"):
        Drawn("moat", LineString([(0, 0), (1, 1)]))
    with pytest.raises(InputError, match="plain area"):
        Drawn("basin", Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), 1.0)


def test_the_schema_names_every_input() -> None:
    schema = ask_schema()
    assert {"event", "strategy", "measures", "without", "drawn", "year"} == set(schema["properties"])


@pytest.mark.parametrize(
    ("content", "says"), [("[1]", "one JSON object"), ("{", "cannot be read"), ("\xff", "cannot be read")]
)
def test_a_file_that_is_no_question_leaves_nothing(tmp_path, content, says) -> None:
    place = tmp_path / "ask.json"
    place.write_bytes(content.encode("latin-1"))
    with pytest.raises(InputError, match=says):
        answer_file(place, tmp_path / "out", progress=quiet)
    assert not (tmp_path / "out").exists()
