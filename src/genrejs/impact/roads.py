"""Water on roads: how fast one may drive, when a road is closed, and what clean-up and lost time cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

HOUR = 3600.0  # s
DAY = 24 * HOUR  # s
KMH = 1 / 3.6  # m/s per km/h


@dataclass(frozen=True)
class RoadSettings:
    """What may be chosen for roads; figures from the Danish municipal model (FACTS 15) unless called an assumption."""

    closed_depth: float = 0.30  # m of water from which a road is closed
    wet_depth: float = 0.05  # m of water above which a road is cleaned up (assumption)
    cleanup_cost: float = 20.0  # DKK/m
    closure: float = 24 * HOUR  # s that a road stays closed or slow
    time_cost: float = 301.0 / HOUR  # DKK/s of a person's time
    speed_limit: float = 50 * KMH  # m/s on a dry street (assumption)
    detour: float = 0.25 * HOUR  # s lost round a closed road (assumption)


def safe_speed(depth: ArrayLike, closed_depth: float = 0.30) -> Floats:
    """Return the safe speed on water of `depth` [m], in [m/s]; 0 from `closed_depth` on.

    ``v = 0.0009 w2 - 0.5529 w + 86.9448`` km/h with w in mm (the Danish municipal model, FACTS 15).
    """
    water = np.maximum(np.nan_to_num(np.asarray(depth, dtype=np.float64)), 0.0)
    millimetres = 1000.0 * water
    speed = (0.0009 * millimetres**2 - 0.5529 * millimetres + 86.9448) * KMH
    return np.where(water >= closed_depth, 0.0, np.maximum(speed, 0.0))


def road_cost(length: ArrayLike, traffic: ArrayLike, depth: ArrayLike, settings: RoadSettings | None = None) -> Floats:
    """Return what each stretch costs, ``(n,)`` [DKK], by length [m], traffic [vehicles/s] and depth [m].

    Wet stretches are cleaned; vehicles on a passable one lose the time that the safe speed takes from them, those
    before a closed one lose the detour. One person to a vehicle (assumption).
    """
    settings = settings or RoadSettings()
    metres, water = np.asarray(length, dtype=np.float64), np.nan_to_num(np.asarray(depth, dtype=np.float64))
    closed, wet = water >= settings.closed_depth, water > settings.wet_depth
    speed = np.minimum(safe_speed(water, settings.closed_depth), settings.speed_limit)
    slower = metres / np.where(closed, settings.speed_limit, speed) - metres / settings.speed_limit
    lost = np.where(closed, settings.detour, slower)
    vehicles = np.nan_to_num(np.asarray(traffic, dtype=np.float64)) * settings.closure
    return np.where(wet, settings.cleanup_cost * metres, 0.0) + settings.time_cost * vehicles * lost


@dataclass(frozen=True)
class StretchSettings:
    """The municipal tool's own cost of a stretch of road (OS2 SkadesØkonomi), in the tool's figures."""

    wet_depth: float = 0.075  # m of water from which a road counts
    closed_depth: float = 0.30  # m of water from which a road is closed
    cleanup_cost: float = 20.0  # DKK/m
    closure: float = 24 * HOUR  # s that a road stays closed or slow
    stretch_cost: float = 68.8  # DKK/m a day at a standstill, for the traffic below in each direction
    traffic: float = 6200.0 / DAY  # vehicles/s
    directions: float = 2.0
    speed: float = 50 * KMH  # m/s above which nothing is lost


def stretch_cost(
    length: ArrayLike,
    wet_length: ArrayLike,
    traffic: ArrayLike,
    depth: ArrayLike,
    settings: StretchSettings | None = None,
) -> Floats:
    """Return what each stretch costs in the municipal tool, ``(n,)`` [DKK].

    ``20 wet + 68.8 (1 - v/50) x 2 x length x traffic/6200 x days``, nothing for speed above 50 km/h: by the whole
    `length` and its `wet_length` [m], `traffic` [vehicles/s] and the mean `depth` [m] of what is wet. It grows with
    the length of a closed stretch where `road_cost` counts one detour, so the two are not to be added.
    """
    settings = settings or StretchSettings()
    water = np.nan_to_num(np.asarray(depth, dtype=np.float64))
    wet = np.where(water >= settings.wet_depth, np.asarray(wet_length, dtype=np.float64), 0.0)
    slow = np.maximum(1.0 - safe_speed(water, settings.closed_depth) / settings.speed, 0.0)
    vehicles = settings.directions * np.nan_to_num(np.asarray(traffic, dtype=np.float64)) / settings.traffic
    lost = settings.stretch_cost * slow * vehicles * np.asarray(length, dtype=np.float64) * settings.closure / DAY
    return settings.cleanup_cost * wet + np.where(wet > 0.0, lost, 0.0)


def road_impact(components: pd.DataFrame, depth: Floats, settings: RoadSettings | None = None) -> dict[str, float]:
    """Return sites and metres closed, metres wet and cost [DKK] of the components whose service is "roads".

    Metres need a column `length` [m] and lost time a column `traffic` [vehicles/day]; without them they count 0.
    """
    settings = settings or RoadSettings()
    road = components["service"].to_numpy() == "roads"
    sites, water = components[road], depth[road]
    nothing = np.zeros(len(sites))
    length = sites["length"].to_numpy(np.float64) if "length" in sites else nothing
    traffic = sites["traffic"].to_numpy(np.float64) / DAY if "traffic" in sites else nothing
    closed, wet = water >= settings.closed_depth, water > settings.wet_depth
    return {
        "closed_sites": float(closed.sum()),
        "closed_length": float(length[closed].sum()),
        "wet_length": float(length[wet].sum()),
        "cost": float(road_cost(length, traffic, water, settings).sum()),
    }
