"""Lifelines: every name refers to something, everyone is supplied, control runs over the data centre."""

from dataclasses import replace

import pandas as pd
import pytest

from genrejs.city.districts import embedded_districts
from genrejs.city.lifelines import Lifelines, check_lifelines, embedded_lifelines
from genrejs.city.model import COMPONENT_COLUMNS, LINK_COLUMNS, SERVICES, SUPPLY_COLUMNS


@pytest.fixture(scope="module")
def lifelines() -> Lifelines:
    return embedded_lifelines()


def test_columns_and_size(lifelines: Lifelines) -> None:
    assert set(COMPONENT_COLUMNS) <= set(lifelines.components.columns)
    assert list(lifelines.links.columns) == list(LINK_COLUMNS)
    assert list(lifelines.supply.columns) == list(SUPPLY_COLUMNS)
    assert 40 <= len(lifelines.components) <= 80
    assert not lifelines.components[list(COMPONENT_COLUMNS)].isna().any(axis=None)


def test_every_service_but_housing_reaches_every_district_in_full(lifelines: Lifelines) -> None:
    service = lifelines.supply["component"].map(lifelines.components.set_index("id")["service"])
    total = lifelines.supply.groupby([lifelines.supply["district"], service])["share"].sum().unstack()
    assert set(total.columns) == set(SERVICES) - {"housing"}
    assert set(total.index) == set(embedded_districts()["id"])
    assert ((total - 1.0).abs() < 1e-9).all(axis=None)


def test_every_component_supplies_or_is_needed(lifelines: Lifelines) -> None:
    used = set(lifelines.supply["component"]) | set(lifelines.links["source"])
    assert set(lifelines.components["id"]) <= used


def test_typical_buffers(lifelines: Lifelines) -> None:
    power = lifelines.components.set_index("id")["service"].reindex(lifelines.links["source"]).to_numpy() == "power"
    buffer = lifelines.links[power].set_index("target")["buffer"]
    assert buffer["hospital"] == 48
    assert buffer["data_centre"] == 8
    assert buffer["tower_nord"] == 12
    assert set(buffer[buffer.index.str.startswith("mast_")]) == {4}
    assert set(buffer[buffer.index.str.startswith("heat_")]) == {1}
    assert set(buffer[buffer.index.str.startswith("care_")]) == {2}


def test_control_over_municipal_systems_is_a_link_that_can_be_lost(lifelines: Lifelines) -> None:
    service = lifelines.components.set_index("id")["service"]
    control = lifelines.links[lifelines.links["source"].isin(("data_centre", "exchange_midtby"))]
    assert {"power", "heat", "water", "wastewater", "telecom", "digital", "hospital", "care", "school"} <= set(
        service.reindex(control["target"])
    )
    digital = lifelines.components.set_index("id")["digital"]
    assert digital.reindex(control["target"][~control["target"].str.startswith(("road_", "bridge_"))]).all()


@pytest.mark.parametrize(
    ("table", "column", "row", "value", "words"),
    [
        ("components", "id", 1, "grid_nord", "share an id"),
        ("components", "service", 0, "magic", "service outside"),
        ("links", "source", 0, "nowhere", "not there"),
        ("links", "target", 0, "grid_nord", "needs itself"),
        ("links", "loss", 0, 1.5, "loss"),
        ("supply", "share", 0, 0.5, "sum to 1"),
        ("supply", "component", 0, "nowhere", "not there"),
    ],
)
def test_a_broken_table_is_described(
    lifelines: Lifelines, table: str, column: str, row: int, value: object, words: str
) -> None:
    frame: pd.DataFrame = getattr(lifelines, table).copy()
    frame[column] = frame[column].astype(object)
    frame.loc[row, column] = value
    problems = check_lifelines(replace(lifelines, **{table: frame.infer_objects()}))
    assert any(words in problem for problem in problems)


def test_a_sound_city_has_no_problem(lifelines: Lifelines) -> None:
    assert check_lifelines(lifelines) == []
