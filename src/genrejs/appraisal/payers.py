"""Who pays: what a flood costs, split between owners, insurers, the storm-flood scheme, public purses and nobody."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.errors import InputError
from genrejs.impact.damage import CATEGORIES, HAZARDS, damage_categories
from genrejs.impact.health import HealthSettings
from genrejs.impact.result import Impact

Floats = NDArray[np.float64]
Shares = Mapping[str, float]

PAYERS = ("owner", "insurer", "scheme", "municipality", "state", "utility", "employer", "nobody")
"""Who may pay. `owner` owns or lives in the building; `scheme` is stormflodsordningen; `nobody` is a loss of welfare
that no purse pays out: value, time, health."""
PARTS = ("building", "contents", "cellar", "value_loss", "people")
"""The parts of a building's loss; the first three are direct damage."""
COVERS = ("private", "holiday", "business", "municipality", "utility")
"""How a building is insured; the last two insure themselves."""
INSURED = COVERS[:3]
SCHEME_HAZARDS = ("surge", "stream")
"""Floods that the scheme answers for when they are rare; ordinary insurance answers for cloudbursts."""


class Deductible(NamedTuple):
    """What the owner keeps of a claim: a share of it, at least an amount [DKK], for building and for contents.

    `most` [DKK] bounds the two together, for each home.
    """

    building: float
    building_least: float
    contents: float
    contents_least: float
    most: float = math.inf


def _fixed(**values: Deductible) -> Mapping[str, Deductible]:
    return MappingProxyType(values)


RULES_2013 = _fixed(
    private=Deductible(0.08, 8_000.0, 0.10, 10_000.0),
    holiday=Deductible(0.13, 13_000.0, 0.13, 13_000.0),
    business=Deductible(0.13, 13_000.0, 0.10, 10_000.0),
)
"""The scheme's deductibles after the storm Bodil, December 2013, for a first flood (Stormrådet, in dagens.dk).

The source gives one figure for holiday houses; it is used for building and contents alike (assumption)."""
RULES_2015 = _fixed(
    private=Deductible(0.05, 5_000.0, 0.05, 5_000.0, 30_000.0),
    holiday=Deductible(0.10, 10_000.0, 0.05, 5_000.0, 50_000.0),
    business=Deductible(0.10, 10_000.0, 0.05, 5_000.0),
)
"""The deductibles that followed, January 2015, for a first flood (avisen.dk); changed again since for business."""
CLOUDBURST = _fixed(
    private=Deductible(0.0, 5_000.0, 0.0, 5_000.0),
    holiday=Deductible(0.0, 5_000.0, 0.0, 5_000.0),
    business=Deductible(0.0, 10_000.0, 0.0, 10_000.0),
)
"""Own risk of ordinary insurance in a cloudburst (assumption; every contract has its own)."""

SICK_SHARE = HealthSettings().sick_hours / HealthSettings().adult_hours
"""Share of the cost of people that is sick days: 64 of 251 hours (OS2 SkadesØkonomi)."""


def _same(categories: str, value: str) -> dict[str, str]:
    return dict.fromkeys(categories.split(), value)


def _each(**shares: Shares) -> Mapping[str, Shares]:
    return MappingProxyType({name: MappingProxyType(dict(given)) for name, given in shares.items()})


