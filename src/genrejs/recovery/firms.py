"""Firms after a flood: closed, reopened or lost, by the water they had and the lifelines they lack; their jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from io import StringIO
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.errors import InputError
from genrejs.impact.result import Impact
from genrejs.recovery.households import GOLDEN
from genrejs.recovery.result import Recovery

__all__ = ["SECTORS", "STATES", "FirmSettings", "Firms", "firms_after", "read_recovery_table"]

Floats = NDArray[np.float64]

SECTORS = ("industry", "construction", "trade", "hospitality", "business", "public")
STATES = ("open", "reopened", "closed", "lost")


def _needs() -> Mapping[str, float]:
    shares = {"power": 0.9, "telecom": 0.4, "water": 0.4, "roads": 0.4, "wastewater": 0.3, "heat": 0.1, "digital": 0.1}
    return MappingProxyType(shares | {"school": 0.1, "care": 0.05})


@dataclass(frozen=True)
class FirmSettings:
    """When firms close and come back; no figure has a Danish source, all are assumptions."""

    horizon_days: int = 730  # d that firms are followed
    depths: tuple[float, ...] = (0.02, 0.3, 0.5, 1.0, 2.0)  # m above the ground floor; below the first it stays open
    closed_days: tuple[float, ...] = (3.0, 30.0, 60.0, 120.0, 240.0)  # d closed at these depths (assumption)
    restart_days: float = 14.0  # d from a repaired building to an open door: stock, staff (assumption)
    survival_days: float = 1_500.0  # d closed after which 63 % have given up: 1 - exp(-days / this) (assumption)
    needs: Mapping[str, float] = field(default_factory=_needs)  # work that stops with a service (assumption)

    def __post_init__(self) -> None:
        rising = all(a < b for a, b in zip(self.depths, self.depths[1:], strict=False))
        if not self.depths or len(self.depths) != len(self.closed_days) or not rising or min(self.closed_days) < 0:
            raise InputError("firms.depths must rise, with one figure of 0 days or more in firms.closed_days for each.")
        if self.horizon_days < 1 or not self.survival_days > 0 or not self.restart_days >= 0:
            raise InputError("firms: horizon_days and survival_days must be above 0, restart_days 0 or more.")
        if not all(0 <= share <= 1 for share in self.needs.values()):
            raise InputError("firms.needs are shares of the work that stops with a service: 0..1.")


@dataclass(frozen=True)
class Firms:
    """What became of the firms.

    `firms`, one row for each building with jobs: `building` (its row), `sector`, `district`, `jobs`, `state` (one of
    STATES, at the horizon), `closed_days` (inf where lost or still closed), `outage_days` of full work lost to
    lifelines while open, `job_days` lost over the horizon.
    `capacity` ``(day, sector)`` 0..1: share of each sector's jobs at work; 1 for a sector without jobs.
    `by_sector`: `sector`, `jobs`, `firms`, one column for each state (firms), `jobs_lost`, `job_days`.
    """

    firms: pd.DataFrame
    capacity: Floats
    by_sector: pd.DataFrame


def read_recovery_table(name: str) -> pd.DataFrame:
    """Return one of the tables in `recovery/tables`: `firm_sectors.csv` or `town_economy.csv`."""
    return pd.read_csv(StringIO(resources.files("genrejs.recovery").joinpath("tables", name).read_text("utf-8")))


def firms_after(
    city: City, impact: Impact, recovery: Recovery | None = None, settings: FirmSettings | None = None
) -> Firms:
    """Return what becomes of the firms of `city` after `impact`; with `recovery` also of repairs and lifelines.

    A building with jobs is one firm. It closes for the days of its depth inside, and at least until its building is
    restored and it has restarted. The longer it is closed, the likelier it has given up; which firms do is spread
    evenly over the rows: no chance, and a longer closure never saves one. An open firm works as much as the services of
    its district let it: the losses of several services multiply.

    Raises
    ------
    InputError
        The impact belongs to another city, or a building with jobs has a use that no sector is known for.
    """
    how = settings or FirmSettings()
    if len(impact.buildings) != len(city.buildings):
        raise InputError("The impact has another number of buildings than the city: compute it for this city.")
    jobs = city.buildings["jobs"].to_numpy(np.float64)
    rows = np.flatnonzero(jobs > 0)
    sector = _sectors(city.buildings["bbr_code"].to_numpy()[rows])
    closed, lost = _closed(impact, recovery, rows, how)
    still = closed >= how.horizon_days
    state = np.select([lost, still, closed > 0], ["lost", "closed", "reopened"], "open")
    until = np.where(lost | still, np.inf, closed)
    work, outage = _work(city, recovery, rows, until, how)
    table = pd.DataFrame(
        {
            "building": rows, "sector": sector, "district": city.buildings["district"].to_numpy()[rows],
            "jobs": jobs[rows], "state": state, "closed_days": until, "outage_days": outage,
            "job_days": jobs[rows] * (how.horizon_days - work.sum(axis=0)),
        }
    )  # fmt: skip
    capacity = np.ones((how.horizon_days, len(SECTORS)))
    for i, name in enumerate(SECTORS):
        mine = sector == name
        if mine.any():
            capacity[:, i] = work[:, mine] @ jobs[rows][mine] / jobs[rows][mine].sum()
    return Firms(table, capacity, _by_sector(table))


def _sectors(codes: NDArray[np.int64]) -> NDArray[np.object_]:
    known = read_recovery_table("firm_sectors.csv").set_index("bbr_code")["sector"]
    found = known.reindex(codes)
    if found.isna().any():
        code = codes[int(found.isna().to_numpy().argmax())]
        raise InputError(f"A building with jobs has the BBR code {code}; no sector is known for it.")
    return np.asarray(found, dtype=object)


def _closed(
    impact: Impact, recovery: Recovery | None, rows: NDArray[np.int64], how: FirmSettings
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return ``(firm,)`` days closed and who has given up by then."""
    depth = np.nan_to_num(impact.buildings["depth_inside"].to_numpy(np.float64)[rows])
    closed = np.where(depth >= how.depths[0], np.interp(depth, how.depths, how.closed_days), 0.0)
    if recovery is not None:
        restored = recovery.buildings["restored"].to_numpy(np.float64)[rows] / 24.0
        closed = np.maximum(closed, np.where(restored > 0, restored + how.restart_days, 0.0))
    shut = np.minimum(closed, how.horizon_days)
    quantile = np.mod((rows + 0.5) * GOLDEN, 1.0)
    return closed, quantile < -np.expm1(-shut / how.survival_days)


