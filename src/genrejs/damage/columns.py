"""Which column of a building layer is which: named by the user, or guessed from the names that registers use."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from genrejs.errors import InputError


@dataclass(frozen=True)
class Column:
    """A column that the damage model can use: its names elsewhere, its unit, what it is for."""

    names: tuple[str, ...]
    unit: str
    meaning: str


COLUMNS: Mapping[str, Column] = {
    "id": Column(
        ("id", "bygning_id", "bygningsid", "byg_id", "id_lokalid", "lokalid", "gml_id", "objectid", "fid", "uuid"),
        "", "name of the building; numbers where the layer has none",
    ),
    "bbr_code": Column(
        (
            "bbr_code", "bbr_anv_kode", "byg021bygningensanvendelse", "byg021", "byg_anvend_kode", "bygningsanvendelse",
            "anvendelseskode", "anvendelse", "bbr_anvendelse", "byganvendelse", "bbr", "use_code",
        ),
        "", "BBR use code",
    ),
    "area": Column(
        ("byg041bebyggetareal", "byg041", "bebygget_areal", "bebyggetareal", "footprint_area"),
        "m2", "ground-floor area; the footprint's own where the layer has none",
    ),
    "cellar_area": Column(
        ("cellar_area", "basement_area", "kælderareal", "kælder_areal", "eta022kælderareal", "areal_kælder"),
        "m2", "area of the cellar",
    ),
    "floor_level": Column(
        ("floor_level", "floor_height", "sokkelhøjde", "gulvhøjde"),
        "m", "top of the ground floor above the ground outside (curves; the Danish amounts hold it on average)",
    ),
    "protected_to": Column(
        ("protected_to", "beskyttet_til"), "m", "depth outside that doors, valves and shutters keep out"
    ),
    "adults": Column(
        ("adults", "voksne", "personer_18_70", "antal_18_70", "residents_18_70"), "persons", "residents aged 18-70"
    ),
    "residents": Column(
        ("residents", "persons", "population", "beboere", "indbyggere", "personer", "antal_personer"),
        "persons", "residents of any age",
    ),
    "households": Column(("households", "husstande", "antal_husstande", "boliger"), "households", "households"),
    "jobs": Column(("jobs", "employees", "ansatte", "antal_ansatte", "arbejdspladser"), "persons", "people at work"),
    "district": Column(
        ("district", "distrikt", "bydel", "bydelsnavn", "sogn", "sognenavn", "neighbourhood"), "", "part of the city"
    ),
    "owner": Column(("owner", "ejer", "ejerforhold", "ejerforholdskode"), "", "who owns the building"),
    "tenure": Column(("tenure", "ejerform", "boligform"), "", "how the homes are held"),
    "income": Column(
        ("income", "indkomst", "disponibel_indkomst"), "DKK/year", "income of the people, for the weighted loss"
    ),
    "value": Column(
        ("value_dkk", "værdi", "værdi_kr", "ejendomsværdi", "replacement_cost"), "DKK", "value at stake, for curves"
    ),
    "curve": Column(("curve", "curve_id", "kurve", "skadekurve"), "", "id of the building's curve"),
}  # fmt: skip
"""Every column that is understood, by the name that results carry; names elsewhere in the order they are looked for."""


CUT = (9, 10)
"""Bytes that a shapefile leaves of a longer name; a letter of two bytes may be cut in half."""


def plain(name: str) -> str:
    """Return a column's name as it is compared: lower case, æ ø å spelled out, no blanks or hyphens."""
    text = name.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return text.strip().replace(" ", "_").replace("-", "_")


def find_columns(have: Iterable[str], given: Mapping[str, str], where: str) -> dict[str, str]:
    """Return the layer's column for every column that it has, by our name; what is `given` goes first.

    Raises
    ------
    InputError
        A given name is no column of ours, or the layer has no such column.
    """
    columns = [str(name) for name in have]
    exact = {plain(name): name for name in reversed(columns)}
    found: dict[str, str] = {}
    for ours, theirs in given.items():
        _check_known(ours)
        if theirs not in columns:
            raise InputError(f"{where} has no column '{theirs}' for '{ours}'; it has {', '.join(columns) or 'none'}.")
        found[ours] = theirs
    known = {plain(name) for column in COLUMNS.values() for name in column.names}
    cut = {short: name for short, name in exact.items() if len(name.encode()) in CUT and short not in known}
    for ours, column in COLUMNS.items():
        guess = next((exact[plain(name)] for name in column.names if plain(name) in exact), None)
        guess = guess or next((cut[k] for name in column.names for k in cut if plain(name).startswith(k)), None)
        if ours not in found and guess is not None and guess not in given.values():
            found[ours] = guess
    return found


def _check_known(name: str) -> None:
    if name not in COLUMNS:
        near = difflib.get_close_matches(name, COLUMNS, n=1)
        hint = f"; did you mean '{near[0]}'?" if near else "."
        raise InputError(f"There is no column '{name}' to map; known are {', '.join(COLUMNS)}{hint}")
