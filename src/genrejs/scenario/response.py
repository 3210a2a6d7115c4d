"""What a city suffers by hazard and strength: the curve on which yearly risk, pathways and choices are reckoned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.hazard.event import Event
from genrejs.scenario.emulator import WaterEmulator
from genrejs.scenario.quick import Few, answer, assess_few, few, warn_few
from genrejs.scenario.run import Depths, Settings
from genrejs.warning.result import Warned

Floats = NDArray[np.float64]

FIGURES = ("damage", "person_days", "away", "poor", "days", "wet")
"""Columns of a response: DKK, person-days without a service, person-days out of the home, those of people of low
income, days until F stays at 95 %, people in wet homes."""

OUTAGE = "outage"


@dataclass(frozen=True)
class Node:
    """One strength of a hazard at which a city's answer is found, with an event of that strength."""

    hazard: str
    value: float
    event: Event


@dataclass(frozen=True)
class Response:
    """By hazard: the strengths ``(node,)`` and the figures there ``(node, figure)``; nothing happens at `dry`."""

    dry: Mapping[str, float]
    values: Mapping[str, Floats]
    figures: Mapping[str, Floats]

    def at(self, hazard: str, values: Floats) -> Floats:
        """Return the figures at `values` ``(...,)`` as ``(..., figure)``: linear between nodes, then held."""
        place = np.concatenate([[self.dry[hazard]], self.values[hazard]])
        known = np.vstack([np.zeros(len(FIGURES)), self.figures[hazard]])
        return np.stack([np.interp(values, place, known[:, column]) for column in range(len(FIGURES))], axis=-1)


def respond(
    city: City,
    measures: frozenset[str],
    waters: Mapping[str, WaterEmulator],
    nodes: Sequence[Node],
    how: tuple[NDArray[np.int64], Settings],
) -> Response:
    """Return the response of `city`, in which `measures` are built besides what stands.

    `how` holds the rows of the buildings that water can reach and the rooms' settings. Raises OutOfRange for a node
    above the emulators' runs.
    """
    rows, settings = how
    small = few(city, rows, settings)
    dry = {hazard: emulator.base.dry for hazard, emulator in waters.items()} | {OUTAGE: 0.0}
    hazards = tuple(dict.fromkeys(node.hazard for node in nodes))
    mine = {hazard: [node for node in nodes if node.hazard == hazard] for hazard in hazards}
    figures = {}
    for hazard, each in mine.items():
        depths = [_depths(city, node, waters, measures) for node in each]
        figures[hazard] = _hazard(small, each, depths, settings)
    return Response(
        MappingProxyType({hazard: dry[hazard] for hazard in hazards}),
        MappingProxyType({hazard: np.array([node.value for node in each]) for hazard, each in mine.items()}),
        MappingProxyType(figures),
    )


def _depths(city: City, node: Node, waters: Mapping[str, WaterEmulator], measures: frozenset[str]) -> Depths:
    if node.hazard == OUTAGE:
        return Depths(np.zeros(len(city.buildings)), np.zeros(len(city.components)))
    return waters[node.hazard].at(node.value, measures)


def _hazard(small: Few, nodes: Sequence[Node], depths: Sequence[Depths], settings: Settings) -> Floats:
    """Return the figures ``(node, figure)`` of one hazard; who is warned is found once, at the strongest node."""
    found = np.zeros((len(nodes), len(FIGURES)))
    strongest: tuple[Warned, float] | None = None
    for place in range(len(nodes) - 1, -1, -1):
        node, water = nodes[place], depths[place]
        if node.hazard != OUTAGE and not (water.buildings[small.rows].any() or water.components.any()):
            continue
        impact = assess_few(small, water, node.event, settings)
        damage = float(impact.totals["damage_total"])
        if strongest is None:
            strongest = warn_few(small, node.event, impact, settings), max(damage, 1.0)
        warned, whole = strongest
        told = replace(warned, avoided=warned.avoided * damage / whole)
        cost = answer(small, impact, told, settings)
        found[place] = [getattr(cost, name) for name in FIGURES]
    return found
