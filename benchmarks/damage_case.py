"""An event set here: `python benchmarks/damage_case.py make CASE NAME`, `run CASE REPEAT THREADS`, `compare CASE`.

CASE is a folder of arrays that both engines read; `benchmarks/damage.py` calls all three.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
from damage import CASES, WET
from scipy.sparse import csr_array

from genrejs.impact.curve import curve, make_curve
from genrejs.impact.pairs import Assets, event_loss, event_losses, make_ready, prepare

MEGA = 1024.0
CURVES = ("jrc_residential", "jrc_commercial", "jrc_industrial", "jrc_transport", "jrc_agriculture")


def make(case: Path, name: str) -> None:
    """Write a case as arrays."""
    height, width, events = CASES[name]
    chance = np.random.default_rng(20_260_101)
    side = round((WET * height * width) ** 0.5)
    square = (np.arange(side)[:, None] * width + np.arange(side)).ravel()
    corner = chance.integers(0, height - side + 1, events) * width + chance.integers(0, width - side + 1, events)
    indices = (corner[:, None] + square).astype(np.int32).ravel()
    np.save(case / "indices.npy", indices)
    np.save(case / "indptr.npy", np.arange(events + 1, dtype=np.int32) * np.int32(square.size))
    np.save(case / "data.npy", chance.uniform(0.05, 6.5, indices.size))
    np.save(case / "value.npy", chance.uniform(1e5, 1e7, height * width))
    np.save(case / "curve.npy", chance.integers(0, len(CURVES), height * width))
    np.save(case / "frequency.npy", chance.uniform(0.5, 1.5, events) / events)
    depth = np.unique(np.concatenate([curve(id).depth for id in CURVES]))
    share = [np.interp(depth, curve(id).depth, curve(id).share) for id in CURVES]
    np.savez(case / "curves.npz", depth=np.array([depth] * len(CURVES)), share=np.array(share))


def peak() -> float:
    """Return the largest memory of this process so far [MB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGA


def run(case: Path, repeat: int, threads: int | None) -> None:
    """Run a case and its first event alone; print a line of JSON and keep the losses."""
    make_ready()
    parts = (np.load(case / f"{name}.npy") for name in ("data", "indices", "indptr"))
    value, frequency = np.load(case / "value.npy"), np.load(case / "frequency.npy")
    intensity = csr_array(tuple(parts), shape=(frequency.size, value.size))
    start = peak()
    assets = Assets(np.arange(value.size), value, np.load(case / "curve.npy"))
    with np.load(case / "curves.npz") as points:
        curves = [make_curve(str(k), *p) for k, p in enumerate(zip(points["depth"], points["share"], strict=True))]
    wall, spent, highest = [], [], 0.0
    for _ in range(repeat):
        began, used = time.perf_counter(), time.process_time()
        losses = event_losses(intensity, assets, curves, frequency, threads=threads)
        wall.append(time.perf_counter() - began)
        spent.append(time.process_time() - used)
        highest = highest or peak()
    np.savez(case / "ours.npz", at_event=losses.at_event, expected=losses.expected)
    prepared, row, one = prepare(assets, curves, value.size), intensity[[0]], []
    for _ in range(100):
        began = time.perf_counter()
        event_loss(prepared, row)
        one.append(time.perf_counter() - began)
    print(json.dumps({"name": "Genrejs", "start": start, "wall": wall, "cpu": spent, "peak": highest, "one": one}))


def compare(case: Path) -> str:
    """Return the largest relative differences between the two results, in a line."""
    with np.load(case / "ours.npz") as mine, np.load(case / "climada.npz") as theirs:
        apart = [
            np.nanmax(np.abs(mine[name] - theirs[name]) / np.where(theirs[name] == 0.0, np.nan, theirs[name]))
            for name in ("at_event", "expected")
        ]
        dry = ((mine["expected"] == 0.0) == (theirs["expected"] == 0.0)).all()
        total = float(theirs["expected"].sum())
    return (
        f"largest relative difference by event {apart[0]:.1e}, by asset {apart[1]:.1e}; the same assets "
        f"{'' if dry else 'do NOT '}stay dry; {total:.10g} a year"
    )


def main() -> None:
    what, case = sys.argv[1], Path(sys.argv[2])
    if what == "make":
        make(case, sys.argv[3])
    elif what == "run":
        run(case, int(sys.argv[3]), int(sys.argv[4]) or None)
    else:
        print(compare(case))


if __name__ == "__main__":
    main()
