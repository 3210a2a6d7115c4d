"""From losses to the tables and figures that a reader gets."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.appraisal.equity import equity_weights, weighted_loss
from genrejs.appraisal.payers import Payment, who_pays
from genrejs.appraisal.payers_annual import Flooded, expected_payment
from genrejs.damage.case import Case, Found
from genrejs.damage.losses import LOSS
from genrejs.damage.model import PARTS, adults, water_at
from genrejs.damage.result import Assessment
from genrejs.damage.settings import told
from genrejs.impact.health import household_effects
from genrejs.impact.sectors import staff_affected
from genrejs.impact.uncertainty import QUANTILES
from genrejs.provenance import package_version

Floats = NDArray[np.float64]

AMOUNTS = (*PARTS, LOSS)
KEPT = ("id", "bbr_code", "category", "district", "tenure", "owner", "curve")
"""Columns of the buildings that a result carries on."""
SECTOR_PAYERS = {"roads": "road_time", "crops": "crops", "recreation": "recreation", "infrastructure": "infrastructure"}
"""Under which name of `PayerSettings.other` a sector's loss is paid."""
ENDS = tuple(f"_p{round(100 * quantile):02d}" for quantile in QUANTILES)


def gather(case: Case, found: Found) -> Assessment:
    """Return the result of a case."""
    buildings = _buildings(case, found)
    table = _money(found.totals, found)
    payers = _payers(case, found)
    more = {} if found.sensitivity is None else {"sensitivity": found.sensitivity}
    told = _summary(case, found, table, payers) | {name: _records(given) for name, given in more.items()}
    return Assessment(buildings, table, _sectors(found.sectors), payers, told, more)


def _buildings(case: Case, found: Found) -> gpd.GeoDataFrame:
    """Return one row a building, see `Assessment.buildings`."""
    table, losses = case.houses.table, found.losses
    data: dict[str, Any] = {name: table[name].to_numpy() for name in KEPT if name in table}
    code = data.get("bbr_code")
    if code is not None and not (code % 1).any():  # NaN, which stands for none, is no part of a whole number
        data["bbr_code"] = pd.array(code, dtype="Int64")
    data["area_m2"] = table["area"].to_numpy()
    data["depth_m"] = losses.depth[-1]
    amounts = {**losses.parts, LOSS: losses.loss}
    data |= {f"{name}_dkk": amounts[name][-1] for name in AMOUNTS}
    if found.sampled is not None:
        for end, values in zip(ENDS, found.sampled.buildings, strict=True):
            data[f"damage_dkk{end}"] = values
    if len(case.periods) > 1:
        for number, period in enumerate(case.periods):
            data[f"depth_m_T{period:.12g}"] = losses.depth[number]
            data |= {f"{name}_dkk_T{period:.12g}": amounts[name][number] for name in ("damage", LOSS)}
    if case.weights is not None:
        share = case.weights[:, None]
        data |= {f"annual_{name}_dkk": (share * amounts[name]).sum(axis=0) for name in ("damage", LOSS)}
    return gpd.GeoDataFrame(data, geometry=table.geometry.to_numpy(), crs=table.crs)


def _money(totals: pd.DataFrame, found: Found) -> pd.DataFrame:
    """Return the sums with units in their names, and the quantiles of the loss where sampled."""
    names = {name: f"{name}_dkk" for name in AMOUNTS} | {"return_period": "return_period_years"}
    table = totals.rename(columns=names)
    if found.sampled is not None:
        for end, values in zip(ENDS, found.sampled.rows, strict=True):
            table[f"{LOSS}_dkk{end}"] = values
    return table


def _sectors(sectors: pd.DataFrame) -> pd.DataFrame:
    return sectors.rename(columns={"loss": "loss_dkk", "return_period": "return_period_years"})


def _payers(case: Case, found: Found) -> pd.DataFrame:
    """Return who pays each map and an average year: return_period_years, annual, payer, each part and the amount [DKK].

    Empty where the kind of flood or the return periods are not known, since the rules ask for both.
    """
    if case.hazard is None or case.periods[0] is None:
        return pd.DataFrame(columns=["return_period_years", "annual", "payer", "amount_dkk"])
    wet = np.flatnonzero((found.losses.depth > 0.0).any(axis=0))
    floods = [_flooded(case, found, number, wet) for number in range(len(case.periods))]
    rules = case.asked.settings.payers
    tables = []
    for flood in floods:
        paid = who_pays(flood.losses, flood.hazard, flood.return_period, rules, flood.other)
        tables.append(_paid(paid, flood.return_period, annual=False))
    often = {} if case.asked.harmless_period is None else {case.hazard: 1.0 / case.asked.harmless_period}
    tables.append(_paid(expected_payment(floods, rules, case.asked.tail, often), np.nan, annual=True))
    return pd.concat(tables, ignore_index=True).fillna(dict.fromkeys(tables[-1].columns[3:], 0.0))


