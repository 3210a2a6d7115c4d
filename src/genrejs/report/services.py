"""What stops working, when and for whom: services by period, people by group."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from genrejs.city.model import residents_by_district
from genrejs.report.story import Story, district_names
from genrejs.report.tables import Cell, Row, Table, barred, lost, rows_of
from genrejs.report.texts import Phrase, known, number, percent, same, say, titled
from genrejs.scenario.result import Result

DAY = 24.0
PERIODS: tuple[tuple[str, float], ...] = (
    ("hours_6", 6.0), ("hours_12", 12.0), ("hours_24", DAY), ("day_2", 2 * DAY), ("day_3", 3 * DAY),
    ("week_1", 7 * DAY), ("week_2", 14 * DAY), ("month_1", 30 * DAY), ("month_3", 91 * DAY), ("year_1", 365 * DAY),
    ("year_2", 730 * DAY), ("later", np.inf),
)  # fmt: skip
"""Name and end [h] of each period of the strip: fine at first, coarse later."""

GROUPS = ("district", "language", "income", "age")
VALUES = {
    "language": ("da", "other"), "income": ("low", "middle", "high"), "age": ("children", "adults", "seniors"),
}  # fmt: skip


def strip(story: Story, result: Result) -> Table:
    """Return service by period: the lowest share of residents who had the service within each period."""
    lowest = worst_by_period(story, result.recovery.functionality)
    rows = tuple(
        Row(known(f"service.{service}", str(service)), tuple(_share(value) for value in values))
        for service, values in lowest.iterrows()
    )
    columns = tuple(say(f"period.{name}") for name in lowest.columns)
    title = titled(result.event)
    return Table(say("services.strip_caption", event=title), say("services.corner"), columns, rows)


def worst_by_period(story: Story, functionality: xr.DataArray) -> pd.DataFrame:
    """Return the lowest people-weighted share 0..1 of every service within every period, ``(service, period)``."""
    residents = residents_by_district(story.city).reindex(functionality["district"].to_numpy(), fill_value=0.0)
    weights = xr.DataArray(residents.to_numpy(), dims="district", coords={"district": functionality["district"]})
    share = functionality.weighted(weights).mean("district").transpose("service", "time")
    hours, start, columns = share["time"].to_numpy(), -np.inf, {}
    for name, end in PERIODS:
        inside = (hours > start) & (hours <= end)
        if inside.any():
            columns[name] = share.to_numpy()[:, inside].min(axis=1)
        start = end
    return pd.DataFrame(columns, index=[str(service) for service in share["service"].to_numpy()])


def group_tables(story: Story, result: Result) -> tuple[Table, ...]:
    """Return person-days without a service for every district, language, income and age that has people."""
    by_group = result.recovery.by_group
    found = []
    for group in GROUPS:
        part = by_group[(by_group["group"] == group) & (by_group["people"] > 0)]
        if len(part):
            found.append(_group_table(part, group, value_names(story, group)))
    return tuple(found)


def value_names(story: Story, group: str) -> dict[str, Phrase]:
    """Return how to write the values of a group, in their natural order."""
    if group == "district":
        return {id: same(name) for id, name in district_names(story.city).items()}
    return {value: say(f"value.{group}.{value}") for value in VALUES[group]}


def _group_table(part: pd.DataFrame, group: str, names: dict[str, Phrase]) -> Table:
    keys = part["value"].astype(str)
    crowd = dict(zip(keys, part["people"].astype(float), strict=True))
    missed = dict(zip(keys, part["person_days"].astype(float), strict=True))
    order = rows_of(part, names)
    if group == "district":
        order.sort(key=lambda pair: -missed[pair[0]])
    people = [crowd[value] for value, _ in order]
    days = [missed[value] for value, _ in order]
    each = [day / count for day, count in zip(days, people, strict=True)]
    bars = barred(each, lambda value: number(value, 1))
    rows = tuple(
        Row(name, (Cell(number(people[place])), Cell(number(days[place])), bars[place]))
        for place, (_, name) in enumerate(order)
    )
    columns = (say("services.people"), say("services.person_days"), say("services.days_each"))
    return Table(say(f"group.{group}"), say(f"group.{group}"), columns, rows)


def _share(value: float) -> Cell:
    return lost(percent(value), 1 - value)
