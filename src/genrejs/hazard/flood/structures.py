"""The structures of a city that move or hold water: gates, pumps, weirs, culverts, bridges, drains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genrejs.hazard.flood.series import Floats, Series

NEVER = np.inf
"""[s] the time of something that does not happen."""
GATE_RULES = ("surge", "outer", "inner", "difference", "schedule")
CULVERT_SHAPES = ("box", "pipe")


@dataclass(frozen=True)
class Gate:
    """Faces that shut to `crest` [m] by a `rule` and open when it no longer holds.

    `east_faces`, `south_faces`: ``(n, 2)`` rows and columns as of `Ground.wall_east`, `wall_south`. Rules: "surge"
    shuts while level(outer) > closes_at and level(outer) > level(inner); "outer" and "inner" while that level is above
    closes_at; "difference" while level(outer) - level(inner) > closes_at; "schedule" follows `schedule`, the share shut
    (0 to 1) over time. The crest moves from the bed to its full height in `seconds`; between `fails_from` and
    `fails_until` [s] the gate is stuck where it is.
    """

    name: str
    east_faces: NDArray[np.int64]
    south_faces: NDArray[np.int64]
    outer: tuple[int, int]
    inner: tuple[int, int]
    closes_at: float
    crest: float
    rule: str = "surge"
    schedule: Series | None = None
    seconds: float = 0.0
    fails_from: float = NEVER
    fails_until: float = NEVER


@dataclass(frozen=True)
class Pump:
    """`capacity` [m3/s] from cell `intake` to `outlet`, on above `starts_at` [m], off below `stops_at` [m].

    `curve` holds heads [m], rising, and the discharges [m3/s] at them, both ``(n,)``: the pump gives no more than that
    at the level of its outlet over that of its intake. It stands still between `fails_from` and `fails_until` [s].
    """

    name: str
    intake: tuple[int, int]
    outlet: tuple[int, int]
    capacity: float
    starts_at: float
    stops_at: float
    curve: tuple[Floats, Floats] | None = None
    fails_from: float = NEVER
    fails_until: float = NEVER


@dataclass(frozen=True)
class Weir:
    """A free or drowned rectangular weir of `width` and `crest` [m] from cell `intake` to `outlet`.

    Discharge `coefficient` x width x head^1.5 [m0.5/s]; water flows back only when `two_way`.
    """

    name: str
    intake: tuple[int, int]
    outlet: tuple[int, int]
    crest: float
    width: float
    coefficient: float = 1.705
    two_way: bool = False


@dataclass(frozen=True)
class Culvert:
    """Pipes or boxes under a bank between the cells `inlet` and `outlet`, with their inverts [m] and sizes [m].

    `width` is a pipe's diameter (its `height` is not used). `entry_loss` and `exit_loss` count velocity heads;
    a `flap` lets water through from inlet to outlet only.
    """

    name: str
    inlet: tuple[int, int]
    outlet: tuple[int, int]
    invert_in: float
    invert_out: float
    width: float
    height: float
    length: float
    manning: float = 0.013
    barrels: int = 1
    shape: str = "box"
    entry_loss: float = 0.5
    exit_loss: float = 1.0
    flap: bool = False


@dataclass(frozen=True)
class Bridge:
    """Faces spanned by a deck between `soffit` and `top` [m]: pressure flow below it, weir flow over it.

    Faces as of `Gate`; `open_share` is what piers leave of the opening.
    """

    name: str
    east_faces: NDArray[np.int64]
    south_faces: NDArray[np.int64]
    soffit: float
    top: float
    open_share: float = 1.0


@dataclass(frozen=True)
class Drain:
    """A sewered area: cells (rows, columns) lose up to `capacity` [m/s], a number or ``(n,)``, to one `outlet`.

    `outlet` is a cell, which may lie in the imposed sea, or None: out of the model. While the level there (the sea's
    for None) is above `closes_at` [m], the backwater valve is shut and nothing is taken.
    """

    name: str
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    capacity: float | Floats
    outlet: tuple[int, int] | None = None
    closes_at: float = np.inf


@dataclass(frozen=True)
class Rating:
    """An edge with a rating curve: cells (rows, columns) lose together the discharge [m3/s] of their level [m].

    `levels`, rising, and `discharges` are ``(n,)``, linear between; nothing flows below the first level. The level is
    the mean of the wet cells, weighted by their depth; each gives in proportion to its depth.
    """

    name: str
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    levels: Floats
    discharges: Floats


@dataclass(frozen=True)
class Works:
    """Operated structures on cells and faces."""

    gates: tuple[Gate, ...] = ()
    pumps: tuple[Pump, ...] = ()
    weirs: tuple[Weir, ...] = ()
    culverts: tuple[Culvert, ...] = ()
    bridges: tuple[Bridge, ...] = ()
    drains: tuple[Drain, ...] = ()
