"""The body of `genrejs recover`: a system's file in, what it lacks and when it is back out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from genrejs.errors import InputError
from genrejs.recovery.engine import recover, shortened
from genrejs.recovery.system_files import read_system
from genrejs.recovery.system_result import Recovery


def run_recover(options: Any, progress: Callable[[float, str], None]) -> Recovery:
    """Run the system that the options of `genrejs recover` name and write it where they say; return the result.

    `options`: `system` (path), `out` (folder or None), `runs`, `seed`, `workers` (None: all cores), `steps` (None: as
    the system says).

    Raises
    ------
    InputError
        A file or option is wrong; nothing is written.
    """
    if options.out is not None and Path(options.out).exists() and not Path(options.out).is_dir():
        raise InputError(f"--out {options.out} is a file; give a folder.")
    system = read_system(options.system)
    if options.steps is not None:
        system = shortened(system, options.steps)
    progress(0.1, "recovery")
    result = recover(
        system, options.runs, options.seed, options.workers, lambda share: progress(0.1 + 0.8 * share, "recovery")
    )
    if options.out is not None:
        progress(0.95, "files")
        result.save(options.out)
    progress(1.0, "done")
    return result
