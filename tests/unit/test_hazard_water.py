"""The border between city and solver: basins, walls, keys, refinement."""

import numpy as np
import pytest
import xarray as xr
from shapely import LineString, box

from genrejs.city.embedded import load_city
from genrejs.city.grid import Grid
from genrejs.city.structures import Basin, Storage, Wall
from genrejs.errors import InputError
from genrejs.hazard.catalogue import build_event
from genrejs.hazard.flood.problem import Flood
from genrejs.hazard.water import build_problem, footprint, refine

SMALL = (531500.0, 6170500.0, 536500.0, 6175500.0)


@pytest.fixture(scope="module")
def city():
    return load_city(cell=20.0)


def rain(city):
    return build_event("r", {"kind": "cloudburst", "period": 10}, city)


def surge(city, peak: float = 1.5):
    return build_event("s", {"kind": "surge", "peak": peak}, city)


def test_a_basin_is_dug_for_rain_and_left_out_of_a_surge(city) -> None:
    with_basin = city.change(structures=(*city.structures, Basin("square", box(533100, 6173400, 533180, 6173480), 1.0)))
    plain, dug = build_problem(city, rain(city), SMALL), build_problem(with_basin, rain(city), SMALL)
    lowered = plain.ground.elevation - dug.ground.elevation
    assert lowered.sum() == pytest.approx(16.0)
    assert build_problem(city, surge(city), SMALL).key == build_problem(with_basin, surge(city), SMALL).key


def test_water_that_stays_in_a_basin_is_no_flood(city) -> None:
    with_basin = city.change(structures=(*city.structures, Basin("square", box(533100, 6173400, 533180, 6173480), 1.0)))
    problem = build_problem(with_basin, rain(city), SMALL)
    depth = np.where(problem.dug > 0, 0.7, 0.2)
    maps = dict.fromkeys(("max_depth", "max_level", "max_speed", "arrival", "final_depth"), depth)
    still = dict.fromkeys(("velocity_east", "velocity_north"), np.zeros_like(depth))
    flood = Flood(**maps, **still, balance={}, steps=1, cell_updates=1, active_cell_updates=1, wall_seconds=0.0)
    shown = footprint(problem, flood)["max_depth"].to_numpy()
    sea = problem.forcing.level_cells
    assert np.all(shown[(problem.dug > 0) & ~sea] == 0)
    assert np.allclose(shown[(problem.dug == 0) & ~sea], 0.2)


def test_keys_differ_where_the_water_would_and_only_there(city) -> None:
    base = build_problem(city, surge(city), SMALL).key
    assert build_problem(city.prepare(volunteers=500), surge(city), SMALL).key == base
    assert build_problem(city, surge(city, 1.6), SMALL).key != base
    wall = Wall("w", LineString([(533000, 6173500), (533400, 6173500)]), 3.0)
    assert build_problem(city.change(structures=(*city.structures, wall)), surge(city), SMALL).key != base


def test_water_parking_that_is_not_needed_shares_the_flood_of_a_city_without_it(city) -> None:
    parking = city.change(structures=(*city.structures, Storage("parking", "Grejs Å", 170_000.0, 11.0)))
    assert build_problem(parking, surge(city), SMALL).key == build_problem(city, surge(city), SMALL).key


def test_a_city_without_a_sea_has_no_surge(city) -> None:
    with pytest.raises(InputError, match="open sea"):
        build_problem(city.change(open_sea=None), surge(city), SMALL)


def test_a_level_laid_on_finer_ground_keeps_the_level() -> None:
    rough, fine = Grid(0, 40, 20, 2, 2), Grid(0, 40, 10, 4, 4)
    level = np.full((2, 2), 1.5)
    coarse = xr.Dataset(
        {"max_depth": (("y", "x"), [[0.5, 0.5], [0.5, 0.0]]), "max_level": (("y", "x"), level)},
        coords={"y": rough.y, "x": rough.x},
    )
    ground = np.arange(16.0).reshape(4, 4) / 8
    laid = refine(coarse, fine, ground)["max_depth"].to_numpy()
    assert laid[0, 0] == pytest.approx(1.5)
    assert np.allclose(laid[:2, :2], np.maximum(1.5 - ground[:2, :2], 0))
    assert np.all(laid[2:, 2:] == 0)


def test_the_scheme_is_part_of_the_problem_and_auto_takes_what_suits(city) -> None:
    quick, full = (build_problem(city, rain(city), SMALL, scheme) for scheme in ("inertial", "shallow-water"))
    assert quick.key != full.key
    assert build_problem(city, rain(city), SMALL, "auto").key == full.key
    assert build_problem(city, surge(city), SMALL, "auto").key == build_problem(city, surge(city), SMALL).key
