"""The catalogue of measures and the strategies made of them."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from genrejs.city.model import City
from genrejs.errors import InputError
from genrejs.measure.digital import DIGITAL
from genrejs.measure.economic import ECONOMIC
from genrejs.measure.heritage import HERITAGE
from genrejs.measure.houses import HOUSES
from genrejs.measure.lifelines import LIFELINES
from genrejs.measure.model import AddedValue, Apply, Counted, Measure, Strategy
from genrejs.measure.organisational import ORGANISATIONAL
from genrejs.measure.physical import PHYSICAL
from genrejs.measure.safety import SAFETY
from genrejs.measure.social import SOCIAL

Overrides = Mapping[str, Mapping[str, float]]

FUNCTIONS: Mapping[str, Mapping[str, Apply]] = MappingProxyType(
    {
        "physical": PHYSICAL,
        "houses": HOUSES,
        "lifelines": LIFELINES,
        "digital": DIGITAL,
        "social": SOCIAL,
        "organisational": ORGANISATIONAL,
        "heritage": HERITAGE,
        "safety": SAFETY,
        "economic": ECONOMIC,
    }
)
"""The functions of each module by measure id; the data of a module stand in the table of the same name beside it."""


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("genrejs.measure").joinpath(name).read_text(encoding="utf-8"))


@cache
def catalogue() -> Mapping[str, Measure]:
    """Return every measure by id, in the order of the modules and of their tables."""
    return MappingProxyType(
        {
            id: _measure(id, row, functions[id])
            for module, functions in FUNCTIONS.items()
            for id, row in _read(f"{module}.toml").items()
        }
    )


def _measure(id: str, row: dict[str, Any], apply: Apply) -> Measure:
    """Return the measure of one table; a setting's row is its value, the lowest and the highest accepted."""
    settings = row.pop("settings")
    low, high = row.pop("cost_range")
    return Measure(
        id=id,
        apply=apply,
        settings=MappingProxyType({name: float(given[0]) for name, given in settings.items()}),
        limits=MappingProxyType({name: (float(given[1]), float(given[2])) for name, given in settings.items()}),
        added_value=tuple(AddedValue(**value) for value in row.pop("added_value", [])),
        counted=tuple(Counted(**value) for value in row.pop("counted", [])),
        changes=tuple(row.pop("changes")),
        cost_range=(float(low), float(high)),
        acts=tuple(row.pop("acts")),
        funding=MappingProxyType(row.pop("funding")),
        scores=MappingProxyType(row.pop("scores")),
        **row,
    )


@cache
def strategies() -> tuple[Strategy, ...]:
    """Return the strategies that are compared, "today" among them."""
    return tuple(
        Strategy(id, row["name_da"], row["name_en"], tuple(row["measures"]), tuple(row.get("removes", ())))
        for id, row in _read("strategies.toml").items()
    )


def find_strategy(id: str) -> Strategy:
    """Return the strategy with this id; raise InputError that names the known ones."""
    known = {strategy.id: strategy for strategy in strategies()}
    if id not in known:
        raise InputError(f"Unknown strategy '{id}'; known are {', '.join(known)}.")
    return known[id]


def find_measure(id: str) -> Measure:
    """Return the measure with this id; raise InputError that names the known ones."""
    if id not in catalogue():
        raise InputError(f"Unknown measure '{id}'; known are {', '.join(catalogue())}.")
    return catalogue()[id]


def checked_settings(measure: Measure, given: Mapping[str, float]) -> Mapping[str, float]:
    """Return the measure's settings with those `given` in their place; raise InputError outside names or limits."""
    for name, value in given.items():
        if name not in measure.settings:
            known = ", ".join(measure.settings)
            raise InputError(f"The measure '{measure.id}' has no setting '{name}'; it has {known}.")
        low, high = measure.limits[name]
        number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if not number or not low <= value <= high:
            accepted = f"must be a number from {low:g} to {high:g}"
            raise InputError(f"The setting '{name}' of the measure '{measure.id}' {accepted}; got {value!r}.")
    return MappingProxyType({**measure.settings, **{name: float(value) for name, value in given.items()}})


def apply_measure(city: City, id: str, given: Mapping[str, float] | None = None) -> City:
    """Return the city with one measure carried out, its settings overridden by `given`."""
    measure = find_measure(id)
    return measure.apply(city, checked_settings(measure, given or {}))


def build(city: City, measures: Collection[str]) -> City:
    """Return the city with the measures carried out in the catalogue's order, which some of them build on.

    Raises InputError for an unknown measure.
    """
    for id in (*(id for id in catalogue() if id in measures), *sorted(set(measures) - set(catalogue()))):
        city = apply_measure(city, id)
    return city


def carry_out(city: City, strategy: Strategy | str, overrides: Overrides | None = None) -> City:
    """Return the city after `strategy`: what it removes is gone, then its measures are carried out in order.

    `overrides` holds settings by measure id. Raises InputError for an unknown strategy, measure or setting, and for a
    setting of a measure that the strategy does not hold.
    """
    chosen = find_strategy(strategy) if isinstance(strategy, str) else strategy
    given = overrides or {}
    for id in chosen.measures:
        if chosen.measures.count(id) > 1:
            raise InputError(f"The strategy '{chosen.id}' names the measure '{id}' twice; name it once.")
    for id in given:
        if id not in chosen.measures:
            held = ", ".join(chosen.measures) or "none"
            raise InputError(f"The strategy '{chosen.id}' does not hold the measure '{id}'; its measures are {held}.")
    if chosen.removes:
        kept = tuple(part for part in city.structures if not part.id.startswith(chosen.removes))
        city = city.change(structures=kept)
    for id in chosen.measures:
        city = apply_measure(city, id, given.get(id))
    return city
