"""Walls, gates, pumps, weirs and basins in words: title and figures of each."""

from __future__ import annotations

from genrejs.city.structures import Basin, Gate, Pump, Storage, Structure, Wall, Weir
from genrejs.report.texts import Phrase

Figure = tuple[str, str, float | Phrase, str]
"""Danish name, English name, value, unit."""
LEVEL = "m DVR90"


def work(part: Structure) -> tuple[str, str, list[Figure], str]:
    """Return the Danish title, the English title, the figures and the source of a structure."""
    titles, figures = _told(part)
    return *titles, figures, part.source


def _told(part: Structure) -> tuple[tuple[str, str], list[Figure]]:
    if isinstance(part, Wall):
        return ("Dige eller mur", "Dike or wall"), [
            ("Krone", "Crest", part.crest, LEVEL),
            ("Længde", "Length", round(part.line.length), "m"),
        ]
    if isinstance(part, Gate):
        return ("Sluse", "Sluice"), [
            ("Lukker ved", "Closes at", part.closes_at, LEVEL),
            ("Krone", "Crest", part.crest, LEVEL),
            _works(part.works),
        ]
    if isinstance(part, Pump):
        return ("Pumper", "Pumps"), [
            ("Kan pumpe", "Can pump", part.capacity, "m³/s"),
            ("Starter ved", "Starts at", part.starts_at, LEVEL),
            ("Stopper ved", "Stops at", part.stops_at, LEVEL),
            _works(part.works),
        ]
    return _held(part)


def _held(part: Weir | Storage | Basin) -> tuple[tuple[str, str], list[Figure]]:
    if isinstance(part, Weir):
        return ("Overløb", "Weir"), [
            ("Krone", "Crest", part.crest, LEVEL),
            ("Bredde", "Width", part.width, "m"),
        ]
    if isinstance(part, Basin):
        return ("Plads, der kan holde vand", "Square that can hold water"), [
            ("Dybde", "Depth", part.depth, "m"),
            ("Areal", "Area", round(part.area.area), "m²"),
        ]
    return ("Vandparkering", "Water parking"), [
        ("Rummer", "Holds", part.volume, "m³"),
        ("Lader løbe", "Lets through", part.release, "m³/s"),
    ]


def _works(works: bool) -> Figure:
    return ("Virker", "Works", Phrase("ja", "yes") if works else Phrase("nej", "no"), "")
