"""Arrays kept in a folder under a hash of what they were made from; never a half-written file."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genrejs.writing import whole

Arrays = Mapping[str, NDArray[Any]]


def content_key(parts: Iterable[object]) -> str:
    """Return 24 hex digits that change with any part: a path stands for its file's bytes, others for their text."""
    digest = sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, Path) else part if isinstance(part, bytes) else repr(part).encode()
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.hexdigest()[:24]


def cached(folder: Path | None, key_parts: Iterable[object], build: Callable[[], Arrays]) -> dict[str, NDArray[Any]]:
    """Return what `build` makes, kept as ``<key>.npz`` in `folder`; without a folder it is built every time."""
    if folder is None:
        return dict(build())
    place = folder / f"{content_key(key_parts)}.npz"
    found = _load(place)
    if found is None:
        found = dict(build())
        _save(place, found)
    return found


def _load(place: Path) -> dict[str, NDArray[Any]] | None:
    """Return the arrays of an npz file, or None where it is absent or damaged."""
    try:
        with np.load(place, allow_pickle=False) as kept:
            return {name: kept[name] for name in kept.files}
    except (OSError, ValueError, zipfile.BadZipFile):
        return None


def _save(place: Path, arrays: Arrays) -> None:
    """Write an npz file beside its place and move it there when it is complete."""
    with whole(place) as beside, beside.open("wb") as target:
        np.savez(target, allow_pickle=False, **arrays)
