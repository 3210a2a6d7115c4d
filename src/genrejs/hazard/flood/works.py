"""The operated structures as flat arrays for the kernels, and what they moved by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genrejs.hazard.flood.layout import Frame
from genrejs.hazard.flood.state import (
    CLOSED,
    CULVERT,
    IN_CELL,
    IN_SEA,
    OUTSIDE,
    PUMP,
    WEIR,
    Fields,
    Operated,
)
from genrejs.hazard.flood.structures import GATE_RULES, Bridge, Culvert, Drain, Gate, Pump, Rating, Weir, Works

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
NUMBERS = 11
"""Numbers of a link; the last is the share of its wish that its cell can feed."""


class _Curves:
    """Curves end to end; each is known by where it begins and ends."""

    def __init__(self) -> None:
        self.x: list[Floats] = [np.zeros(0)]
        self.y: list[Floats] = [np.zeros(0)]
        self._size = 0

    def add(self, x: object, y: object) -> tuple[int, int]:
        """Keep a curve; return its place."""
        self.x.append(np.asarray(x, np.float64))
        self.y.append(np.asarray(y, np.float64))
        begin, self._size = self._size, self._size + self.x[-1].size
        return begin, self._size


def starts(sizes: list[int]) -> Ints:
    """Return where parts of these sizes begin when laid end to end, and where the last ends."""
    return np.concatenate([[0], np.cumsum(np.asarray(sizes, np.int64))]).astype(np.int64)


def lay_works(
    works: Works, ratings: tuple[Rating, ...], fields: Fields, frame: Frame, sea: Bools
) -> tuple[Operated | None, Ints]:
    """Return the structures (None without any) and the cells that they may wet."""
    parts = (works.gates, works.pumps, works.weirs, works.culverts, works.bridges, works.drains, ratings)
    if not any(parts):
        return None, np.zeros(0, np.int64)
    curves = _Curves()
    arrays = _lay_gates(works.gates, fields, frame, sea, curves)
    arrays |= _lay_links([*works.pumps, *works.weirs, *works.culverts], frame, sea, curves)
    arrays |= _lay_bridges(works.bridges, fields, frame) | _lay_drains(works.drains, frame, sea)
    arrays |= _lay_ratings(ratings, frame, curves)
    operated = Operated(
        **arrays,
        curve_x=np.concatenate(curves.x),
        curve_y=np.concatenate(curves.y),
        last=np.zeros(1),
        width=frame.width,
    )
    outlets = operated.drain_outlet[operated.drain_place == IN_CELL]
    return operated, np.concatenate([operated.link_cells.ravel(), outlets]).astype(np.int64)


def _faces(parts: tuple[Gate, ...] | tuple[Bridge, ...], frame: Frame) -> tuple[Ints, Ints, list[int]]:
    """Return the faces of all parts, their axes and how many each part has."""
    faces, axes, sizes = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], []
    for part in parts:
        pairs = [np.asarray(p, np.int64).reshape(-1, 2) for p in (part.east_faces, part.south_faces)]
        sizes.append(sum(len(p) for p in pairs))
        for axis, pair in enumerate(pairs):
            faces.append(frame.index(pair[:, 0], pair[:, 1]))
            axes.append(np.full(len(pair), axis))
    return np.concatenate(faces), np.concatenate(axes).astype(np.int64), sizes


def _ends(pairs: list[tuple[tuple[int, int], tuple[int, int]]], frame: Frame) -> Ints:
    """Return the two cells of each pair of places, ``(n, 2)``."""
    return np.array([frame.index(*np.array(pair).T) for pair in pairs], np.int64).reshape(-1, 2)


def _lay_gates(gates: tuple[Gate, ...], fields: Fields, frame: Frame, sea: Bools, curves: _Curves) -> dict[str, Any]:
    faces, axes, sizes = _faces(gates, frame)
    ends = _ends([(gate.outer, gate.inner) for gate in gates], frame)
    numbers = [[g.closes_at, min(g.crest, CLOSED), g.seconds, g.fails_from, g.fails_until] for g in gates]
    spans = [(0, 0) if g.schedule is None else curves.add(g.schedule.times, g.schedule.values) for g in gates]
    return {
        "gate_face": faces.astype(np.uint64),
        "gate_axis": axes,
        "gate_start": starts(sizes),
        "gate_bed": np.where(axes == 0, fields.bed_east[faces], fields.bed_south[faces]).astype(np.float64),
        "gate_cells": ends.astype(np.uint64),
        "gate_sea": sea[ends].astype(np.int64),
        "gate_rule": np.array([GATE_RULES.index(g.rule) for g in gates], np.int64),
        "gate_numbers": np.array(numbers, np.float64).reshape(-1, 5),
        "gate_curve": np.array(spans, np.int64).reshape(-1, 2),
        "gate_share": np.zeros(len(gates)),
    }


def _lay_links(links: list[Pump | Weir | Culvert], frame: Frame, sea: Bools, curves: _Curves) -> dict[str, Any]:
    ends = _ends([_link_ends(link) for link in links], frame)
    slots, slot = np.unique(ends, return_inverse=True)
    numbers, kinds, spans = np.zeros((len(links), NUMBERS)), [], []
    for k, link in enumerate(links):
        kind, row = _link_numbers(link)
        numbers[k, : len(row)] = row
        kinds.append(kind)
        curve = link.curve if isinstance(link, Pump) else None
        spans.append((0, 0) if curve is None else curves.add(*curve))
    return {
        "link_kind": np.array(kinds, np.int64),
        "link_cells": ends.astype(np.uint64),
        "link_sea": sea[ends].astype(np.int64),
        "link_slot": slot.reshape(-1, 2).astype(np.int64),
        "link_numbers": numbers,
        "link_curve": np.array(spans, np.int64).reshape(-1, 2),
        "link_on": np.zeros(len(links), np.int64),
        "link_total": np.zeros(len(links)),
        "link_wish": np.zeros(len(links)),
        "slot_wanted": np.zeros(slots.size),
    }


def _link_ends(link: Pump | Weir | Culvert) -> tuple[tuple[int, int], tuple[int, int]]:
    return (link.inlet, link.outlet) if isinstance(link, Culvert) else (link.intake, link.outlet)


def _link_numbers(link: Pump | Weir | Culvert) -> tuple[int, list[float]]:
    """Return the kind of a link and its numbers in the order that its kernel reads them."""
    if isinstance(link, Pump):
        return PUMP, [link.capacity, link.starts_at, link.stops_at, link.fails_from, link.fails_until]
    if isinstance(link, Weir):
        return WEIR, [link.crest, link.width, link.coefficient, float(link.two_way)]
    losses = link.entry_loss + link.exit_loss
    return CULVERT, [
        link.invert_in, link.invert_out, link.width, link.height, link.length, link.manning, float(link.barrels),
        float(link.shape == "pipe"), losses, float(link.flap),
    ]  # fmt: skip


def _lay_bridges(bridges: tuple[Bridge, ...], fields: Fields, frame: Frame) -> dict[str, Any]:
    faces, axes, sizes = _faces(bridges, frame)
    decks = np.array([[b.soffit, b.top, b.open_share] for b in bridges], np.float64).reshape(-1, 3)
    return {
        "bridge_face": faces.astype(np.uint64),
        "bridge_axis": axes,
        "bridge_bed": np.where(axes == 0, fields.bed_east[faces], fields.bed_south[faces]).astype(np.float64),
        "bridge_numbers": np.repeat(decks, sizes, axis=0),
        "bridge_wish": np.zeros(faces.size),
    }


def _lay_drains(drains: tuple[Drain, ...], frame: Frame, sea: Bools) -> dict[str, Any]:
    cells = [frame.index(drain.rows, drain.columns) for drain in drains]
    rates = [
        np.broadcast_to(np.asarray(drain.capacity, np.float64), cell.shape)
        for drain, cell in zip(drains, cells, strict=True)
    ]
    outlets = [
        0 if d.outlet is None else int(frame.index(np.array([d.outlet[0]]), np.array([d.outlet[1]]))[0]) for d in drains
    ]
    places = [
        OUTSIDE if d.outlet is None else IN_SEA if sea[cell] else IN_CELL
        for d, cell in zip(drains, outlets, strict=True)
    ]
    return {
        "drain_cell": np.concatenate([np.zeros(0, np.int64), *cells]).astype(np.uint64),
        "drain_start": starts([cell.size for cell in cells]),
        "drain_rate": np.concatenate([np.zeros(0), *rates]),
        "drain_outlet": np.array(outlets, np.uint64),
        "drain_place": np.array(places, np.int64),
        "drain_limit": np.array([d.closes_at for d in drains], np.float64),
        "drain_pipe": np.zeros(len(drains)),
        "drain_flow": np.zeros(len(drains)),
        "drain_total": np.zeros(len(drains)),
    }


def _lay_ratings(ratings: tuple[Rating, ...], frame: Frame, curves: _Curves) -> dict[str, Any]:
    cells = [frame.index(rating.rows, rating.columns) for rating in ratings]
    spans = [curves.add(rating.levels, rating.discharges) for rating in ratings]
    return {
        "rating_cell": np.concatenate([np.zeros(0, np.int64), *cells]).astype(np.uint64),
        "rating_start": starts([cell.size for cell in cells]),
        "rating_curve": np.array(spans, np.int64).reshape(-1, 2),
        "rating_total": np.zeros(len(ratings)),
    }


def moved_by_kind(operated: Operated | None) -> dict[str, float]:
    """Return what all pumps, weirs, culverts and drains with an outlet in the model moved [m3]."""
    if operated is None:
        return {"pump": 0.0, "weir": 0.0, "culvert": 0.0, "drain_moved": 0.0}
    total = np.abs(operated.link_total)
    moved = {
        name: float(total[operated.link_kind == kind].sum())
        for name, kind in (("pump", PUMP), ("weir", WEIR), ("culvert", CULVERT))
    }
    return moved | {"drain_moved": float(operated.drain_total[operated.drain_place == IN_CELL].sum())}


def moved_by_name(works: Works, ratings: tuple[Rating, ...], operated: Operated | None) -> dict[str, Any]:
    """Return what each structure moved [m3], as the fields of `Flood`."""
    links: Any = np.zeros(0)
    drains: Any = links
    edges: Any = links
    if operated is not None:
        links, drains, edges = operated.link_total, operated.drain_total, operated.rating_total
    first, last = len(works.pumps), len(works.pumps) + len(works.weirs)

    def named(parts: Sequence[Any], totals: Any) -> dict[str, float]:
        return dict(zip([part.name for part in parts], totals.tolist(), strict=True))

    return {
        "pumped": named(works.pumps, links[:first]),
        "weir": named(works.weirs, links[first:last]),
        "culvert": named(works.culverts, links[last:]),
        "drained": named(works.drains, drains),
        "rating": named(ratings, edges),
    }
