"""The impact at a glance: what today's city with any measures would suffer at every strength, in milliseconds.

Water, floors, doors and what components bear are put together from each measure alone, then the engine's own damage
functions run once over all houses at all strengths. What people and time change is left to who learns from it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.impact.assess import building_states, damage_hazard
from genrejs.impact.damage import Exposed, category_codes, damage_categories
from genrejs.impact.people import adults_by_building
from genrejs.impact.service import people_behind
from genrejs.measure.catalogue import build, catalogue
from genrejs.scenario.emulator import Rungs, WaterEmulator, composed
from genrejs.scenario.quick import few
from genrejs.scenario.response import Node
from genrejs.scenario.run import Settings

Floats = NDArray[np.float64]

GLANCED = (
    "damage", "people_out", "homes_out", "work", "home_work", "people_wet", "behind", "lifeline_work", "drying",
)  # fmt: skip
"""What is seen of each node: DKK; people and homes out of use; crew-hours in all and in homes people left; people in
wet homes; people behind flooded components; crew-hours on these; people times depth on these [m]."""

BEHIND = GLANCED.index("behind")

UNITS = np.array([1e5, 1.0, 1.0, 10.0, 10.0, 1.0, 10.0, 10.0, 100.0])
"""By what is seen: less than about this counts as none; the logarithm of one plus the ratio is learned from."""


MOST_KEPT = 4000
"""Looks kept at most: about 100 MB."""


@dataclass(frozen=True)
class _Stands:
    """How high floors lie, doors protect ``(row,)`` and components bear ``(component,)`` [m]."""

    floor: Floats
    protected: Floats
    bears: Floats


@dataclass(frozen=True)
class _Water:
    """Depths [m] at a hazard's `nodes` (places among all): at pairs of node and row, and ``(node, component)``."""

    nodes: NDArray[np.int64]
    curve: str
    node: NDArray[np.int64]
    row: NDArray[np.int64]
    houses: Floats
    components: Floats
    single: Mapping[str, tuple[Floats, Floats]]


@dataclass(frozen=True)
class Glance:
    """What every look shares: the houses that water can reach, lifelines, each measure alone, waters at the nodes."""

    count: int
    exposed: Exposed
    residents: Floats
    behind: Floats
    repair: Floats
    base: _Stands
    single: Mapping[str, _Stands]
    waters: tuple[_Water, ...]
    settings: Settings
    kept: dict[tuple[object, ...], Floats] = field(default_factory=dict, repr=False, compare=False)

    def looks(self, measures: Collection[str], bearings: Sequence[float] | Floats) -> Floats:
        """Return what is seen ``(bearing, node, GLANCED)`` with `measures` built, where worn components bear each of
        `bearings` of what they bear today; the last looks are kept, since most measures change no impact."""
        met = tuple(id for id in sorted(measures) if id in self.single or any(id in w.single for w in self.waters))
        key = (met, *map(float, bearings))
        if key not in self.kept:
            if len(self.kept) >= MOST_KEPT:
                self.kept.clear()
            self.kept[key] = self._look(met, bearings)
        return self.kept[key]

    def _look(self, measures: Collection[str], bearings: Sequence[float] | Floats) -> Floats:
        floor, protected, bears = self._stands(measures, np.asarray(bearings, dtype=np.float64))
        seen = np.zeros((len(bears), self.count, len(GLANCED)))
        for water in self.waters:
            parts = [water.single[id] for id in sorted(measures) if id in water.single]
            houses = composed(water.houses, [part[0] for part in parts])
            seen[:, water.nodes, :BEHIND] = self._houses(water, houses, floor, protected)
            depth = composed(water.components, [part[1] for part in parts])
            flooded = (depth > bears[:, None, :]).astype(np.float64)
            weighed = [flooded @ self.behind, flooded @ self.repair, (flooded * depth) @ self.behind]
            seen[:, water.nodes, BEHIND:] = np.stack(weighed, axis=-1)
        return seen

    def logs(self, measures: Collection[str], bearings: Sequence[float] | Floats) -> Floats:
        """Return `looks` as the logarithm of one plus its ratio to UNITS."""
        return np.asarray(np.log1p(self.looks(measures, bearings) / UNITS))

    def _stands(self, measures: Collection[str], bearings: Floats) -> tuple[Floats, Floats, Floats]:
        """Return floors and what doors protect to ``(row,)``, and what components bear ``(bearing, component)`` [m]."""
        built = [self.single[id] for id in sorted(measures) if id in self.single]
        worn = self.base.bears * bearings[:, None]
        lifted = [np.where(one.bears > self.base.bears, one.bears, worn) for one in built]
        return (
            np.max([self.base.floor, *(one.floor for one in built)], axis=0),
            np.max([self.base.protected, *(one.protected for one in built)], axis=0),
            np.max([worn, *lifted], axis=0),
        )

    def _houses(self, water: _Water, depth: Floats, floor: Floats, protected: Floats) -> Floats:
        """Return what is seen of houses ``(node, 6)``."""
        wet = np.flatnonzero(depth > np.minimum(protected[water.row], self.settings.impact.wet_depth))
        row, node, deep = water.row[wet], water.node[wet], depth[wet]
        here = Exposed(*(part[row] for part in self.exposed))
        impact = self.settings.impact
        found = building_states(water.curve, here, (floor[row], protected[row]), deep, impact)
        money = found["damage"] + found["cellar"] + found["value_loss"] + found["people"]
        out = found["depth_inside"] > 0.0
        people = self.residents[row]
        harmed = (deep > impact.wet_depth) & (deep > protected[row])
        columns = (
            money, out * people, out, found["repair"], found["repair"] * (out & (people > 0)), harmed * people,
        )  # fmt: skip
        return np.column_stack([np.bincount(node, column, water.nodes.size) for column in columns])


