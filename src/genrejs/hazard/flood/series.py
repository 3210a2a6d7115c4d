"""A quantity over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Series:
    """A quantity over time, linear between its points and constant outside them: seconds and values, both ``(n,)``."""

    times: Floats
    values: Floats

    def scaled(self, factor: float) -> Series:
        """Return the same series with every value times `factor`."""
        return Series(self.times, self.values * factor)
