"""The damage models that a name chooses: the Danish one by kind of flood, JRC's for Europe, any curve or file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.damage.houses import Houses
from genrejs.damage.settings import Settings
from genrejs.errors import InputError
from genrejs.impact.curve import Curve, curve, curves, read_curves
from genrejs.impact.damage import DamageSettings, Exposed, harmful, losses
from genrejs.impact.jrc import JRC_CLASS, JrcSettings, jrc_value
from genrejs.impact.prices import PriceSettings
from genrejs.impact.sectors import SectorSettings, tourism_loss
from genrejs.impact.uncertainty import Draw

Floats = NDArray[np.float64]
Losses = dict[str, Floats]

PARTS = ("damage", "contents", "cellar", "value_loss", "people", "tourism")
"""Parts of a loss [DKK] that every model gives, 0 where it knows none; their sum is the loss."""
DANISH = {"dk/storm-surge": "surge", "dk/cloudburst": "cloudburst", "dk/stream": "stream"}
"""The kind of flood of each name of the Danish model."""


class Model(Protocol):
    """What turns water at buildings into losses."""

    @property
    def name(self) -> str:
        """What it is called on the command line."""

    @property
    def hazard(self) -> str | None:
        """The kind of flood (surge, cloudburst, stream), None where the model does not tell them apart."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Where its figures come from."""

    @property
    def needs_code(self) -> bool:
        """Whether the buildings need BBR codes."""

    @property
    def knows_contents(self) -> bool:
        """Whether contents are told apart from the building."""

    def check(self, houses: Houses) -> None:
        """Raise InputError where the model cannot judge a building, wet or not."""

    def losses(self, houses: Houses, depth: Floats, draw: Draw) -> Losses:
        """Return each part of the loss ``(map, n)`` [DKK] by depth outside ``(map, n)`` [m] in one draw."""
        ...


def water_at(houses: Houses, depth: Floats) -> Floats:
    """Return the depth outside that does harm ``(map, n)`` [m]."""
    return harmful(depth, houses.numbers("protected_to"))


@dataclass(frozen=True)
class DanishModel:
    """The municipal model (OS2 SkadesØkonomi) for one kind of flood: surge, cloudburst or stream.

    Its amounts do not say whether contents are in them, so its part "contents" is 0.
    """

    name: str
    hazard: str
    settings: DamageSettings = field(default_factory=DamageSettings)
    sectors: SectorSettings = field(default_factory=SectorSettings)
    needs_code: bool = True
    knows_contents: bool = False
    sources: tuple[str, ...] = ("OS2 SkadesØkonomi (DTU, LNH Water, GeoFyn), official model description, CC0-1.0",)

    def check(self, houses: Houses) -> None:
        """Judge any building: what BBR does not know counts as unknown."""

    def losses(self, houses: Houses, depth: Floats, draw: Draw) -> Losses:
        """Return each part of the loss ``(map, n)`` [DKK] by depth outside ``(map, n)`` [m] in one draw."""
        rules, water = draw.settings(self.settings), water_at(houses, draw.depths(depth))
        exposed = Exposed(
            houses.table["category"].to_numpy(), houses.numbers("area"), houses.numbers("cellar_area"),
            adults(houses, self.settings.adult_share),
        )  # fmt: skip
        counts = (water > 0.0) & (water >= rules.minimum_depth)
        return {
            **losses(self.hazard, exposed, water, rules),
            "contents": np.zeros(depth.shape),
            "tourism": np.where(counts, draw.value * self._tourism(houses), 0.0),
        }

    def _tourism(self, houses: Houses) -> Floats:
        """Return what a closed building loses of its guests' spending ``(n,)`` [DKK]."""
        flooded = np.full(len(houses.table), self.sectors.minimum_depth + 1.0)
        return tourism_loss(houses.table["bbr_code"].to_numpy(), flooded, self.sectors)


def adults(houses: Houses, share: float) -> Floats:
    """Return residents aged 18-70 ``(n,)``: the layer's, else a share of its residents, else none."""
    if "adults" in houses.table:
        return houses.numbers("adults")
    return np.asarray(share * houses.numbers("residents"))


