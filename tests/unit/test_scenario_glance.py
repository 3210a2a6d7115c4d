"""The impact at a glance is that of the built city, for every measure and all of them together."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from genrejs.hazard.event import Event
from genrejs.impact.assess import assess_depths
from genrejs.impact.people import harmed
from genrejs.measure.catalogue import build
from genrejs.scenario.emulator import Rungs, WaterEmulator
from genrejs.scenario.glance import BEHIND, GLANCED, UNITS, glance_of
from genrejs.scenario.response import OUTAGE, Node
from genrejs.scenario.run import Settings

CITY = runpy.run_path(str(Path(__file__).parents[1] / "recovery_city.py"))
EVENT = Event("storm", "surge", "Storm", "Storm", duration=36000.0)
NODES = (Node("surge", 1.5, EVENT), Node("surge", 2.0, EVENT), Node(OUTAGE, 48.0, EVENT))
MEASURES = ("flood_doors", "raised_floors", "raised_lifelines", "volunteers")


def made():
    """Forty homes; a power station that bears 0.3 m and a pump that bears 1 m."""
    parts = [
        CITY["component"]("station", "power", repair=40.0),
        CITY["component"]("pump", "water", repair=10.0, trade="plumber", fail_depth=1.0),
    ]
    supply = [(name, district, 1.0) for name in ("station", "pump") for district in ("A", "B")]
    return CITY["tiny_city"](parts, [("station", "pump", 6.0, 1.0)], supply)


def water() -> WaterEmulator:
    """Half of the homes are wetted at 1.5 m, all at 2 m; a raised edge leaves half of the water."""
    homes = np.array([np.where(np.arange(40) < 20, 0.4, 0.0), np.linspace(0.9, 0.2, 40)])
    parts = np.array([[0.28, 0.1], [0.6, 0.9]])
    rungs = Rungs(1.0, np.array([1.5, 2.0]), homes, parts)
    return WaterEmulator(rungs, {"raised_edge": Rungs(1.0, np.array([1.5, 2.0]), homes / 2, parts / 2)})


def seen(city, measures: set[str], bearing: float = 1.0) -> np.ndarray:
    """Return what the engine's own impact says of the built city, in the order of GLANCED."""
    city = city.change(components=city.components.assign(fail_depth=city.components["fail_depth"] * bearing))
    stands, rows = build(city, measures - {"raised_edge"}), []
    for node in NODES[:2]:
        depths = water().at(node.value, frozenset(measures))
        impact = assess_depths(stands, depths.buildings, depths.components, EVENT)
        homes, parts = impact.buildings, impact.components
        people = stands.buildings["residents"].to_numpy()
        out, flooded = ~homes["habitable"].to_numpy(), parts["flooded"].to_numpy()
        money = homes[["damage", "cellar", "value_loss", "people"]].to_numpy().sum()
        # Who loses the station loses the water with it.
        behind = np.array([160.0, 80.0])
        rows.append(
            [money, people[out].sum(), out.sum(), homes["repair"].sum(), homes["repair"][out & (people > 0)].sum(),
             people[harmed(stands, homes)].sum(), behind[flooded].sum(),
             stands.components["repair"].to_numpy()[flooded].sum(), (behind * depths.components)[flooded].sum()]
        )  # fmt: skip
    return np.array([*rows, np.zeros(len(GLANCED))])


@pytest.mark.parametrize(
    "measures",
    [set(), {"flood_doors"}, {"raised_edge"}, {"raised_floors", "raised_lifelines"}, {*MEASURES, "raised_edge"}],
)
@pytest.mark.parametrize("bearing", [1.0, 0.8])
def test_it_is_the_impact_on_the_built_city(measures, bearing) -> None:
    city = made()
    glance = glance_of(city, MEASURES, {"surge": water()}, NODES, (np.arange(40), Settings()))
    found = glance.looks(measures, [bearing])[0]
    assert np.allclose(found, seen(city, measures, bearing))
    assert np.allclose(glance.logs(measures, [bearing])[0], np.log1p(found / UNITS))


def test_wear_floods_components_and_no_homes() -> None:
    glance = glance_of(made(), MEASURES, {"surge": water()}, NODES, (np.arange(40), Settings()))
    new, worn = glance.looks(set(), [1.0, 0.5])
    assert (new[:, :BEHIND] == worn[:, :BEHIND]).all()
    assert new[0, BEHIND] == 0.0 and worn[0, BEHIND] > 0.0
