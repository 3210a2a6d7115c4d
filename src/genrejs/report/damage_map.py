"""The map of a damage assessment: every building in the colour of its damage, ten of them or a whole country's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from genrejs.report import palette
from genrejs.report.images import style, webp
from genrejs.report.maps import DPI, SCALE_BARS, WIDTH

Floats = NDArray[np.float64]

CLASSES: tuple[tuple[str, float, str], ...] = (
    ("dry", 0.0, "#c9c5be"), ("wet", 0.0, "#7db8de"), ("low", 0.0, "#f9bd8b"), ("middle", 1e5, "#ee8a4a"),
    ("high", 5e5, "#b84a0c"), ("most", 1e6, "#5c1d02"),
)  # fmt: skip
"""Name, damage [DKK] from which it begins, and colour of each class; orange is damage, darker the more of it."""

GROUND = "#f7f5f0"
SHARPER = 2
"""Pixels that are drawn for one that is shown, along each side."""
LEAST, FEW, SHARE = 5, 25, 0.12
"""Side [drawn pixels] below which a building is a square of that side, so that it can be seen: where there are few of
them, up to `FEW`, else a share of the mean distance between them."""
MARGIN = 0.06
"""Share of the map's longer side that is left free around what is shown."""
NARROWEST = 200.0
"""Least side of a map [m]."""
FLATTEST, STEEPEST = 0.5, 1.0
"""Bounds of a map's height over its width."""


@dataclass(frozen=True)
class Drawn:
    """The picture (WebP), the number of buildings in each of `CLASSES`, and of those that lie outside it."""

    picture: bytes
    counts: tuple[int, ...]
    outside: int


def classes(buildings: gpd.GeoDataFrame) -> NDArray[np.uint8]:
    """Return the place in `CLASSES` of each building ``(n,)`` by depth and damage on the rarest map.

    Damage is building, contents and cellar together.
    """
    damage = sum(buildings[f"{part}_dkk"].to_numpy(np.float64) for part in ("damage", "contents", "cellar"))
    place = np.where(buildings["depth_m"].to_numpy(np.float64) > 0.0, 1, 0)
    for number, (_, least, _) in enumerate(CLASSES[2:], start=2):
        place[(damage > 0.0) & (damage >= least)] = number
    return place.astype(np.uint8)


def damage_map(buildings: gpd.GeoDataFrame) -> Drawn:
    """Return the map of the buildings with water, or of all where none has any, with scale and north."""
    place = classes(buildings)
    bounds = shapely.bounds(buildings.geometry.to_numpy())
    view = window(bounds[place > 0] if (place > 0).any() else bounds)
    west, south, east, north = view
    inside = (bounds[:, 2] > west) & (bounds[:, 0] < east) & (bounds[:, 3] > south) & (bounds[:, 1] < north)
    picture = _paint(buildings.geometry.to_numpy()[inside], place[inside], view)
    counts = np.bincount(place, minlength=len(CLASSES))
    return Drawn(_framed(picture, view), tuple(int(count) for count in counts), int((~inside).sum()))


def window(bounds: Floats) -> tuple[float, float, float, float]:
    """Return ``(west, south, east, north)`` [m] around the bounds ``(n, 4)`` [m], with a margin and a fit shape."""
    west, south = bounds[:, :2].min(axis=0)
    east, north = bounds[:, 2:].max(axis=0)
    margin = 2 * MARGIN * max(east - west, north - south)
    width, height = max(east - west + margin, NARROWEST), max(north - south + margin, NARROWEST)
    width, height = max(width, height / STEEPEST), max(height, width * FLATTEST)
    x, y = (west + east) / 2, (south + north) / 2
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _paint(shapes: NDArray[np.object_], place: NDArray[np.uint8], view: Sequence[float]) -> NDArray[np.uint8]:
    """Return the picture in colours ``(y, x, 3)``: the buildings with most damage lie on top."""
    west, south, east, north = view
    across = round(WIDTH * DPI) * SHARPER
    scale = across / (east - west)
    canvas = Image.new("L", (across, round((north - south) * scale)), 0)
    parts, owner = shapely.get_parts(shapes, return_index=True)
    order = np.argsort(place[owner], kind="stable")
    parts, code = parts[order], place[owner][order] + 1
    box = (shapely.bounds(parts) - [west, south, west, south]) * scale
    side = int(np.clip(SHARE * np.sqrt(canvas.width * canvas.height / max(len(parts), 1)), LEAST, FEW))
    small = np.maximum(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]) < side
    _outlines(canvas, parts[~small], code[~small], (west, north, scale))
    codes = np.array(canvas)
    _squares(codes, (box[small, :2] + box[small, 2:]) / 2, code[small], side)
    colours = (255 * np.array([to_rgb(GROUND), *(to_rgb(colour) for _, _, colour in CLASSES)])).round()
    return np.asarray(Image.fromarray(colours.astype(np.uint8)[codes]).reduce(SHARPER))


