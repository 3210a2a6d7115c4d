"""The cities inside the package, put together from their plain-text sources."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from genrejs.city.buildings import construct_buildings
from genrejs.city.districts import DISTRICT_COLUMNS, embedded_districts, read_table
from genrejs.city.grid import Grid
from genrejs.city.households import settle
from genrejs.city.lifelines import embedded_lifelines
from genrejs.city.model import City
from genrejs.city.streets_embedded import embedded_streets
from genrejs.city.terrain import WINDOW, embedded_sea, embedded_streams, embedded_terrain
from genrejs.city.works import embedded_structures

SITING_CELL = 10.0  # [m] buildings stand on ground of this detail, so that every grid meets the same city


def load_city(name: str = "vejle", *, cell: float = 10.0, seed: int = 1, cache: Path | None = None) -> City:
    """Return an embedded city on a grid of `cell` metres, its buildings and people constructed from `seed`.

    Only the terrain is slow enough to be kept in the folder `cache`; the rest takes about a second.

    Raises
    ------
    InputError
        When no city of that name is embedded, or the cell size is not above 0.
    """
    districts = embedded_districts(name)
    grid = Grid.covering(WINDOW, cell)
    terrain = embedded_terrain(grid, cache, districts=districts)
    siting = Grid.covering(WINDOW, SITING_CELL)
    ground = terrain if siting == grid else embedded_terrain(siting, cache, districts=districts)
    streams = embedded_streams()
    empty = construct_buildings(streams, ground["elevation"], name=name, seed=seed)
    buildings, households = settle(empty, districts, name=name, seed=seed)
    lifelines = embedded_lifelines(name)
    return City(
        name=name,
        grid=grid,
        terrain=terrain,
        districts=districts[[*DISTRICT_COLUMNS, "geometry"]],
        buildings=buildings,
        households=households,
        components=lifelines.components,
        links=lifelines.links,
        supply=lifelines.supply,
        streams=streams,
        structures=embedded_structures(name),
        open_sea=embedded_sea(grid),
        sources=embedded_sources(name),
        constructed=True,
        streets=embedded_streets(name, ground["elevation"], seed=seed, cache=cache),
    )


def embedded_sources(name: str = "vejle") -> pd.DataFrame:
    """Return where every part of an embedded city comes from: `what`, `value`, `source`, `licence`, `certainty`."""
    return read_table(name, "sources.csv")
