"""`Assessment`: what the water costs, building by building and summed, that tells and saves itself."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from genrejs.errors import InputError
from genrejs.writing import whole

MONEY = "_dkk"


@dataclass(frozen=True)
class Assessment:
    """The result of `damage.assess`.

    `buildings`: one row each with its footprint: id, bbr_code, category, area_m2, the columns that the layer had, and
    on the rarest map depth_m, damage_dkk (the building alone), contents_dkk, cellar_dkk, value_loss_dkk, people_dkk and
    loss_dkk (all of them); with several maps also depth_m_T, damage_dkk_T and loss_dkk_T for each return period T and
    annual_damage_dkk, annual_loss_dkk [DKK/year]; with samples damage_dkk_p05, _p50, _p95.
    `totals`: group, value, return_period_years, annual, buildings_wet, buildings_damaged and the same amounts.
    `sectors`: what the other layers (roads, crops, ...) cost, in the same way.
    `payers`: who pays [DKK], by return period and in an average year. `summary`: figures as in the JSON file.
    `more` tables by name, where asked for: sensitivity (what matters), measure (before and after).
    """

    buildings: gpd.GeoDataFrame
    totals: pd.DataFrame
    sectors: pd.DataFrame
    payers: pd.DataFrame
    summary: Mapping[str, Any]
    more: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    def save(self, out: Path | str) -> list[Path]:
        """Write ``X.csv``, ``X.gpkg``, ``X_summary.json`` and totals, sectors and payers as CSV, all or none.

        `out` is ``X.csv``, or a folder, where X is then "damage". Returns what was written.

        Raises
        ------
        InputError
            The place cannot be written, or has another ending than .csv.
        """
        tables = {"totals": self.totals, "sectors": self.sectors, "payers": self.payers, **self.more}
        files = places(out, tables)
        with ExitStack() as stack:
            beside = {name: stack.enter_context(whole(path)) for name, path in files.items()}
            plain = pd.DataFrame(self.buildings.drop(columns="geometry"))
            _csv(plain, beside["table"])
            _layer(self.buildings, beside["layer"])
            for name, table in tables.items():
                _csv(table, beside[name])
            text = json.dumps(self.summary, indent=2, ensure_ascii=False)
            beside["summary"].write_text(text + "\n", encoding="utf-8")
        return list(files.values())

    def lines(self) -> Iterator[str]:
        """Yield what was found, in a few lines."""
        told = self.summary
        yield (
            f"{told['model']}: {told['buildings_damaged']:,} of {told['buildings']:,} buildings damaged, "
            f"{_millions(told['total_dkk'])} in buildings, {_millions(told['whole_dkk'])} in all"
        )
        for row in told["by_return_period"]:
            if row["return_period_years"] is not None:
                yield f"  {row['return_period_years']:.12g} years: {_millions(row['whole_dkk'])}{_span(row)}"
        if told["annual"] is not None:
            yield f"  in an average year: {_millions(told['annual']['whole_dkk'])}{_span(told['annual'])}"
        if "npv_dkk" in told.get("measure", {}):
            worth = told["measure"]
            yield (
                f"  the measure avoids {_millions(worth['avoided_dkk_per_year'])} a year; net present value "
                f"{_millions(worth['npv_dkk'])} over {worth['period_years']} years"
            )
        for note in told["notes"]:
            yield f"  {note}"


def _span(row: Mapping[str, Any]) -> str:
    """Return the range of an amount over the draws, nothing without draws; sectors are not drawn."""
    if "loss_dkk_p05" not in row:
        return ""
    low, high = (row[f"loss_dkk_{end}"] + row["sectors_dkk"] for end in ("p05", "p95"))
    return f" ({_millions(low)} to {_millions(high)})"


OTHERS = (".gpkg", ".json", ".xlsx", ".xls", ".shp", ".parquet", ".txt", ".tsv", ".html", ".tif", ".tiff", ".geojson")
"""Endings of files that a table is not written as; another ending is part of a folder's name."""


def places(out: Path | str, more: Iterable[str] = ()) -> dict[str, Path]:
    """Return the files of a result by what they hold.

    Raises
    ------
    InputError
        `out` ends in something else than .csv.
    """
    out = Path(out)
    if out.suffix.lower() in OTHERS and not out.is_dir():
        raise InputError(f"--out {out} must end in .csv (GeoPackage and summary lie beside it) or be a folder.")
    table = out.suffix.lower() == ".csv" and not out.is_dir()
    base = out.with_suffix("") if table else out / "damage"
    ends = {
        "table": out.suffix if table else ".csv", "layer": ".gpkg", "summary": "_summary.json",
        **{name: f"_{name}.csv" for name in more},
    }  # fmt: skip
    return {name: base.with_name(base.name + end) for name, end in ends.items()}


def _csv(table: pd.DataFrame, path: Path) -> None:
    """Write money to the øre, depths to the millimetre."""
    shown = table.copy()
    for name in table.columns:
        if pd.api.types.is_float_dtype(table[name]):
            shown[name] = table[name].round(2 if MONEY in name else 4)
    shown.to_csv(path, index=False)


def _layer(table: gpd.GeoDataFrame, path: Path) -> None:
    """Write a GeoPackage; polygons that are single and many in one layer are written as many."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the neighbour's name does not end in .gpkg until it is complete
        pyogrio.write_dataframe(table, path, layer="damage", driver="GPKG", promote_to_multi=_mixed(table))


def _mixed(table: gpd.GeoDataFrame) -> bool:
    return bool((table.geom_type == "MultiPolygon").any())


def _millions(amount: float) -> str:
    if abs(amount) >= 1e9:
        return f"{amount / 1e9:,.2f} billion DKK"
    return f"{amount / 1e6:,.1f} million DKK" if abs(amount) >= 1e6 else f"{amount:,.0f} DKK"
