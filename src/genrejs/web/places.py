"""Places on the earth: a city's coordinates as longitude and latitude."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

DECIMALS = 6
"""Of a degree: 0.1 m."""
WGS84 = "EPSG:4326"


@cache
def transformer(source: str, target: str) -> Transformer:
    """Return what turns coordinates (east, north) of one system into another's; one is kept for each pair."""
    return Transformer.from_crs(source, target, always_xy=True)


def lonlat(x: Any, y: Any, crs: str) -> NDArray[np.float64]:
    """Return longitudes and latitudes ``(n, 2)`` of points x, y [m], six decimals."""
    turned = transformer(crs, WGS84).transform(np.atleast_1d(x), np.atleast_1d(y))
    return np.asarray(np.round(np.column_stack(turned), DECIMALS), dtype=np.float64)


def shapes_lonlat(shapes: Any, crs: str) -> NDArray[np.object_]:
    """Return shapes ``(n,)`` in longitude and latitude, six decimals."""
    given = np.asarray(shapes, dtype=np.object_)
    return np.asarray(shapely.transform(given, lambda at: lonlat(at[:, 0], at[:, 1], crs)), dtype=np.object_)