def _flooded(case: Case, found: Found, number: int, wet: NDArray[np.int64]) -> Flooded:
    """Return one map's losses as the rules of who pays read them."""
    houses, parts = case.houses, found.losses.parts
    table = houses.table
    data: dict[str, Any] = {"category": table["category"].to_numpy()[wet] if "category" in table else "unknown"}
    names = [name for name in PARTS if name != "tourism" and (case.model.knows_contents or name != "contents")]
    data |= {name: parts[name][number, wet] for name in names}
    if "households" in table:
        data["homes"] = houses.numbers("households")[wet]
    other = {"tourism": float(parts["tourism"][number].sum())}
    here = found.sectors[~found.sectors["annual"]]
    for kind, rows in here.groupby("sector", sort=False):
        other[SECTOR_PAYERS[str(kind)]] = float(rows["loss"].iloc[number])
    period = case.periods[number]
    return Flooded(str(case.hazard), float(period or 1.0), pd.DataFrame(data), other)


def _paid(paid: Payment, period: float, annual: bool) -> pd.DataFrame:
    table = paid.table.add_suffix("_dkk").reset_index()
    table.insert(0, "return_period_years", period)
    table.insert(1, "annual", annual)
    return table.assign(amount_dkk=paid.amounts.to_numpy())


def _summary(case: Case, found: Found, table: pd.DataFrame, payers: pd.DataFrame) -> dict[str, Any]:
    """Return the figures for machines and for the report, see docs/damage.md."""
    whole, losses = table[table["group"] == "all"], found.losses
    events = whole[~whole["annual"]]
    rarest, average = events.iloc[-1], whole[whole["annual"]]
    beside = _beside(found.sectors)
    told_events = [
        _figures(row) | _whole(row, beside.get((False, k), 0.0)) for k, (_, row) in enumerate(events.iterrows())
    ]
    year = [_figures(row) | _whole(row, beside.get((True, 0), 0.0)) for _, row in average.iterrows()]
    return {
        "model": case.model.name,
        "sources": list(case.model.sources),
        "version": package_version(),
        "buildings": len(case.houses.table),
        "buildings_wet": int(rarest["buildings_wet"]),
        "buildings_damaged": int(rarest["buildings_damaged"]),
        "total_dkk": float(rarest["damage_dkk"]),
        "loss_dkk": float(rarest["loss_dkk"]),
        "sectors_dkk": told_events[-1]["sectors_dkk"],
        "whole_dkk": told_events[-1]["whole_dkk"],
        "by_return_period": told_events,
        "annual": year[0] if year else None,
        "by_category": _by(table, "category"),
        "by_district": _by(table, "district"),
        "sectors": _records(_sectors(found.sectors)),
        "payers": _records(payers[["return_period_years", "annual", "payer", "amount_dkk"]]),
        "people": _people(case, losses.depth[-1]),
        "equity": _equity(case, losses.loss),
        "samples": case.asked.samples,
        "seed": case.asked.seed,
        "take": case.asked.how,
        "tail": case.asked.tail,
        "harmless_period_years": case.asked.harmless_period,
        "hazard": case.hazard,
        "value_per_area_dkk": case.asked.value_per_area,
        "columns": dict(case.houses.columns),
        "settings": told(case.asked.settings),
        "notes": [*found.notes, *_remarks(case, losses.loss)],
    }


def _beside(sectors: pd.DataFrame) -> dict[tuple[bool, int], float]:
    """Return what all sectors cost, by whether it is the average year's and by the number of the map [DKK]."""
    found: dict[tuple[bool, int], float] = {}
    for _, rows in sectors.groupby(["sector", "annual"], sort=False):
        for number, (annual, loss) in enumerate(zip(rows["annual"], rows["loss"], strict=True)):
            found[bool(annual), number] = found.get((bool(annual), number), 0.0) + float(loss)
    return found


