"""Run the benchmarks one after the other, each in a process of its own: `python -m benchmarks [ANUGA [CLIMADA]]`.

After every line stand the CPU and wall seconds and the largest memory of its whole process: start of Python, reading
compiled code and laying out the grid included. Quiet the machine first. With the path of a Python that has ANUGA, the
two engines run the same first 1800 s of the surge side by side; with that of one that has CLIMADA, event sets too.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
SCHEMES = (("inertial", "2"), ("shallow-water", "1"), ("shallow-water", "2"))
MEGA = 1024.0


def timed(python: str, *words: str) -> None:
    """Run a script and print what it printed, and what its process cost."""
    began = time.perf_counter()
    with subprocess.Popen([python, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        out = process.stdout.read().strip() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    told = out.splitlines()[-2:] if "triad" in out else out.splitlines()[-1:]
    cost = f"{used.ru_utime + used.ru_stime:.1f} CPU s, {wall:.1f} s wall, {used.ru_maxrss / MEGA:.0f} MB"
    print(f"{' | '.join(told) or 'failed'}\n    whole process {cost}", flush=True)


def flood(*words: str, script: str = "flood.py") -> None:
    """Run one case of the engine."""
    timed(sys.executable, str(HERE / script), *words)


def main() -> None:
    flood(script="triad.py")
    for threads in ("1", "2"):
        for scheme, order in SCHEMES:
            flood("S2", "5", "32", threads, scheme, order)
    for scheme, order in SCHEMES:
        flood("R", "20", "32", "1", scheme, order)
    for case in ("surge", "rain"):
        for scheme, order in (SCHEMES[0], SCHEMES[2]):
            flood(case, "10", scheme, order, "2", script="town.py")
    flood(script="triad.py")
    if len(sys.argv) > 1:
        timed(sys.argv[1], str(HERE / "anuga_case.py"), "1800")
        for scheme, order in SCHEMES:
            flood("S2", "20", "32", "1", scheme, order, "1800")
    peer = ["--climada", sys.argv[2]] if len(sys.argv) > 2 else []
    for script in ("damage.py", "recovery.py", "criticality.py", "wellbeing.py", "access.py", "timing.py"):
        more = peer if script == "damage.py" else []
        subprocess.run([sys.executable, str(HERE / script), *more], check=True)


if __name__ == "__main__":
    main()
