"""Who is cut off and who takes longer: before and after, by service, district and group of households."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from genrejs.errors import InputError

Floats = NDArray[np.float64]

HOUR = 3600.0  # s
GROUPS = {"language": "language", "income": "income", "tenure": "tenure", "car": "car"}
"""Groups by a column of `City.households`; ages are counted by heads besides."""

AGES = ("children", "adults", "seniors")


def compare_times(
    before: pd.DataFrame, after: pd.DataFrame, people: ArrayLike, by: ArrayLike | None = None
) -> pd.DataFrame:
    """Return what the water did to the time to each service, one row per service, or per label of `by` and service.

    `before` and `after` are ``(row, service)`` [s], infinite without a path; `people` ``(row,)`` heads. Columns:
    `people`; `without` (heads that had no path before); `isolated` (heads that lose it); `before` and `after` (mean
    of those with a path in both [s], NaN without any); `longest` (the longest of those after [s]); `person_hours`
    (what they lose when each goes once, one way).

    Raises
    ------
    InputError
        Rows or columns do not agree.
    """
    heads = np.asarray(people, dtype=np.float64)
    if list(before.columns) != list(after.columns) or not len(before) == len(after) == heads.size:
        raise InputError("Times before and after need the same services and one row for each of the people's counts.")
    labels = None if by is None else np.asarray(by)
    if labels is not None and labels.size != heads.size:
        raise InputError(f"There are {labels.size} labels for {heads.size} rows.")
    rows: list[dict[str, Any]] = []
    for label in [None] if labels is None else list(dict.fromkeys(labels.tolist())):
        some = np.ones(heads.size, np.bool_) if labels is None else labels == label
        for service in before.columns:
            was, now = (table[service].to_numpy(np.float64)[some] for table in (before, after))
            rows.append(
                ({} if labels is None else {"group": label}) | {"service": service} | _row(was, now, heads[some])
            )
    return pd.DataFrame(rows)


def _row(was: Floats, now: Floats, heads: Floats) -> dict[str, float]:
    had, both = np.isfinite(was), np.isfinite(was) & np.isfinite(now)
    weight = heads[both]
    total = float(weight.sum())
    return {
        "people": float(heads.sum()),
        "without": float(heads[~had].sum()),
        "isolated": float(heads[had & ~both].sum()),
        "before": float((weight * was[both]).sum()) / total if total else np.nan,
        "after": float((weight * now[both]).sum()) / total if total else np.nan,
        "longest": float(now[both][weight > 0].max()) if total else np.nan,
        "person_hours": float((weight * (now[both] - was[both])).sum()) / HOUR,
    }


def cut_off(before: pd.DataFrame, after: pd.DataFrame) -> NDArray[np.bool_]:
    """Return the rows with a path to some service before and to none after, ``(row,)``: wholly isolated."""
    had = np.isfinite(before.to_numpy(np.float64)).any(axis=1)
    return np.asarray(had & ~np.isfinite(after.to_numpy(np.float64)).any(axis=1))


def household_times(households: pd.DataFrame, driving: pd.DataFrame, walking: pd.DataFrame) -> pd.DataFrame:
    """Return ``(household, service)`` [s]: by car where the household has one and the street is open, else on foot.

    `households` has `building` (row of the building tables) and `car`; `driving` and `walking` are ``(building,
    service)`` [s].

    Raises
    ------
    InputError
        The two tables differ in services, or a household lies in a building that is not there.
    """
    row = households["building"].to_numpy(np.int64)
    if list(driving.columns) != list(walking.columns) or len(driving) != len(walking):
        raise InputError("Times by car and on foot need the same buildings and services.")
    if row.size and (row.min() < 0 or row.max() >= len(driving)):
        raise InputError(f"A household lies in building row {row.max()}; there are {len(driving)} buildings.")
    on_foot = walking.to_numpy(np.float64)[row]
    by_car = np.minimum(driving.to_numpy(np.float64)[row], on_foot)
    car = households["car"].to_numpy(dtype=np.bool_)
    return pd.DataFrame(np.where(car[:, None], by_car, on_foot), columns=driving.columns)


def by_group(households: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return `compare_times` for people by age, language, income, tenure and car, with columns `kind` and `group`.

    `households` has the columns of `City.households`; the tables are those of `household_times`.

    Raises
    ------
    InputError
        See `compare_times`.
    """
    parts = []
    for age in AGES:
        heads = households[age].to_numpy(np.float64)
        parts.append(compare_times(before, after, heads).assign(kind="age", group=age))
    persons = households["persons"].to_numpy(np.float64)
    for kind, column in GROUPS.items():
        parts.append(compare_times(before, after, persons, households[column].to_numpy()).assign(kind=kind))
    table = pd.concat(parts, ignore_index=True)
    first = ["kind", "group", "service"]
    return table[[*first, *(column for column in table.columns if column not in first)]]
