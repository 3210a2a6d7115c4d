"""How dangerous flowing water is: the hazard classes H1 to H6 of the Australian guideline (`aidr2017`)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genrejs.hazard.flood.series import Floats

LIMITS = ((0.3, 0.3, 2.0), (0.6, 0.5, 2.0), (0.6, 1.2, 2.0), (1.0, 2.0, 2.0), (4.0, 4.0, 4.0))
"""Highest depth x speed [m2/s], depth [m] and speed [m/s] of the classes H1 to H5; above them is H6."""


def hazard_class(depth_speed: Floats, depth: Floats, speed: Floats) -> NDArray[np.uint8]:
    """Return the class 1 (safe for all) to 6 (buildings fail), 0 where dry, of depth x speed [m2/s], depth and speed.

    Largest values over a flood may be given: the class is that of the worst of the three.
    """
    values = [np.nan_to_num(np.asarray(v, np.float64)) for v in (depth_speed, depth, speed)]
    result = np.where(values[1] > 0.0, 1, 0).astype(np.uint8)
    for limits in LIMITS:
        beyond = np.any([value > limit for value, limit in zip(values, limits, strict=True)], axis=0)
        result[(result > 0) & beyond] += 1
    return result
