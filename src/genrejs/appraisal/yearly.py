"""Expected losses of every year of every future from answers at a few strengths: one product of matrices."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from genrejs.appraisal.risk import weights
from genrejs.errors import InputError
from genrejs.scenario.pathway import World

Floats = NDArray[np.float64]


def node_weights(
    world: World, values: Mapping[str, Floats], dry: Mapping[str, float], years: NDArray[np.int64]
) -> dict[str, Floats]:
    """Return by hazard how often a year each node counts ``(future, year, node)`` [1/year], for the calendar `years`.

    The loss is linear between the strengths `values` ``(node,)``, held beyond the last and none up to `dry`; over
    return periods it is integrated as `risk.weights` says. Raises InputError for a year that the world lacks.
    """
    missing = [int(year) for year in years if year not in world.years]
    if missing:
        raise InputError(f"The world lacks the year {missing[0]}; it runs {world.years[0]} to {world.years[-1]}.")
    at = np.searchsorted(world.years, years)
    frequency = weights(1.0 / world.periods)
    found = {}
    for hazard, nodes in values.items():
        rungs = np.concatenate([[dry[hazard]], nodes])
        found[hazard] = _hazard(world.strengths[hazard][:, at], rungs, frequency)[:, :, 1:]
    return found


def _hazard(strengths: Floats, nodes: Floats, frequency: Floats) -> Floats:
    futures, years, periods = strengths.shape
    where = np.interp(strengths, nodes, np.arange(nodes.size))
    low = np.minimum(where.astype(np.int64), nodes.size - 2)
    share = where - low
    row = np.arange(futures * years).repeat(periods)
    flat = np.zeros((futures * years, nodes.size))
    each = np.broadcast_to(frequency, strengths.shape)
    np.add.at(flat, (row, low.ravel()), (each * (1.0 - share)).ravel())
    np.add.at(flat, (row, low.ravel() + 1), (each * share).ravel())
    return flat.reshape(futures, years, nodes.size)


def expected(weighed: Mapping[str, Floats], figures: Mapping[str, Floats]) -> Floats:
    """Return the expected figures a year ``(strategy, future, year, figure)``, hazards added (assumed independent).

    `weighed` is ``(future, year, node)`` by hazard and `figures` ``(strategy, future, year, node, figure)``.
    """
    parts = [
        np.einsum("fyn,sfynk->sfyk", weighed[hazard], figures[hazard], optimize=True) for hazard in sorted(weighed)
    ]
    return np.asarray(np.sum(parts, axis=0), dtype=np.float64)
