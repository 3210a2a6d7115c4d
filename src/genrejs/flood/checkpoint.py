"""A run that may be broken off: where it stands is kept in a file, from which it goes on."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from genrejs.errors import InputError
from genrejs.hazard.flood.options import Checkpoint
from genrejs.writing import whole

EVERY = 60.0
"""[s] of wall time between two writings at least."""
SHARE = 20.0
"""A run works this many times as long as the last writing took before the next."""


def read_checkpoint(place: Path | str) -> Checkpoint | None:
    """Return what a file keeps; None where there is none.

    Raises
    ------
    InputError
        The file is no checkpoint.
    """
    place = Path(place)
    if not place.exists():
        return None
    try:
        with np.load(place, allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
        return Checkpoint(str(arrays.pop("key")), float(arrays.pop("simulated")), arrays)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise InputError(f"{place} is no checkpoint of a flood; name another file or remove it.") from error


def keeper(place: Path | str) -> Callable[[Callable[[], Checkpoint], bool], None]:
    """Return what the solver calls about once a second: it writes to `place` about once a minute and at the end."""
    last, took = time.perf_counter(), 0.0

    def keep(state: Callable[[], Checkpoint], done: bool) -> None:
        nonlocal last, took
        began = time.perf_counter()
        if not done and began - last < max(EVERY, SHARE * took):
            return
        now = state()
        with whole(Path(place)) as beside, beside.open("wb") as file:
            np.savez(file, key=now.key, simulated=now.simulated, **now.arrays)
        last = time.perf_counter()
        took = last - began

    return keep
