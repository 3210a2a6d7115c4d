"""Maps without words but names: the ground in relief, water by depth class, buildings, barriers, districts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.path import Path as MarkerPath
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray
from shapely import Point

from genrejs.city.model import City, residents_by_district
from genrejs.city.structures import Gate, Pump, Wall
from genrejs.report import palette
from genrejs.report.images import style, webp
from genrejs.report.story import district_names
from genrejs.scenario.figures import SEA_GROUND, ground_under
from genrejs.scenario.result import Result

ATTRIBUTION = "Indeholder data fra Klimadatastyrelsen / Geodatastyrelsen, DAGI 2014 (CC BY 4.0); SRTM"
"""The wording that the licences of shore and terrain ask for."""

NAME_SIZE = 10.0
"""Size of names [point]: still legible where a phone shows the map 600 pixels wide."""

WIDTH, DPI = 7.2, 180
"""Width of a map [inch] and dots per inch: about 1300 pixels, sharp on a screen of double density."""

EXAGGERATION = 4.0
"""Heights are drawn this much steeper, or a Danish valley would look flat."""

DARKEST = 0.68
"""Brightness of slopes in full shade, 0..1: dark enough to be seen, light enough for names and buildings."""

WET_EDGE = 0.7
"""Width of the edge [point] that lets buildings with water stand out."""

PUMP_SIGN = ((-0.45, 0.5), (0.45, 0.5), (0.0, 1.3), (-0.45, 0.5))
"""A triangle above its place: pumps stand at their sluice, and both are to be seen."""

SCALE_BARS = (10_000.0, 5_000.0, 2_000.0, 1_000.0, 500.0, 200.0, 100.0, 50.0, 20.0, 10.0)


@dataclass(frozen=True)
class View:
    """The cells shown: centres [m], ground ``(y, x)`` [m DVR90], and which cells are fjord on an ordinary day."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    ground: NDArray[np.float64]

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """``(west, east, south, north)`` of the outer cell edges [m]."""
        half = abs(self.x[1] - self.x[0]) / 2
        return self.x[0] - half, self.x[-1] + half, self.y[-1] - half, self.y[0] + half

    @property
    def fjord(self) -> NDArray[np.bool_]:
        """Cells below the ordinary level of the sea or without ground, ``(y, x)``."""
        return np.isnan(self.ground) | (self.ground <= SEA_GROUND)


def flood_map(city: City, result: Result) -> bytes:
    """Return a WebP map of one event's greatest water depth over the city, flooded buildings stand out."""
    if result.footprint is None:
        return city_map(city)
    water = result.footprint
    view = View(water["x"].to_numpy(), water["y"].to_numpy(), ground_under(city, water))
    depth = water["max_depth"].to_numpy()

    def draw(axes: Axes) -> None:
        axes.imshow(depth_colours(np.where(view.fjord, np.nan, depth)), extent=view.extent, interpolation="nearest")
        _streams(axes, city)
        wet = result.impact.buildings["wet"].to_numpy(dtype=bool)
        draw_buildings(axes, city.buildings[~wet], palette.DRY_BUILDING)
        draw_buildings(axes, city.buildings[wet], palette.WET_BUILDING, edge=WET_EDGE)
        _barriers(axes, city)

    return _map(city, view, draw)


def city_map(city: City) -> bytes:
    """Return a WebP map of districts, buildings and the components of the lifelines."""
    view = View(city.grid.x, city.grid.y, city.terrain["elevation"].to_numpy())

    def draw(axes: Axes) -> None:
        _streams(axes, city)
        draw_buildings(axes, city.buildings, palette.DRY_BUILDING)
        city.districts.boundary.plot(ax=axes, color=palette.INK, linewidth=0.8, linestyle=(0, (3, 2)), aspect=None)
        _barriers(axes, city)
        axes.scatter(
            city.components["x"], city.components["y"], s=26, marker="o", color=palette.STRATEGY_LINES[5][0],
            edgecolor="white", linewidth=0.8, zorder=6,
        )  # fmt: skip

    return _map(city, view, draw)


