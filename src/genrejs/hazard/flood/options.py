"""How a flood is computed: the scheme, its precision and what is recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

SCHEMES = ("inertial", "shallow-water")
ORDERS = (1, 2)
PRECISIONS = (32, 64)
ENGINES = ("auto", "cpu", "cuda")
HIGHEST_FACTOR = 0.5
"""Largest safe share of the wave's time across a cell: above it deep, smooth water grows ripples (BENCHMARKS 1)."""


@dataclass(frozen=True)
class Checkpoint:
    """The state of a run of the input `key` after `simulated` seconds; `arrays` by name, copies of the run's own."""

    key: str
    simulated: float
    arrays: Mapping[str, Any]


@dataclass(frozen=True)
class Options:
    """Settings of `simulate`; every default that is not a physical fact is an assumption.

    `gauges` are (row, column) of cells whose level is recorded; `every` [s] is the time between gauge values and, with
    `keep_slices`, between depth slices (None: gauges every five minutes, no slices); `threads` None takes all.
    Recorded on request: how long the depth is above each of `thresholds` [m], the largest `depth_speed`, and the
    `recession`, the last moment with water above `arrival_depth`. `checkpoint` is called about once a second and at the
    end (then with True) with a function that returns where the run stands; one that starts with it as `resume`, on the
    same input, ends in the same bits, whether it goes on as far or, from a time that is sampled, farther. `frame` is
    called at every sampled time with the time [s] and the depth ``(y, x)`` [m], a copy: it may be shown at once.
    """

    scheme: str = "inertial"
    order: int = 2  # of the shallow-water scheme
    precision: int = 32
    engine: str = "auto"  # cuda: an NVIDIA GPU; auto: the processor, until the GPU is measured
    threads: int | None = None
    gauges: tuple[tuple[int, int], ...] = ()
    every: float | None = None
    keep_slices: bool = True
    dry: float = 0.001  # [m] water below this depth does not flow
    factor: float = 0.45  # share of dx / sqrt(g h) taken as the step
    theta: float = 0.9  # weight of a face's own discharge against its two neighbours (de Almeida et al. 2012)
    longest_step: float = 10.0  # [s]
    arrival_depth: float = 0.01  # [m] depth at which water has arrived
    froude_depth: float = 0.1  # [m] shallower faces do not count in the largest Froude number
    thresholds: tuple[float, ...] = ()
    depth_speed: bool = False
    recession: bool = False
    progress: Callable[[float], None] | None = None  # called about once a second with the share done
    frame: Callable[[float, Any], None] | None = None
    checkpoint: Callable[[Callable[[], Checkpoint], bool], None] | None = None
    resume: Checkpoint | None = None
