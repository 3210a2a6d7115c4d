"""The body of `genrejs screen`: bluespots, rain at rest and connected sea levels, from files to files."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genrejs.city.raster import write_raster
from genrejs.errors import InputError
from genrejs.hazard.screening.bluespots import Bluespots, chosen, write_bluespots
from genrejs.hazard.screening.depressions import find_depressions
from genrejs.hazard.screening.place import Place, read_place
from genrejs.hazard.screening.rain import Standing, fill_and_spill
from genrejs.hazard.screening.sea import SeaReach, sea_reach
from genrejs.units import read_area, read_length
from genrejs.writing import whole_folder

ORDINARY_SEA = 0.0
"""[m] level of the sea on an ordinary day (DVR90 is close to it): ground that it reaches is sea, not hollow."""
ASSUMPTIONS = (
    "There is no time: water stands where it comes to rest, the sea for as long as it takes.",
    "Water leaves at the edge of the map, beside cells without ground and in the sea.",
    "Drains, culverts, pumps, weirs and soil act only through the runoff share.",
    "The rain falls with gates open; the sea comes with gates shut.",
)


@dataclass(frozen=True)
class ScreenRequest:
    """The options of `genrejs screen` as given: text and paths, read and checked by `screen_files`."""

    sea_level: str | None = None
    sea: Path | None = None
    open_edges: str | None = None
    rain: str | None = None
    runoff: str = "1.0"
    min_depth: str = "5cm"
    min_area: str = "25m2"


def screen_files(terrain: str, out: Path, request: ScreenRequest, cache: Path | None = None) -> dict[str, Any]:
    """Screen a raster or an embedded city, write maps, tables and summary into `out` when all is done.

    Raises
    ------
    InputError
        A file or option is wrong; nothing is written.
    """
    levels = _levels(request)
    least = read_length(request.min_depth, "--min-depth"), read_area(request.min_area, "--min-area")
    runoff = _number(request.runoff, "--runoff")
    if not 0 < runoff <= 1:
        raise InputError(f"--runoff is the share of the rain that runs off, above 0 and at most 1; got {runoff:g}.")
    rain = None if request.rain is None else read_length(request.rain, "--rain")
    place = read_place(terrain, request.sea, request.open_edges, cache)
    if levels and place.sea is None:
        raise InputError("--sea-level needs to know where the sea is: --sea FILE.gpkg or --open-edges e.")
    reach = None if place.sea is None else sea_reach(place.elevation, place.sea, *place.shut)
    found = find_depressions(place.elevation, place.grid.cell, *place.open, outlets=_outlets(place))
    standing = None if rain is None else fill_and_spill(found, rain, runoff)
    spots = chosen(found, least, runoff)
    summary = _summary(place, spots, standing) | _sea_figures(place, reach, levels)
    with whole_folder(out) as folder:
        write_bluespots(folder, place, spots, standing)
        _write_sea(folder, place, reach, levels)
        (folder / "summary.json").write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return summary


def _levels(request: ScreenRequest) -> dict[str, float]:
    """Return the sea levels [m] by the words they were given in."""
    words = [] if request.sea_level is None else [word.strip() for word in request.sea_level.split(",")]
    return {word: _number(word, "--sea-level") for word in words}


def _number(text: str, what: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"{what} must be a number, or numbers separated by commas; got {text!r}.")
    return value


def _outlets(place: Place) -> NDArray[np.bool_] | None:
    """Return the cells ``(y, x)`` that are sea on an ordinary day with gates open."""
    if place.sea is None:
        return None
    return sea_reach(place.elevation, place.sea, *place.open).reach < ORDINARY_SEA


def _summary(place: Place, spots: Bluespots, standing: Standing | None) -> dict[str, Any]:
    """Return the figures of bluespots and rain for machines."""
    found, kept = spots.found, spots.kept
    summary: dict[str, Any] = {
        "terrain": place.name,
        "ground": "constructed ground" if place.constructed else "given terrain",
        "constructed": place.constructed,
        "cells": int(np.isfinite(place.elevation).sum()),
        "cell_m": place.grid.cell,
        "bluespots": len(spots.order),
        "bluespot_volume_m3": float(found.volume[kept].sum()),
        "bluespot_area_m2": float(found.area[kept].sum()),
        "smaller_hollows": int((~kept).sum()),
        "smaller_hollow_volume_m3": float(found.volume[~kept].sum()),
        "assumptions": list(ASSUMPTIONS),
    }
    if standing is not None:
        error = abs(standing.rained - standing.stored - standing.left) / max(standing.rained, 1e-9)
        summary |= {
            "rained_m3": standing.rained,
            "in_bluespots_m3": float(standing.water[kept].sum()),
            "in_smaller_hollows_m3": float(standing.water[~kept].sum()),
            "left_m3": standing.left,
            "balance_error": error,
            "full_bluespots": int((standing.share[kept] >= 1.0).sum()),
        }
    return summary


def _sea_figures(place: Place, reach: SeaReach | None, levels: dict[str, float]) -> dict[str, Any]:
    """Return flooded area [m2] and volume [m3] of each level over ground that is dry on an ordinary day."""
    if reach is None:
        return {}
    dry = reach.reach >= ORDINARY_SEA
    area = place.grid.cell**2
    figures = []
    for level in levels.values():
        depth = np.where(dry, reach.depth(level), 0.0)
        figures.append(
            {
                "level_m": level,
                "flooded_area_m2": float((depth > 0).sum() * area),
                "volume_m3": float(depth.sum(dtype=np.float64) * area),
            }
        )
    return {"sea_levels": figures}


def _write_sea(folder: Path, place: Place, reach: SeaReach | None, levels: dict[str, float]) -> None:
    if reach is None:
        return
    write_raster(folder / "sea_reach_level.tif", np.where(np.isfinite(reach.reach), reach.reach, np.nan), place.grid)
    for word, level in levels.items():
        write_raster(folder / f"sea_depth_{word}.tif", reach.depth(level), place.grid)