def glance_of(
    city: City,
    measures: Sequence[str],
    waters: Mapping[str, WaterEmulator],
    nodes: Sequence[Node],
    how: tuple[NDArray[np.int64], Settings],
) -> Glance:
    """Return how to look at `city`, in which some of `measures` are to be built; `how` as in `response.respond`."""
    rows, settings = how
    small = few(city, rows, settings)
    houses, parts = small.city.buildings, city.components
    exposed = Exposed(
        category_codes(damage_categories(houses["bbr_code"].to_numpy())),
        houses["area"].to_numpy(np.float64),
        houses["cellar_area"].to_numpy(np.float64),
        adults_by_building(small.city, settings.impact.damage.adult_share),
    )
    moving = [id for id in measures if {"buildings", "components"} & set(catalogue()[id].changes)]
    return Glance(
        len(nodes),
        exposed,
        houses["residents"].to_numpy(np.float64),
        people_behind(small.system, small.system.people),
        parts["repair"].to_numpy(np.float64),
        _stands_of(city, rows),
        {id: _stands_of(build(city, {id}), rows) for id in moving},
        tuple(_water(name, water, nodes, rows) for name, water in waters.items()),
        settings,
    )


def _stands_of(city: City, rows: NDArray[np.int64]) -> _Stands:
    houses = city.buildings
    return _Stands(
        houses["floor_level"].to_numpy(np.float64)[rows],
        houses["protected_to"].to_numpy(np.float64)[rows],
        city.components["fail_depth"].to_numpy(np.float64),
    )


def _water(hazard: str, emulator: WaterEmulator, nodes: Sequence[Node], rows: NDArray[np.int64]) -> _Water:
    mine = [place for place, node in enumerate(nodes) if node.hazard == hazard]
    values = [nodes[place].value for place in mine]
    base = _depths(emulator.base, values, rows)
    single = {id: _depths(rungs, values, rows) for id, rungs in emulator.single.items()}
    node, row = np.nonzero(np.max([base[0], *(houses for houses, _ in single.values())], axis=0) > 0.0)
    picked = {id: (houses[node, row], components) for id, (houses, components) in single.items()}
    return _Water(
        np.array(mine, dtype=np.int64), damage_hazard(nodes[mine[0]].event), node, row, base[0][node, row], base[1],
        picked,
    )  # fmt: skip


def _depths(rungs: Rungs, values: Sequence[float], rows: NDArray[np.int64]) -> tuple[Floats, Floats]:
    found = [rungs.at(value) for value in values]
    return np.array([each.buildings[rows] for each in found]), np.array([each.components for each in found])
