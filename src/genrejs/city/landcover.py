"""What covers the ground: how rough it is, what soaks in, and what the drains take."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from genrejs.city.grid import Floats, Grid
from genrejs.city.terrain_sources import text_of
from genrejs.city.terrain_surface import mask
from genrejs.errors import InputError

Classes = NDArray[np.int8]

DESIGN_INTENSITY = {1.0: 120.0, 2.0: 150.0, 5.0: 190.0, 10.0: 230.0, 100.0: 380.0}
"""10-minute design rain by return period [l/s/ha] (kloakviden.eu/dim-af-regnvand)."""

LITRES_PER_HECTARE = 1e-7
"""1 l/s/ha in m/s."""

SEALED = ("centre", "dense", "detached", "industry", "park")
"""Kinds of districts that can be painted."""


@dataclass(frozen=True)
class LandCover:
    """The classes and their properties; index with the class code ``(n,)``."""

    table: pd.DataFrame

    def code(self, kind: str) -> int:
        """Return the code of a class; raise InputError for an unknown kind."""
        if kind not in self.table.index:
            raise InputError(f"Unknown land cover {kind!r}; accepted are {', '.join(self.table.index)}.")
        return int(self.table["code"].to_dict()[kind])

    def manning(self, cover: Classes) -> Floats:
        """Return Manning's roughness of each cell ``(y, x)`` [s m-1/3]."""
        return self._of("manning", cover)

    def infiltration(self, cover: Classes) -> Floats:
        """Return what soaks in, ``(y, x)`` [m/s]: the soil's rate on the pervious share of each cell."""
        return self._of("infiltration", cover) * (1 - self._of("impervious", cover))

    def drain_capacity(self, cover: Classes) -> Floats:
        """Return what the drains take, ``(y, x)`` [m/s]: the 10-minute design rain on the sealed share of each cell."""
        rain = {period: design_intensity(period) for period in self.table["drain_return_period"].dropna().unique()}
        rate = self.table["drain_return_period"].map(rain).fillna(0.0).to_numpy(dtype=np.float64)
        order = self.table["code"].to_numpy()
        by_code = np.zeros(order.max() + 1)
        by_code[order] = rate
        return np.asarray(by_code[cover] * self._of("impervious", cover))

    def _of(self, column: str, cover: Classes) -> Floats:
        by_code = np.zeros(int(self.table["code"].max()) + 1)
        by_code[self.table["code"].to_numpy()] = self.table[column].to_numpy(dtype=np.float64)
        return by_code[cover]


def design_intensity(return_period: float) -> float:
    """Return the 10-minute design rain [m/s] of a return period [years], between tabled ones by its logarithm.

    Raises
    ------
    InputError
        The return period lies outside 1 to 100 years.
    """
    periods = np.array(sorted(DESIGN_INTENSITY))
    if not periods[0] <= return_period <= periods[-1]:
        raise InputError(f"A design return period of {return_period:g} years; accepted are 1 to 100 years.")
    values = [DESIGN_INTENSITY[period] for period in periods]
    return float(np.interp(np.log(return_period), np.log(periods), values)) * LITRES_PER_HECTARE


def read_land_cover(city: str = "vejle") -> LandCover:
    """Return the land cover table of an embedded city."""
    return LandCover(pd.read_csv(io.StringIO(text_of("land_cover.csv", city))).set_index("kind"))


def natural_cover(elevation: Floats, cell: float, floor: NDArray[np.bool_], steep: float = 0.15) -> Classes:
    """Return the cover before anyone built ``(y, x)``: meadow on the floor, forest above `steep`, else field.

    Assumption: the woods round an East Jutland fjord stand where the ground is too steep for the plough.
    """
    cover = read_land_cover()
    slope = np.hypot(*np.gradient(elevation, cell))
    kinds = np.where(floor, cover.code("park"), np.where(slope > steep, cover.code("forest"), cover.code("field")))
    return kinds.astype(np.int8)


def painted(cover: Classes, shapes: Iterable[tuple[str, BaseGeometry]], grid: Grid) -> Classes:
    """Return the cover with kinds painted on the cells whose centre lies in their shapes, later ones over earlier."""
    classes, result = read_land_cover(), cover.copy()
    for kind, shape in shapes:
        result[mask(shape, grid)] = classes.code(kind)
    return result


def district_shapes(districts: gpd.GeoDataFrame, grid: Grid) -> list[tuple[str, BaseGeometry]]:
    """Return kind and outline [m] of the districts.

    Raises
    ------
    InputError
        A column `kind` is missing or holds another kind than SEALED.
    """
    if "kind" not in districts.columns:
        raise InputError(f"The districts have no column 'kind'; accepted kinds are {', '.join(SEALED)}.")
    wrong = sorted({str(kind) for kind in districts["kind"]} - set(SEALED))
    if wrong:
        raise InputError(f"Districts of kind {', '.join(wrong)}; accepted are {', '.join(SEALED)}.")
    metric = districts.to_crs(grid.crs)
    return list(zip(metric["kind"], metric.geometry, strict=True))
