"""Reading and writing the ordinary files of geography, with one clear sentence when a file will not do."""

from __future__ import annotations

import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import rasterio
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.transform import Affine
from shapely.errors import ShapelyError

from genrejs.city.grid import Grid
from genrejs.errors import InputError
from genrejs.writing import whole

MOST_CELLS = 100_000_000
"""Cells that a raster may have: 800 MB as float64 (assumption: what a laptop holds)."""

PARQUET = (".parquet", ".geoparquet")
"""Endings that tell GeoParquet."""

NAMED_LAYER = "|layername="
"""What QGIS writes between a file and the name of its layer."""

ALMOST_SQUARE = 0.01
"""Largest difference between cell width and height, as a share, that is evened out instead of refused (assumption)."""


def read_raster(
    path: Path | str,
    most_cells: int = MOST_CELLS,
    dtype: type[np.floating[Any]] = np.float64,
    bounds: tuple[float, float, float, float] | None = None,
) -> tuple[NDArray[Any], Grid]:
    """Return the first band as `dtype` ``(y, x)`` with row 0 in the north and NaN for no data, and its grid.

    Rasters whose cells are within 1 % of square are interpolated between rows onto square cells. With `bounds` (west,
    south, east, north) [m] only the cells that they meet are read, one at least, if the cells are exactly square; they
    may be empty. A scale and offset that the file declares are applied. float32 takes half the memory and keeps a
    float32 raster's numbers as they are.

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
                grid = _checked_grid(path, source)
                height = -float(source.transform.e)
                grid, window = (grid, None) if bounds is None or height != grid.cell else _window(grid, bounds)
                cells = source.width * source.height if window is None else grid.rows * grid.columns
                if cells > most_cells:
                    raise InputError(
                        f"The raster {path} has {cells:,} cells; at most {most_cells:,} are accepted: "
                        "cut out a window or use larger cells."
                    )
                values = source.read(1, masked=True, window=window)
                scale, offset = source.scales[0], source.offsets[0]
    except RasterioError as error:
        raise InputError(f"{path} cannot be read as a raster (a GeoTIFF is wanted): {_one_line(error)}.") from error
    array = np.asarray(values.data).astype(dtype, copy=False)
    if (scale, offset) != (1.0, 0.0):
        array = (array * scale + offset).astype(dtype, copy=False)
    array[np.ma.getmaskarray(values)] = np.nan
    array[~np.isfinite(array)] = np.nan
    if window is None and np.isnan(array).all():
        raise InputError(f"The raster {path} has no data: all {array.size} cells are empty or not a number.")
    return _square(array, grid, height).astype(dtype, copy=False), grid


def _window(grid: Grid, bounds: tuple[float, float, float, float]) -> tuple[Grid, Any]:
    """Return the part of the grid that the closed `bounds` meet, a cell to spare around it, and rasterio's window."""
    west, south, east, north = bounds
    across = (np.array([west, east]) - grid.west) / grid.cell
    down = (grid.north - np.array([north, south])) / grid.cell
    left, top = (
        int(np.clip(np.floor(low) - 1, 0, most - 1)) for low, most in ((across[0], grid.columns), (down[0], grid.rows))
    )
    right = int(np.clip(np.floor(across[1]) + 2, left + 1, grid.columns))
    bottom = int(np.clip(np.floor(down[1]) + 2, top + 1, grid.rows))
    part = Grid(
        grid.west + left * grid.cell, grid.north - top * grid.cell, grid.cell, bottom - top, right - left, grid.crs
    )
    return part, ((top, bottom), (left, right))


def _checked_grid(path: Path, source: Any) -> Grid:
    """Return the grid of an open raster; raise InputError when it cannot be one of ours."""
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


def _square(array: NDArray[Any], grid: Grid, height: float) -> NDArray[Any]:
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
    """Return the features of a file's only layer, or of the one that it names, reprojected to `crs` if given.

    A layer is named as QGIS does: ``town.gpkg|layername=houses``.

    Raises
    ------
    InputError
        The file is missing, unreadable, not UTF-8, holds several layers and none is named, has no features, geometry
        or CRS, or is in degrees with no `crs`.
    """
    file, _, layer = str(path).partition(NAMED_LAYER)
    path = Path(file)
    if not path.exists():
        raise InputError(f"The layer {path} does not exist.")
    features = _read_features(path, layer or _only_layer(path))
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


def _only_layer(path: Path) -> str | None:
    """Return the name of a GeoPackage's only layer with geometry, None where it has one table or is another format."""
    if path.suffix.lower() != ".gpkg":
        return None
    try:
        layers = pyogrio.list_layers(path)
    except pyogrio.errors.DataSourceError:
        return None  # the reader says what is wrong with it
    drawn = [str(name) for name, kind in layers if kind is not None]
    if len(drawn) > 1:
        names, one = ", ".join(drawn[:6]), f"{path}{NAMED_LAYER}{drawn[0]}"
        raise InputError(f"{path} holds {len(drawn)} layers ({names}); say which, such as {one}.")
    return drawn[0] if drawn else None


def _read_features(path: Path, layer: str | None) -> Any:
    """Return what pyogrio, or geopandas for GeoParquet, reads; raise InputError when it cannot."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if path.suffix.lower() in PARQUET:
                return gpd.read_parquet(path)
            found = _read_columns(path, layer) if path.suffix.lower() == ".gpkg" else None
            return pyogrio.read_dataframe(path, layer=layer) if found is None else found
    except UnicodeDecodeError as error:
        raise InputError(f"The layer {path} has text that is not UTF-8; save it with encoding UTF-8.") from error
    except ImportError as error:
        raise InputError(f"{path} is GeoParquet, which needs the package pyarrow; save it as GeoPackage.") from error
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, OSError) as error:
        if "Missing geo metadata" in str(error):  # an ordinary Parquet table
            return None
        raise InputError(
            f"{path} cannot be read as a layer (GeoPackage, GeoJSON or GeoParquet): {_one_line(error)}."
        ) from error


def _read_columns(path: Path, layer: str | None) -> Any:
    """Return a GeoPackage read by columns (200,000 buildings with 25 columns of text in 1 s, not 5); None if unable.

    The columns are checked before they are used: what the driver hands over wrongly, text that is not UTF-8 and curves
    are left to reading by rows, which draws curves out and has its own messages.
    """
    if find_spec("pyarrow") is None:
        return None
    import pyarrow  # noqa: PLC0415  # not needed without a layer

    try:
        with pyogrio.open_arrow(path, layer=layer, use_pyarrow=True) as (about, batches):
            table = batches.read_all()
        table.validate(full=True)
        place = about["geometry_name"] or "wkb_geometry"
        names = ["geometry" if name == place else name for name in table.column_names]
        return gpd.GeoDataFrame.from_arrow(table.rename_columns(names)) if names.count("geometry") == 1 else None
    except (pyarrow.ArrowException, ShapelyError, NotImplementedError):
        return None


def _one_line(error: Exception) -> str:
    """Return the first sentence of an error's message without its full stop."""
    return (str(error).splitlines() or [type(error).__name__])[0].split(";")[0].rstrip(".")
