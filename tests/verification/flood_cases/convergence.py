"""Errors on finer and finer grids, and the order with which they fall."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from flood_cases.case import Array, Case, orders


@dataclass(frozen=True)
class Convergence:
    """L1 errors of depth [m] on grids of `cells` [m], coarse to fine."""

    name: str
    order: int
    cells: list[float]
    errors: list[float]

    @property
    def observed(self) -> Array:
        return orders(self.errors, self.cells)

    @property
    def overall(self) -> float:
        """Return the order from the coarsest to the finest grid."""
        return float(np.log(self.errors[0] / self.errors[-1]) / np.log(self.cells[0] / self.cells[-1]))

    def __str__(self) -> str:
        pairs = ", ".join(f"{c:g} m: {e:.2e}" for c, e in zip(self.cells, self.errors, strict=True))
        return f"{self.name}, order {self.order}: L1 depth {pairs}; observed {np.round(self.observed, 2)}"


def refine(make: Callable[[int], Case], counts: tuple[int, ...], order: int, **options) -> Convergence:
    """Return the errors of a case on grids of `counts` cells, and print them."""
    cases = [make(count) for count in counts]
    errors = [case.error(case.run(order, **options)) for case in cases]
    found = Convergence(cases[0].name, order, [case.cell for case in cases], errors)
    print(found)
    return found
