"""What is recorded of a cell besides its largest depth; every scheme calls `note` for its cells every eighth step.

Durations, depth x speed and recession are compiled and cost memory only when asked for.
"""
# mypy: allow-untyped-decorators, disable-error-code="no-untyped-call,no-untyped-def,no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import overload

from genrejs.hazard.flood.state import Notes


@njit(cache=True, error_model="numpy")
def note_cell(notes: Notes, i: Any, depth: Any, speed: Any, now: Any, arrived: Any) -> None:
    """Record of cell i what was asked for, at its `depth` [m], `speed` [m/s] and the time `now` [s]."""
    seconds = now - notes.before[0]
    for k in range(notes.thresholds.size):
        if depth > notes.thresholds[k]:
            notes.above[k, i] += seconds
    if notes.force.size > 1:
        force = depth * speed
        notes.force[i] = force if force > notes.force[i] else notes.force[i]
    if notes.recession.size > 1 and depth > arrived:
        notes.recession[i] = now


def note(notes: Any, i: Any, depth: Any, speed: Any, now: Any, arrived: Any) -> None:
    """Record of cell i what was asked for; nothing where `notes` is None."""
    if notes is not None:
        note_cell(notes, i, depth, speed, now, arrived)


@overload(note)
def _note(notes, i, depth, speed, now, arrived):
    if isinstance(notes, types.NoneType):
        return lambda notes, i, depth, speed, now, arrived: None
    return lambda notes, i, depth, speed, now, arrived: note_cell(notes, i, depth, speed, now, arrived)  # noqa: PLW0108


def noted(notes: Any, now: Any) -> None:
    """Remember that everything is recorded until `now` [s]."""
    if notes is not None:
        notes.before[0] = now


@overload(noted)
def _noted(notes, now):
    if isinstance(notes, types.NoneType):
        return lambda notes, now: None

    def remember(notes, now):
        notes.before[0] = np.float64(now)

    return remember
