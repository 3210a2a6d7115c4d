"""A city's own figures in a plan: other costs and decays, and policies that could not be read but that the city has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from genrejs.assessment.policies import Policy, RoadMap, changed, lay_out, road_map, subs, tables
from genrejs.assessment.reading import known_fields, number, table
from genrejs.errors import InputError

CODE = re.compile(r"[LPIC][1-4][SMART][1-9]")
LEAST_COST, MOST_COST = 1e-3, 1e5
"""[million DKK]"""
MOST_POLICIES = 200


def read_roads(given: Mapping[str, Any], what: str) -> RoadMap:
    """Return the road map that a plan states: the known policies, with its own `policy`, `cost` and `decay` tables.

    Raises
    ------
    InputError
        A code is not known, or a figure is not accepted.
    """
    road = road_map()
    if given.get("policy"):
        rows = table(given["policy"], f"{what}: policy")
        if len(rows) > MOST_POLICIES:
            raise InputError(f"{what}: there may be {MOST_POLICIES} own policies at most; got {len(rows)}.")
        own = {code: _policy(code, row, f"{what}: policy {code!s:.10}") for code, row in rows.items()}
        road = lay_out([*(each for each in road.policies if each.code not in own), *own.values()])
    costs = _figures(given.get("cost", {}), road, f"{what}: cost", (LEAST_COST, MOST_COST))
    decays = _figures(given.get("decay", {}), road, f"{what}: decay", (0.0, 1.0))
    return changed(road, costs, decays) if costs or decays else road


def _policy(code: str, row: Any, where: str) -> Policy:
    if not CODE.fullmatch(code) or code[:2] not in subs():
        raise InputError(f"{where}: a code is a sub-dimension, a stage and a number, such as I1S1.")
    row = table(row, where)
    known_fields(row, ("name", "cost", "decay"), where)
    name = row.get("name", code)
    if not isinstance(name, str) or not name.strip() or len(name) > 200:
        raise InputError(f"{where}: name must be a text of 1 to 200 characters; got {name!r:.60}.")
    usual = tables()["stage"][code[2]]["cost"], tables()["sub"][code[:2]]["decay"]
    cost = number(row.get("cost", usual[0][0]), f"{where}: cost", LEAST_COST, MOST_COST)
    decay = number(row.get("decay", usual[1][0]), f"{where}: decay", 0.0, 1.0)
    return Policy(code, name, name, cost, (cost, cost), decay, (decay, decay), "the plan's own")


def _figures(given: Any, road: RoadMap, where: str, bounds: tuple[float, float]) -> dict[str, float]:
    figures: dict[str, float] = {}
    for key, value in table(given, where).items():
        under = road.under(key)
        if not key or not under.any():
            raise InputError(f"{where}: no known policy begins with {str(key)!r:.40}.")
        figure = number(value, f"{where}: {key}", *bounds)
        figures |= {code: figure for code, meant in zip(road.codes, under, strict=True) if meant}
    return figures
