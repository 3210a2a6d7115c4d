"""From a matplotlib figure to bytes that fit into an HTML page: vector charts with real text, small raster maps."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from genrejs.report.language import Language
from genrejs.report.palette import INK, MUTED

WEBP_QUALITY = 82
"""Lossy quality of maps, 0..100: names stay sharp and a map stays under half a megabyte."""

STYLE: Any = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 11,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "svg.fonttype": "none",
    "svg.hashsalt": "genrejs",
}
"""Chart style; letters stay text in SVG so that they can be searched and scale with the reader's own font."""


@contextmanager
def style() -> Iterator[None]:
    """Hold the report's chart style while a figure is drawn, without touching the caller's settings."""
    with mpl.rc_context(STYLE):
        yield


def svg(figure: Figure) -> bytes:
    """Return the figure as SVG, the same bytes for the same figure."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = buffer.getvalue().decode("utf-8")
    fonts = "'DejaVu Sans', Verdana, 'Segoe UI', sans-serif"
    return text.replace("'DejaVu Sans', sans-serif", fonts).replace("'DejaVu Sans'; ", f"{fonts}; ").encode("utf-8")


def webp(figure: Figure) -> bytes:
    """Return the figure as a lossy WebP raster at the figure's own size and dots per inch."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="webp", pil_kwargs={"quality": WEBP_QUALITY, "method": 4})
    return buffer.getvalue()


def data_uri(content: bytes, kind: str) -> str:
    """Return `content` as a data address that an image can show without any other file."""
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def vector(drawn: Mapping[Language, bytes]) -> dict[str, str]:
    """Return one SVG in each language as data addresses."""
    return {language: data_uri(content, "image/svg+xml") for language, content in drawn.items()}