def window_map(city: City, result: Result, draw: Callable[[Axes], None]) -> bytes:
    """Return a WebP map of the window of a flood, on which `draw` draws."""
    water = result.footprint
    if water is None:
        return _map(city, View(city.grid.x, city.grid.y, city.terrain["elevation"].to_numpy()), draw)
    return _map(city, View(water["x"].to_numpy(), water["y"].to_numpy(), ground_under(city, water)), draw)


def depth_colours(depth: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the class colour of every depth [m] as RGBA ``(y, x, 4)``, clear where dry or not known."""
    picture = np.zeros((*depth.shape, 4))
    for least, colour in palette.WATER_CLASSES:
        picture[np.nan_to_num(depth) >= least] = (*to_rgb(colour), 0.88)
    return picture


def _map(city: City, view: View, draw: Callable[[Axes], None]) -> bytes:
    west, east, south, north = view.extent
    with style():
        figure = Figure(figsize=(WIDTH, WIDTH * (north - south) / (east - west)), dpi=DPI)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.imshow(_relief(view), extent=view.extent, interpolation="bilinear")
        draw(axes)
        axes.set(xlim=(west, east), ylim=(south, north), aspect="equal")
        _names(axes, city, view)
        _scale(axes, view)
        _north(axes)
        axes.text(
            0.995, 0.006, ATTRIBUTION, transform=axes.transAxes, fontsize=5.5, ha="right", va="bottom",
            path_effects=[withStroke(linewidth=2, foreground="white")],
        )  # fmt: skip
        return webp(figure)


def _relief(view: View) -> NDArray[np.float64]:
    """Return the ground as shaded relief in a pale sand colour, the fjord flat, RGB ``(y, x, 3)``."""
    cell = abs(float(view.x[1] - view.x[0]))
    land = np.where(view.fjord, 0.0, view.ground)
    south, east = np.gradient(EXAGGERATION * land, cell)
    # Lambert's law with light from the north-west at 45 degrees, relative to level ground.
    light = (1 + (east + south) / np.sqrt(2)) / np.sqrt(1 + east**2 + south**2)
    picture = np.asarray(to_rgb(palette.LAND)) * (DARKEST + (1 - DARKEST) * light.clip(0, 1.12))[..., None]
    picture[view.fjord] = to_rgb(palette.FJORD)
    return np.asarray(picture.clip(0, 1))


def _streams(axes: Axes, city: City) -> None:
    if len(city.streams):
        lines = [np.asarray(line.coords)[:, :2] for line in city.streams.geometry.explode(index_parts=False)]
        axes.add_collection(LineCollection(lines, colors=palette.STREAM, linewidths=1.0, zorder=2))


def draw_buildings(axes: Axes, buildings: gpd.GeoDataFrame, colour: str, edge: float = 0.0) -> None:
    """Draw the outlines of `buildings`, filled with `colour`; `edge` [point] lets them stand out."""
    rings = [np.asarray(shape.exterior.coords)[:, :2] for shape in buildings.geometry.explode(index_parts=False)]
    axes.add_collection(PolyCollection(rings, facecolors=colour, edgecolors=colour, linewidths=edge, zorder=3))


def _barriers(axes: Axes, city: City) -> None:
    walls = [np.asarray(part.line.coords)[:, :2] for part in city.structures if isinstance(part, Wall)]
    axes.add_collection(LineCollection(walls, colors=palette.BARRIER, linewidths=2.0, zorder=4))
    gates = [shapely.centroid(part.line) for part in city.structures if isinstance(part, Gate)]
    pumps = [part.intake for part in city.structures if isinstance(part, Pump)]
    _signs(axes, pumps, (MarkerPath(PUMP_SIGN), 380, palette.PUMP, "white"))
    _signs(axes, gates, ("D", 46, palette.GATE, "black"))


def _signs(axes: Axes, places: Sequence[Point], sign: tuple[str | MarkerPath, float, str, str]) -> None:
    """Draw one sign at every place: its shape, size [points squared], colour and edge."""
    shape, size, colour, edge = sign
    x, y = [place.x for place in places], [place.y for place in places]
    axes.scatter(x, y, s=size, marker=shape, color=colour, edgecolor=edge, linewidth=1.1, zorder=5)


def _names(axes: Axes, city: City, view: View) -> None:
    """Write the districts' names where they fit, the most populous first, none over another."""
    west, east, south, north = view.extent
    names, taken = district_names(city), list[tuple[float, float, float]]()
    crowd = residents_by_district(city)
    order = city.districts.assign(_crowd=crowd.to_numpy()).sort_values("_crowd", ascending=False, kind="stable")
    window, line = shapely.box(west, south, east, north), (north - south) / 38
    for row in order.itertuples():
        shown = row.geometry.intersection(window)
        if shown.area < 0.2 * row.geometry.area or shown.is_empty:
            continue
        text, spot = names[str(row.id)], shown.representative_point()
        half = 0.4 * line * len(text)
        x = float(np.clip(spot.x, west + half, east - half))
        y = _free(x, spot.y, half, line, taken)
        if y is None:
            continue
        taken.append((x, y, half))
        axes.text(
            x, y, text, ha="center", va="center", fontsize=NAME_SIZE, weight="bold", zorder=8, color=palette.INK,
            path_effects=[withStroke(linewidth=2.6, foreground="white")],
        )  # fmt: skip


def _free(x: float, y: float, half: float, line: float, taken: Sequence[tuple[float, float, float]]) -> float | None:
    """Return the nearest height to `y` where a name of half-width `half` meets no other, None when all are taken."""
    for shift in (0.0, 1.0, -1.0, 2.0, -2.0):
        there = y + shift * line
        if all(abs(x - other) > half + width or abs(there - height) > line for other, height, width in taken):
            return there
    return None


def _scale(axes: Axes, view: View) -> None:
    west, east, south, north = view.extent
    length = next((bar for bar in SCALE_BARS if bar <= (east - west) / 4), SCALE_BARS[-1])
    x, y = west + 0.03 * (east - west), south + 0.035 * (north - south)
    halo = [withStroke(linewidth=4, foreground="white")]
    axes.plot([x, x + length], [y, y], color="black", linewidth=2.5, solid_capstyle="butt", path_effects=halo, zorder=9)
    text = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    axes.text(
        x + length / 2, y + 0.012 * (north - south), text, ha="center", va="bottom", fontsize=8, path_effects=halo,
        zorder=9,
    )  # fmt: skip


def _north(axes: Axes) -> None:
    axes.annotate(
        "N", xy=(0.955, 0.975), xytext=(0.955, 0.9), xycoords="axes fraction", textcoords="axes fraction", ha="center",
        va="center", fontsize=11, weight="bold", zorder=9, path_effects=[withStroke(linewidth=3, foreground="white")],
        arrowprops={"arrowstyle": "-|>", "color": "black", "linewidth": 1.8},
    )  # fmt: skip


def mentions(city: City, water: xr.Dataset | None) -> tuple[str, ...]:
    """Return which kinds of barrier stand inside the shown window: "wall", "gate", "pump", for the legend."""
    box = shapely.box(*city.grid.bounds)
    if water is not None:
        x, y = water["x"].to_numpy(), water["y"].to_numpy()
        box = shapely.box(x.min(), y.min(), x.max(), y.max())
    kinds = (("wall", Wall, "line"), ("gate", Gate, "line"), ("pump", Pump, "intake"))
    return tuple(
        name
        for name, kind, part in kinds
        if any(isinstance(built, kind) and box.intersects(getattr(built, part)) for built in city.structures)
    )
