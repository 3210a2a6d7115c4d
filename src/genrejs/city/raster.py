"""Reading and writing the ordinary files of geography, with one clear sentence when a file will not do."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import rasterio
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.transform import Affine

from genrejs.city.grid import Floats, Grid
from genrejs.errors import InputError
from genrejs.writing import whole

MOST_CELLS = 100_000_000
"""Cells that a raster may have: 800 MB as float64 (assumption: what a laptop holds)."""

ALMOST_SQUARE = 0.01
"""Largest difference between cell width and height, as a share, that is evened out instead of refused (assumption)."""


def read_raster(path: Path | str, most_cells: int = MOST_CELLS) -> tuple[Floats, Grid]:
    """Return the first band as float64 ``(y, x)`` with row 0 in the north and NaN for no data, and its grid.

    Rasters whose cells are within 1 % of square are interpolated between rows onto square cells.

    Raises
    ------
    InputError
        The file is missing, no raster, without CRS or in degrees, rotated, upside down, not square, empty or too large.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"The raster {path} does not exist.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(path) as source:
                grid = _checked_grid(path, source, most_cells)
                values = source.read(1, masked=True)
                height = -float(source.transform.e)
    except RasterioError as error:
        raise InputError(f"{path} cannot be read as a raster (a GeoTIFF is wanted): {_one_line(error)}.") from error
    array = np.ma.filled(values.astype(np.float64), np.nan)
    array[~np.isfinite(array)] = np.nan
    if np.isnan(array).all():
        raise InputError(f"The raster {path} has no data: all {array.size} cells are empty or not a number.")
    return _square(array, grid, height), grid


def _checked_grid(path: Path, source: Any, most_cells: int) -> Grid:
    """Return the grid of an open raster; raise InputError when it cannot be one of ours."""
    if source.width * source.height > most_cells:
        raise InputError(
            f"The raster {path} has {source.width * source.height:,} cells; at most {most_cells:,} are accepted: "
            "cut out a window or use larger cells."
        )
    if source.crs is None:
        raise InputError(f"The raster {path} has no coordinate reference system; save it with one, e.g. EPSG:25832.")
    place = source.transform
    check_metric(f"The raster {path}", source.crs)
    if place.b != 0 or place.d != 0:
        raise InputError(f"The raster {path} is rotated; a north-up raster is wanted (gdalwarp makes one).")
    if place.e > 0:
        raise InputError(
            f"The raster {path} is upside down (its rows run from south to north); row 0 must be the north."
        )
    if place.a <= 0 or abs(place.a + place.e) > ALMOST_SQUARE * abs(place.a):
        raise InputError(f"The raster {path} has cells of {place.a:g} x {-place.e:g} m; square cells are wanted.")
    rows = source.height
    if place.a != -place.e:
        rows = max(1, int(source.height * -place.e / place.a))
    return Grid(float(place.c), float(place.f), float(place.a), rows, source.width, crs_name(source.crs))


def check_metric(what: str, crs: Any) -> None:
    """Raise InputError unless the coordinates are metres."""
    if crs.is_geographic:
        raise InputError(f"{what} is in degrees ({crs_name(crs)}); reproject it to metres, e.g. EPSG:25832.")
    unit = str(crs.linear_units).lower() if hasattr(crs, "linear_units") else str(crs.axis_info[0].unit_name).lower()
    if unit not in {"metre", "meter", "m"}:
        raise InputError(
            f"{what} has coordinates in {unit} ({crs_name(crs)}); reproject it to metres, e.g. EPSG:25832."
        )


def crs_name(crs: Any) -> str:
    """Return ``EPSG:n`` where the CRS has a code, else its WKT."""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.to_wkt())


def _square(array: Floats, grid: Grid, height: float) -> Floats:
    """Return the rows of `height` [m] interpolated linearly to the grid's square cells."""
    if height == grid.cell:
        return array
    place = np.clip((np.arange(grid.rows) + 0.5) * grid.cell / height - 0.5, 0, array.shape[0] - 1)
    above = np.minimum(place.astype(np.int64), array.shape[0] - 1)
    below = np.minimum(above + 1, array.shape[0] - 1)
    share = (place - above)[:, None]
    return np.asarray(
        np.where(share == 0, array[above], array[above] * (1 - share) + array[below] * share), dtype=np.float64
    )


def write_raster(path: Path | str, array: NDArray[Any], grid: Grid) -> None:
    """Write a ``(y, x)`` array on `grid` as a float32 GeoTIFF (deflate, NaN for no data), complete or not at all.

    Raises
    ------
    InputError
        The array does not fit the grid, or the folder cannot be written.
    """
    path = Path(path)
    if array.shape != grid.shape:
        raise InputError(f"An array of {array.shape} cannot be written to {path}: its grid has {grid.shape} cells.")
    profile = {
        "driver": "GTiff", "dtype": "float32", "count": 1, "width": grid.columns, "height": grid.rows, "crs": grid.crs,
        "transform": Affine(grid.cell, 0.0, grid.west, 0.0, -grid.cell, grid.north), "nodata": float("nan"),
        "compress": "deflate", "predictor": 3, "tiled": True, "blockxsize": 256, "blockysize": 256,
    }  # fmt: skip
    with whole(path) as place, rasterio.open(place, "w", **profile) as target:
        target.write(np.asarray(array, dtype=np.float32), 1)


def read_vector(path: Path | str, crs: str | None = None) -> gpd.GeoDataFrame:
    """Return the features of the first layer, reprojected to `crs` if given.

    Raises
    ------
    InputError
        The file is missing, unreadable, not UTF-8, has no features, geometry or CRS, or is in degrees with no `crs`.
    """
    path = Path(path)
    if not path.exists():
        raise InputError(f"The layer {path} does not exist.")
    features = _read_features(path)
    if not isinstance(features, gpd.GeoDataFrame):
        raise InputError(f"{path} has no geometry; a layer of points, lines or polygons is wanted (e.g. GeoPackage).")
    if features.empty or bool((features.geometry.isna() | features.geometry.is_empty).all()):
        raise InputError(f"The layer {path} has no features.")
    if features.crs is None:
        raise InputError(f"The layer {path} has no coordinate reference system; save it with one, e.g. EPSG:25832.")
    if crs is not None:
        return features.to_crs(crs)
    check_metric(f"The layer {path}", features.crs)
    return features


def _read_features(path: Path) -> Any:
    """Return what pyogrio reads; raise InputError when it cannot."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return pyogrio.read_dataframe(path)
    except UnicodeDecodeError as error:
        raise InputError(f"The layer {path} has text that is not UTF-8; save it with encoding UTF-8.") from error
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise InputError(f"{path} cannot be read as a layer (GeoPackage or GeoJSON): {_one_line(error)}.") from error


def _one_line(error: Exception) -> str:
    """Return the first sentence of an error's message without its full stop."""
    return (str(error).splitlines() or [type(error).__name__])[0].split(";")[0].rstrip(".")
