"""A case and what was found in it: what the parts of an assessment hand on to each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.damage.houses import Houses
from genrejs.damage.losses import Losses, Sampled
from genrejs.damage.model import Model
from genrejs.damage.options import Options


@dataclass(frozen=True)
class Case:
    """The model, the buildings, the return periods [year] (None for an only map), what each map counts in an average
    year ``(map,)`` [1/year] or None, and the choices."""

    model: Model
    houses: Houses
    periods: tuple[float | None, ...]
    weights: NDArray[np.float64] | None
    asked: Options

    @property
    def hazard(self) -> str | None:
        """The kind of flood, None where nothing says it."""
        return self.asked.hazard or self.model.hazard


@dataclass(frozen=True)
class Found:
    """Losses by building and map, their sums, those of other sectors, what was asked for besides, and notes."""

    losses: Losses
    totals: pd.DataFrame
    sectors: pd.DataFrame
    sampled: Sampled | None
    sensitivity: pd.DataFrame | None
    notes: tuple[str, ...]
