"""How sure the recoveries are: every shown shock with its range, side by side."""

from __future__ import annotations

from typing import Any

from genrejs.report.bands import READINGS, quantiles_of, range_cell
from genrejs.report.story import Story
from genrejs.report.tables import Row, Table
from genrejs.report.texts import number, say, titled
from genrejs.scenario.spread import Band

DAY = 24.0  # h


def sure(story: Story) -> dict[str, Any]:
    """Return the table of shocks with ranges for the page; nothing where no draws were made."""
    drawn = [(result, story.bands[result.event.name]) for result in story.showcase if result.event.name in story.bands]
    if not drawn:
        return {"sure_table": None}
    rows = tuple(
        Row(titled(result.event), tuple(range_cell(reading, band) for reading in READINGS)) for result, band in drawn
    )
    heads = tuple(say(reading.head) for reading in READINGS)
    intro = say("sure.intro", draws=number(len(drawn[0][1].indicators)))
    return {"sure_table": Table(say("sure.caption"), say("water.event"), heads, rows), "sure_intro": intro}


def ranges(band: Band) -> dict[str, list[float]]:
    """Return the 5 %, 50 % and 95 % quantiles of what is read off the curve, for `summary.json`.

    Days that the horizon cut short are told as the horizon.
    """
    found = {reading.column: quantiles_of(band, reading.column) for reading in READINGS}
    horizon = float(band.hours[-1]) / DAY
    return found | {"bounce_back_days": [min(days, horizon) for days in found["bounce_back_days"]]}