@dataclass(frozen=True)
class PayerSettings:
    """The rules of who pays; each an assumption unless its source is given."""

    threshold: Shares = field(
        default_factory=lambda: MappingProxyType({"surge": 20.0, "stream": 20.0, "cloudburst": 0.0})
    )  # years: only rarer floods are covered; 20 from the law on the scheme
    scheme: Mapping[str, Deductible] = field(default_factory=lambda: RULES_2013)
    insurer: Mapping[str, Deductible] = field(default_factory=lambda: CLOUDBURST)
    pool: float = 450e6  # DKK an event: 250 M and a state loan of 200 M (Stormrådet 2013)
    pool_used: float = 0.0  # DKK of it that the same storm takes in other towns (assumption)
    beyond_pool: str = "state"  # who pays the claims that the pool cannot (assumption); "scheme" knows no limit
    insured_buildings: float = 1.0  # share with a fire or house insurance (assumption)
    insured_contents: float = 1.0  # (assumption)
    covers: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType(
            _same("home garage annex unknown other", "private") | _same("summer_house", "holiday")
            | _same("business business_low culture", "business") | {"public": "municipality", "utility": "utility"}
        )
    )  # by damage category (assumption)  # fmt: skip
    contents_share: Shares = field(
        default_factory=lambda: MappingProxyType(
            dict.fromkeys(CATEGORIES, 1 / 3)
            | dict.fromkeys(("business", "culture", "public"), 1 / 2)
            | dict.fromkeys(("business_low", "utility"), 3 / 5)
        )
    )  # of the amount where contents are not given: JRC factors 0.5, 1.0, 1.5 (that they are in it: assumption)
    value_loss: Shares = field(default_factory=lambda: MappingProxyType({"nobody": 1.0}))
    people: Shares = field(
        default_factory=lambda: MappingProxyType({"employer": SICK_SHARE, "nobody": 1 - SICK_SHARE})
    )  # sick days fall on the employer, time on nobody's purse (assumption)
    other: Mapping[str, Shares] = field(
        default_factory=lambda: _each(
            road_cleanup={"municipality": 1.0}, road_time={"nobody": 1.0}, infrastructure={"utility": 1.0},
            response={"municipality": 1.0}, turnover={"owner": 1.0}, crops={"owner": 1.0}, tourism={"owner": 1.0},
            recreation={"nobody": 1.0},
        )
    )  # losses that belong to no building (assumption)  # fmt: skip

    def __post_init__(self) -> None:
        _check_names(self)
        for name, given in {"value_loss": self.value_loss, "people": self.people, **self.other}.items():
            if not set(given) <= set(PAYERS) or not math.isclose(sum(given.values()), 1.0, abs_tol=1e-9):
                raise InputError(f"The shares of '{name}' must sum to 1 over {', '.join(PAYERS)}; got {dict(given)}.")
        shares = (self.insured_buildings, self.insured_contents, *self.contents_share.values())
        if not all(0 <= share <= 1 for share in shares):
            raise InputError(f"Insured shares and contents shares lie from 0 to 1; got {list(shares)}.")
        if min(self.pool, self.pool_used, *self.threshold.values()) < 0:
            raise InputError("The scheme's pool, what is used of it and the threshold years must not be below 0.")


def _check_names(settings: PayerSettings) -> None:
    """Raise InputError where a category, cover, hazard or payer of the settings is missing or unknown."""
    for what, given, wanted in (
        ("covers", settings.covers, CATEGORIES),
        ("contents_share", settings.contents_share, CATEGORIES),
        ("threshold", settings.threshold, HAZARDS),
        ("scheme", settings.scheme, INSURED),
        ("insurer", settings.insurer, INSURED),
    ):
        if set(given) != set(wanted):
            raise InputError(f"The setting '{what}' needs exactly {', '.join(wanted)}; got {', '.join(given)}.")
    if not set(settings.covers.values()) <= set(COVERS):
        raise InputError(f"A building's cover is one of {', '.join(COVERS)}; got {sorted(settings.covers.values())}.")
    if settings.beyond_pool not in PAYERS:
        raise InputError(f"Beyond the pool pays one of {', '.join(PAYERS)}; got '{settings.beyond_pool}'.")


@dataclass(frozen=True)
class Payment:
    """Who pays what: `table` [DKK, or DKK/year] of payers by parts, `by_building` ``(building, payer)`` likewise.

    The columns of `table` are `PARTS` and the names of losses that belong to no building; those are in no building.
    """

    table: pd.DataFrame
    by_building: Floats

    @property
    def amounts(self) -> pd.Series[float]:
        """Amount by payer, all parts together."""
        return self.table.sum(axis=1)

    @property
    def shares(self) -> pd.Series[float]:
        """Share of the whole loss by payer; 0 where nothing is lost."""
        total = float(self.table.to_numpy().sum())
        return self.amounts / total if total > 0 else self.amounts * 0.0


class Ledger(NamedTuple):
    """Losses ready to be split: `cover` code ``(n,)``, `homes` ``(n,)``, `parts` ``(part, n)`` [DKK], other losses."""

    cover: NDArray[np.intp]
    homes: Floats
    parts: Floats
    other: Mapping[str, float]


