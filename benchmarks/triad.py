"""Memory speed beside which the flood engine's is read: `python benchmarks/triad.py` (STREAM triad, float32, GB/s)."""

from __future__ import annotations

import time

import numpy as np
from numba import njit, prange, set_num_threads

NUMBERS = 20_000_000
BYTES = 16
"""Bytes moved for a number: two read, one written, and the line that is fetched to be written."""


@njit(parallel=True)
def triad(a, b, c):
    for i in prange(a.size):
        a[i] = b[i] + np.float32(3) * c[i]


def main() -> None:
    a, b, c = (np.ones(NUMBERS, np.float32) for _ in range(3))
    for threads in (1, 2):
        set_num_threads(threads)
        triad(a, b, c)
        times = []
        for _ in range(9):
            began = time.perf_counter()
            triad(a, b, c)
            times.append(time.perf_counter() - began)
        print(f"triad x{threads}: {BYTES * NUMBERS / min(times) / 1e9:.1f} GB/s")


if __name__ == "__main__":
    main()
