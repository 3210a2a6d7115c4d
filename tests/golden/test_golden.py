"""Whole studies against kept figures. To rewrite them after a wanted change: GENREJS_REWRITE=1 pytest tests/golden."""

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genrejs.ensemble.run import run
from genrejs.ensemble.store import Store
from genrejs.ensemble.work import local
from genrejs.report.produce import produce, reproduce
from genrejs.report.summary import schema
from genrejs.study import read_study

CASE = Path(__file__).with_name("vejle_small")
COLUMNS = ["strategy", "year", "event", "frequency", "damage", "person_days", "residents_wet"]


def silent(share: float, what: str = "") -> None:
    assert 0 <= share <= 1


@pytest.fixture(scope="module")
def produced(tmp_path_factory):
    out = tmp_path_factory.mktemp("golden")
    return out, produce(read_study(CASE / "study.toml"), out, progress=silent)


def check(name: str, table: pd.DataFrame) -> None:
    place = CASE / "expected" / f"{name}.csv"
    if os.environ.get("GENREJS_REWRITE"):
        table.to_csv(place, index=False, float_format="%.6g")
    pd.testing.assert_frame_equal(table.reset_index(drop=True), pd.read_csv(place), rtol=1e-4, check_dtype=False)


def test_the_event_set_gives_the_kept_figures(produced) -> None:
    out, _ = produced
    check("records", pd.read_csv(out / "store" / "records.csv")[COLUMNS])


def test_the_strategies_give_the_kept_figures(produced) -> None:
    _, done = produced
    table = pd.DataFrame(done.summary["strategies"])
    check("strategies", table[["name", "cost_dkk", "ead_now_dkk", "ead_future_dkk", "npv_dkk", "person_days"]])


def test_the_summary_keeps_its_schema_and_five_lines_are_told(produced) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    out, done = produced
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    jsonschema.validate(summary, schema())
    assert len(done.lines) == 5
    assert (out / "report.html").stat().st_size < 6_000_000


def test_the_water_balance_closes_in_every_event(produced) -> None:
    for event in produced[1].summary["events"]:
        assert abs(event["water_balance_error"]) < 1e-5


def test_a_second_run_computes_no_flood_and_no_record_again(produced, monkeypatch) -> None:
    out, _ = produced

    def refuse(*_args, **_kwargs):
        raise AssertionError("computed again")

    monkeypatch.setattr("genrejs.ensemble.run.solve", refuse)
    monkeypatch.setattr("genrejs.ensemble.run.strategy_records", refuse)
    again = reproduce(out, progress=silent)
    assert again.summary["strategies"] == produced[1].summary["strategies"]


@pytest.mark.slow
def test_workers_give_the_same_bits_as_none(produced, tmp_path) -> None:
    out, _ = produced
    with local(2) as client:
        run(read_study(CASE / "study.toml"), Store(tmp_path), progress=silent, client=client)
    ours, theirs = (
        {p.name: p.read_text("utf-8") for p in (f / "records").iterdir()} for f in (out / "store", tmp_path)
    )
    assert ours == theirs
    assert np.size(list(ours)) > 0
