"""Who is spared: the burden by group of people, per strategy."""

from __future__ import annotations

import pandas as pd

KEYS = ["strategy", "group", "value"]


def spared(groups: pd.DataFrame, points: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """Return the expected person-days a year by `strategy, group, value`, with `people` and what is `spared` by each.

    `groups` has rows `strategy, year, event, group, value, people, person_days`; `points` gives each event its `weight`
    [1/year] by `strategy, year, event`. Spared = person-days of `baseline` less the strategy's.
    """
    joined = groups.merge(points[["strategy", "year", "event", "weight"]], on=["strategy", "year", "event"])
    joined["person_days"] = joined["person_days"] * joined["weight"]
    grouped = joined.groupby(KEYS, sort=False, as_index=False)
    table = grouped.agg(people=("people", "max"), person_days=("person_days", "sum"))
    before = table[table["strategy"] == baseline].set_index(["group", "value"])["person_days"]
    keys = pd.MultiIndex.from_frame(table[["group", "value"]])
    table["spared"] = before.reindex(keys).to_numpy() - table["person_days"].to_numpy()
    return table


def burden(table: pd.DataFrame) -> pd.DataFrame:
    """Return `per_person` [days a year] and `relative` (1 = the mean person) for each row of the table of `spared`."""
    totals = table.groupby(["strategy", "group"])[["person_days", "people"]].transform("sum")
    per_person = table["person_days"] / table["people"].where(table["people"] > 0)
    mean = totals["person_days"] / totals["people"].where(totals["people"] > 0)
    return table.assign(per_person=per_person, relative=per_person / mean.where(mean > 0))
