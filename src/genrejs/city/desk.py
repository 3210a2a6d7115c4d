"""The body of `genrejs city`: build, check, show and import, in lines of text and ordinary files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from genrejs.city.embedded import load_city
from genrejs.city.files import city_from_files
from genrejs.city.model import BUILDING_COLUMNS, COMPONENT_COLUMNS, HOUSEHOLD_COLUMNS, SERVICES, City
from genrejs.city.raster import write_raster
from genrejs.errors import InputError
from genrejs.writing import whole_folder

RASTERS = ("elevation", "manning", "infiltration", "drain_capacity", "land_cover")


def city_lines(what: str, options: Any, cache: Path) -> Iterator[str]:
    """Yield the lines that `genrejs city WHAT` prints; raise InputError for options that do not fit."""
    if what == "import":
        if options.terrain is None or options.out is None:
            raise InputError("city import needs --terrain TERRAIN.tif and --out DIR (and takes --buildings B.gpkg).")
        city = city_from_files(options.terrain, options.buildings, name=options.name)
    else:
        city = load_city(options.name, cell=options.cell, seed=options.seed, cache=cache)
    if what == "build" and options.out is None:
        raise InputError("city build needs --out DIR, where it writes the city's files.")
    yield from _ACTIONS[what](city)
    if options.out is not None:
        write_city(city, options.out)
        yield f"Written to {options.out}."


def show(city: City) -> Iterator[str]:
    """Yield what a person wants to know first about a city."""
    yield f"{city.name}: {city.grid.columns} x {city.grid.rows} cells of {city.grid.cell:g} m, {city.grid.crs}" + (
        " (constructed ground, buildings and people)" if city.constructed else ""
    )
    yield f"{len(city.buildings)} buildings, {len(city.households)} households, {len(city.components)} components"
    for row in city.districts.sort_values("residents", ascending=False).itertuples():
        yield f"  {row.name_da}: {row.residents} residents"
    yield f"Structures: {', '.join(part.id for part in city.structures) or 'none'}"


def check(city: City) -> Iterator[str]:
    """Yield one line per thing checked; raise InputError at the first that is wrong."""
    for name, test, wrong in _CHECKS:
        if not test(city):
            raise InputError(f"{city.name}: {wrong}.")
        yield f"{name}: in order"


def write_city(city: City, out: Path) -> None:
    """Write rasters (GeoTIFF), buildings and districts (GeoPackage), tables (CSV) into `out`, whole or not at all."""
    with whole_folder(out) as folder:
        for name in RASTERS:
            write_raster(folder / f"{name}.tif", city.terrain[name].to_numpy().astype(np.float64), city.grid)
        for name in ("buildings", "districts", "streams"):
            table = getattr(city, name)
            if len(table):
                table.to_file(folder / f"{name}.gpkg", driver="GPKG")
        for name in ("households", "components", "links", "supply", "sources"):
            getattr(city, name).to_csv(folder / f"{name}.csv", index=False)


def _has(columns: tuple[str, ...], table: str) -> Callable[[City], bool]:
    return lambda city: set(columns) <= set(getattr(city, table).columns)


def _shares(city: City) -> bool:
    """Whether every service's shares sum to 1 in every district it is supplied to."""
    if city.supply.empty:
        return True
    service = city.components.set_index("id")["service"]
    sums = city.supply.assign(service=city.supply["component"].map(service)).groupby(["service", "district"])["share"]
    return bool(np.allclose(sums.sum(), 1.0))


def _finite(city: City) -> bool:
    return bool(np.isfinite(city.terrain["elevation"].to_numpy()).any())


def _known_services(city: City) -> bool:
    return set(city.components["service"]) <= set(SERVICES)


def _links(city: City) -> bool:
    ends = set(city.links["source"]) | set(city.links["target"])
    return ends <= set(city.components["id"])


_CHECKS: tuple[tuple[str, Callable[[City], bool], str], ...] = (
    ("terrain", _finite, "the terrain holds no number at all"),
    ("buildings", _has(BUILDING_COLUMNS, "buildings"), "the buildings lack a column of " + ", ".join(BUILDING_COLUMNS)),
    ("households", _has(HOUSEHOLD_COLUMNS, "households"), "the households lack a declared column"),
    ("components", _has(COMPONENT_COLUMNS, "components"), "the components lack a declared column"),
    ("services", _known_services, "a component gives an unknown service"),
    ("links", _links, "a link names a component that is not there"),
    ("supply", _shares, "the supply shares of a service do not sum to 1 in some district"),
)
_ACTIONS: Mapping[str, Callable[[City], Iterator[str]]] = {"build": show, "import": show, "show": show, "check": check}
