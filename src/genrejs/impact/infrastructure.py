"""Critical infrastructure: what water costs an asset by its curve and cost, and what people lose while it is out.

Curves and costs are those that Nirandjan et al. (2024, NHESS 24, 4341, CC BY 4.0) collected. OS2 SkadesØkonomi lists
flooded infrastructure and prices nothing; lost function is added here on assumptions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from genrejs.errors import InputError
from genrejs.impact.columns import not_negative, numbers, water
from genrejs.impact.curve import Curve, curve, curves
from genrejs.impact.jrc import curve_damage
from genrejs.impact.prices import PriceSettings, to_dkk
from genrejs.tables import own_rows

Floats = NDArray[np.float64]

ELSEWHERE = ("F7.2", "F7.3", "F8.6", "F8.7", "F21.2", "F21.3", "F21.4", "F21.5", "F21.6", "F21.11")
"""Curves for other parts of the world than Denmark (Asia, the Americas, Oceania, the whole globe)."""
UNITS = ("m2", "m", "unit")
"""What a cost is given per: square metre, metre, or one asset."""
SECTORS = ("energy", "telecom", "water", "wastewater", "transport", "health", "education")
"""Sectors with a rule for lost function."""
SECTOR_OF: Mapping[str, str] = MappingProxyType(
    {sector: sector for sector in SECTORS}
    | {
        "health_education": "health", "power": "energy", "heat": "energy", "digital": "telecom", "roads": "transport",
        "hospital": "health", "care": "health", "rescue": "health", "school": "education",
    }
)  # fmt: skip
"""Sector of the names that curves and a city's components use."""


@dataclass(frozen=True)
class OutageRule:
    """When an asset of a sector stops and for how long; every number is an assumption."""

    fail_depth: float  # m above which it stops, where the asset has no own
    closure_days: float  # days until the site is dry and may be entered
    repair_days: float  # days of repair after that

    def __post_init__(self) -> None:
        not_negative(self, ("fail_depth", "closure_days", "repair_days"))


@dataclass(frozen=True)
class InfrastructureSettings:
    """What may be chosen; the depths are those of the embedded city's components, the days are assumptions."""

    prices: PriceSettings = field(default_factory=PriceSettings)
    any_curve: bool = False  # True takes curves from elsewhere and curves that are 0 at every depth, too
    energy: OutageRule = OutageRule(0.4, 1.0, 2.0)
    telecom: OutageRule = OutageRule(0.4, 1.0, 2.0)
    water: OutageRule = OutageRule(0.5, 1.0, 4.0)
    wastewater: OutageRule = OutageRule(0.5, 1.0, 4.0)
    transport: OutageRule = OutageRule(0.3, 1.0, 1.0)
    health: OutageRule = OutageRule(0.3, 1.0, 14.0)
    education: OutageRule = OutageRule(0.2, 1.0, 30.0)


@dataclass(frozen=True)
class Cost:
    """The most that water can take from one unit of an asset, as the source gives it.

    `middle` is the mean of `low` and `high` where the source gives no single figure; both equal it where there is no
    range. The source gives no price year.
    """

    id: str
    name: str
    low: float
    middle: float
    high: float
    unit: str
    currency: str
    region: str
    curve_ids: tuple[str, ...]
    ranged: bool
    source: str

    def at(self, band: float, prices: PriceSettings | None = None) -> float:
        """Return the cost [DKK per unit] at a place from -1 (low) over 0 (middle) to 1 (high) of its range."""
        if not -1.0 <= band <= 1.0:
            raise InputError(f"The band is a place from -1 (low) to 1 (high); got {band}.")
        edge = self.low if band < 0 else self.high
        return float(to_dkk(self.middle + abs(band) * (edge - self.middle), self.currency, None, prices))


@lru_cache(maxsize=1)
def costs() -> Mapping[str, Cost]:
    """Return the published costs by id (`infrastructure_costs.csv`)."""
    rows = own_rows("genrejs.impact", "curves", "infrastructure_costs.csv")
    return MappingProxyType({row["id"]: _cost(row) for row in rows})


