"""Write whole or not at all: make it beside its place, move it there when it is complete."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from genrejs.errors import InputError


def _beside(place: Path) -> Path:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"The folder {place.parent} cannot be made: {error.strerror}.") from error
    return place.with_name(f".{place.name}.{uuid4().hex[:8]}.part")


@contextmanager
def whole(place: Path) -> Iterator[Path]:
    """Give a neighbour of `place` to write to; on success it takes that place, else it is removed.

    A folder may take the place of a folder, a file never does. Raises InputError where one would.
    """
    beside = _beside(place)
    try:
        yield beside
        if place.is_dir():
            if not beside.is_dir():
                raise InputError(f"{place} is a folder; a file of that name was to be written.")
            shutil.rmtree(place)
        beside.replace(place)
    finally:
        _remove(beside)


@contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """Give a new folder to fill; on success its entries move into `out` beside what already lies there.

    Entries of the same name are replaced, all else in `out` is left alone. Raises InputError where `out` is a file.
    """
    if out.exists() and not out.is_dir():
        raise InputError(f"{out} is a file; give a folder to write to.")
    beside = _beside(out)
    try:
        beside.mkdir()
        yield beside
        out.mkdir(exist_ok=True)
        for entry in beside.iterdir():
            target = out / entry.name
            if target.is_dir():
                shutil.rmtree(target)
            entry.replace(target)
    finally:
        _remove(beside)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
