"""Who was warned in time, understood, believed, decided and acted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class Warned:
    """Shares 0..1 of people by group and how much loss their acting avoided.

    `groups`: rows language x age (`language`, `age`, `people`, `reached`, `understood`, `believed`, `decided`,
    `acted`); `households`: share of each household's people who acted, row for row with `City.households` (`acted`);
    `curve`: share of people who have heard, by minute (`minute`, `heard`); `avoided` [DKK] damage that acting kept
    away. `totals`: `people` counted, of whom `reached`, `understood`, `believed`, `decided`, `acted`;
    `people_at_risk`; `minutes` to spread; `broadcast_works`, `telecom_works` 0..1; `avoided`, `value_moved` [DKK].
    `channels`: people whom each way told `first`, and would tell `alone` (`channel`); `actions`: what is done in time
    (`action`, `minutes`, `households`, `people`, `avoided` [DKK]).
    """

    groups: pd.DataFrame
    households: pd.DataFrame
    curve: pd.DataFrame
    avoided: float
    totals: Mapping[str, float]
    channels: pd.DataFrame = field(default_factory=pd.DataFrame)
    actions: pd.DataFrame = field(default_factory=pd.DataFrame)
