"""The strategy document that a resilience officer hands to the council: a page, a PDF, Word and Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from genrejs.errors import InputError
from genrejs.report.language import LANGUAGES, Language
from genrejs.report.strategy_content import content
from genrejs.report.strategy_docx import docx_bytes
from genrejs.report.strategy_html import html
from genrejs.report.strategy_markdown import markdown
from genrejs.report.strategy_pdf import pdf
from genrejs.report.strategy_plan import (
    Action,
    Basis,
    Drawing,
    Effect,
    Goal,
    Outcomes,
    Part,
    Range,
    StrategyPlan,
)
from genrejs.report.strategy_tree import Document, Figure, Section
from genrejs.writing import whole_folder

__all__ = [
    "Action",
    "Basis",
    "Drawing",
    "Effect",
    "Goal",
    "Outcomes",
    "Part",
    "Range",
    "StrategyPlan",
    "write_strategy",
]

FORMATS = ("html", "pdf", "docx", "md")
"""Formats of the document."""

NAME = "strategy"
"""Files are called strategy.da.pdf and so on; Markdown's pictures lie in strategy.da.pictures."""

Writer = Callable[[StrategyPlan, Document, Language, Path], None]


def write_strategy(
    plan: StrategyPlan,
    folder: Path,
    languages: Iterable[str] = LANGUAGES,
    formats: Iterable[str] = FORMATS,
) -> list[Path]:
    """Write the document in every language and format asked for, all or none, and return the paths of the documents.

    Raises InputError for a language or format that there is not.
    """
    spoken, forms = tuple(dict.fromkeys(languages)), tuple(dict.fromkeys(formats))
    for given, accepted, kind in ((spoken, LANGUAGES, "language"), (forms, FORMATS, "format")):
        wrong = [each for each in given if each not in accepted]
        if wrong or not given:
            got = f"'{wrong[0]}'" if wrong else "none"
            raise InputError(f"A strategy is written in each {kind} of {', '.join(accepted)}; got {got}.")
    document = content(plan)
    with whole_folder(folder) as beside:
        for language in (each for each in LANGUAGES if each in spoken):
            for form in forms:
                WRITERS[form](plan, document, language, beside)
    return [folder / f"{NAME}.{language}.{form}" for language in spoken for form in forms]


def _html(plan: StrategyPlan, document: Document, language: Language, folder: Path) -> None:
    (folder / f"{NAME}.{language}.html").write_text(html(document, language), encoding="utf-8")


def _pdf(plan: StrategyPlan, document: Document, language: Language, folder: Path) -> None:
    (folder / f"{NAME}.{language}.pdf").write_bytes(pdf(document, language, plan.day))


def _docx(plan: StrategyPlan, document: Document, language: Language, folder: Path) -> None:
    (folder / f"{NAME}.{language}.docx").write_bytes(docx_bytes(document, language, plan.day))


def _markdown(plan: StrategyPlan, document: Document, language: Language, folder: Path) -> None:
    pictures = folder / f"{NAME}.{language}.pictures"
    pictures.mkdir()
    for figure in _figures(document.sections):
        (pictures / f"{figure.name}.svg").write_bytes(figure.svg[language])
    text = markdown(document, language, pictures.name)
    (folder / f"{NAME}.{language}.md").write_text(text, encoding="utf-8")


def _figures(sections: Iterable[Section]) -> list[Figure]:
    """Return every figure of the sections and those below."""
    found: list[Figure] = []
    for section in sections:
        found += [block for block in section.blocks if isinstance(block, Figure)] + _figures(section.below)
    return found


WRITERS: Mapping[str, Writer] = {"html": _html, "pdf": _pdf, "docx": _docx, "md": _markdown}
