"""The futures that a study states: its slow stresses and its climate, for whoever asks about a later year."""

from __future__ import annotations

from genrejs.projection.climate import ClimatePath
from genrejs.projection.stresses import Stresses
from genrejs.study import Study


def study_stresses(study: Study) -> Stresses:
    """Return the slow stresses at the study's levels."""
    told = study.projection.model_dump(exclude={"follow", "places"}, exclude_none=True)
    return Stresses.at(told)


def study_climate(study: Study) -> ClimatePath:
    """Return the study's climate: its own path, or the projection's where that names a level."""
    told, asked = study_stresses(study).climate, study.projection
    plain = ClimatePath(study.climate.sea_rise, study.climate.river_growth)
    return ClimatePath(
        plain.sea_rise if asked.sea is None else told.sea_rise,
        plain.river_growth if asked.river is None else told.river_growth,
        plain.rain_scale if asked.rain is None else told.rain_scale,
    )
