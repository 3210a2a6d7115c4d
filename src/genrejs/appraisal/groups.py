"""Losses by group of people: whose homes the money is lost in, and who bears it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.appraisal.equity import EquitySettings, equity_weights
from genrejs.appraisal.payers import COVERS, PARTS, PayerSettings, categories_of, cover_codes, split_parts
from genrejs.errors import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

GROUPS = ("district", "age", "language", "income", "tenure", "owner")
"""What losses can be told apart by; see `losses_by`."""
AGES = ("children", "adults", "seniors")
EMPTY = ("business", "public", "utility", "no_residents", "unknown")
"""Rows of buildings without households, by use; "no_residents" are garages, holiday houses and homes that stand empty,
"unknown" have residents of whom nothing is known."""
_EMPTY_OF_COVER = dict(zip(COVERS, ("no_residents", "no_residents", "business", "public", "utility"), strict=True))


@dataclass(frozen=True)
class _Shared:
    """Losses shared out: to households ``(household,)`` and what is left of buildings without any ``(building,)``."""

    households: pd.DataFrame
    property: Floats  # building, cellar and value of the household's share [DKK]
    own: Floats  # contents, clean-up, time and health [DKK]
    people: Floats  # the part of `own` that falls on adults alone [DKK]
    weight: Floats  # equity weight
    empty: Floats  # loss of buildings without households [DKK]
    unknown: Floats  # people in them
    use: Integers  # their place in EMPTY, (building,)


def losses_by(
    buildings: pd.DataFrame,
    households: pd.DataFrame,
    losses: pd.DataFrame,
    by: str | Sequence[str] = GROUPS,
    settings: EquitySettings | None = None,
    payers: PayerSettings | None = None,
) -> pd.DataFrame:
    """Return losses by group: `group, value, people, loss, weighted, share, per_person`.

    `buildings` needs `district` and `residents`, row for row with `losses` (as in `payers.who_pays`, of one event or of
    the expected year); `households` as in `City.households`. A building's loss goes to its households by persons, but
    the cost of people to their adults, as it was reckoned; shops below homes count with the homes (assumption).

    district, age, language and income tell whose home it is, whoever pays. tenure tells what the households bear:
    owners all of it, tenants contents, time and health, and "landlord" the rest. owner tells who owns what was lost:
    "owner", "tenant", "social_landlord", "private_landlord". Buildings without households have rows of their own, see
    `EMPTY`, except by district. Every group sums to the whole loss. `weighted` is the loss times the households' equity
    weights by income group; losses of landlords, firms and empty buildings weigh 1.

    Raises
    ------
    InputError
        A group or income group is unknown, a column is missing, or the tables differ in length; see also `who_pays`.
    """
    how, rules = settings or EquitySettings(), payers or PayerSettings()
    wanted = (by,) if isinstance(by, str) else tuple(by)
    unknown = [group for group in wanted if group not in GROUPS]
    if unknown:
        raise InputError(f"Losses cannot be told apart by '{unknown[0]}'; accepted are {', '.join(GROUPS)}.")
    if len(buildings) != len(losses):
        raise InputError(f"Losses and buildings differ in number: {len(losses)} and {len(buildings)}.")
    shared = _shared(buildings, households, losses, how, rules)
    found = []
    for group in wanted:
        makers = {"district": _by_district, "age": _by_age, "tenure": _by_tenure, "owner": _by_owner}
        part = makers[group](shared, buildings) if group in makers else _by_column(shared, group)
        found.append(part.assign(group=group))
    table = pd.concat(found, ignore_index=True)
    total = table.groupby("group")["loss"].transform("sum")
    table["share"] = table["loss"] / total.where(total > 0)
    table["per_person"] = table["loss"] / table["people"].where(table["people"] > 0)
    return table[["group", "value", "people", "loss", "weighted", "share", "per_person"]]


def _shared(
    buildings: pd.DataFrame, households: pd.DataFrame, losses: pd.DataFrame, how: EquitySettings, rules: PayerSettings
) -> _Shared:
    category = categories_of(losses)
    parts = dict(zip(PARTS, split_parts(losses, category, rules), strict=True))
    place = households["building"].to_numpy(np.int64)
    persons, adults = (households[name].to_numpy(np.float64) for name in ("persons", "adults"))
    if not (persons > 0).all() or place.max(initial=-1) >= len(buildings) or place.min(initial=0) < 0:
        raise InputError("Each household needs persons, 1 or more, and a row of the table of buildings.")
    lived = np.bincount(place, weights=persons, minlength=len(buildings))
    grown = np.bincount(place, weights=adults, minlength=len(buildings))
    share = persons / np.where(lived > 0, lived, 1.0)[place]
    of_adults = np.where(grown[place] > 0, adults / np.where(grown > 0, grown, 1.0)[place], share)
    people = parts["people"][place] * of_adults
    use = np.array([EMPTY.index(_EMPTY_OF_COVER[cover]) for cover in COVERS])[cover_codes(category, rules)]
    residents = buildings["residents"].to_numpy(np.float64)
    total = np.sum(list(parts.values()), axis=0)
    return _Shared(
        households,
        property=(parts["building"] + parts["cellar"] + parts["value_loss"])[place] * share,
        own=parts["contents"][place] * share + people,
        people=np.where(grown[place] > 0, people, 0.0),
        weight=_weights(households, persons, how),
        empty=np.where(lived > 0, 0.0, total),
        unknown=np.where(lived > 0, 0.0, residents),
        use=np.where(residents > 0, EMPTY.index("unknown"), use),
    )


def _weights(households: pd.DataFrame, persons: Floats, how: EquitySettings) -> Floats:
    """Return the equity weight of each household by its income group."""
    if len(households) == 0:
        return np.zeros(0)
    codes, names = _codes(households, "income")
    absent = [name for name in names if name not in how.relative_income]
    if absent:
        raise InputError(
            f"No relative income is set for the group '{absent[0]}'; known are {', '.join(how.relative_income)}."
        )
    return equity_weights(np.array([how.relative_income[name] for name in names])[codes], persons, how.gamma)


def _codes(table: pd.DataFrame, column: str) -> tuple[Integers, list[str]]:
    """Return the column as places in its own sorted values, and those values."""
    if column not in table:
        raise InputError(f"The table lacks the column '{column}'; it has {', '.join(map(str, table.columns))}.")
    if table[column].isna().any():
        raise InputError(f"The column '{column}' has gaps; say 'unknown' where it is not known.")
    codes, names = pd.factorize(table[column], sort=True)
    return codes, [str(name) for name in names]


def _rows(names: Sequence[str], codes: Integers, people: Floats, loss: Floats, weight: Floats | None) -> pd.DataFrame:
    """Return one row for each name: the sums over the entries that carry its code."""
    weighted = loss if weight is None else loss * weight
    sums = [np.bincount(codes, weights=given, minlength=len(names)) for given in (people, loss, weighted)]
    return pd.DataFrame({"value": list(names), "people": sums[0], "loss": sums[1], "weighted": sums[2]})


def _empty(shared: _Shared) -> pd.DataFrame:
    """Return the rows of buildings without households; those that lose nothing are left out."""
    rows = _rows(EMPTY, shared.use, shared.unknown, shared.empty, None)
    return rows[rows["loss"] > 0]


def _persons(shared: _Shared) -> Floats:
    return shared.households["persons"].to_numpy(np.float64)


def _by_district(shared: _Shared, buildings: pd.DataFrame) -> pd.DataFrame:
    codes, names = _codes(buildings, "district")
    place = shared.households["building"].to_numpy(np.int64)
    homes = _rows(names, codes[place], np.zeros(place.size), shared.property + shared.own, shared.weight)
    rest = _rows(names, codes, buildings["residents"].to_numpy(np.float64), shared.empty, None)
    rest[["loss", "weighted"]] += homes[["loss", "weighted"]]
    return rest


def _by_column(shared: _Shared, column: str) -> pd.DataFrame:
    codes, names = _codes(shared.households, column)
    rows = _rows(names, codes, _persons(shared), shared.property + shared.own, shared.weight)
    return pd.concat([rows, _empty(shared)])


def _by_age(shared: _Shared, buildings: pd.DataFrame) -> pd.DataFrame:
    all_ages = (shared.property + shared.own - shared.people) / _persons(shared)
    counted = [shared.households[age].to_numpy(np.float64) for age in AGES]
    if (np.sum(counted, axis=0) != _persons(shared)).any():
        raise InputError(f"The {', '.join(AGES)} of a household must sum to its persons.")
    found = []
    for age, heads in zip(AGES, counted, strict=True):
        loss = all_ages * heads + (shared.people if age == "adults" else 0.0)
        found.append(_rows([age], np.zeros(heads.size, dtype=np.intp), heads, loss, shared.weight))
    return pd.concat([*found, _empty(shared)])


def _by_tenure(shared: _Shared, buildings: pd.DataFrame) -> pd.DataFrame:
    codes, names = _codes(shared.households, "tenure")
    owns = codes == (names.index("owner") if "owner" in names else -1)
    borne = shared.own + np.where(owns, shared.property, 0.0)
    rows = _rows(names, codes, _persons(shared), borne, shared.weight)
    let = np.where(owns, 0.0, shared.property)
    landlord = _rows(["landlord"], np.zeros(let.size, dtype=np.intp), np.zeros(let.size), let, None)
    return pd.concat([rows, landlord, _empty(shared)])


def _by_owner(shared: _Shared, buildings: pd.DataFrame) -> pd.DataFrame:
    codes, names = _codes(shared.households, "tenure")
    owns = codes == (names.index("owner") if "owner" in names else -1)
    borne = shared.own + np.where(owns, shared.property, 0.0)
    rows = _rows(["owner", "tenant"], np.where(owns, 0, 1), _persons(shared), borne, shared.weight)
    landlords = [f"{name}_landlord" for name in names]
    let = _rows(landlords, codes, np.zeros(codes.size), np.where(owns, 0.0, shared.property), None)
    return pd.concat([rows, let[let["value"] != "owner_landlord"], _empty(shared)])
