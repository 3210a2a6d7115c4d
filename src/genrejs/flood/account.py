"""The water account of a flood by term, and what a reader of its result must know, in Danish and English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

COMES = ("rain", "sea_in", "inflow")
GOES = ("sea_out", "infiltration", "drain", "rating")
MOVES = ("pump", "weir", "culvert", "drain_moved")
KEPT = ("pipes", "stored_start", "stored_end")
"""Terms of the account by which water comes, goes, changes place and stays."""
SMALL = 0.05
"""[m3] below which a term of the account is not shown."""
WILD_FROUDE = 1.0
"""Froude number above which the inertial scheme leaves out momentum that matters."""

NAMES = {
    "da": {
        "rain": "Regn", "sea_in": "Fra havet", "inflow": "Tilløb", "sea_out": "Til havet og ud over kanten",
        "infiltration": "Nedsivning", "drain": "Taget af kloakken", "rating": "Ud efter vandføringskurve",
        "pump": "Pumpet", "weir": "Over overløb", "culvert": "Gennem underføringer",
        "drain_moved": "Flyttet i kloakken",
    },
    "en": {
        "rain": "Rain", "sea_in": "From the sea", "inflow": "Inflow", "sea_out": "To the sea and over the edge",
        "infiltration": "Infiltration", "drain": "Taken by drains", "rating": "Out by rating curve",
        "pump": "Pumped", "weir": "Over weirs", "culvert": "Through culverts",
        "drain_moved": "Moved in drains",
    },
}  # fmt: skip

_WILD = {
    "da": (
        "Vandet løber nogle steder hurtigere end bølgerne (Froude {}). Her mangler bevægelsesmængden i den "
        "inertielle metode, og vandstanden ved kajkanter og gadehjørner kan være en decimeter ved siden af."
    ),
    "en": (
        "The flow is faster than waves in places (Froude {}); there the inertial scheme leaves out momentum, and "
        "levels at quay edges and street mouths may be off by a decimetre."
    ),
}
_THIN = {
    "da": (
        "Første orden gør langsomme, tynde lag regnvand for tynde, hvor jorden falder mere end deres dybde inden for "
        "en celle; det gør anden orden ikke."
    ),
    "en": (
        "In first order slow films of rain run too thin where the ground falls by more than their depth within a cell; "
        "second order does not have this."
    ),
}


def terms(account: Mapping[str, float], names: tuple[str, ...]) -> Iterator[tuple[str, float]]:
    """Yield name and volume [m3] of the named terms that are not 0."""
    for name in names:
        if abs(account.get(name, 0.0)) >= SMALL:
            yield name, account[name]


def cautions(summary: Mapping[str, Any], language: str = "en") -> list[str]:
    """Return what a reader of a result must know, da or en, from the figures in its summary."""
    found = []
    if summary["scheme"] == "inertial" and summary["max_froude"] > WILD_FROUDE:
        froude = f"{summary['max_froude']:.1f}"
        found.append(_WILD[language].format(froude if language == "en" else froude.replace(".", ",")))
    if summary["scheme"] == "shallow-water" and summary["order"] == 1 and summary["balance_m3"]["rain"] > 0:
        found.append(_THIN[language])
    return found