def losses_of(city: City, impact: Impact) -> pd.DataFrame:
    """Return the losses of an event as `who_pays` reads them, one row per building of the city."""
    table = impact.buildings[["damage", "cellar", "value_loss", "people"]].copy()
    table.insert(0, "category", damage_categories(city.buildings["bbr_code"].to_numpy()))
    table["homes"] = 1
    if len(city.households):
        table["homes"] = np.bincount(city.households["building"].to_numpy(np.int64), minlength=len(table))
    return table


def categories_of(losses: pd.DataFrame) -> NDArray[np.intp]:
    """Return the place in `CATEGORIES` of each building ``(n,)``; raise InputError for a column or category amiss."""
    missing = [name for name in ("category", "damage") if name not in losses]
    if missing:
        raise InputError(f"The table of losses lacks the column '{missing[0]}'; it has {', '.join(losses.columns)}.")
    place = pd.Index(CATEGORIES).get_indexer(pd.Index(losses["category"]))
    if (place < 0).any():
        name = losses["category"].iloc[int(np.argmax(place < 0))]
        raise InputError(f"There is no damage category '{name}'; accepted are {', '.join(CATEGORIES)}.")
    return place


def split_parts(losses: pd.DataFrame, place: NDArray[np.intp], settings: PayerSettings) -> Floats:
    """Return the losses by part and building ``(part, n)`` [DKK]; contents are taken out of `damage` if not given.

    `place` are the categories ``(n,)``. Raises InputError for amounts that are negative or not finite.
    """
    names = ("damage", "contents", "cellar", "value_loss", "people")
    parts = np.zeros((len(names), len(losses)))
    for row, name in enumerate(names):
        if name in losses:
            parts[row] = losses[name].to_numpy(np.float64)
    if not (parts.min(initial=0.0) >= 0 and np.isfinite(parts.max(initial=0.0))):
        part, building = np.argwhere(~((parts >= 0) & np.isfinite(parts)))[0]
        amount = parts[part, building]
        raise InputError(f"Losses are 0 DKK or more; '{names[part]}' of building {building} is {amount:g}.")
    if "contents" not in losses:
        parts[1] = np.array([settings.contents_share[name] for name in CATEGORIES])[place] * parts[0]
        parts[0] -= parts[1]
    return parts


def cover_codes(place: NDArray[np.intp], settings: PayerSettings) -> NDArray[np.intp]:
    """Return the place in `COVERS` of each building ``(n,)`` from its category."""
    codes = np.array([COVERS.index(settings.covers[name]) for name in CATEGORIES], dtype=np.intp)
    return np.asarray(codes[place])


def read_ledger(losses: pd.DataFrame, settings: PayerSettings, other: Mapping[str, float] | None = None) -> Ledger:
    """Return the losses of one event, checked; see `who_pays`."""
    place = categories_of(losses)
    parts = split_parts(losses, place, settings)
    homes = losses["homes"].to_numpy(np.float64) if "homes" in losses else np.ones(len(losses))
    if not np.isfinite(homes).all():
        raise InputError("The column 'homes' of the losses holds something that is no number of households.")
    for name, amount in (other or {}).items():
        if name not in settings.other:
            raise InputError(f"Nobody is named for the loss '{name}'; known are {', '.join(settings.other)}.")
        if not (math.isfinite(amount) and amount >= 0):
            raise InputError(f"The loss '{name}' must be 0 DKK or more; got {amount}.")
    return Ledger(cover_codes(place, settings), np.maximum(homes, 1.0), parts, dict(other or {}))


