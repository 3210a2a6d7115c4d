"""Who bears what the water costs today's city in the expected year: by payer, and by group of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from genrejs.appraisal.equity import EquitySettings
from genrejs.appraisal.groups import losses_by
from genrejs.appraisal.payers import PayerSettings
from genrejs.appraisal.payers_annual import AnnualPayment, Flooded, expected_losses, expected_payment
from genrejs.city.model import City
from genrejs.errors import InputError
from genrejs.impact.damage import damage_categories

KIND: Mapping[str, str] = {"surge": "surge", "cloudburst": "cloudburst", "river": "stream"}
"""The damage model's kind of flood by the event set's hazard; others do no harm to buildings."""


class Lost(Protocol):
    """An event of the set: hazard, frequency of exceedance [1/year], a row a building and the cost of roads [DKK]."""

    @property
    def hazard(self) -> str:
        """The event set's hazard."""

    @property
    def frequency(self) -> float:
        """How often a year it is exceeded [1/year]."""

    @property
    def buildings(self) -> pd.DataFrame:
        """Damage, cellar, value_loss, people [DKK], row for row with the city's buildings."""

    @property
    def roads(self) -> float:
        """Cost of roads [DKK]."""


@dataclass(frozen=True)
class Bearers:
    """Who bears the expected annual losses [DKK/year]: `paid` by payer, part and hazard, `groups` as of `losses_by`."""

    paid: AnnualPayment
    groups: pd.DataFrame


def bearers(
    city: City,
    events: Sequence[Lost],
    tail: str = "closed",
    payers: PayerSettings | None = None,
    equity: EquitySettings | None = None,
) -> Bearers:
    """Return who bears the losses of an event set on `city`, before what warnings save.

    Hazards add up (assumed independent), as in `compare`; the curve and its tail are those of `risk.weights`.

    Raises
    ------
    InputError
        No event does harm to buildings, or a table of losses does not fit the city.
    """
    losses = [_flooded(city, event) for event in events if event.hazard in KIND]
    if not losses:
        raise InputError("Who bears the losses needs an event set with at least one surge, cloudburst or river flood.")
    paid = expected_payment(losses, payers, tail)
    yearly = expected_losses(losses, tail)
    return Bearers(paid, losses_by(city.buildings, city.households, yearly, settings=equity, payers=payers))


def _flooded(city: City, event: Lost) -> Flooded:
    """Return an event as the rules of who pays read it."""
    if len(event.buildings) != len(city.buildings):
        raise InputError(
            f"The losses have {len(event.buildings)} rows, but the city has {len(city.buildings)} buildings."
        )
    table = event.buildings.copy()
    table.insert(0, "category", damage_categories(city.buildings["bbr_code"].to_numpy()))
    if len(city.households):
        table["homes"] = np.bincount(city.households["building"].to_numpy(np.int64), minlength=len(table))
    return Flooded(
        KIND[event.hazard], 1.0 / event.frequency, table, {"road_time": event.roads} if event.roads else None
    )
