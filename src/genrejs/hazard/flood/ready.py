"""Compile the kernels ahead, so that nobody waits at the first flood: `python -m genrejs.hazard.flood.ready`."""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np

from genrejs.hazard.flood.engine import simulate
from genrejs.hazard.flood.options import SCHEMES, Options
from genrejs.hazard.flood.problem import Forcing, Ground, Pump, Works

PUMP = Pump("ready", (1, 1), (2, 2), 0.1, 1.0, 0.5)


def make_ready(scheme: str, operated: bool) -> None:
    """Compile and keep one scheme in single precision, with or without `operated` structures."""
    z = np.zeros((4, 4))
    works = Works(pumps=(PUMP,)) if operated else Works()
    ground = Ground(z, 10.0, np.full(z.shape, 0.03))
    simulate(ground, Forcing(), works, duration=1.0, initial_level=0.5, options=Options(scheme=scheme))


def main() -> None:
    """Compile what a demo and an ordinary flood need, two at a time: a second where it was kept."""
    cases = [(scheme, operated) for operated in (False, True) for scheme in SCHEMES]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(make_ready, *zip(*cases, strict=True)))
    sys.stdout.write("The flood engine is compiled.\n")


if __name__ == "__main__":
    main()
