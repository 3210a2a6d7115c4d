"""Well-being lost by 100,000 households, the best rate of each: `python benchmarks/wellbeing.py [HOUSEHOLDS]`.

Prints the seconds with one and with two threads after a first call has read the compiled code, and whether the bits
are the same.
"""

from __future__ import annotations

import sys
import time

import numba
import numpy as np

from genrejs.recovery.wellbeing import WellbeingSettings, wellbeing_losses


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rng = np.random.default_rng(1)
    consumption = rng.lognormal(np.log(180_000.0), 0.5, count)
    loss = rng.lognormal(np.log(150_000.0), 1.0, count)
    stock = consumption * rng.uniform(0.0, 0.5, count) + np.where(rng.random(count) < 0.5, 0.74 * loss, 0.0)
    settings = WellbeingSettings()
    wellbeing_losses(loss[:10], consumption[:10], stock[:10], settings)
    results = []
    for threads in (1, min(2, numba.config.NUMBA_NUM_THREADS)):
        numba.set_num_threads(threads)
        began, spent = time.perf_counter(), time.process_time()
        results.append(wellbeing_losses(loss, consumption, stock, settings).wellbeing)
        wall, spent = time.perf_counter() - began, time.process_time() - spent
        print(f"{count} households, {threads} threads: {wall:.2f} s wall, {spent:.2f} s CPU")
    same = bool((results[0] == results[1]).all())
    print(f"well-being lost per krone of assets {results[0].sum() / loss.sum():.2f}, same bits {same}")


if __name__ == "__main__":
    main()
