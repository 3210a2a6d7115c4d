"""The one catalogue of named variables: what a result's name means, its unit, its dimensions, where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Variable:
    """A declared quantity: SI unit (or DKK, persons, 1), dimensions, place in the results, one sentence, source."""

    name: str
    unit: str
    dims: tuple[str, ...]
    place: str
    sentence_en: str
    sentence_da: str
    source: str = ""
    cf_name: str = ""


def catalogue() -> Mapping[str, Variable]:
    """Return every declared variable by its name."""
    return MappingProxyType({variable.name: variable for variable in (*_FOOTPRINT, *_ASKED, *_TOTALS, *_INDICATORS)})


def names(place: str) -> tuple[str, ...]:
    """Return the names declared for one place: footprint, impact or recovery."""
    return tuple(variable.name for variable in catalogue().values() if variable.place == place)


def _water(name: str, unit: str, english: str, danish: str, cf_name: str = "") -> Variable:
    return Variable(name, unit, ("y", "x"), "footprint", english, danish, "2D solver", cf_name)


def _asked(name: str, unit: str, english: str, danish: str) -> Variable:
    return Variable(name, unit, ("y", "x"), "footprint on request", english, danish, "2D solver")


def _total(name: str, unit: str, english: str, danish: str, source: str) -> Variable:
    return Variable(name, unit, (), "impact", english, danish, source)


def _indicator(name: str, unit: str, english: str, danish: str) -> Variable:
    return Variable(name, unit, (), "recovery", english, danish, "own definition, docs/recovery.md")


_DAMAGE = "Danish municipal damage model (OS2 SkadesØkonomi)"
_FOOTPRINT = (
    _water("max_depth", "m", "Greatest depth of water.", "Største vanddybde.", "flood_water_thickness"),
    _water(
        "max_level",
        "m",
        "Greatest level above normal sea level.",
        "Højeste vandstand over normal havhøjde.",
        "water_surface_height_above_reference_datum",
    ),
    _water("max_speed", "m s-1", "Greatest speed of the water.", "Vandets største hastighed.", "flood_water_speed"),
    _water(
        "arrival",
        "s",
        "Time from the start until the water arrives.",
        "Tid fra start, til vandet kommer.",
        "time_when_flood_water_rises_above_threshold",
    ),
)
_ASKED = (
    _asked("duration_above", "s", "How long the water stands above a depth.", "Hvor længe vandet står over en dybde."),
    _asked("max_depth_speed", "m2 s-1", "Greatest depth times speed.", "Største dybde gange hastighed."),
    _asked(
        "hazard",
        "1",
        "Hazard class of the water, 1 to 6, 0 where dry.",
        "Vandets fareklasse, 1 til 6, 0 hvor der er tørt.",
    ),
    _asked(
        "recession",
        "s",
        "Time from the start of the last moment with water.",
        "Tid fra start til sidste øjeblik med vand.",
    ),
)
_TOTALS = (
    _total("buildings_wet", "1", "Buildings with more than 5 cm of water outside.", "Bygninger med over 5 cm vand udenfor.", "own"),
    _total("buildings_damaged", "1", "Buildings whose damage is counted.", "Bygninger med skader, der tælles.", _DAMAGE),
    _total("residents_in_wet_homes", "1", "People who live in a wet building.", "Beboere i våde bygninger.", "own"),
    _total("damage_buildings", "DKK", "Damage to buildings and contents.", "Skader på bygninger og indbo.", _DAMAGE),
    _total("damage_cellars", "DKK", "Damage to cellars.", "Skader i kældre.", _DAMAGE),
    _total("value_loss", "DKK", "Lost value of homes.", "Tabt boligværdi.", _DAMAGE),
    _total("people_cost", "DKK", "Time lost by people who were flooded.", "Tid, som de oversvømmede mister.", _DAMAGE),
    _total("road_cost", "DKK", "Cost of flooded roads.", "Udgifter til oversvømmede veje.", _DAMAGE),
    _total("damage_total", "DKK", "Sum of the money terms.", "Summen af pengeposterne.", _DAMAGE),
)  # fmt: skip
_INDICATORS = (
    _indicator("withstand", "1", "Lowest share of services that work.", "Laveste andel af tjenester, der virker."),
    _indicator("bounce_back_days", "d", "Days until 95 % works and stays so for a week.", "Dage til 95 % virker og bliver ved en uge."),
    _indicator("censored", "1", "1 when the city was not back within the horizon.", "1 når byen ikke nåede tilbage i tide."),
    _indicator("resilience_loss", "d", "Person-days above the curve, mean of services.", "Persondage over kurven, middel af tjenester."),
    _indicator("person_days_without_service", "d", "Person-days without a service, summed.", "Persondage uden en tjeneste, lagt sammen."),
    _indicator("person_days_away", "d", "Person-days out of the home.", "Persondage uden for hjemmet."),
    _indicator("robustness", "1", "Same as withstand: what holds in the worst hour.", "Som holder stand: hvad der virker i den værste time."),
    _indicator("redundancy", "1", "Share of the loss that buffers and fallback avoid.", "Andel af tabet, som reserver og nøddrift undgår."),
    _indicator("resourcefulness", "1", "Share of the loss that crews, aid and volunteers avoid.", "Andel af tabet, som hold, hjælp og frivillige undgår."),
    _indicator("rapidity", "d-1", "Mean regain of functionality a day.", "Gennemsnitlig fremgang pr. dag."),
)  # fmt: skip
