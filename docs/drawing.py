"""What the pages' builders share: tables in Markdown between marks, small pictures, one colour for each scheme."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

mpl.use("Agg")
import matplotlib.pyplot as plt
from PIL import Image

RUNS = {"inertial": ("inertial", 1), "shallow-water 1": ("shallow-water", 1), "shallow-water 2": ("shallow-water", 2)}
COLOURS = {"inertial": "#d55e00", "shallow-water 1": "#009e73", "shallow-water 2": "#0072b2"}
"""Okabe and Ito's vermilion, green and blue, told apart by everyone."""
DASHES = {"inertial": ":", "shallow-water 1": "--", "shallow-water 2": "-"}


def table(head: list[str], rows: Iterable[list[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def figures(values: Iterable[float], digits: int = 3) -> list[str]:
    """Return numbers as text, a dash where there is none."""
    return [f"{v:.{digits}f}" if np.isfinite(v) else "–" for v in values]


def save(figure: Any, path: Path) -> None:
    """Write a picture in 64 colours."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=90)
    plt.close(figure)
    image = Image.open(drawn).convert("RGB").quantize(colors=64, method=Image.Quantize.FASTOCTREE)
    image.save(path, optimize=True)


def write(page: Path, name: str, text: str) -> None:
    """Replace what stands between the marks of `name` on a page."""
    before = page.read_text("utf-8")
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    after = re.sub(f"{begin}.*{end}", lambda _: f"{begin}\n{text}\n{end}", before, flags=re.S)
    page.write_text(after, "utf-8")
