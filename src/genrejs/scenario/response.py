"""What a city suffers by hazard and strength: the curve on which yearly risk, pathways and choices are reckoned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.hazard.event import Event
from genrejs.scenario.emulator import WaterEmulator
from genrejs.scenario.quick import Few, answer, assess_few, few, warn_few
from genrejs.scenario.run import Depths, Settings

Floats = NDArray[np.float64]

FIGURES = ("damage", "person_days", "away", "days", "wet")
"""Columns of a response: DKK, person-days without a service, person-days out of the home, days until F stays at 95 %,
people in wet homes."""

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
    values: dict[str, list[float]] = {}
    figures: dict[str, list[Floats]] = {}
    for node in nodes:
        values.setdefault(node.hazard, []).append(node.value)
        depths = _depths(city, node, waters, measures)
        figures.setdefault(node.hazard, []).append(_figures(small, node, depths, settings))
    return Response(
        MappingProxyType({hazard: dry[hazard] for hazard in values}),
        MappingProxyType({hazard: np.array(at) for hazard, at in values.items()}),
        MappingProxyType({hazard: np.array(rows) for hazard, rows in figures.items()}),
    )


def _depths(city: City, node: Node, waters: Mapping[str, WaterEmulator], measures: frozenset[str]) -> Depths:
    if node.hazard == OUTAGE:
        return Depths(np.zeros(len(city.buildings)), np.zeros(len(city.components)))
    return waters[node.hazard].at(node.value, measures)


def _figures(small: Few, node: Node, depths: Depths, settings: Settings) -> Floats:
    if node.hazard != OUTAGE and not (depths.buildings[small.rows].any() or depths.components.any()):
        return np.zeros(len(FIGURES))
    impact = assess_few(small, depths, node.event, settings)
    found = answer(small, impact, warn_few(small, node.event, impact, settings), settings)
    return np.array([getattr(found, name) for name in FIGURES])
