"""Compiled kernels are kept between runs; those older than the sources are thrown away."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from pathlib import Path

from genrejs.hazard.flood.kernels_drive import drive

ALSO = ("state", "physics", "compiled")
"""Other modules that kernels are compiled from."""


@cache
def drop_stale_code() -> None:
    """Remove compiled kernels older than any kernel's source, once a process.

    Numba looks at a function's own file only, so a change in a kernel that another file calls would go unnoticed.
    """
    here = Path(__file__).parent
    newest = max(
        path.stat().st_mtime_ns for path in (*here.glob("kernels_*.py"), *(here / f"{name}.py" for name in ALSO))
    )
    for compiled in Path(drive.stats.cache_path or here).glob("*.nb*"):
        with suppress(FileNotFoundError):  # another process may have removed it
            if compiled.stat().st_mtime_ns < newest:
                compiled.unlink()
