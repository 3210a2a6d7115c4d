"""Which district a building stands in, from a layer of polygons."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np

from genrejs.city.raster import read_vector
from genrejs.damage.columns import COLUMNS, plain
from genrejs.damage.houses import Houses, words_of
from genrejs.errors import InputError

OUTSIDE = "outside"
"""District of buildings in no polygon."""
NAMES = ("name", "navn", "name_da", "id", *COLUMNS["district"].names)


def with_districts(houses: Houses, given: gpd.GeoDataFrame | Path | str | None) -> Houses:
    """Return the buildings with the district whose polygon holds a point inside each; None leaves them as they are.

    Raises
    ------
    InputError
        The layer has no column with names, no polygons, or holds none of the buildings.
    """
    if given is None:
        return houses
    table = houses.table
    where = "The layer of districts" if isinstance(given, gpd.GeoDataFrame) else str(given)
    layer = given.to_crs(table.crs) if isinstance(given, gpd.GeoDataFrame) else read_vector(given, crs=str(table.crs))
    layer = layer[layer.geom_type.isin(["Polygon", "MultiPolygon"])].reset_index(drop=True)
    if layer.empty:
        raise InputError(f"{where} has no polygons.")
    column = next((c for name in NAMES for c in layer.columns if plain(str(c)) == plain(name)), None)
    if column is None:
        raise InputError(f"{where} has no column with the districts' names ({', '.join(NAMES[:3])}).")
    points = table.geometry.representative_point()
    building, district = layer.sindex.query(points, predicate="intersects")
    name = np.full(len(table), OUTSIDE, dtype=object)
    # Of overlapping polygons the first in the layer counts.
    order = np.lexsort((-district, building))
    names = np.array([word or "unknown" for word in words_of(layer[column])], dtype=object)
    name[building[order]] = names[district[order]]
    if building.size == 0:
        raise InputError(f"{where}: no building lies in any of its {len(layer)} polygons.")
    lost = int((name == OUTSIDE).sum())
    notes = houses.notes + ((f"{lost} buildings lie in no district.",) if lost else ())
    return replace(houses, table=table.assign(district=name), notes=notes)
