"""Recovery of a system: `python benchmarks/recover.py [MAIN.json] [--pyrecodes PYTHON] [--runs N] [--workers N]`.

Without a file a town of 191 components is made, whose repairs take 20 and 100 steps. With the path of a Python that
has pyrecodes, both run the same files, and every resource's supply, demand and consumption are compared step by step.
"cold" is the first run in a process, with whatever must still be compiled or loaded; the others are the best and the
median of N (--repeat). The many runs are of the same town with lognormal repairs of dispersion 0.4, or of the file.
"""

from __future__ import annotations

import argparse
import json
import os
import runpy
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np

from genrejs.recovery.engine import course, recover
from genrejs.recovery.system_files import read_system

HERE = Path(__file__).parent


def timed(work, repeat: int) -> list[float]:
    """Return the wall seconds of each of `repeat` calls."""
    found = []
    for _ in range(repeat):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return found


def beside(main: Path, python: str, system, fastest: float) -> None:
    """Run pyrecodes on the same files and print how far apart and how much slower it is."""
    words = [python, str(HERE / "pyrecodes_case.py"), str(main)]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
    theirs, mine = json.loads(done.stdout.strip().splitlines()[-1]), course(system)
    apart = max(
        np.abs(mine.totals[step, system.scopes.index(scope), system.resources.index(name)] - row).max()
        for step, told in enumerate(theirs["course"][: mine.done])
        for name, rows in told.items()
        for scope, row in zip(theirs["scopes"], rows, strict=True)
    )
    print(f"  pyrecodes: {theirs['seconds'][0]:.2f} s, {theirs['steps']} steps; genrejs {mine.done - 1} steps")
    print(f"  largest difference of any figure in any step {apart:.2e}")
    print(f"  {theirs['seconds'][0] / fastest:,.0f} times as fast by the best")


def main() -> None:
    """Measure and print."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("system", nargs="?", type=Path)
    reader.add_argument("--pyrecodes", metavar="PYTHON")
    reader.add_argument("--runs", type=int, default=1000)
    reader.add_argument("--workers", type=int, default=os.cpu_count())
    reader.add_argument("--repeat", type=int, default=20)
    asked = reader.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        make = runpy.run_path(str(HERE.parent / "tests" / "recover_systems.py"))["community"]
        given = asked.system or make(Path(folder) / "town")
        spread = asked.system or make(Path(folder) / "spread", spread=0.4)
        reading = timed(lambda: read_system(given), 1)[0]
        system, many = read_system(given), read_system(spread)
        cold = timed(lambda: course(system), 1)[0]
        warm = timed(lambda: course(system), asked.repeat)
        count = course(system).done - 1
        print(f"{len(system.description.parts)} components, {count} steps; load {os.getloadavg()[0]:.1f}", flush=True)
        print(f"  read {reading:.3f} s, cold {cold:.3f} s; ", end="")
        print(f"warm {1e3 * min(warm):.2f} ms at best, median {1e3 * median(warm):.2f} ms")
        if asked.pyrecodes:
            beside(given, asked.pyrecodes, system, min(warm))
        for workers in sorted({1, asked.workers}):
            began = time.perf_counter()
            found = recover(many, asked.runs, seed=1, workers=workers)
            spent = time.perf_counter() - began
            steps = found.summary["steps_over_runs"]["mean"]
            print(f"  {asked.runs} runs of {steps:.0f} steps on average, {workers} worker(s): {spent:.2f} s")
            print(f"    {found.unmet}")


if __name__ == "__main__":
    sys.exit(main())
