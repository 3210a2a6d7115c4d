"""The same small floods on the processor and on the GPU (or in its simulator): `python cuda_cases.py NAME` prints JSON.

Every case is made to use what it is named after: all edges, rain and losses, walls, short cells, tiles that sleep.
"""

from __future__ import annotations

import json
import sys

import numpy as np

from genrejs.hazard.flood import Options, simulate
from genrejs.hazard.flood.problem import OPEN, Flood, Forcing, Ground, ImposedFlow, Inflow, Outfall, Series

CELL = 8.0
SHAPE = (20, 40)
STEADY = np.zeros(1)


def case(name: str) -> dict:
    """Return what `simulate` is given."""
    scheme, order, precision, what = name.split(" ")
    chance = np.random.default_rng(5)
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    z = 2 + np.sin(x / 7.0) + np.cos(y / 5.0) + chance.normal(0, 0.15, SHAPE)
    options = {"scheme": scheme, "order": int(order), "precision": int(precision), "every": 10.0}
    options |= {"gauges": ((3, 4), (10, 38), (0, 0)), "keep_slices": what == "level"}
    given = {"level": np.where(chance.random(SHAPE) < 0.5, z + chance.gamma(1.0, 0.5, SHAPE), -1e3)}
    wall = np.full(SHAPE, OPEN)
    wall[4:15, 28] = chance.uniform(1.5, 3.5, 11)
    ground = {"manning": np.where(x > 20, 0.05, 0.02) * (y > 8), "wall_east": wall, "wall_south": wall.copy()}
    forcing, duration = {}, 12.0
    here = np.arange(5)
    if what == "level":
        sea = np.zeros(SHAPE, bool)
        sea[:, -1] = z[:, -1] < 2.5
        sea[0, 20:30] = True
        forcing = {"level": Series(np.array([0.0, 5.0, 20.0]), np.array([2.4, 3.2, 1.0])), "level_cells": sea}
        options |= {"thresholds": (0.05, 0.5), "depth_speed": True, "recession": True}
    if what == "rain":
        options |= {"recession": True}
        given["level"][:, 20:] = -1e3
        forcing = {"rain": Series(np.array([0.0, 6.0, 6.1]), np.array([2e-3, 1e-3, 0.0]))}
        ground |= {"infiltration": np.full(SHAPE, 1e-4), "drain_capacity": np.where(y > 10, 5e-4, 0.0)}
    if what == "inflow":
        z, given["level"], duration = 0.02 * x + 0.0 * y, None, 40.0
        forcing = {
            "inflows": (
                Inflow("river", here + 5, here * 0 + 5, Series(np.array([0.0, 30.0]), np.array([20.0, 60.0]))),
                Inflow("spring", np.array([7]), np.array([5]), Series(STEADY, np.array([0.5]))),
            )
        }
    if what == "sleep":
        z, given["level"] = 0.0 * x, np.where(x < 5, 0.5, np.where(x > 34, 0.003, -1e3))
        ground |= {"infiltration": np.where(x > 32, 5e-4, 0.0)}
    if what == "outfall":
        outside = (Outfall("out", here + 8, here * 0 + 39, 0.01),)
        fast = (ImposedFlow("in", here + 8, here * 0, 0.8, 3.0, 0.5),)
        z, given["level"], forcing = 3.0 - 0.02 * x + 0.0 * y, z * 0 + 2.6, {"outfalls": outside, "flows": fast}
    return {
        "ground": Ground(z, CELL, **ground),
        "forcing": Forcing(**forcing),
        "duration": duration,
        "initial_level": given["level"],
        "options": options,
    }


def run(name: str, engine: str) -> Flood:
    given = case(name)
    options = Options(**given.pop("options"), engine=engine)
    return simulate(given.pop("ground"), given.pop("forcing"), **given, options=options)


def compare(name: str) -> dict[str, float]:
    """Return by how much the two engines differ, and that something happened."""
    one, other = run(name, "cpu"), run(name, "cuda")
    assert (one.engine, other.engine) == ("cpu", "cuda")
    arrays = ("max_depth", "final_depth", "max_speed", "arrival", "velocity_east", "velocity_north", "gauges")
    arrays += ("gauge_velocities", "slices", "duration_above", "max_depth_speed", "recession")
    off = {}
    for key in arrays:
        a, b = getattr(one, key), getattr(other, key)
        if a is not None:
            assert (np.isnan(a) == np.isnan(b)).all(), key
            off[key] = float(np.nanmax(np.abs(np.asarray(a, np.float64) - b)))
    moved = one.balance["moved"] + one.balance["stored_start"]
    account = max(abs(one.balance[key] - other.balance[key]) for key in one.balance) / moved
    return off | {
        "account": account,
        "error": abs(other.balance["error"]) / moved,
        "steps": one.steps,
        "steps_off": other.steps - one.steps,
        "updates_off": other.active_cell_updates - one.active_cell_updates,
        "froude_off": abs(other.max_froude - one.max_froude),
        "changed": float(np.abs(one.max_depth - one.final_depth).max()),
    }


if __name__ == "__main__":
    print(json.dumps(compare(sys.argv[1])))
