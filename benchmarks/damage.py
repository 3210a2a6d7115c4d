"""Event sets and assets: `python benchmarks/damage.py [--climada PYTHON] [--repeat N] [--threads N] [--case 1e5x1e3]`.

With the path of a Python that has CLIMADA, both run the same saved cases, each in a process of its own, in turn. Every
case has one asset to a place, square footprints with 1 % of the places wet, depths drawn evenly from 0.05 to 6.5 m and
five of JRC's curves. Wall seconds are the best and the median of N (CLIMADA: 3 at most); the peak memory is that of the
whole process after the first time, and "start" what it held before, the event set itself with it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

CASES = {
    "1e5x1e3": (250, 400, 1000),
    "1e5x1e4": (250, 400, 10_000),
    "1e6x1e3": (1000, 1000, 1000),
    "1e6x1e4": (1000, 1000, 10_000),
}
"""Rows and columns of places, and events."""
WET = 0.01
HERE = Path(__file__).parent


def told(found: dict, pairs: int) -> str:
    """Return what a run cost, in two lines."""
    wall, spent, one = found["wall"], found["cpu"], [1000 * seconds for seconds in found["one"]]
    rate, times, memory = pairs / min(wall) / 1e6, len(wall), (found["peak"], found["start"])
    return (
        f"    {found['name']:14s}{min(wall):8.4f} s wall (median {median(wall):.4f}, of {times}), "
        f"{min(spent):.4f} CPU s, {rate:.1f} million pairs/s,\n{'':18s}peak {memory[0]:.0f} MB "
        f"(start {memory[1]:.0f}), one event {min(one):.3f} ms (median {median(one):.3f})"
    )


def child(python: str, script: str, *words: str) -> str:
    """Return what a script printed last; this process stays small, or it would count in its children's memory."""
    done = subprocess.run([python, str(HERE / script), *words], stdout=subprocess.PIPE, text=True, check=True)
    return (done.stdout.strip().splitlines() or [""])[-1]


def both(name: str, case: str, asked: argparse.Namespace) -> None:
    """Run a case here and, if asked for, in CLIMADA, and print what came out."""
    height, width, events = CASES[name]
    pairs = events * round((WET * height * width) ** 0.5) ** 2
    child(sys.executable, "damage_case.py", "make", case, name)
    print(f"{name}: {pairs / 1e6:.1f} million wet pairs; load {os.getloadavg()[0]:.1f}", flush=True)
    mine = json.loads(child(sys.executable, "damage_case.py", "run", case, str(asked.repeat), str(asked.threads)))
    print(told(mine, pairs), flush=True)
    if asked.climada:
        theirs = json.loads(child(asked.climada, "climada_case.py", case, str(min(asked.repeat, 3))))
        print(told(theirs, pairs))
        faster = [what(theirs["wall"]) / what(mine["wall"]) for what in (min, median)]
        print(f"    {faster[0]:.1f} times as fast by the best, {faster[1]:.1f} by the median")
        print(f"    {child(sys.executable, 'damage_case.py', 'compare', case)}", flush=True)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--climada", metavar="PYTHON")
    words.add_argument("--repeat", type=int, default=5)
    words.add_argument("--threads", type=int, default=0, help="0: all cores")
    words.add_argument("--case", nargs="*", choices=[*CASES], default=[*CASES])
    asked = words.parse_args()
    for name in asked.case:
        with tempfile.TemporaryDirectory() as case:
            both(name, case, asked)


if __name__ == "__main__":
    main()
