"""What can come in each future and year, and what a strategy's states answer to it: the input of pathways."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from genrejs.ensemble.design import MAIN_STREAM, fallen
from genrejs.ensemble.training import Taught, stresses_of
from genrejs.hazard import cloudburst, river, surge
from genrejs.projection.futures import Futures
from genrejs.projection.levels import YEARS
from genrejs.scenario.pathway import Table, World
from genrejs.scenario.response import OUTAGE
from genrejs.study import Study

Floats = NDArray[np.float64]

PERIODS = np.array([1.2, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 1000])
"""Return periods [year] at which the strength of a year's worst event is found, and between which it is read."""

STEP = 5
"""Years between two answers of the surface in a pathway; between them the nearest stands (assumption)."""


def world_of(futures: Futures, study: Study) -> World:
    """Return the strengths of rare events by hazard ``(future, year, period)`` in every future."""
    # The attack comes or does not: nothing is read between a rarer year and one without.
    rare = 1.0 / study.risk.outage_frequency
    periods = np.unique([*PERIODS, rare * (1.0 - 1e-9), rare])
    rise = futures.table("sea_rise")[:, :, None]
    levels = np.array([surge.return_level(period) for period in periods])
    heavy = cloudburst.climate_factor(100.0) - 1.0
    share = np.array([(cloudburst.climate_factor(period) - 1.0) / heavy for period in periods])
    harder = 1.0 + (futures.table("rain_factor")[:, :, None] - 1.0) * share
    rain = np.array([fallen(period) for period in periods])
    flow = np.array([river.peak_flow(MAIN_STREAM, period) for period in periods])
    down = np.where(periods >= rare, study.bank.outage_hours, 0.0)
    shape = (len(futures), YEARS.size, periods.size)
    return World(
        YEARS,
        periods,
        {
            "surge": rise + levels,
            "cloudburst": harder * rain,
            "river": futures.table("river_factor")[:, :, None] * flow,
            OUTAGE: np.broadcast_to(down, shape),
        },
    )


def table_of(taught: Taught, states: Sequence[frozenset[str]], futures: Futures) -> Table:
    """Return the answers of a strategy's states, one after another as its steps are done, in every future."""
    years = YEARS[::STEP]
    rows = np.repeat(np.arange(len(futures)), years.size)
    stresses = stresses_of(futures, rows.tolist(), np.tile(years, len(futures)).tolist())
    found = taught.figures(taught.bits(states), stresses)
    values, figures, strengths = {}, {}, taught.values()
    for hazard, answers in found.items():
        at = strengths[hazard]
        shaped = answers.reshape(len(states), len(futures), years.size, at.size, answers.shape[-1])
        values[hazard] = np.concatenate([[taught.dry[hazard]], at])
        figures[hazard] = np.concatenate([np.zeros_like(shaped[:, :, :, :1]), shaped], axis=3)
    return Table(years, values, figures)
