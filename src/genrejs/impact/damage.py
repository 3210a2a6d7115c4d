"""The Danish municipal damage model: what water costs a building, its cellar, its value and the people in it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from genrejs.errors import InputError
from genrejs.tables import own_rows

Floats = NDArray[np.float64]

HAZARDS = ("surge", "cloudburst", "stream")
"""The floods that the model knows: from the sea, from rain, from a stream."""

CATEGORIES = (
    "home", "summer_house", "garage", "annex", "business", "business_low", "culture", "utility", "public", "unknown",
    "other",
)  # fmt: skip
"""The damage categories, in the order of the coefficient arrays."""


class Amount(NamedTuple):
    """What takes the place of a published amount: base [DKK], per m2 of ground floor times ln(depth in cm), per m2 of
    ground floor, per m2 of cellar [DKK/m2]."""

    hazard: str
    category: str
    base: float
    log_slope: float
    per_area: float
    cellar: float


@dataclass(frozen=True)
class DamageSettings:
    """What may be chosen in the damage model; the defaults are the municipal tool's own (FACTS 15)."""

    minimum_depth: float = 0.30  # m outside from which a building counts; the documentation's text says 0.20
    cellar_depth: float = 0.20  # m outside above which a cellar counts
    value_loss_share: float = 0.04  # of the price of a flooded home
    price_per_area: float = 16_023.0  # DKK/m2, homes in Vejle
    value_loss_categories: tuple[str, ...] = ("home", "summer_house")  # assumption: what is sold as a dwelling
    person_cost: float = 251.0 * 301.0  # DKK per resident aged 18-70: 251 h at 301 DKK/h
    adult_share: float = 0.66  # of residents aged 18-70 where a city has no households (assumption)
    amounts: tuple[Amount, ...] = ()  # a municipality's own, in place of the published ones
    amount_factor: float = 1.0  # on the amounts for buildings and cellars: prices, or a draw of what is uncertain


def _rows(name: str) -> tuple[dict[str, str], ...]:
    return own_rows("genrejs.impact", "curves", name)


@lru_cache(maxsize=1)
def _coefficients() -> dict[str, Floats]:
    """Return per hazard the ``(category, 4)`` table of base [DKK], slope, per-area and cellar [DKK/m2]."""
    table = {hazard: np.full((len(CATEGORIES), 4), np.nan) for hazard in HAZARDS}
    for row in _rows("dk_damage.csv"):
        values = [float(row[key]) for key in ("base", "log_slope", "per_area", "cellar")]
        table[row["hazard"]][CATEGORIES.index(row["category"])] = values
    return table


@lru_cache(maxsize=1)
def _use_codes() -> tuple[pd.Index, NDArray[np.str_]]:
    rows = _rows("dk_bbr_use.csv")
    return pd.Index([float(row["bbr_code"]) for row in rows]), np.array([row["category"] for row in rows])


def damage_categories(bbr_code: ArrayLike) -> NDArray[np.str_]:
    """Return the damage category of each BBR use code, ``(n,)``; "unknown" for codes that BBR does not define."""
    codes, names = _use_codes()
    given = pd.to_numeric(pd.Series(np.asarray(bbr_code)), errors="coerce").to_numpy(np.float64)
    place = codes.get_indexer(pd.Index(given))
    return np.where(place >= 0, names[place], "unknown")


def home_price(municipality: str) -> float:
    """Return the price of homes [DKK/m2] in a municipality by its name or code; "Danmark" is the whole country.

    Raises
    ------
    InputError
        When there is no such municipality.
    """
    rows = _rows("dk_price_per_area.csv")
    for row in rows:
        if municipality.strip().lower() in (row["municipality"].lower(), row["municipality_code"].lower()):
            return float(row["price_per_area"])
    near = difflib.get_close_matches(municipality, [row["municipality"] for row in rows], n=3)
    hint = f"did you mean {', '.join(near)}?" if near else "give its name (Vejle) or code (630)."
    raise InputError(f"There is no price of homes for the municipality '{municipality}'; {hint}")


def known_codes(bbr_code: ArrayLike) -> NDArray[np.bool_]:
    """Return which use codes ``(n,)`` the damage model's table of BBR codes holds."""
    codes, _ = _use_codes()
    return np.asarray(codes.get_indexer(pd.Index(np.asarray(bbr_code, np.float64))) >= 0)


def category_codes(category: ArrayLike) -> NDArray[np.intp]:
    """Return the place of each category ``(n,)`` in `CATEGORIES`; places are returned as they are.

    Every function here takes either; places save looking names up again for every flood.

    Raises
    ------
    InputError
        When a category is not one of `CATEGORIES`.
    """
    given = np.asarray(category)
    if given.dtype.kind in "iu":
        return given.astype(np.intp, copy=False)
    found, names = pd.factorize(given.astype(object).ravel())
    places = {name: place for place, name in enumerate(CATEGORIES)}
    unknown = [name for name in names if name not in places]
    if unknown:
        raise InputError(f"The damage model has no category '{unknown[0]}'; it knows {', '.join(CATEGORIES)}.")
    return np.array([places[name] for name in names], dtype=np.intp)[found].reshape(given.shape)


