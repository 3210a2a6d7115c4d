"""Small tables of text: a user's CSV file, and the project's own that lie inside the package."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path

from genrejs.errors import InputError

Rows = list[dict[str, str]]


def read_csv(path: Path | str, what: str, columns: Sequence[str], of: str = "rows") -> Rows:
    """Return the rows of a CSV file with at least `columns`, each a mapping of text.

    `what` names the file in messages, `of` its rows.

    Raises
    ------
    InputError
        The file is missing, not UTF-8, lacks a column, or has no rows.
    """
    path, wanted = Path(path), tuple(columns)
    if not path.is_file():
        raise InputError(f"The file of {what} {path} does not exist.")
    try:
        reader = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
        rows = list(reader)
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text; save it as CSV with encoding UTF-8.") from error
    has, names = list(reader.fieldnames or ()), f"{', '.join(wanted[:-1])} and {wanted[-1]}"
    if not set(wanted) <= set(has):
        raise InputError(f"{path} needs the columns {names}; it has {', '.join(has) or 'none'}.")
    if not rows:
        raise InputError(f"{path} needs a row or more under the columns {names}; it has no {of}.")
    return rows


@cache
def own_rows(package: str, *place: str) -> tuple[dict[str, str], ...]:
    """Return the rows of one of the project's own CSV tables, by its package and its place in it; not to be changed."""
    text = resources.files(package).joinpath(*place).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
