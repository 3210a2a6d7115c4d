"""How sure a recovery is: the same shock in many states of the world, and the band that its curves fill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.errors import InputError
from genrejs.impact.assess import assess_depths
from genrejs.impact.criticality import Group
from genrejs.impact.result import Impact
from genrejs.impact.uncertainty import QUANTILES, Draw, Spread, draws
from genrejs.recovery.restore import restore
from genrejs.recovery.settings import RecoverySettings
from genrejs.rng import stream
from genrejs.scenario.result import Result
from genrejs.scenario.run import Settings

Floats = NDArray[np.float64]
INDICATORS = ("withstand", "bounce_back_days", "censored", "resilience_loss", "person_days_without_service")
"""What is read off the curve of every draw."""


@dataclass(frozen=True)
class RecoverySpread:
    """How much the way back may be off; every figure is an assumption, and 0 takes it out.

    `work`, `work_common` and `outage` are the standard deviation of a factor's logarithm (its median is 1); `crews` and
    `delays` are even between minus and plus their share.
    """

    work: float = 0.3  # crew-hours of each repair by itself (assumption)
    work_common: float = 0.2  # crew-hours of all repairs together (assumption)
    crews: float = 0.25  # crews of every trade, own and neighbours' (assumption)
    delays: float = 0.3  # call-up, aid, drying, claim, permit and return, each by itself (assumption)
    outage: float = 0.3  # how long an outage or attack lasts (assumption)
    coincidence: float = 0.01  # chance that a common cause strikes with the shock, each (assumption)
    coincidence_hours: float = 24.0  # how long it then lasts (assumption)

    def __post_init__(self) -> None:
        shares = {"crews": self.crews, "delays": self.delays, "coincidence": self.coincidence}
        if not all(0 <= value <= 1 for value in shares.values()):
            raise InputError("recovery_spread: crews, delays and coincidence are shares of 0..1.")
        if not all(0 <= value <= 2 for value in (self.work, self.work_common, self.outage)):
            raise InputError("recovery_spread: work, work_common and outage must be 0 to 2.")
        if not 0 <= self.coincidence_hours < np.inf:
            raise InputError("recovery_spread.coincidence_hours must be 0 or more.")


@dataclass(frozen=True)
class Band:
    """Where F(t) lies: its 5 %, 50 % and 95 % quantiles over draws, hour by hour.

    `hours` ``(time,)`` [h]; `low`, `middle`, `high` ``(time,)`` of F, 0..1, each hour by itself: no single course need
    follow one of them; `indicators` one row a draw: INDICATORS.
    """

    hours: Floats
    low: Floats
    middle: Floats
    high: Floats
    indicators: pd.DataFrame


def spread_of(
    city: City,
    result: Result,
    settings: Settings,
    samples: int,
    groups: Sequence[Group] = (),
    spread: tuple[RecoverySpread, Spread] = (RecoverySpread(), Spread()),
) -> Band:
    """Return the band of `result` over `samples` draws of the damage, the repairs, the crews, the delays, the outages.

    Draws are those of the result's key: the same key always gives the same band. Each of the common causes `groups` may
    strike by chance at the same time. Who acted on the warning is held.

    Raises
    ------
    InputError
        Fewer than two samples, or the result belongs to another city.
    """
    if len(result.impact.buildings) != len(city.buildings):
        raise InputError("The result has another number of buildings than the city: compute it for this city.")
    ways, hows = spread[0], spread[1]
    worlds = draws(samples, stream(result.key, "spread/damage"), hows)
    chance = stream(result.key, "spread/recovery")
    runs = [_one(city, result, settings, (world, ways, tuple(groups)), chance) for world in worlds]
    low, middle, high = np.quantile(np.array([curve for curve, _ in runs]), QUANTILES, axis=0)
    hours = result.recovery.curve["time"].to_numpy()
    return Band(hours, low, middle, high, pd.DataFrame([figures for _, figures in runs], columns=list(INDICATORS)))


World = tuple[Draw, RecoverySpread, tuple[Group, ...]]


def _one(
    city: City, result: Result, settings: Settings, world: World, chance: np.random.Generator
) -> tuple[Floats, dict[str, float]]:
    draw, spread, groups = world
    rules = replace(settings.impact, damage=draw.settings(settings.impact.damage), draws=())
    hit = result.impact
    homes, plants = (draw.depths(table["depth"].to_numpy(np.float64)) for table in (hit.buildings, hit.components))
    impact = assess_depths(city, homes, plants, result.event, rules)
    impact = _strained(city, impact, spread, chance, groups)
    common = np.exp(spread.work_common * chance.standard_normal())
    repair = city.components["repair"] * common * _factors(spread.work, len(city.components), chance)
    frame = impact.buildings.assign(
        repair=impact.buildings["repair"] * common * _factors(spread.work, len(city.buildings), chance)
    )
    there, pace = _state(city, spread, chance), _pace(settings.recovery, spread, chance)
    recovery = restore(
        there.change(components=city.components.assign(repair=repair)), replace(impact, buildings=frame),
        result.warned, pace,
    )  # fmt: skip
    read = {name: float(recovery.indicators[name]) for name in INDICATORS}
    return recovery.curve.to_numpy(), read


def _factors(sigma: float, count: int, chance: np.random.Generator) -> Floats:
    return np.asarray(np.exp(sigma * chance.standard_normal(count)), dtype=np.float64)


def _strained(
    city: City, impact: Impact, spread: RecoverySpread, chance: np.random.Generator, groups: tuple[Group, ...]
) -> Impact:
    """Return the impact with outages of another length, and with the common causes that strike by chance."""
    table = impact.components
    longer = np.exp(spread.outage * chance.standard_normal())
    begin, until = table["down_from"].to_numpy(np.float64), table["down_until"].to_numpy(np.float64)
    until = begin + (until - begin) * longer
    struck = chance.random(len(groups)) < spread.coincidence
    members = {id for group, hit in zip(groups, struck, strict=True) if hit for id in group.components}
    mine = city.components["id"].astype(str).isin(members).to_numpy(dtype=np.bool_)
    begin = np.where(mine, 0.0, begin)
    until = np.where(mine, np.fmax(until, spread.coincidence_hours), until)
    return replace(impact, components=table.assign(down_from=begin, down_until=until))


def _around(share: float, chance: np.random.Generator) -> float:
    return 1.0 + share * (2.0 * float(chance.random()) - 1.0)


def _state(city: City, spread: RecoverySpread, chance: np.random.Generator) -> City:
    plan, more = city.preparedness, _around(spread.crews, chance)
    return city.prepare(
        # A trade that has crews keeps one: nobody is left whom no one can ever help.
        crews={trade: max(1.0, count * more) if count > 0 else 0.0 for trade, count in plan.crews.items()},
        aid_crews={trade: count * more for trade, count in plan.aid_crews.items()},
        call_up=plan.call_up * _around(spread.delays, chance),
        aid_delay=plan.aid_delay * _around(spread.delays, chance),
    )


def _pace(settings: RecoverySettings, spread: RecoverySpread, chance: np.random.Generator) -> RecoverySettings:
    return replace(
        settings,
        four_r=False,
        drying_days=settings.drying_days * _around(spread.delays, chance),
        claim_days=settings.claim_days * _around(spread.delays, chance),
        permit_days=settings.permit_days * _around(spread.delays, chance),
        return_days=settings.return_days * _around(spread.delays, chance),
    )