def _outlines(
    canvas: Image.Image, parts: NDArray[np.object_], code: NDArray[np.uint8], at: tuple[float, float, float]
) -> None:
    """Draw the outlines of polygons, filled; `at` is the north-west corner [m] and the pixels in a metre."""
    west, north, scale = at
    rings = shapely.get_exterior_ring(parts)
    points, owner = shapely.get_coordinates(rings, return_index=True)
    pixels = ((points - [west, north]) * [scale, -scale]).ravel().tolist()
    ends = (2 * np.cumsum(np.bincount(owner, minlength=len(parts)))).tolist()
    pen = ImageDraw.Draw(canvas)
    start = 0
    for end, fill in zip(ends, code.tolist(), strict=True):
        pen.polygon(pixels[start:end], fill=fill, outline=fill)
        start = end


def _squares(codes: NDArray[np.uint8], middle: Floats, code: NDArray[np.uint8], side: int) -> None:
    """Draw a square around each middle ``(n, 2)`` [pixel from the south-west], the largest code over the others."""
    high, wide = codes.shape
    column, row = middle[:, 0].astype(np.int64), (high - middle[:, 1]).astype(np.int64)
    reach = range(-(side // 2), side // 2 + 1)
    for number in np.unique(code):
        mine = code == number
        for down in reach:
            for right in reach:
                y, x = (row[mine] + down).clip(0, high - 1), (column[mine] + right).clip(0, wide - 1)
                codes[y, x] = np.maximum(codes[y, x], number)


def _framed(picture: NDArray[np.uint8], view: tuple[float, float, float, float]) -> bytes:
    """Return the picture with a scale bar and an arrow to the north."""
    west, south, east, north = view
    high, wide = picture.shape[:2]
    with style():
        figure = Figure(figsize=(WIDTH, WIDTH * high / wide), dpi=DPI)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.imshow(picture, extent=(west, east, south, north), interpolation="nearest")
        axes.set(xlim=(west, east), ylim=(south, north), aspect="auto")
        _scale(axes, east - west)
        _arrow(axes, high / wide)
        return webp(figure)


def _scale(axes: Axes, width: float) -> None:
    """Draw a bar of a round length, at most a quarter of the map's `width` [m]."""
    length = next((bar for bar in SCALE_BARS if bar <= width / 4), SCALE_BARS[-1])
    while 4 * length < width / 5:
        length *= 5
    halo = [withStroke(linewidth=5, foreground="white")]
    start, end = 0.03, 0.03 + length / width
    axes.plot(
        [start, end], [0.035, 0.035], color=palette.INK, linewidth=2.5, solid_capstyle="butt", path_effects=halo,
        transform=axes.transAxes,
    )  # fmt: skip
    text = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    axes.text(
        (start + end) / 2, 0.05, text, ha="center", va="bottom", fontsize=11, path_effects=halo,
        transform=axes.transAxes,
    )  # fmt: skip


def _arrow(axes: Axes, shape: float) -> None:
    """Draw the arrow to the north; `shape` is the map's height over its width."""
    axes.annotate(
        "N", xy=(0.965, 1 - 0.02 / shape), xytext=(0.965, 1 - 0.085 / shape), xycoords="axes fraction",
        textcoords="axes fraction", ha="center", va="center", fontsize=13, weight="bold", color=palette.INK,
        path_effects=[withStroke(linewidth=3, foreground="white")],
        arrowprops={"arrowstyle": "-|>", "color": palette.INK, "linewidth": 1.8},
    )  # fmt: skip
