"""Time the embedded city's town window: `python benchmarks/town.py [surge|rain] [cell] [scheme] [order] [threads]`.

`surge`: 1.52 m at its peak, 12 h, the streams at their usual flow; `rain`: 60 mm/h for three hours, the sea at 0 m, on
soil and drains. Gates, pumps and dikes work.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from genrejs.city.embedded import load_city
from genrejs.city.model import City
from genrejs.hazard.catalogue import build_event
from genrejs.hazard.event import HOUR, Event
from genrejs.hazard.flood import Options, simulate
from genrejs.hazard.flood.problem import Series
from genrejs.hazard.surge import hydrograph
from genrejs.hazard.water import build_problem

TOWN = (531500.0, 6170500.0, 536500.0, 6175500.0)
PEAK = 1.52
RAIN = 0.06 / HOUR
START, END = np.zeros(1), np.zeros(1)


def happening(case: str, city: City) -> Event:
    """Return the event of a case."""
    if case == "surge":
        ordinary = build_event("surge", {"kind": "surge", "peak": PEAK, "title_da": "", "title_en": ""}, city)
        level = hydrograph(PEAK, before=6 * HOUR, after=6 * HOUR)
        return Event("surge", "surge", "", "", 12 * HOUR, sea_level=level, inflows=ordinary.inflows)
    return Event(
        "rain", "cloudburst", "", "", 3 * HOUR,
        sea_level=Series(START, END), rain=Series(np.array([0.0, 3 * HOUR]), np.array([RAIN, RAIN])),
    )  # fmt: skip


def main() -> None:
    given = dict(zip(("case", "cell", "scheme", "order", "threads"), sys.argv[1:], strict=False))
    case, cell = given.get("case", "surge"), float(given.get("cell", 10))
    options = Options(
        scheme=given.get("scheme", "inertial"), order=int(given.get("order", 2)), threads=int(given.get("threads", 2))
    )
    city = load_city(cell=cell)
    problem = build_problem(city, happening(case, city), TOWN)
    for duration in (1.0, problem.duration):
        began, spent = time.perf_counter(), time.process_time()
        flood = simulate(
            problem.ground, problem.forcing, problem.works,
            duration=duration, initial_level=problem.initial_level, options=options,
        )  # fmt: skip
        wall, spent = time.perf_counter() - began, time.process_time() - spent
    dry = ~problem.forcing.level_cells
    depth = np.where(dry, np.nan_to_num(flood.max_depth), 0.0)
    print(
        f"{options.scheme} {options.order} {case} {cell:g} m x{options.threads}: {wall:.1f} s wall, {spent:.1f} s CPU, "
        f"{flood.steps} steps, {flood.active_cell_updates / 1e6:.0f} M active updates, "
        f"balance {flood.balance['error'] / flood.balance['moved']:.1e}, lowest depth {flood.final_depth.min():.1e} m, "
        f"wet {int((depth > 0.05).sum())} cells, mean {depth[depth > 0.05].mean():.3f} m, Froude {flood.max_froude:.1f}"
    )


if __name__ == "__main__":
    main()
