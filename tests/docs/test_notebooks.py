"""The notebooks run from top to bottom, and their floods draw themselves."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "docs" / "notebooks").glob("*.ipynb"))


def shown(source: str, names: dict[str, Any]) -> Any:
    """Run a cell; return the value of its last line as a notebook shows it."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return None if last is None else eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # type: ignore[attr-defined]


@pytest.mark.parametrize("place", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_a_notebook_runs_and_shows_maps(place: Path) -> None:
    book = json.loads(place.read_text("utf-8"))
    names: dict[str, Any] = {}
    pages = []
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            value = shown("".join(cell["source"]), names)
            if hasattr(value, "_repr_html_"):
                pages.append(value._repr_html_())
    assert len(pages) == 3
    assert all("data:image/png;base64," in page for page in pages)
    for flood in (names["rain"], names["river"], names["sea"]):
        assert flood.summary["balance_error"] < 1e-5
    assert names["rain"].summary["scheme"] == "shallow-water"
    assert names["sea"].summary["scheme"] == "inertial"
    assert 0.5 < float(names["river"].maps["max_depth"].max()) < 3.0


def test_there_is_a_notebook() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["flood"]
