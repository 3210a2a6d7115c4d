"""What an event did at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True)
class Impact:
    """The direct impact of one event on a city.

    `buildings` (row for row with `City.buildings`): `depth` on the ground outside [m], `depth_inside` above the ground
    floor [m], `wet` bool (counted as flooded), `damage` [DKK] of the building alone, `cellar`, `value_loss`, `people`
    [DKK], `habitable` bool, `repair` crew-hours, `trade`.
    `components` (row for row with `City.components`): `depth` [m], `flooded` bool, `down_from`, `down_until` [h] of an
    outage that the event itself brings (NaN without), `cyber` bool, `dry_after` [h] until the water has left the site.
    `roads`: metres closed, cost [DKK]. `totals` [DKK and counts], keys declared in `genrejs.variables`.
    `damage_draws` ``(draw,)`` [DKK]: the total damage in each draw of what is uncertain; empty where none was asked.
    """

    buildings: pd.DataFrame
    components: pd.DataFrame
    roads: Mapping[str, float]
    totals: Mapping[str, float]
    damage_draws: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
