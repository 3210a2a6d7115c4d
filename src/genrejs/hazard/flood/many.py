"""Many forcings on one ground, one flood after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from genrejs.errors import InputError
from genrejs.hazard.flood.checks import check
from genrejs.hazard.flood.engine import simulate
from genrejs.hazard.flood.options import Options
from genrejs.hazard.flood.problem import Floats, Flood, Forcing, Ground, Works


def simulate_many(
    ground: Ground,
    forcings: Sequence[Forcing],
    works: Works | None = None,
    *,
    duration: float,
    initial_level: float | Floats | None = None,
    options: Options | None = None,
) -> Iterator[Flood]:
    """Return an iterator that yields the flood of every forcing in turn; only the one at hand is in memory.

    All forcings are checked before the first is run. Laying out the ground takes less than a hundredth of a run
    (docs/flood.md), so that each run lays its own.

    Raises
    ------
    InputError
        A forcing cannot be computed; the message says which, counted from 1.
    """
    for number, forcing in enumerate(forcings, start=1):
        try:
            check(ground, forcing, works or Works(), duration, options or Options())
        except InputError as error:
            raise InputError(f"Forcing {number} of {len(forcings)}: {error}") from error
    return (
        simulate(ground, forcing, works, duration=duration, initial_level=initial_level, options=options)
        for forcing in forcings
    )
