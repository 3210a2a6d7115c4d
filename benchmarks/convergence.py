"""The fjord surge on 20, 10 and 5 m by all schemes: `python benchmarks/convergence.py`, about three minutes.

Prints for each grid the land above 0.1 m, and how far the largest level lies (RMSE, where both are wet above 0.1 m on
land) from the next finer grid's, averaged over its cells; and on each grid how far the inertial scheme lies from the
others: RMSE of the largest depth on land, and the critical success index of the land above 0.1 m.
"""

from __future__ import annotations

from itertools import pairwise

import flood
import numpy as np

from genrejs.hazard.flood import Options, simulate
from genrejs.hazard.flood.problem import Ground

CELLS = (20.0, 10.0, 5.0)
SCHEMES = (("inertial", 2), ("shallow-water", 1), ("shallow-water", 2))
DEEP = 0.1


def blocks(values, size: int):
    """Return means over blocks of `size` x `size` cells, of what is not NaN; NaN unless half of a block is there."""
    rows, columns = values.shape[0] // size, values.shape[1] // size
    parts = values.reshape(rows, size, columns, size).swapaxes(1, 2).reshape(rows, columns, -1)
    there = np.isfinite(parts)
    total = np.where(there, parts, 0.0).sum(axis=-1)
    return np.where(there.mean(axis=-1) >= 0.5, total / np.maximum(there.sum(axis=-1), 1), np.nan)


def rmse(one, other) -> float:
    """Return the root mean square difference where both are numbers."""
    return float(np.sqrt(np.nanmean(np.square(one - other))))


def main() -> None:
    found = {}
    for cell in CELLS:
        z, forcing, duration = flood.s2(cell)
        ground = Ground(z, cell, np.full(z.shape, 0.03))
        for scheme, order in SCHEMES:
            result = simulate(
                ground, forcing, duration=duration, initial_level=0.0, options=Options(scheme=scheme, order=order)
            )
            land = z > 0
            wet = land & (result.max_depth > DEEP)
            level = np.where(wet, result.max_level, np.nan)
            found[cell, scheme, order] = (level, np.where(land, result.max_depth, np.nan), wet)
            error = result.balance["error"] / result.balance["moved"]
            print(
                f"{scheme} {order}, {cell:g} m: {result.steps} steps, {wet.sum() * cell**2 / 1e4:.1f} ha of land, "
                f"mean {result.max_depth[wet].mean():.3f} m, volume error {error:.0e}"
            )
    for scheme, order in SCHEMES:
        for coarse, fine in pairwise(CELLS):
            there = blocks(found[fine, scheme, order][0], round(coarse / fine))
            apart = rmse(found[coarse, scheme, order][0], there)
            print(f"{scheme} {order}, largest level, {coarse:g} m to {fine:g} m: RMSE {apart:.3f} m")
    for cell in CELLS:
        _, depth, wet = found[cell, "inertial", 2]
        for order in (1, 2):
            _, other, also = found[cell, "shallow-water", order]
            index = (wet & also).sum() / (wet | also).sum()
            print(f"{cell:g} m, inertial to shallow-water {order}: RMSE {rmse(depth, other):.3f} m, CSI {index:.3f}")


if __name__ == "__main__":
    main()
