"""Pages from templates: one HTML file that loads nothing from anywhere, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any

import jinja2

from genrejs.report import palette
from genrejs.report.language import LANGUAGES
from genrejs.report.texts import Phrase


def fill(template: str, language: str, say: Callable[..., Phrase], page: Mapping[str, Any]) -> str:
    """Return a template of this room filled with `page`, opening in `language`; `say` fetches its texts as ``t``."""
    package = resources.files("genrejs.report").joinpath("templates")
    sources = {each.name: each.read_text(encoding="utf-8") for each in package.iterdir() if each.is_file()}
    environment = jinja2.Environment(
        loader=jinja2.DictLoader(sources), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.globals.update(t=say, palette=palette, languages=LANGUAGES)
    return environment.get_template(template).render(language=language, **page)