def who_pays(
    losses: pd.DataFrame,
    hazard: str,
    return_period: float,
    settings: PayerSettings | None = None,
    other: Mapping[str, float] | None = None,
) -> Payment:
    """Return who pays for one event of a return period [years].

    `losses` has a row per building: `category` (one of `CATEGORIES`), `damage`, and where known `contents`, `cellar`,
    `value_loss`, `people` [DKK] and `homes` (households, each with contents of its own; 1 without). `other` holds
    losses that belong to no building, by the names of `PayerSettings.other`. Surge and stream floods rarer than the
    threshold are the scheme's, cloudbursts the insurer's; each building is one claim and its cellar part of it
    (assumption), and the floor of the contents deductible counts once a home. Other direct damage is the owner's.
    Every row of `by_building` sums to the building's loss.

    Raises
    ------
    InputError
        The hazard, a category or a loss is unknown, an amount negative, or the return period not above 0.
    """
    how = settings or PayerSettings()
    if hazard not in HAZARDS:
        raise InputError(f"The damage model has no hazard '{hazard}'; it knows {', '.join(HAZARDS)}.")
    if not return_period > 0:
        raise InputError(f"The return period must be above 0 years; got {return_period}.")
    return split(read_ledger(losses, how, other), hazard, return_period > how.threshold[hazard], how)


def split(ledger: Ledger, hazard: str, covered: bool, how: PayerSettings) -> Payment:
    """Return who pays for a flood that insurance or scheme covers or not."""
    paid = _claims(ledger, hazard, how) if covered else np.zeros((3, ledger.homes.size))
    kept = ledger.parts[:3] - paid
    # What is not paid out stays with the owner, or with those who insure themselves.
    keeper = np.array([PAYERS.index("owner" if cover in INSURED else cover) for cover in COVERS])[ledger.cover]
    by_payer = np.zeros((len(PAYERS), keeper.size))
    by_payer[keeper, np.arange(keeper.size)] = kept.sum(axis=0)
    table = np.zeros((len(PAYERS), len(PARTS) + len(ledger.other)))
    for part in range(3):
        table[:, part] = np.bincount(keeper, weights=kept[part], minlength=len(PAYERS))
    claims, sums = paid.sum(axis=0), paid.sum(axis=1)
    for payer, share in _purses(float(claims.sum()), hazard, how).items():
        by_payer[PAYERS.index(payer)] += share * claims
        table[PAYERS.index(payer), :3] += share * sums
    for part, shares in ((3, how.value_loss), (4, how.people)):
        for payer, share in shares.items():
            by_payer[PAYERS.index(payer)] += share * ledger.parts[part]
            table[PAYERS.index(payer), part] += share * ledger.parts[part].sum()
    for place, (name, loss) in enumerate(ledger.other.items(), start=len(PARTS)):
        for payer, share in how.other[name].items():
            table[PAYERS.index(payer), place] += share * loss
    index = pd.Index(PAYERS, name="payer")
    return Payment(pd.DataFrame(table, index=index, columns=[*PARTS, *ledger.other]), by_payer.T)


def _claims(ledger: Ledger, hazard: str, how: PayerSettings) -> Floats:
    """Return what is paid on building, contents and cellar ``(3, n)`` [DKK]."""
    rules = how.scheme if hazard in SCHEME_HAZARDS else how.insurer
    # Those who insure themselves get a deductible of everything.
    whole = Deductible(1.0, 0.0, 1.0, 0.0)
    table = np.array([rules.get(cover, whole) for cover in COVERS]).T
    rate, least, contents_rate, contents_least, most = (column[ledger.cover] for column in table)
    building, contents, cellar = ledger.parts[:3]
    structure = building + cellar
    own = np.minimum(structure, np.maximum(rate * structure, least))
    own_contents = np.minimum(contents, np.maximum(contents_rate * contents, contents_least * ledger.homes))
    if np.isfinite(table[4]).any():
        both = np.maximum(own + own_contents, 1e-9)
        bound = np.minimum(1.0, most * ledger.homes / both)
        own, own_contents = own * bound, own_contents * bound
    share = how.insured_buildings * (1.0 - own / np.where(structure > 0, structure, 1.0))
    return np.stack([share * building, how.insured_contents * (contents - own_contents), share * cellar])


def _purses(claims: float, hazard: str, how: PayerSettings) -> dict[str, float]:
    """Return who pays the claims [DKK] of one event, by share."""
    if hazard not in SCHEME_HAZARDS:
        return {"insurer": 1.0}
    left = max(how.pool - how.pool_used, 0.0)
    if claims <= left or how.beyond_pool == "scheme":
        return {"scheme": 1.0}
    return {"scheme": left / claims, how.beyond_pool: 1.0 - left / claims}
