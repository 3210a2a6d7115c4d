"""Losses of all buildings for all maps, summed by group, with what is uncertain sampled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.damage.houses import Houses
from genrejs.damage.model import PARTS, Model
from genrejs.impact.uncertainty import QUANTILES, Draw

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Grouping = tuple[str, list[str], Ints]

AS_IT_IS = Draw()
"""Nothing is off."""
LOSS = "loss"
"""The sum of all parts."""
MOST_HELD = 20_000_000
"""Damages by draw and building held at a time: 160 MB, and as much again while their quantiles are found."""
GROUPS = ("category", "district", "tenure", "owner")
"""Columns of the buildings by which losses are summed, where the layer has them."""


@dataclass(frozen=True)
class Losses:
    """Depths outside and every part's amount ``(map, building)`` [m, DKK]."""

    depth: Floats
    parts: Mapping[str, Floats]

    @property
    def loss(self) -> Floats:
        """The sum of the parts ``(map, building)`` [DKK]."""
        return np.asarray(sum(self.parts.values()))


def evaluate(model: Model, houses: Houses, depth: Floats, draw: Draw = AS_IT_IS) -> Losses:
    """Return the losses of `houses` under each map's depths ``(map, building)`` [m] in one state of the world."""
    wet = np.flatnonzero((depth > 0.0).any(axis=0))
    some = houses.take(wet)
    parts = {name: np.zeros(depth.shape) for name in PARTS}
    for name, amount in model.losses(some, depth[:, wet], draw).items():
        parts[name][:, wet] = amount
    return Losses(depth, parts)


def groupings(houses: Houses) -> list[Grouping]:
    """Return each grouping: its name, its values in order, and the place of each building's value ``(n,)``."""
    found = [("all", ["all"], np.zeros(len(houses.table), np.int64))]
    for name in GROUPS:
        if name in houses.table:
            codes, values = pd.factorize(houses.table[name], sort=True)
            found.append((name, [str(value) for value in values], codes.astype(np.int64)))
    return found


def totals(
    losses: Losses, groups: Sequence[Grouping], periods: Sequence[float | None], weights: Floats | None
) -> pd.DataFrame:
    """Return the sums by group and map, and by group in an average year where `weights` ``(map,)`` [1/year] are given.

    Columns: group, value, return_period [year] (NaN for the only map and the average year), annual (bool),
    buildings_wet, buildings_damaged, and each part and the loss [DKK, or DKK/year].
    """
    when = [(period, False) for period in periods] + ([] if weights is None else [(None, True)])
    rows = [(name, value, *at) for name, values, _ in groups for at in when for value in values]
    table = pd.DataFrame(rows, columns=["group", "value", "return_period", "annual"])
    damaged = (losses.parts["damage"] + losses.parts["contents"] + losses.parts["cellar"]) > 0.0
    counted = {"buildings_wet": losses.depth > 0.0, "buildings_damaged": damaged, **losses.parts, LOSS: losses.loss}
    sums = {name: row_sums(amount, groups, weights) for name, amount in counted.items()}
    return table.astype({"return_period": float, "annual": bool}).assign(**sums)


def row_sums(amount: NDArray[Any], groups: Sequence[Grouping], weights: Floats | None) -> Floats:
    """Return the sums of amounts ``(map, building)`` in the order of the rows of `totals`."""
    columns = []
    for _, values, place in groups:
        sums = np.stack([np.bincount(place, row.astype(np.float64), minlength=len(values)) for row in amount])
        columns.append(sums if weights is None else np.vstack([sums, weights @ sums]))
    return np.concatenate([part.ravel() for part in columns])


@dataclass(frozen=True)
class Sampled:
    """Quantiles of what the draws gave: of each row of `totals` ``(quantile, row)`` [DKK], and of each building's
    damage on the rarest map ``(quantile, building)`` [DKK]; `loss` ``(draw,)`` of the rarest map [DKK]."""

    rows: Floats
    buildings: Floats
    loss: Floats


def sample(model: Model, houses: Houses, depth: Floats, draws: Sequence[Draw], weights: Floats | None) -> Sampled:
    """Return the quantiles over `draws` for buildings under each map's depths ``(map, building)`` [m]."""
    wet = np.flatnonzero((depth > 0.0).any(axis=0))
    grouped = groupings(houses)
    rows = np.zeros((len(draws), row_sums(np.zeros(depth.shape), grouped, weights).size))
    buildings = np.zeros((len(QUANTILES), len(houses.table)))
    step = max(1, MOST_HELD // len(draws))
    for start in range(0, wet.size, step):
        some = wet[start : start + step]
        here, water = houses.take(some), depth[:, some]
        groups = [(name, values, place[some]) for name, values, place in grouped]
        held = np.zeros((len(draws), some.size))
        for number, draw in enumerate(draws):
            losses = evaluate(model, here, water, draw)
            rows[number] += row_sums(losses.loss, groups, weights)
            held[number] = losses.parts["damage"][-1]
        buildings[:, some] = np.quantile(held, QUANTILES, axis=0)
    last = len(depth) - 1  # the first rows are those of "all", one for each map
    return Sampled(np.quantile(rows, QUANTILES, axis=0), buildings, rows[:, last])
