"""The truth we have about water in Vejle, as pairs on one terrain: with and without structures, never tuned by event.

The ground is constructed and good to half a metre, so these are tests of structures and levels, not of centimetres.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from genrejs.city.embedded import load_city
from genrejs.city.model import City
from genrejs.city.structures import Gate, Pump
from genrejs.hazard.catalogue import event
from genrejs.hazard.water import build_problem, solve
from genrejs.impact.assess import assess
from genrejs.scenario.run import building_cells

TOWN = (531500.0, 6170500.0, 536500.0, 6175500.0)


@cache
def today() -> City:
    return load_city(cell=10.0)


@cache
def flood(name: str, variant: str):
    """A named event and its footprint, by variant of the structures."""
    city = VARIANTS[variant](today())
    happening = event(name, city)
    return happening, solve(build_problem(city, happening, TOWN))


def wet(name: str, variant: str) -> np.ndarray:
    """Which buildings have more than 5 cm of water."""
    happening, footprint = flood(name, variant)
    return assess(today(), footprint, happening, index=index()).buildings["wet"].to_numpy()


@cache
def index():
    return building_cells(today(), TOWN)


def without_sluice_and_dikes(city: City) -> City:
    return city.change(structures=tuple(p for p in city.structures if not p.id.startswith(("sluice", "dike"))))


def sluice_fails(city: City) -> City:
    """The gate stays open and the pumps stand still; the dikes are there."""
    parts = tuple(replace(p, works=False) if isinstance(p, Gate | Pump) else p for p in city.structures)
    return city.change(structures=parts)


VARIANTS = {"today": lambda city: city, "none": without_sluice_and_dikes, "sluice fails": sluice_fails}


def share(flags: np.ndarray, district: str) -> float:
    inside = (today().buildings["district"] == district).to_numpy()
    return float(flags[inside].mean())


@pytest.mark.parametrize("name", ["ingolf_2017", "bodil_2013"])
def test_the_sluice_and_the_dikes_keep_vestbyen_dry(name: str) -> None:
    assert share(wet(name, "today"), "vestbyen") < 0.01


@pytest.mark.parametrize("name", ["ingolf_2017", "bodil_2013"])
def test_without_them_vestbyen_floods(name: str) -> None:
    assert share(wet(name, "none"), "vestbyen") > 0.05


@pytest.mark.parametrize("name", ["babet_2023", "high_water_91"])
def test_ordinary_storms_wet_no_building(name: str) -> None:
    assert wet(name, "today").sum() == 0


def west_and_east() -> tuple[np.ndarray, np.ndarray]:
    """Buildings of Vestbyen (west of Omløbsåen), and within 250 m of Mølleåen east of Omløbsåen."""
    city = today()
    west = (city.buildings["district"] == "vestbyen").to_numpy()
    mill = city.streams.loc[city.streams["name"] == "Mølleåen"].geometry.union_all()
    near = city.buildings.geometry.distance(mill).to_numpy() < 250
    return west, near & ~west


def test_october_2019_wets_the_mill_side_and_leaves_the_west_dry() -> None:
    flooded = wet("rain_2019", "today")
    west, east = west_and_east()
    assert flooded[east].sum() >= 10
    assert flooded[west].mean() < 0.01


def test_october_2019_would_have_wet_the_west_without_the_sluice() -> None:
    west, _ = west_and_east()
    assert wet("rain_2019", "sluice fails")[west].sum() >= 3 * max(1, wet("rain_2019", "today")[west].sum())
    assert wet("rain_2019", "sluice fails")[west].mean() > 0.02


def test_the_surge_of_1872_wets_a_large_part_of_centre_and_harbour() -> None:
    """The low centre (Midtby, Østbyen, Vestbyen) as a whole; Midtby itself stands on ground of 2 to 3 m here."""
    flags = wet("storm_1872", "today")
    centre = today().buildings["district"].isin(["midtby", "oestbyen", "vestbyen"]).to_numpy()
    assert flags[centre].mean() > 0.25
    assert share(flags, "havnen") > 0.5


@pytest.mark.parametrize("shift", [-0.3, 0.3])
def test_floor_levels_move_the_number_of_flooded_homes(shift: float) -> None:
    """A floor 30 cm lower or higher changes how many homes have water inside: the effect is shown, not tuned away."""
    city = today()
    moved = city.change(buildings=city.buildings.assign(floor_level=city.buildings["floor_level"] + shift))
    happening, footprint = flood("storm_1872", "today")
    base = (~assess(city, footprint, happening, index=index()).buildings["habitable"]).sum()
    other = (~assess(moved, footprint, happening, index=index()).buildings["habitable"]).sum()
    assert (other < 0.8 * base) if shift > 0 else (other > 1.2 * base)