@dataclass(frozen=True)
class CurveModel:
    """Shares of a value by depth above the ground floor; which curve and what value stand building for building.

    With `classes` the curve follows the damage category (JRC); otherwise the column `curve`, the category where a
    curve is called so, or the only curve there is. Values are the column `value` [DKK] or `value_per_area` [DKK/m2].
    """

    name: str
    curves: Mapping[str, Curve]
    value_per_area: float | None = None
    classes: Mapping[str, str] | None = None
    prices: PriceSettings = field(default_factory=PriceSettings)
    hazard: str | None = None
    knows_contents: bool = True

    @property
    def needs_code(self) -> bool:
        """Whether the buildings need BBR codes."""
        return self.classes is not None

    @property
    def sources(self) -> tuple[str, ...]:
        """Where the curves come from."""
        return tuple(dict.fromkeys(curve.source for curve in self.curves.values()))

    def check(self, houses: Houses) -> None:
        """Raise InputError where a building has no curve or no value."""
        self.chosen(houses)
        self.values(houses)

    def losses(self, houses: Houses, depth: Floats, draw: Draw) -> Losses:
        """Return each part of the loss ``(map, n)`` [DKK] by depth outside ``(map, n)`` [m] in one draw."""
        water = water_at(houses, draw.depths(depth))
        floor = houses.numbers("floor_level") + draw.threshold
        inside = np.where(water > 0.0, np.maximum(water - floor, 0.0), 0.0)
        building, contents = self.values(houses)
        share = np.zeros(depth.shape)
        names = self.chosen(houses)
        for id in np.unique(names):
            mine = self.curves[str(id)]
            here = (inside > 0.0) & (names == id)
            banded = bool((mine.low < mine.share).any() or (mine.high > mine.share).any())
            amount = mine(inside[here], draw.band) if banded else mine(inside[here]) * draw.curve
            share[here] = np.minimum(amount, 1.0)
        nothing = np.zeros(depth.shape)
        return {
            "damage": draw.value * building * share, "contents": draw.value * contents * share,
            "cellar": nothing, "value_loss": nothing, "people": nothing, "tourism": nothing,
        }  # fmt: skip

    def values(self, houses: Houses) -> tuple[Floats, Floats]:
        """Return the values at stake of building and contents ``(n,)`` each [DKK]."""
        nothing = np.zeros(len(houses.table))
        if "value" in houses.table:
            return houses.numbers("value"), nothing
        if self.value_per_area is not None:
            return self.value_per_area * houses.numbers("area"), nothing
        if self.classes is not None:
            return self._jrc(houses, "structure"), self._jrc(houses, "content")
        raise InputError(
            f"The curves of {self.name} give shares of a value: the buildings need a column with it (value=COLUMN, "
            "DKK), or say --value-per-m2."
        )

    def _jrc(self, houses: Houses, part: str) -> Floats:
        """Return JRC's most that water can take of a part of each building ``(n,)`` [DKK]."""
        worth = jrc_value(JrcSettings(self.prices, part))
        each = {category: worth[name] for category, name in JRC_CLASS.items()}
        return pd.Series(houses.table["category"]).map(each).to_numpy(np.float64) * houses.numbers("area")

    def chosen(self, houses: Houses) -> NDArray[np.str_]:
        """Return the id of each building's curve ``(n,)``; raise InputError for one that is not there."""
        table = houses.table
        if "curve" in table and self.classes is None:
            names = table["curve"].to_numpy(str)
        elif self.classes is not None:
            names = pd.Series(table["category"]).map(self.classes).to_numpy(str)
        elif len(self.curves) == 1:
            return np.full(len(table), next(iter(self.curves)))
        elif "category" in table:
            names = table["category"].to_numpy(str)
        else:
            raise InputError(f"{self.name} holds {len(self.curves)} curves: which is whose (curve=COLUMN)?")
        if (names == "").any():
            lost = int((names == "").sum())
            raise InputError(f"{self.name}: {lost} of {len(names)} buildings name no curve in the column 'curve'.")
        unknown = sorted(set(names) - set(self.curves))
        if unknown:
            raise InputError(
                f"{self.name} has no curve '{unknown[0]}' that a building asks for; it holds "
                f"{', '.join(list(self.curves)[:12])}."
            )
        return np.asarray(names)


def find_model(name: str, settings: Settings, value_per_area: float | None = None) -> Model:
    """Return the model of a name: dk/storm-surge, dk/cloudburst, dk/stream, jrc, curve/ID, or the path of a CSV file.

    Raises
    ------
    InputError
        There is no such model, curve or file.
    """
    if name in DANISH:
        return DanishModel(name, DANISH[name], settings.damage, settings.sectors)
    if name == "jrc":
        classes = {category: f"jrc_{name}" for category, name in JRC_CLASS.items()}
        wanted = {id: curves()[id] for id in sorted(set(classes.values()))}
        return CurveModel(name, wanted, value_per_area, classes, settings.prices)
    if name.startswith("curve/"):
        mine = curve(name.removeprefix("curve/"))
        return CurveModel(name, {mine.id: mine}, value_per_area)
    if name.lower().endswith(".csv"):
        return CurveModel(name, read_curves(Path(name)), value_per_area)
    raise InputError(
        f"There is no damage model '{name}'; known are {', '.join(DANISH)}, jrc, curve/ID and a CSV file of curves."
    )
