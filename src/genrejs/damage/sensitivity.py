"""Which of the uncertain factors matters for the loss: Sobol indices or Morris screening, by SALib."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.damage.houses import Houses
from genrejs.damage.losses import evaluate
from genrejs.damage.model import Model
from genrejs.errors import InputError
from genrejs.impact.uncertainty import FACTORS, Spread, draw_of

Floats = NDArray[np.float64]

METHODS = ("sobol", "morris")
BASES = 128
"""Points that the Sobol design starts from: 128 x (5 + 2) evaluations."""
TRAJECTORIES = 50
"""Paths of the Morris design: 50 x (5 + 1) evaluations."""
MEANING = {
    "depth": "depth of the water", "curve": "damage curve", "threshold": "depth from which a building counts",
    "value": "prices and values", "people": "people's time",
}  # fmt: skip


def sensitivity(
    model: Model, houses: Houses, depth: Floats, weights: Floats | None, how: tuple[str, Spread, int]
) -> pd.DataFrame:
    """Return a row for each factor, the one that matters most first; `how` is method, spreads and seed.

    The loss is that of an average year, or of the only map without return periods. "sobol" (Saltelli 2010): `first`,
    the share of the loss's variance that the factor explains alone, `total`, with all that it does together with
    others, and the half-widths of their 95 % intervals. "morris" (Campolongo 2007): `mean`, the mean absolute effect of
    moving the factor across its range [DKK], and `spread`, its standard deviation.

    Raises
    ------
    InputError
        The method is not known.
    """
    method, spread, seed = how
    if method not in METHODS:
        raise InputError(f"What matters is found by {' or '.join(METHODS)}; got {method!r}.")
    wet = np.flatnonzero((depth > 0.0).any(axis=0))
    some, water = houses.take(wet), depth[:, wet]
    share = np.eye(len(depth))[-1] if weights is None else weights

    def outcome(place: Floats) -> float:
        return float(share @ evaluate(model, some, water, draw_of(place, spread)).loss.sum(axis=1))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = (_sobol if method == "sobol" else _morris)(outcome, seed)
    table = pd.DataFrame({"factor": FACTORS, "meaning": [MEANING[name] for name in FACTORS], **found})
    by = "total" if method == "sobol" else "mean"
    return table.sort_values(by, ascending=False, kind="stable").reset_index(drop=True)


def _problem() -> dict[str, Any]:
    return {"num_vars": len(FACTORS), "names": list(FACTORS), "bounds": [[0.0, 1.0]] * len(FACTORS)}


def _outcomes(outcome: Callable[[Floats], float], places: Floats) -> Floats:
    return np.array([outcome(place) for place in places])


def _sobol(outcome: Callable[[Floats], float], seed: int) -> dict[str, Floats]:
    from SALib.analyze import sobol as analysis  # noqa: PLC0415  # takes seconds to load, wanted by few
    from SALib.sample import sobol as design  # noqa: PLC0415

    places = design.sample(_problem(), BASES, calc_second_order=False, seed=seed)
    amounts = _outcomes(outcome, places)
    if np.ptp(amounts) == 0.0:
        return dict.fromkeys(("first", "first_95", "total", "total_95"), np.zeros(len(FACTORS)))
    found = analysis.analyze(_problem(), amounts, calc_second_order=False, seed=seed)
    return {"first": found["S1"], "first_95": found["S1_conf"], "total": found["ST"], "total_95": found["ST_conf"]}


def _morris(outcome: Callable[[Floats], float], seed: int) -> dict[str, Floats]:
    from SALib.analyze import morris as analysis  # noqa: PLC0415
    from SALib.sample import morris as design  # noqa: PLC0415

    places = design.sample(_problem(), TRAJECTORIES, num_levels=4, seed=seed)
    found = analysis.analyze(_problem(), places, _outcomes(outcome, places), num_levels=4, seed=seed)
    return {"mean": np.asarray(found["mu_star"]), "spread": np.asarray(found["sigma"])}
