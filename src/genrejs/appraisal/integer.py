"""Exact yes-or-no choices by integer programming, within limits that hold to the last digit."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from genrejs.appraisal.economics import Floats
from genrejs.errors import Fault, InputError

Bools = NDArray[np.bool_]

ROUNDING = 1e-9
"""Share of a budget that a sum of costs may lie above it: the rounding of sums of floats, no more (assumption)."""
GAIN_SCALE = 1e4
"""Largest gain as the solver sees it, so that its absolute gap of 1e-6 is a share of 1e-10 of it (assumption)."""
LIMIT_SCALE = 1e3
"""Largest cost as the solver sees it, so that its tolerance of 1e-6 is the share `ROUNDING` of it (assumption)."""


class Limits(NamedTuple):
    """Rows ``(rows, columns)`` whose products with the columns lie from `low` to `high` ``(rows,)``."""

    rows: Floats
    low: Floats
    high: Floats


class Solved(NamedTuple):
    """Which columns are chosen ``(yes_or_no,)``, and the share by which the best may lie above it at most."""

    choice: Bools
    gap: float


def within_budgets(costs: Floats, budgets: Floats) -> Limits:
    """Return the limits that keep `costs` ``(budgets, columns)``, all 0 or more, within `budgets`."""
    scale = LIMIT_SCALE / np.where(costs.max(axis=1) > 0, costs.max(axis=1), 1.0)
    return Limits(costs * scale[:, None], np.full(budgets.size, -np.inf), budgets * scale * (1 + ROUNDING))


def together(*parts: Limits) -> Limits:
    """Return the limits of all parts."""
    return Limits(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.low for part in parts]),
        np.concatenate([part.high for part in parts]),
    )


def maximise(
    gains: Floats,
    limits: Limits,
    bounds: tuple[Floats, Floats],
    fits: Callable[[Bools], bool],
    *,
    choices: int,
    time_limit: float,
) -> Solved | None:
    """Return the choice with the largest sum of `gains` ``(columns,)``, or None if there is none.

    The first `choices` columns are yes or no, the rest numbers that follow from them, within `bounds` (lowest and
    highest, each ``(columns,)``). `fits` says exactly whether a choice keeps the budgets; one that does not must be
    one that no larger choice mends. Integer programming by HiGHS (`huangfu2018`). Raises InputError if no choice is
    found in `time_limit` [s].
    """
    scale = GAIN_SCALE / (np.abs(gains).max(initial=0.0) or 1.0)
    while True:
        found = milp(
            -gains * scale,
            integrality=(np.arange(gains.size) < choices).astype(np.int64),
            bounds=Bounds(*bounds),
            constraints=LinearConstraint(csr_array(limits.rows), limits.low, limits.high),
            # Presolve gains nothing on problems this small, and puts lines of the solver's own on the screen.
            options={"time_limit": time_limit, "mip_rel_gap": 0.0, "presolve": False},
        )
        if found.x is None:
            _check_proven(found.status, time_limit)
            return None
        choice = np.asarray(found.x[:choices] > 0.5)
        if fits(choice):
            return Solved(choice, max(0.0, float(found.mip_gap or 0.0)))
        # The solver rounds more coarsely than the budgets: a set that is too dear, and every larger one, is cut off.
        row = np.concatenate([choice, np.zeros(gains.size - choices)])
        limits = together(limits, Limits(row[None], np.array([-np.inf]), np.array([choice.sum() - 1.0])))


def _check_proven(status: int, time_limit: float) -> None:
    """Raise unless the solver proved that there is no choice (2); 1 is a solver out of time."""
    if status == 1:
        raise InputError(f"No choice was found in {time_limit:g} s; give more time or fewer measures.")
    if status != 2:
        raise Fault(f"The solver of the choice of measures stopped with the status {status}.")