def _cost(row: dict[str, str]) -> Cost:
    low, middle, high = (float(row[key]) if row[key] else np.nan for key in ("low", "cost", "high"))
    ranged = bool(np.isnan(middle))
    middle = (low + high) / 2.0 if ranged else middle
    low, high = (middle if np.isnan(low) else low), (middle if np.isnan(high) else high)
    name = ", ".join(part for part in (row["asset"], row["detail"]) if part)
    return Cost(
        row["id"], name, low, middle, high, row["unit"].split("/")[1], row["currency"], row["region"],
        tuple(row["curve_ids"].split()), ranged, row["source"],
    )  # fmt: skip


def cost(id: str) -> Cost:
    """Return a published cost by its id; raise InputError naming some that are there for one that is not."""
    known = costs()
    if id not in known:
        raise InputError(f"There is no infrastructure cost {id!r}; try {', '.join(list(known)[:6])} ({len(known)}).")
    return known[id]


@lru_cache(maxsize=1)
def zero_curves() -> tuple[str, ...]:
    """Return the ids of published curves that are 0 at every depth: the source expects no damage by depth alone."""
    return tuple(id for id, shape in curves().items() if max(shape.share.max(), shape.high.max()) == 0.0)


def infrastructure_curve(id: str, settings: InfrastructureSettings | None = None) -> Curve:
    """Return a published curve that can be used in Denmark.

    Raises
    ------
    InputError
        When it is not known, is 0 at every depth, or is made for another part of the world (unless `any_curve`).
    """
    settings = settings or InfrastructureSettings()
    shape = curve(id)
    if not settings.any_curve and id in zero_curves():
        raise InputError(
            f"The curve {id} ({shape.name}) is 0 at every depth; choose another or give a curve of your own."
        )
    if not settings.any_curve and id in ELSEWHERE:
        raise InputError(
            f"The curve {id} ({shape.name}) is not made for Denmark; set 'any_curve' to use it all the same."
        )
    return shape


def caveats(curve_id: str, cost_id: str | None) -> tuple[str, ...]:
    """Return what a reader of this damage should know, a few words each."""
    said = []
    if curve_id in zero_curves():
        said.append("curve is 0 at every depth")
    if curve_id in ELSEWHERE:
        said.append("curve not made for Denmark")
    if cost_id is not None:
        chosen = cost(cost_id)
        said.append("cost without a price year")
        said += ["cost from the USA"] if chosen.region == "USA" else []
        said += ["middle is the mean of low and high"] if chosen.ranged else []
    return tuple(said)


def asset_damage(
    curve_id: str,
    cost_id: str | None,
    quantity: ArrayLike,
    depth: ArrayLike,
    band: float = 0.0,
    settings: InfrastructureSettings | None = None,
) -> Floats:
    """Return the damage of assets of one kind, ``(n,)`` [DKK]: share lost at `depth` [m] x cost x `quantity`.

    `quantity` is in the cost's unit (m2, m or number); without a `cost_id` it is each asset's value [DKK]. `band` -1..1
    is the place in the bands of curve and cost together, so its ends are wider than either.

    Raises
    ------
    InputError
        When the curve cannot be used, the cost is not known or not one that the source pairs with the curve, or a
        number is negative or none.
    """
    settings = settings or InfrastructureSettings()
    shape, deep, each = infrastructure_curve(curve_id, settings), water(depth), 1.0
    if cost_id is not None:
        chosen = cost(cost_id)
        if curve_id not in chosen.curve_ids:
            raise InputError(
                f"The cost {cost_id} ({chosen.name}) goes with the curves {' '.join(chosen.curve_ids)}, not {curve_id}."
            )
        each = chosen.at(band, settings.prices)
    return curve_damage(shape, each * numbers(quantity, "quantity", deep.size), deep, band)