def _work(
    city: City, recovery: Recovery | None, rows: NDArray[np.int64], until: Floats, how: FirmSettings
) -> tuple[Floats, Floats]:
    """Return ``(day, firm)`` share of full work, and ``(firm,)`` days of it that lifelines cost while open."""
    day = np.arange(how.horizon_days)[:, None]
    opened = np.clip(day + 1.0 - until[None, :], 0.0, 1.0)
    if recovery is None:
        return opened, np.zeros(rows.size)
    names = [str(name) for name in recovery.functionality["district"].to_numpy()]
    place = {name: i for i, name in enumerate(names)}
    where = np.array([place.get(str(name), len(names)) for name in city.buildings["district"].to_numpy()[rows]])
    active = _activity(recovery, how)
    work = opened * np.column_stack([active, np.ones(len(active))])[:, where.astype(np.int64)]
    return work, (opened - work).sum(axis=0)


def _activity(recovery: Recovery, how: FirmSettings) -> Floats:
    """Return ``(day, district)``: what the services leave of the work, 1 after the last day that is known."""
    f = recovery.functionality
    hours = f["time"].to_numpy()
    width = np.append(np.diff(hours), 24.0)
    day = (hours // 24.0).astype(np.int64)
    left = np.ones((f.sizes["district"], hours.size))
    for service, share in how.needs.items():
        if service in f["service"].to_numpy():
            left *= 1.0 - share * (1.0 - f.sel(service=service).to_numpy())
    total, weight = np.zeros((day[-1] + 1, left.shape[0])), np.bincount(day, width)
    np.add.at(total, day, (left * width).T)
    daily = np.ones((how.horizon_days, left.shape[0]))
    last = min(how.horizon_days, len(total))
    daily[:last] = (total / weight[:, None])[:last]
    return daily


def _by_sector(table: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for name in SECTORS:
        mine = table[table["sector"] == name]
        counts = {state: int((mine["state"] == state).sum()) for state in STATES}
        gone = float(mine.loc[mine["state"] == "lost", "jobs"].sum())
        figures = {"sector": name, "jobs": float(mine["jobs"].sum()), "firms": len(mine), **counts, "jobs_lost": gone}
        rows.append(figures | {"job_days": float(mine["job_days"].sum())})
    return pd.DataFrame(rows)
