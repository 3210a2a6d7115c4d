"""Soil by class of land cover: how much water goes into it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genrejs.hazard.flood.series import Floats

SOIL_KINDS = {"constant": 1, "horton": 3, "green-ampt": 3}
"""Kinds of soil and how many parameters each class has."""


@dataclass(frozen=True)
class Soil:
    """Infiltration by class: `classes` ``(y, x)`` point into the rows of `parameters` ``(class, parameter)``.

    "constant": rate [m/s]. "horton" (`horton1941`): first and last rate [m/s], decay [1/s].
    "green-ampt" (`green1911`): conductivity [m/s], suction head at the wetting front [m], moisture deficit [-].
    """

    kind: str
    classes: NDArray[np.integer]
    parameters: Floats