def _whole(row: pd.Series[Any], sectors: float) -> dict[str, float]:
    """Return what sectors cost, and buildings and sectors together [DKK]."""
    return {"sectors_dkk": round(sectors, 4), "whole_dkk": round(float(row["loss_dkk"]) + sectors, 4)}


def _figures(row: pd.Series[Any]) -> dict[str, Any]:
    """Return a row of the sums as plain numbers, without its group."""
    drop = ("group", "value", "annual")
    told = {str(name): _plain(value) for name, value in row.items() if name not in drop}
    if not row["annual"]:
        told |= {name: int(told[name]) for name in told if name.startswith("buildings_")}
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, (str, bool, np.bool_)):
        return bool(value) if isinstance(value, np.bool_) else value
    number = float(value)
    return None if np.isnan(number) else round(number, 4)


def _by(table: pd.DataFrame, group: str) -> list[dict[str, Any]]:
    """Return the sums of one grouping: on each map, and in an average year where there is one."""
    mine = table[table["group"] == group]
    return [{group: row["value"], "annual": bool(row["annual"]), **_figures(row)} for _, row in mine.iterrows()]


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): _plain(value) for name, value in row.items()} for _, row in table.iterrows()]


def _people(case: Case, depth: Floats) -> dict[str, float]:
    """Return what the rarest map means for people, as counts, by what the layer knows of them."""
    houses, settings = case.houses, case.asked.settings
    water = water_at(houses, depth)  # what doors keep out harms nobody
    found: dict[str, float] = {}
    if "households" in houses.table:
        effects = household_effects(houses.numbers("households"), water, settings.health)
        found |= {f"survey_{name}": round(float(effects[name].sum()), 3) for name in effects}
    if "residents" in houses.table or "adults" in houses.table:
        share = settings.damage.adult_share
        here = (water > 0.0) & (water >= settings.damage.minimum_depth)
        found["adults_affected"] = round(float(adults(houses, share)[here].sum()), 3)
    if "residents" in houses.table:
        found["residents_in_wet_buildings"] = float(houses.numbers("residents")[depth > 0].sum())
    if "jobs" in houses.table:
        found["staff_affected"] = float(staff_affected(houses.numbers("jobs"), water, settings.sectors).sum())
    return found


def _equity(case: Case, loss: Floats) -> dict[str, float] | None:
    """Return the loss weighted by income beside the plain one, on the rarest map, where the layer has incomes."""
    if "income" not in case.houses.table:
        return None
    income = case.houses.numbers("income")
    known = income > 0
    people = case.houses.numbers("residents") if "residents" in case.houses.table else None
    if people is not None and people[known].sum() <= 0:
        people = None  # nobody is registered: every building weighs alike
    if not known.any():
        return None
    gamma = case.asked.settings.equity.gamma
    weights = equity_weights(income[known], None if people is None else people[known], gamma)
    found = weighted_loss(loss[-1, known], weights)
    return {
        "loss_dkk": found.plain, "weighted_loss_dkk": found.weighted, "gamma": gamma,
        "buildings_without_income": int((~known).sum()),
    }  # fmt: skip


def _remarks(case: Case, loss: Floats) -> list[str]:
    """Return what a reader must know to read the figures right."""
    remarks = []
    columns = ", ".join(f"{ours} = {theirs}" for ours, theirs in case.houses.columns.items()) or "none"
    area = "" if "area" in case.houses.columns else "; areas are those of the footprints"
    remarks.append(f"Columns used: {columns}{area}.")
    if own := case.asked.settings.damage.amounts:
        told = ", ".join(f"{amount.hazard} {amount.category}" for amount in own)
        remarks.append(f"Own amounts stand in place of the published ones: {told}.")
    if not case.model.knows_contents:
        remarks.append("The municipal amounts do not say whether contents are in them; contents are not added.")
    totals = loss.sum(axis=1)
    for number in range(1, len(totals)):
        if totals[number] < totals[number - 1]:
            rare, often = case.periods[number], case.periods[number - 1]
            remarks.append(f"The map for {rare:g} years costs less than the one for {often:g} years; is one misplaced?")
    if case.weights is not None and len(case.periods) == 1:
        remarks.append("An average year from one map alone is a rough figure; give more return periods.")
    if case.periods[0] is None:
        remarks.append("Without return periods there is no average year, and who pays is not known (100=depth.tif).")
    elif case.hazard is None:
        remarks.append("Who pays depends on the kind of flood; say it with --hazard.")
    return remarks
