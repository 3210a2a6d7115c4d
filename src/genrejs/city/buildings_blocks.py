"""Blocks: how each way of building lays rectangles along a grid of streets (dimensions are assumptions)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
PARTY_GAP = 0.05  # [m] taken off every side, so that neighbours in a row never share a point

Row = tuple[str, float, Floats]
"""A role, the chance that it is built, and rectangles ``(block, 4)``: west, south, east, north in the block [m]."""


@dataclass(frozen=True)
class Block:
    """One way of building: the pitch of its streets [m] and the function that lays the rectangles of `count` blocks."""

    pitch: tuple[float, float]
    lay: Callable[[int, np.random.Generator], list[Row]]


def lay_blocks(
    way: str, extent: tuple[float, float, float, float], rng: np.random.Generator
) -> tuple[Floats, NDArray[np.object_]]:
    """Return rectangles ``(building, 4)`` [m, local axes] and their roles ``(building,)`` over `extent`."""
    block = BLOCKS[way]
    west, south, east, north = extent
    x, y = np.meshgrid(np.arange(west, east, block.pitch[0]), np.arange(south, north, block.pitch[1]))
    offset = np.stack([x.ravel(), y.ravel(), x.ravel(), y.ravel()], axis=1)
    rectangles, roles = [], []
    for role, chance, row in block.lay(len(offset), rng):
        built = rng.random(len(offset)) < chance
        rectangles.append((row + offset)[built])
        roles.append(np.full(int(built.sum()), role, dtype=object))
    shrink = np.array([PARTY_GAP, PARTY_GAP, -PARTY_GAP, -PARTY_GAP])
    return np.concatenate(rectangles) + shrink, np.concatenate(roles)


def _box(west: Floats, south: Floats, width: Floats, depth: Floats) -> Floats:
    return np.stack([west, south, west + width, south + depth], axis=1)


def _perimeter(count: int, rng: np.random.Generator) -> list[Row]:
    length, height, corner = 84.0, 62.0, 12.0  # [m]
    cuts = np.linspace(0, length, 5) + np.pad(rng.uniform(-3, 3, (count, 3)), ((0, 0), (1, 1)))
    rows: list[Row] = []
    for lot in range(4):
        depth, width = rng.uniform(10, corner, (2, count)), cuts[:, lot + 1] - cuts[:, lot]
        rows.append(("edge", 0.95, _box(cuts[:, lot], np.zeros(count), width, depth[0])))
        rows.append(("edge", 0.95, _box(cuts[:, lot], height - depth[1], width, depth[1])))
    for side in range(2):
        split = height / 2 + rng.uniform(-3, 3, count)
        depth = rng.uniform(9, corner, (2, count))
        for half, (low, high) in enumerate(((np.full(count, corner), split), (split, np.full(count, height - corner)))):
            west = np.zeros(count) if side == 0 else length - depth[half]
            rows.append(("edge", 0.9, _box(west, low, depth[half], high - low)))
    for west in (16.0, 44.0):
        place, size = rng.uniform(0, 12, (2, count)), rng.uniform(4, 8, (2, count))
        rows.append(("yard", 0.5, _box(west + place[0], 18.0 + place[1], size[0], size[1])))
    return rows


def _terrace(count: int, rng: np.random.Generator) -> list[Row]:
    width, depth = 8.3, 9.5  # [m] one home
    rows: list[Row] = []
    for south in (4.0, 32.0):
        shift = rng.uniform(-1.5, 1.5, count)
        for home in range(7):
            chance = 0.85 if home in (0, 6) else 1.0
            west = np.full(count, home * width)
            rows.append(("terrace", chance, _box(west, south + shift, np.full(count, width), np.full(count, depth))))
    return rows


def _slab(count: int, rng: np.random.Generator) -> list[Row]:
    length, west = rng.uniform(48, 60, count), rng.uniform(0, 6, count)
    shed = rng.uniform(18, 32, count)
    return [
        ("slab", 0.95, _box(west, np.full(count, 5.0), length, np.full(count, 11.0))),
        ("carport", 0.45, _box(west + 8, np.full(count, 27.0), shed, np.full(count, 5.5))),
    ]


def _house(count: int, rng: np.random.Generator) -> list[Row]:
    parcel, height = 26.0, 68.0  # [m] front of one parcel; two parcels back to back
    rows: list[Row] = []
    for place in range(10):
        west = parcel * (place % 5)
        width, depth = rng.uniform(11, 14.5, count), rng.uniform(9, 12.5, count)
        south, back = rng.uniform(5, 9, count), rng.uniform(5, 16, count)
        wide, deep = rng.uniform(3.4, 6, count), rng.uniform(6, 7.5, count)
        house = _box(west + 1.5 + np.zeros(count), south, width, depth)
        garage = _box(west + parcel - 1.5 - wide, back, wide, deep)
        turned = place >= 5
        rows.append(("house", 0.95, _turn(house, height) if turned else house))
        rows.append(("garage", 0.42, _turn(garage, height) if turned else garage))
    return rows


def _turn(rectangles: Floats, height: float) -> Floats:
    west, south, east, north = rectangles.T
    return np.stack([west, height - north, east, height - south], axis=1)


def _hall(count: int, rng: np.random.Generator) -> list[Row]:
    width, depth = rng.uniform(32, 58, count), rng.uniform(22, 42, count)
    return [
        ("hall", 0.85, _box(rng.uniform(0, 4, count), rng.uniform(4, 12, count), width, depth)),
        ("office", 0.35, _box(np.full(count, 66.0), rng.uniform(4, 20, count), np.full(count, 14.0), width / 1.6)),
    ]


def _plot(count: int, rng: np.random.Generator) -> list[Row]:
    rows: list[Row] = []
    for place in range(6):
        west, south = 16.0 * (place % 3) + rng.uniform(0, 7, count), 16.0 * (place // 3) + rng.uniform(0, 7, count)
        rows.append(("plot", 0.8, _box(west, south, rng.uniform(4, 6.5, count), rng.uniform(4, 6.5, count))))
    return rows


BLOCKS: Mapping[str, Block] = {
    "perimeter": Block((98.0, 76.0), _perimeter),
    "terrace": Block((70.0, 56.0), _terrace),
    "slab": Block((74.0, 46.0), _slab),
    "house": Block((140.0, 78.0), _house),
    "hall": Block((94.0, 66.0), _hall),
    "plot": Block((56.0, 38.0), _plot),
}
"""Every way of building but "green", which leaves the ground open."""
