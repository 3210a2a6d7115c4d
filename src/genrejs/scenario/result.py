"""What one scenario gave."""

from __future__ import annotations

from dataclasses import dataclass

import xarray as xr

from genrejs.hazard.event import Event
from genrejs.impact.result import Impact
from genrejs.recovery.result import Recovery
from genrejs.warning.result import Warned


@dataclass(frozen=True)
class Result:
    """One event on one strategy's city: `footprint` Dataset `max_depth`, `max_level`, `max_speed`, `arrival` (y, x)."""

    key: str
    event: Event
    strategy: str
    year: int
    footprint: xr.Dataset | None
    impact: Impact
    warned: Warned
    recovery: Recovery
