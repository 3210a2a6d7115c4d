"""Who bears an event set: sums against the plain expected damage, and refusals."""

import importlib.util
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from genrejs.appraisal.bearers import bearers
from genrejs.appraisal.risk import expected_annual
from genrejs.errors import InputError

spec = importlib.util.spec_from_file_location("cities_for_tests", Path(__file__).with_name("cities_for_tests.py"))
made = importlib.util.module_from_spec(spec)
spec.loader.exec_module(made)
PARTS = ["damage", "cellar", "value_loss", "people"]


class Lost(NamedTuple):
    hazard: str
    frequency: float
    buildings: pd.DataFrame
    roads: float


def lost(hazard, frequency, scale, roads=0.0):
    count = len(made.buildings())
    amounts = scale * np.arange(1.0, 1 + 4 * count).reshape(count, 4)
    return Lost(hazard, frequency, pd.DataFrame(amounts, columns=PARTS), roads)


def test_payers_and_groups_sum_to_the_expected_damage_of_all_hazards():
    events = [lost("surge", 0.1, 1e3, 500.0), lost("surge", 0.01, 5e3), lost("cloudburst", 0.05, 2e2)]
    found = bearers(made.city(), events)
    sums = [float(event.buildings.to_numpy().sum()) + event.roads for event in events]
    surge, rain = expected_annual([0.1, 0.01], sums[:2]), expected_annual([0.05], sums[2:])
    assert found.paid.amounts.sum() == pytest.approx(surge + rain)
    assert found.paid.by_hazard.sum().to_dict() == pytest.approx({"surge": surge, "cloudburst": rain})
    roads = expected_annual([0.1, 0.01], [500.0, 0.0])
    for _, part in found.groups.groupby("group"):
        assert part["loss"].sum() == pytest.approx(surge + rain - roads)


def test_an_outage_harms_no_building():
    flood = lost("river", 0.02, 1e3)
    both = bearers(made.city(), [flood, lost("outage", 0.02, 1e9)])
    assert both.paid.amounts.sum() == pytest.approx(bearers(made.city(), [flood]).paid.amounts.sum())


def test_wrong_event_sets_are_refused():
    with pytest.raises(InputError, match="at least one surge"):
        bearers(made.city(), [lost("outage", 0.02, 1.0)])
    short = lost("surge", 0.1, 1.0)
    with pytest.raises(InputError, match="buildings"):
        bearers(made.city(), [short._replace(buildings=short.buildings.iloc[1:])])
