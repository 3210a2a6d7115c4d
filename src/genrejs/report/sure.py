"""How sure the recoveries are: every shown shock with its range, side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from genrejs.impact.uncertainty import QUANTILES
from genrejs.report.bands import values_of
from genrejs.report.headline import days_back
from genrejs.report.story import Story
from genrejs.report.tables import Cell, Row, Table
from genrejs.report.texts import Phrase, number, percent, say
from genrejs.scenario.spread import Band

READINGS = ("withstand", "bounce_back_days", "person_days_without_service")
HEADS = ("card.withstand", "card.bounce_back", "first.person_days_without_service")


def sure(story: Story) -> dict[str, Any]:
    """Return the table of shocks with ranges for the page; nothing where no draws were made."""
    shown = [result for result in story.showcase if result.event.name in story.bands]
    if not shown:
        return {"sure_table": None}
    rows = tuple(
        Row(Phrase(each.event.title_da, each.event.title_en), _cells(story.bands[each.event.name])) for each in shown
    )
    draws = len(story.bands[shown[0].event.name].indicators)
    table = Table(say("sure.caption"), say("water.event"), tuple(say(head) for head in HEADS), rows)
    return {"sure_table": table, "sure_intro": say("sure.intro", draws=number(draws))}


def _cells(band: Band) -> tuple[Cell, ...]:
    horizon = float(band.hours[-1]) / 24
    write: dict[str, Callable[[float], Phrase]] = {
        "withstand": percent,
        "bounce_back_days": lambda days: days_back(min(days, horizon), not np.isfinite(days)),
        "person_days_without_service": number,
    }
    cells = []
    for name in READINGS:
        low, middle, high = (write[name](each) for each in _quantiles(band, name))
        between = say("curve.range_note", low=low, high=high)
        cells.append(Cell(Phrase(f"{middle.da} ({between.da})", f"{middle.en} ({between.en})")))
    return tuple(cells)


def _quantiles(band: Band, name: str) -> list[float]:
    """Return the quantiles of a reading; a draw whose days the horizon cut short is longer than any that it did not."""
    return [float(each) for each in np.quantile(values_of(band, name), QUANTILES, method="inverted_cdf")]


def ranges(band: Band) -> dict[str, list[float]]:
    """Return the 5 %, 50 % and 95 % quantiles of what is read off the curve, for `summary.json`.

    Days that the horizon cut short are told as the horizon.
    """
    horizon = float(band.hours[-1]) / 24
    found = {name: _quantiles(band, name) for name in READINGS}
    return found | {"bounce_back_days": [min(days, horizon) for days in found["bounce_back_days"]]}
