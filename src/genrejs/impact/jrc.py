"""The European yardstick beside the Danish model: JRC's depth-damage curves on JRC's values per square metre."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from genrejs.errors import InputError
from genrejs.impact.columns import numbers, water
from genrejs.impact.curve import Curve, curve
from genrejs.impact.damage import CATEGORIES
from genrejs.impact.prices import PriceSettings, to_dkk
from genrejs.tables import own_rows

Floats = NDArray[np.float64]

JRC_CLASSES = ("residential", "commercial", "industrial")
"""Classes of JRC's table of values for Denmark."""
JRC_CLASS: Mapping[str, str] = MappingProxyType(
    {
        "home": "residential", "summer_house": "residential", "garage": "residential", "annex": "residential",
        "business": "commercial", "business_low": "industrial", "culture": "commercial", "utility": "industrial",
        "public": "commercial", "unknown": "residential", "other": "residential",
    }
)  # fmt: skip
"""JRC's class of each Danish damage category (assumption; low-value business is stables, barns and storage)."""
PARTS = ("total", "structure", "content")
"""Parts of JRC's value: contents are half of a home's structure, as much as a shop's, one and a half of a factory's."""


@dataclass(frozen=True)
class JrcSettings:
    """What may be chosen: the price year and rates, the part of the value, and classes other than `JRC_CLASS`."""

    prices: PriceSettings = field(default_factory=PriceSettings)
    part: str = "total"  # structure and content; the Danish amounts do not say whether they hold contents
    classes: Mapping[str, str] = field(default_factory=dict)  # category -> class, in place of JRC_CLASS

    def __post_init__(self) -> None:
        if self.part not in PARTS:
            raise InputError(f"JRC's value has no part '{self.part}'; accepted are {', '.join(PARTS)}.")
        for category, name in self.classes.items():
            if category not in CATEGORIES or name not in JRC_CLASSES:
                raise InputError(
                    f"'{category}: {name}' puts no damage category into a class of JRC ({', '.join(JRC_CLASSES)})."
                )


def jrc_value(settings: JrcSettings | None = None) -> dict[str, float]:
    """Return the most that water can take from each JRC class in Denmark [DKK/m2 of footprint], in study prices."""
    settings = settings or JrcSettings()
    return {
        row["id"].removeprefix("jrc_"): float(
            to_dkk(float(row[settings.part]), row["unit"].split("/")[0], int(row["price_year"]), settings.prices)
        )
        for row in own_rows("genrejs.impact", "curves", "jrc_max_damage.csv")
    }


def curve_damage(shape: Curve | str, value: ArrayLike, depth: ArrayLike, band: float = 0.0) -> Floats:
    """Return what water of `depth` [m] takes from `value` (any currency) by a curve or its id, ``(n,)``.

    `band` -1..1 is the place in the curve's band. Where there is no water, nothing is lost, whatever the curve says.

    Raises
    ------
    InputError
        When the curve is not known, the band is not in -1..1, or a value is negative or no number.
    """
    if not -1.0 <= band <= 1.0:
        raise InputError(f"The band is a place from -1 (low) to 1 (high); got {band}.")
    shape, deep = curve(shape) if isinstance(shape, str) else shape, water(depth)
    return np.where(deep > 0.0, numbers(value, "value", deep.size) * shape(deep, band), 0.0)


def jrc_damage(
    category: ArrayLike, area: ArrayLike, depth: ArrayLike, band: float = 0.0, settings: JrcSettings | None = None
) -> Floats:
    """Return JRC's damage of each building, ``(n,)`` [DKK], by damage category, footprint [m2] and depth [m].

    Huizinga et al. 2017, curves for Europe. The source gives them no band: `band` changes nothing until they have one.

    Raises
    ------
    InputError
        When a category is not one of `damage.CATEGORIES`, or an area is negative or no number.
    """
    settings = settings or JrcSettings()
    given, deep = np.atleast_1d(np.asarray(category)), water(depth)
    place = pd.Index(CATEGORIES).get_indexer(pd.Index(given))
    if (place < 0).any():
        raise InputError(f"JRC has no category '{given[place < 0][0]}'; it knows {', '.join(CATEGORIES)}.")
    if given.size != deep.size:
        raise InputError(f"There are {given.size} categories, but {deep.size} depths.")
    classes = np.array([(dict(JRC_CLASS) | dict(settings.classes))[name] for name in CATEGORIES])[place]
    values, size, result = jrc_value(settings), numbers(area, "area", deep.size), np.zeros(deep.size)
    for name in JRC_CLASSES:
        of = classes == name
        result[of] = curve_damage(f"jrc_{name}", values[name] * size[of], deep[of], band)
    return result