def infrastructure_damage(
    assets: pd.DataFrame, depth: ArrayLike, settings: InfrastructureSettings | None = None
) -> pd.DataFrame:
    """Return for each asset `damage`, `damage_low`, `damage_high` [DKK], `unit` and `caveats`.

    `assets` has the columns `curve` (id), `quantity`, and `cost` (id; empty or missing where `quantity` is a value in
    DKK); `depth` ``(n,)`` [m].

    Raises
    ------
    InputError
        When a column is missing, the depths do not match, or as for `asset_damage`.
    """
    missing = {"curve", "quantity"} - set(assets)
    if missing:
        raise InputError(f"The table of assets lacks the column '{min(missing)}'; it needs curve and quantity.")
    deep, amount = water(depth), numbers(assets["quantity"].to_numpy(), "quantity", len(assets))
    if deep.size != len(assets):
        raise InputError(f"There are {len(assets)} assets, but {deep.size} depths.")
    priced = assets["cost"] if "cost" in assets else pd.Series("", index=assets.index)
    shapes, prices = assets["curve"].astype(str).to_numpy(), priced.fillna("").astype(str).to_numpy()
    amounts = np.zeros((len(assets), 3))
    unit, said = np.full(len(assets), "DKK", dtype=object), np.full(len(assets), "", dtype=object)
    for curve_id, cost_id in sorted(set(zip(shapes, prices, strict=True))):
        rows, id = (shapes == curve_id) & (prices == cost_id), cost_id or None
        for column, band in enumerate((0.0, -1.0, 1.0)):
            amounts[rows, column] = asset_damage(curve_id, id, amount[rows], deep[rows], band, settings)
        unit[rows] = "DKK" if id is None else cost(id).unit
        said[rows] = "; ".join(caveats(curve_id, id))
    result = pd.DataFrame(amounts, index=assets.index, columns=["damage", "damage_low", "damage_high"])
    return result.assign(unit=unit, caveats=said)


def service_loss(
    sector: ArrayLike,
    depth: ArrayLike,
    persons: ArrayLike,
    settings: InfrastructureSettings | None = None,
    fail_depth: ArrayLike | None = None,
    closure_days: ArrayLike | None = None,
) -> pd.DataFrame:
    """Return for each asset `lost` (bool), `days` out of function and `person_days` without the service.

    It stops above `fail_depth` ``(n,)`` [m] (the sector's where None or NaN) and is out for the closure
    (`closure_days`, the sector's where None or NaN) and the repair. `persons` ``(n,)`` are those it serves: persons
    served by two assets of one service lose it once but are counted twice. Links between assets are the cascade's.

    Raises
    ------
    InputError
        When a sector is not in `SECTOR_OF`, or columns differ in length or hold what is no number of 0 or above.
    """
    settings = settings or InfrastructureSettings()
    deep, names = water(depth), np.atleast_1d(np.asarray(sector)).astype(str)
    if names.size not in (1, deep.size):
        raise InputError(f"'sector' has {names.size} values, but there are {deep.size} depths.")
    unknown = [name for name in names if name not in SECTOR_OF]
    if unknown:
        raise InputError(f"There is no sector '{unknown[0]}'; accepted are {', '.join(SECTOR_OF)}.")
    rules = [getattr(settings, SECTOR_OF[name]) for name in np.broadcast_to(names, deep.shape)]
    limit = _own(fail_depth, [rule.fail_depth for rule in rules], "fail_depth")
    closed = _own(closure_days, [rule.closure_days for rule in rules], "closure_days")
    lost = deep > limit
    days = np.where(lost, closed + np.array([rule.repair_days for rule in rules], np.float64), 0.0)
    served = numbers(persons, "persons", deep.size)
    return pd.DataFrame({"lost": lost, "days": days, "person_days": days * served})


def _own(values: ArrayLike | None, rule: list[float], what: str) -> Floats:
    """Return each asset's own figure ``(n,)``, the sector's where it has none."""
    usual = np.array(rule, np.float64)
    if values is None:
        return usual
    own = np.broadcast_to(np.asarray(values, np.float64), usual.shape)
    return numbers(np.where(np.isnan(own), usual, own), what, usual.size)
