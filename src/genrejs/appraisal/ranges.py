"""How sure the figures of a comparison are: quantiles over draws of what is uncertain in the damage."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.impact.uncertainty import QUANTILES

Floats = NDArray[np.float64]
Yearly = Mapping[tuple[str, int], Floats]
"""Damage a year by strategy and calendar year ``(draw,)`` [DKK/year]."""

DRAW = "draw_"
"""Columns of the records that hold the damage in one draw: a state of the world, the same for all strategies."""
ENDS = tuple((f"p{round(100 * share):02d}", share) for share in (QUANTILES[0], QUANTILES[-1]))
"""Name and share of the quantiles that bound a range."""


def expected_draws(points: pd.DataFrame) -> Yearly:
    """Return the expected damage a year in each draw, from points with their `weight`; empty without draws."""
    columns = [name for name in points.columns if str(name).startswith(DRAW)]
    if not columns:
        return {}
    yearly = points[columns].mul(points["weight"], axis=0)
    sums = yearly.groupby([points["strategy"], points["year"]]).sum()
    table = sums.to_numpy(dtype=float)
    return {(str(id), int(year)): row for (id, year), row in zip(sums.index.tolist(), table, strict=True)}


def npv_draws(npv: float, worth: tuple[Floats, Floats], plain: Floats, drawn: Floats) -> Floats:
    """Return the net present value in each draw ``(draw,)`` [DKK].

    `worth` are what a krone avoided a year is worth now and in the future year, each by year ``(years,)``; `plain`
    ``(2,)`` and `drawn` ``(2, draw)`` the damage a year avoided, now and in the future year [DKK/year].
    """
    each = np.array([part.sum() for part in worth])
    return np.asarray(npv + each @ (drawn - plain[:, None]))


def quantiles(name: str, values: Floats) -> dict[str, float]:
    """Return the 5 % and 95 % quantiles of `values` ``(draw,)`` by ``name_p05`` and ``name_p95``."""
    return {f"{name}_{end}": float(np.quantile(values, share)) for end, share in ENDS}
