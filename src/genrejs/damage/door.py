"""The body of `genrejs damage`: words in, files and figures out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from genrejs.damage.depths import read_words
from genrejs.damage.measure import Measure, with_measure
from genrejs.damage.result import Assessment, places
from genrejs.damage.run import assess
from genrejs.damage.settings import Settings, set_words
from genrejs.errors import InputError
from genrejs.impact.amounts import read_amounts
from genrejs.impact.damage import home_price

RESULTS = ("totals", "sectors", "payers", "sensitivity", "measure")


def run_damage(options: Any, progress: Callable[[float, str], None]) -> Assessment:
    """Assess what the options of `genrejs damage` ask for and write it; return the result.

    Raises
    ------
    InputError
        A file or option is wrong; nothing is written.
    """
    _check_apart(options)
    maps: Any = read_words(options.depth)
    progress(0.1, "buildings and water")
    given: Any = dict(
        columns=pairs(options.columns, "--columns", "bbr_code=COLUMN"),
        how=options.take,
        depth_unit=options.depth_unit,
        value_per_area=options.value_per_m2,
        districts=options.districts,
        settings=set_words(_settings(options), options.set),
        samples=options.samples,
        seed=options.seed,
        hazard=options.hazard,
        layers=_layers(options.layer),
        tail=options.tail,
        harmless_period=options.harmless,
    )
    measure = _measure(options)
    result = assess(maps, options.buildings, options.model, sensitivity=options.sensitivity, **given)
    if options.after:
        after: Any = read_words(options.after)
        result = with_measure(result, assess(after, options.buildings, options.model, **given), measure)
    progress(0.8, "files")
    result.save(options.out)
    progress(1.0, "done")
    return result


def _check_apart(options: Any) -> None:
    """Raise InputError where a result would take the place of what it is made from."""
    given = [options.buildings, options.districts, options.model, options.amounts, *_layers(options.layer).values()]
    given += [*read_words(options.depth).values(), *read_words(options.after).values()]
    ours = {str(path).split("|")[0]: None for path in given if path is not None}
    taken = {Path(path).resolve() for path in ours}
    for path in places(options.out, RESULTS).values():
        if path.resolve() in taken:
            raise InputError(f"The result would be written over {path}, which it is made from; give another --out.")


def _layers(words: list[str]) -> dict[str, str]:
    """Return the layers of other sectors by kind; a file's name may hold commas."""
    found: dict[str, str] = {}
    for word in words:
        kind, sign, path = word.partition("=")
        if not sign or not kind.strip() or not path.strip():
            raise InputError(f"--layer wants roads=FILE; got {word!r}.")
        if kind.strip() in found:
            raise InputError(f"--layer names '{kind.strip()}' twice.")
        found[kind.strip()] = path.strip()
    return found


def _settings(options: Any) -> Settings:
    """Return the settings with a municipality's price of homes (Vejle's without one) and its own amounts."""
    settings = Settings()
    damage = settings.damage
    if options.municipality is not None:
        damage = replace(damage, price_per_area=home_price(options.municipality))
    if options.amounts is not None:
        damage = replace(damage, amounts=read_amounts(options.amounts))
    return replace(settings, damage=damage)


def _measure(options: Any) -> Measure | None:
    """Return what the measure costs, None where that is not asked."""
    more = {name: getattr(options, name) for name in ("upkeep", "lifetime", "years")}
    said = {name: value for name, value in more.items() if value is not None}
    if options.cost is None:
        if said:
            raise InputError(f"--{next(iter(said))} belongs to a measure: say what it costs (--cost 30e6), too.")
        return None
    if not options.after:
        raise InputError("--cost is what a measure costs; give the maps after it, too (--after 100=after.tif).")
    return Measure(options.cost, **said)


def pairs(text: str, what: str, example: str) -> dict[str, str]:
    """Return the ``name=value`` pairs of a text with commas between them.

    Raises
    ------
    InputError
        A part is no such pair, or a name is there twice.
    """
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, sign, value = part.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise InputError(f"{what} wants {example}; got {part!r}.")
        if name.strip() in found:
            raise InputError(f"{what} names '{name.strip()}' twice.")
        found[name.strip()] = value.strip()
    return found
