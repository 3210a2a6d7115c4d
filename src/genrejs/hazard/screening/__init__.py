"""Answers without a simulation: hollows that hold water, where rain comes to rest, what the sea reaches at a level."""

from genrejs.hazard.screening.depressions import Depressions, Nest, find_depressions
from genrejs.hazard.screening.flow import catchments, drained_area, next_kept
from genrejs.hazard.screening.rain import Standing, fill_and_spill
from genrejs.hazard.screening.sea import SeaReach, sea_reach

__all__ = [
    "Depressions", "Nest", "SeaReach", "Standing", "catchments", "drained_area", "fill_and_spill", "find_depressions",
    "next_kept", "sea_reach",
]  # fmt: skip
