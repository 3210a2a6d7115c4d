"""A flood as a small picture in a page: water over shaded ground, a legend, the account; no plotting library."""

from __future__ import annotations

import base64
import html
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genrejs.errors import InputError
from genrejs.flood.account import COMES, GOES, MOVES, NAMES, cautions, terms

Floats = NDArray[np.floating]
Bytes = NDArray[np.uint8]
WIDEST = 560
"""[pixels] longest side of the picture."""
CLASSES = ((0.05, "#c6e2f5"), (0.1, "#8fc5e8"), (0.3, "#5aa5d9"), (0.5, "#2f83c5"), (1.0, "#17599c"), (2.0, "#0b3569"))
"""Lower bound [m] and colour of each class of depth; darker is deeper, also in a grey print."""
OUTSIDE = 255
"""Grey of what lies outside the ground."""
SUN = (-1.0, 1.0, 1.4)
"""Where the light comes from, east, north and up: the north-west (the convention of shaded maps)."""

WORDS = {
    "da": {
        "depth": "Største vanddybde [m]", "in": "Vand ind", "out": "Vand ud", "start": "Vand fra start",
        "stored": "Vand tilbage", "error": "Regnskabets fejl", "area": "Areal over 5 cm", "deepest": "Dybest",
        "scheme": "Metode", "steps": "Tidsskridt",
        "class": "Fareklasse", "point": ",", "group": ".",
    },
    "en": {
        "depth": "Greatest depth [m]", "in": "Water in", "out": "Water out", "start": "Water at the start",
        "stored": "Water left", "error": "Error of the account", "area": "Area above 5 cm", "deepest": "Deepest",
        "scheme": "Scheme", "steps": "Time steps",
        "class": "Hazard class", "point": ".", "group": ",",
    },
}  # fmt: skip


def page(depth: Floats, ground: Floats, summary: Mapping[str, Any], language: str = "da") -> str:
    """Return a part of an HTML page: picture, legend and account of a flood `depth` ``(y, x)`` [m].

    Raises
    ------
    InputError
        The language is neither da nor en.
    """
    if language not in WORDS:
        raise InputError(f"The language {language!r} is not known; accepted: {', '.join(WORDS)}.")
    words = WORDS[language]
    data = base64.b64encode(png(picture(depth, ground))).decode("ascii")
    rows = "".join(
        f"<tr><td>{name}</td><td style='text-align:right'>{text}</td></tr>" for name, text in _rows(summary, language)
    )
    warnings = "".join(f"<p>⚠ {html.escape(text)}</p>" for text in cautions(summary, language))
    return (
        "<div style='display:flex;flex-wrap:wrap;gap:1em;align-items:flex-start'>"
        f"<figure style='margin:0'><img alt='{words['depth']}' src='data:image/png;base64,{data}'>"
        f"<figcaption>{words['depth']}: {_legend(words)}</figcaption></figure>"
        f"<div><table>{rows}</table>{warnings}</div></div>"
    )


def _legend(words: Mapping[str, str]) -> str:
    """Return a swatch and a lower bound for each class."""
    swatch = "<span style='display:inline-block;width:1em;height:1em;background:{};border:1px solid #888'></span> ≥ {} "
    return "".join(swatch.format(colour, f"{low:g}".replace(".", words["point"])) for low, colour in CLASSES)


def _rows(summary: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """Return the names and figures of the areas, the account by its terms that are not 0, and the method."""
    words, account = WORDS[language], summary["balance_m3"]

    def figure(value: float, form: str, unit: str) -> str:
        text = format(value, form).translate({ord(","): words["group"], ord("."): words["point"]})
        return f"{text} {unit}".strip()

    def volumes(names: tuple[str, ...], mark: str = "– ") -> list[tuple[str, str]]:
        shown = terms(account, names)
        return [(f"{mark}{NAMES[language][name]}", figure(value, ",.0f", "m³")) for name, value in shown]

    classes = summary.get("hazard_area_m2", {})
    return [
        (words["area"], figure(summary["wet_area_m2"], ",.0f", "m²")),
        *((f"{words['class']} {name}", figure(area, ",.0f", "m²")) for name, area in classes.items() if area > 0),
        (words["deepest"], figure(summary["deepest_m"], ".2f", "m")),
        (words["start"], figure(summary["water_start_m3"], ",.0f", "m³")),
        (words["in"], figure(summary["water_in_m3"], ",.0f", "m³")),
        *volumes(COMES),
        (words["out"], figure(summary["water_out_m3"], ",.0f", "m³")),
        *volumes(GOES),
        *volumes(MOVES, mark=""),
        (words["stored"], figure(summary["water_stored_m3"], ",.0f", "m³")),
        (words["error"], figure(summary["balance_error"], ".1e", "")),
        (words["scheme"], html.escape(str(summary["scheme"]))),
        (words["steps"], figure(summary["steps"], ",d", "")),
    ]


def picture(depth: Floats, ground: Floats) -> Bytes:
    """Return the flood as pixels ``(row, column, 3)``: where cells are many, a pixel shows the deepest of its cells."""
    step = -(-max(depth.shape) // WIDEST)
    deep = _deepest(depth, step)
    grey = shade(ground[::step, ::step])
    pixels = np.repeat(grey[:, :, None], 3, axis=2)
    for low, colour in CLASSES:
        pixels[deep >= low] = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    larger = max(1, WIDEST // max(pixels.shape))
    return np.asarray(pixels.repeat(larger, axis=0).repeat(larger, axis=1))


def _deepest(depth: Floats, step: int) -> Floats:
    """Return the largest value of every `step` x `step` cells."""
    rows, columns = (-(-n // step) * step for n in depth.shape)
    whole = np.zeros((rows, columns))
    whole[: depth.shape[0], : depth.shape[1]] = np.nan_to_num(depth)
    return np.asarray(whole.reshape(rows // step, step, columns // step, step).max(axis=(1, 3)))


def shade(ground: Floats) -> Bytes:
    """Return the ground as light and shade 150..245, its steepest tenth at full contrast, `OUTSIDE` for NaN."""
    inside = np.isfinite(ground)
    known = np.where(inside, ground, np.nanmean(ground))
    down, right = (np.gradient(known, axis=axis) if known.shape[axis] > 1 else np.zeros_like(known) for axis in (0, 1))
    steep = np.hypot(down, right)
    scale = max(float(np.percentile(steep, 90)), 1e-6)
    east, north, up = SUN
    light = (-east * right / scale + north * down / scale + up) / np.sqrt(1 + (steep / scale) ** 2)
    bright = 150 + 95 * np.clip((light / np.linalg.norm(SUN) + 0.2) / 1.2, 0, 1)
    return np.where(inside, bright, OUTSIDE).astype(np.uint8)


def png(pixels: Bytes) -> bytes:
    """Return pixels ``(row, column, 3)`` as a PNG file: header, one block of deflated rows, end."""
    rows, columns, _ = pixels.shape

    def part(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    lines = np.zeros((rows, 1 + columns * 3), np.uint8)
    lines[:, 1:] = pixels.reshape(rows, -1)
    head = struct.pack(">2I5B", columns, rows, 8, 2, 0, 0, 0)
    body = zlib.compress(lines.tobytes(), 9)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", body) + part(b"IEND", b"")
