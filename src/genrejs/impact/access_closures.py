"""One street closed at a time: whom a bridge keeps together, and what the way round a closed road costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from genrejs.city.streets import Streets
from genrejs.errors import InputError
from genrejs.impact.access import CAR, Mode, Network, arcs, edge_time, spread, travel_times

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

DAY = 86400.0  # s
HOUR = 3600.0  # s


def closure_candidates(streets: Streets, closed: ArrayLike | None = None) -> dict[str, Integers]:
    """Return what may be closed alone: every bridge, and the `closed` edges ``(edge,)`` street by street.

    Edges that are closed and have no name stand alone.
    """
    found: dict[str, Integers] = {}
    for edge in np.flatnonzero(streets.bridge):
        label = f"bridge {edge}" + (f", {streets.name[edge]}" if streets.name[edge] else "")
        found[label] = np.array([edge], dtype=np.int64)
    if closed is None:
        return found
    wet = np.flatnonzero(np.asarray(closed, dtype=np.bool_) & ~streets.bridge)
    for edge in wet:
        label = str(streets.name[edge]) or f"edge {edge}"
        found[label] = np.append(found.get(label, np.empty(0, np.int64)), edge)
    return found


def single_closures(
    network: Network,
    people: ArrayLike,
    candidates: Mapping[str, ArrayLike] | None = None,
    services: Sequence[str] | None = None,
    water: ArrayLike | None = None,
    **how: Any,
) -> pd.DataFrame:
    """Return what closing each candidate alone does to `people` ``(building,)``, the worst first.

    Columns `closed`, `edges`, `metres`, `isolated` (people who lose the path to at least one service) and
    `person_hours` (what the others lose when each goes once to every service, one way). `water` ``(edge,)`` [m] is the
    state before the closure, None dry; `how` goes to `travel_times`; without candidates every bridge is one.

    Raises
    ------
    InputError
        There is no candidate, or see `travel_times`.
    """
    chosen = closure_candidates(network.streets) if candidates is None else candidates
    if not chosen:
        raise InputError("There is nothing to close: the graph has no bridge and no candidates were named.")
    heads = np.asarray(people, dtype=np.float64)
    was = travel_times(network, services, water, **how).to_numpy(np.float64)
    if heads.shape != was.shape[:1]:
        raise InputError(f"There are {heads.size} counts of people for {len(was)} buildings.")
    rows = []
    for name, edges in chosen.items():
        shut = np.asarray(edges, dtype=np.int64)
        now = travel_times(network, services, water, shut=shut, **how).to_numpy(np.float64)
        lost = np.isfinite(was) & ~np.isfinite(now)
        longer = np.where(np.isfinite(now), now, 0.0) - np.where(np.isfinite(now), was, 0.0)
        isolated, hours = float(heads[lost.any(axis=1)].sum()), float((heads * longer.sum(axis=1)).sum()) / HOUR
        rows.append((name, shut.size, float(network.streets.length[shut].sum()), isolated, hours))
    table = pd.DataFrame(rows, columns=["closed", "edges", "metres", "isolated", "person_hours"])
    return table.sort_values(["isolated", "person_hours"], ascending=False, kind="stable", ignore_index=True)


@dataclass(frozen=True)
class Detour:
    """What closing a road costs its traffic: times there and back (mean) [s], and vehicle-hours.

    `extra` is infinite and `stranded` counts the vehicles where there is no way round; no jam is counted: the streets
    of the way round are as fast as on any day, so the figures are a lower bound.
    """

    before: float
    after: float
    vehicles: float
    vehicle_hours: float
    stranded: float

    @property
    def extra(self) -> float:
        """Time lost by each vehicle [s]."""
        return self.after - self.before


def detour(
    streets: Streets,
    closed: ArrayLike,
    between: tuple[int, int],
    *,
    vehicles_per_day: float,
    duration: float = DAY,
    water: ArrayLike | None = None,
    mode: Mode = CAR,
) -> Detour:
    """Return what closing the edges `closed` for `duration` [s] costs the traffic between two nodes.

    `vehicles_per_day` counts both ways, half each. `water` ``(edge,)`` [m] slows and closes the way round, and not
    the time before.

    Raises
    ------
    InputError
        A node or edge does not exist, the two nodes are one, or the traffic is negative.
    """
    shut, ends = np.asarray(closed, dtype=np.int64), np.asarray(between, dtype=np.int64)
    if shut.size == 0 or shut.min() < 0 or shut.max() >= len(streets):
        raise InputError(f"The closed edges must be some of the graph's {len(streets)}.")
    if ends.shape != (2,) or ends.min() < 0 or ends.max() >= streets.x.size or ends[0] == ends[1]:
        raise InputError(f"The traffic runs between two nodes of the graph's {streets.x.size}; got {between}.")
    if not (vehicles_per_day >= 0 and duration >= 0):
        raise InputError("The traffic and the duration of a closure must be 0 or more.")
    dry, wet = edge_time(streets, None, mode), edge_time(streets, water, mode)
    wet[shut] = np.inf
    before, after = (_there_and_back(streets, time, ends, mode) for time in (dry, wet))
    count = vehicles_per_day * duration / DAY
    if not np.isfinite(before):
        raise InputError(f"No road leads both ways between the nodes {ends[0]} and {ends[1]} even when all are open.")
    if not np.isfinite(after):
        return Detour(before, after, count, 0.0, count)
    return Detour(before, after, count, count * (after - before) / HOUR, 0.0)


def _there_and_back(streets: Streets, time: Floats, ends: Integers, mode: Mode) -> float:
    web = arcs(streets, both_ways=mode.both_ways)
    there, back = (spread(web, time, ends[k : k + 1])[ends[1 - k]] for k in (0, 1))
    return float(there + back) / 2
