"""`flood.simulate`: xarray, tables and files at the border, the solver inside."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Unpack

import xarray as xr

from genrejs.errors import InputError
from genrejs.flood.case import depths, lay_forcing, lay_ground, lay_start, lay_works, seconds
from genrejs.flood.checkpoint import keeper, read_checkpoint
from genrejs.flood.footprint import Footprint, gather
from genrejs.flood.given import Given, complete, with_names
from genrejs.flood.surface import read_surface
from genrejs.flood.tables import read_gauges
from genrejs.flood.watch import watcher
from genrejs.hazard.flood import engine
from genrejs.hazard.flood.choice import choose_scheme
from genrejs.hazard.flood.options import Options


@with_names
def simulate(terrain: xr.DataArray | Path | str, **given: Unpack[Given]) -> Footprint:
    """Return the flood over `terrain` ``(y, x)`` [m], a DataArray in metres or the path of a GeoTIFF.

    Parameters
    ----------
    rain
        "60mm/1h", or mm/h over time: a pandas Series, a table or CSV of time_s, intensity_mm_h, a DataArray
        ``(time)`` or, for rain that differs by place, ``(time, y, x)`` on cells of any size. Linear between points.
    level, open_edges
        Level [m] at the edges "n,e,s,w", a number or over time (level_m); without a level water runs off there.
    outfall
        Edges where water leaves at the normal depth of a slope [m/m]: "e:0.002".
    inflows
        Table or CSV of name, x, y, time_s, discharge_m3_s.
    initial_level
        Level [m] that the water starts at: a number, DataArray or GeoTIFF.
    manning
        Manning's n [s m-1/3]: a number, DataArray or GeoTIFF.
    walls
        Lines (GeoDataFrame or layer) with a crest [m] or a height [m] over the ground: thinner than a cell.
    infiltration, drains
        Rates [mm/h] that the ground and the drains take: a number, DataArray or GeoTIFF.
    soil, soil_table
        Classes on the cells, and a table of class and first_mm_h, last_mm_h, decay_per_h (Horton) or
        conductivity_mm_h, suction_mm, deficit (Green-Ampt) or rate_mm_h.
    structures
        Gates, pumps, weirs, culverts, bridges, drains and rating curves: a TOML file or a mapping, docs/flood.md.
    buildings, buildings_as
        Polygons (GeoDataFrame or layer) that stand as a "block", are cut out as a "hole" or, on cells too coarse for
        streets, leave each cell and face as open as they are not built: "porosity".
    gauges
        Table or CSV of name, x, y, or points with a name, where level and depth are kept over time.
    duration, every
        "3h" or seconds; with `every` depths are kept at that step.
    thresholds, danger, recession
        On request: how long the water stands above depths [m], "0.1,0.5"; depth x speed and the hazard class; the last
        moment with water.
    scheme, order
        "inertial", "shallow-water" or "auto", which takes inertial where a level alone drives the water, else
        shallow-water; of first or second order in space and time.
    precision, engine, threads
        32 or 64 bits; "auto", "cpu" or "cuda"; None takes all.
    crs
        The terrain's coordinate reference system, where the DataArray carries none.
    checkpoint
        A file in which the run keeps where it stands, about once a minute and at its end. If it is there, the run goes
        on from it and ends in the same bits; so does one with a longer duration.
    progress, cancel
        True or a function that is told the share done; an event that stops the run with `Cancelled` when set.

    Raises
    ------
    InputError
        Something given cannot be used; one sentence says what and where.
    Cancelled
        `cancel` was set.
    """
    wanted = complete(given)
    duration = seconds(wanted["duration"], "duration")
    every = None if wanted["every"] is None else seconds(wanted["every"], "time between slices (--every)")
    surface = read_surface(terrain, wanted["crs"])
    ground = lay_ground(surface, wanted)
    works, ratings = lay_works(surface, wanted)
    forcing = lay_forcing(ground, surface, wanted, ratings)
    gauges = read_gauges(wanted["gauges"], surface.grid)
    scheme, why = choose_scheme(forcing, wanted["scheme"])
    options = Options(
        scheme=scheme, order=int(wanted["order"]), precision=int(wanted["precision"]), threads=wanted["threads"],
        every=every, gauges=tuple(gauges.values()), progress=watcher(wanted["progress"], wanted["cancel"]),
        thresholds=depths(wanted["thresholds"]), depth_speed=bool(wanted["danger"]),
        recession=bool(wanted["recession"]), engine=wanted["engine"], **_kept(wanted["checkpoint"]),
    )  # fmt: skip
    if forcing.outfalls and scheme != "shallow-water":
        raise InputError(f"An outfall at normal depth needs the shallow-water scheme; the scheme taken is {scheme}.")
    start = lay_start(surface, wanted)
    flood = engine.simulate(ground, forcing, works, duration=duration, initial_level=start, options=options)
    return gather(flood, surface, ground.elevation, (options, why, duration, list(gauges)))


def _kept(place: Path | str | None) -> dict[str, Any]:
    """Return the options of a run that keeps where it stands, nothing without a file."""
    return {} if place is None else {"checkpoint": keeper(place), "resume": read_checkpoint(place)}
