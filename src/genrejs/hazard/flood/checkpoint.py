"""Where a run stands, so that it can go on later with the same bits: all arrays that change, and what was sampled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from genrejs.errors import InputError
from genrejs.hazard.flood.content import content_hash
from genrejs.hazard.flood.options import Checkpoint, Options
from genrejs.hazard.flood.results import Samples
from genrejs.hazard.flood.run import Run

FIXED = {
    "ground", "friction", "infiltration", "drain", "catch", "porosity", "thin", "throat_east", "throat_south",
    "first", "numbers", "table", "zone", "factor", "soil",
}  # fmt: skip
"""Arrays that a run does not change: they are laid out anew."""


def input_key(options: Options, *given: Any) -> str:
    """Return a hash of what a run is `given`, but for its duration, and of the `options` that change its bits."""
    return content_hash(replace(options, threads=None, progress=None, checkpoint=None, resume=None), *given)


def take(run: Run, samples: Samples, stored: float, key: str) -> Checkpoint:
    """Return where a run stands, as copies; `stored` is the water [m3] that it started with."""
    arrays = {name: np.array(array) for name, array in _changing(run)}
    arrays["samples.times"] = np.array(samples.times)
    arrays["samples.levels"] = np.array(samples.levels, np.float64)
    arrays["samples.velocities"] = np.array(samples.velocities, np.float64)
    arrays["stored"] = np.array([stored])
    if samples.slices:
        arrays["samples.slices"] = np.array(samples.slices)
    return Checkpoint(key, float(run.clock.now[0]), arrays)


def go_on(run: Run, kept: Checkpoint, wanted: tuple[str, float]) -> tuple[float, Samples]:
    """Put a run where it stood; return the water [m3] that it started with, and what was sampled.

    `wanted` are the key of the run's input and its duration [s].

    Raises
    ------
    InputError
        The checkpoint is of another run, or beyond the duration.
    """
    mine = dict(_changing(run))
    key, duration = wanted
    same = kept.key == key and all(
        name in kept.arrays and kept.arrays[name].shape == array.shape for name, array in mine.items()
    )
    if not same:
        raise InputError(
            "The checkpoint belongs to another run: its ground, forcing, structures or settings differ from these."
        )
    if kept.simulated > duration:
        raise InputError(
            f"The checkpoint stands at {kept.simulated:g} s, beyond the duration of {duration:g} s; ask for more."
        )
    for name, array in mine.items():
        array[...] = kept.arrays[name]
    got = kept.arrays
    velocities = [[(east, north) for east, north in row] for row in got["samples.velocities"].tolist()]
    slices = list(got["samples.slices"]) if "samples.slices" in got else []
    samples = Samples(got["samples.times"].tolist(), got["samples.levels"].tolist(), velocities, slices)
    return float(got["stored"][0]), samples


def _changing(run: Run) -> Iterator[tuple[str, Any]]:
    """Yield name and array of everything that a run changes, each array once."""
    seen: set[int] = set()
    parts: dict[str, Any] = {f"state{k}": state for k, state in enumerate(run.states)}
    parts |= {"tiles": run.tiles, "structures": run.structures, "clock": run.clock, "sky": run.drivers.sky}
    for name, part in parts.items():
        for inner, array in _arrays(name, part):
            if id(array) not in seen:
                seen.add(id(array))
                yield inner, array


def _arrays(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the arrays in nested tuples with their dotted names, but for those that are fixed."""
    if isinstance(value, np.ndarray):
        if name.rpartition(".")[2] not in FIXED:
            yield name, value
    elif hasattr(value, "_fields"):
        for field in value._fields:
            yield from _arrays(f"{name}.{field}", getattr(value, field))