@lru_cache(maxsize=16)
def _with_own(hazard: str, amounts: tuple[Amount, ...]) -> Floats:
    """Return the coefficients of a hazard ``(category, 4)`` with a municipality's own in their places."""
    table = _coefficients()[hazard].copy()
    for own in amounts:
        if own.hazard == hazard:
            table[CATEGORIES.index(own.category)] = own[2:]
    return table


def _table(hazard: str, category: ArrayLike, settings: DamageSettings) -> Floats:
    """Return the coefficients of each building, ``(n, 4)``."""
    if hazard not in HAZARDS:
        raise InputError(f"The damage model has no hazard '{hazard}'; it knows {', '.join(HAZARDS)}.")
    return np.asarray(_with_own(hazard, settings.amounts)[category_codes(category)])


def _counts(depth: ArrayLike, settings: DamageSettings) -> NDArray[np.bool_]:
    water = np.nan_to_num(np.asarray(depth, dtype=np.float64))
    return np.asarray((water > 0.0) & (water >= settings.minimum_depth))


def harmful(depth: ArrayLike, protected_to: ArrayLike) -> Floats:
    """Return the depth outside that does harm [m]: doors, valves and shutters keep all water out up to their height.

    Above `protected_to` [m] the water harms as if they were not there.
    """
    water = np.asarray(depth, np.float64)
    return np.where(water > np.asarray(protected_to, np.float64), water, 0.0)


class Exposed(NamedTuple):
    """What stands in the water, ``(n,)`` each: category or its place in CATEGORIES, ground floor and cellar [m2],
    residents aged 18-70."""

    category: NDArray[Any]
    area: Floats
    cellar: Floats
    adults: Floats


def losses(hazard: str, exposed: Exposed, water: Floats, settings: DamageSettings | None = None) -> dict[str, Floats]:
    """Return damage, cellar, value_loss and people [DKK], each in the shape of `water` ``(..., n)``, see `harmful` [m].

    Raises
    ------
    InputError
        When the hazard or a category is not one of `HAZARDS`, `CATEGORIES`.
    """
    category, area, cellar, adults = exposed
    return {
        "damage": building_damage(hazard, category, area, water, settings),
        "cellar": cellar_damage(hazard, category, cellar, water, settings),
        "value_loss": value_loss(category, area, water, settings),
        "people": person_cost(adults, water, settings),
    }


def building_damage(
    hazard: str, category: ArrayLike, area: ArrayLike, depth: ArrayLike, settings: DamageSettings | None = None
) -> Floats:
    """Return the damage of each building alone, ``(n,)`` [DKK], by ground-floor area [m2] and depth outside [m].

    ``b0 + area (b1 ln(max(depth in cm, 1)) + b2)`` from the minimum depth on (OS2 SkadesØkonomi); NaN depth is dry.

    Raises
    ------
    InputError
        When the hazard or a category is not one of `HAZARDS`, `CATEGORIES`.
    """
    settings = settings or DamageSettings()
    base, slope, per_area, _ = _table(hazard, category, settings).T
    water = np.nan_to_num(np.asarray(depth, dtype=np.float64))
    amount = base + np.asarray(area, dtype=np.float64) * (slope * np.log(np.maximum(100.0 * water, 1.0)) + per_area)
    # The logarithm would pay the owner for a few centimetres of water.
    return np.where(_counts(depth, settings), settings.amount_factor * np.maximum(amount, 0.0), 0.0)


def cellar_damage(
    hazard: str, category: ArrayLike, cellar_area: ArrayLike, depth: ArrayLike, settings: DamageSettings | None = None
) -> Floats:
    """Return the damage of each cellar, ``(n,)`` [DKK], by cellar area [m2] and depth outside [m]."""
    settings = settings or DamageSettings()
    per_area = _table(hazard, category, settings)[:, 3]
    full = np.nan_to_num(np.asarray(depth, dtype=np.float64)) > settings.cellar_depth
    return np.where(full, settings.amount_factor * per_area * np.asarray(cellar_area, dtype=np.float64), 0.0)


def value_loss(
    category: ArrayLike, area: ArrayLike, depth: ArrayLike, settings: DamageSettings | None = None
) -> Floats:
    """Return the lost sales value of each dwelling, ``(n,)`` [DKK], by ground-floor area [m2] and depth outside [m]."""
    settings = settings or DamageSettings()
    sold = np.isin(category_codes(category), category_codes(settings.value_loss_categories))
    loss = settings.value_loss_share * settings.price_per_area * np.asarray(area, dtype=np.float64)
    return np.where(_counts(depth, settings) & sold, loss, 0.0)


def person_cost(adults: ArrayLike, depth: ArrayLike, settings: DamageSettings | None = None) -> Floats:
    """Return what clean-up, travel and illness cost the adults of each building, ``(n,)`` [DKK]."""
    settings = settings or DamageSettings()
    return np.where(_counts(depth, settings), settings.person_cost * np.asarray(adults, dtype=np.float64), 0.0)
