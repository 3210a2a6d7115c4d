"""A wall on cell faces is tight: what it encloses cannot be left through a face."""

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely import LineString, Point

from genrejs.city.grid import Grid
from genrejs.hazard.faces import line_faces

GRID = Grid(0.0, 300.0, 10.0, 30, 30)


def regions(lines: list[LineString]) -> np.ndarray:
    east, south = np.zeros((30, 30), bool), np.zeros((30, 30), bool)
    for line in lines:
        for mask, faces in zip((east, south), line_faces(line, GRID), strict=True):
            mask[faces[:, 0], faces[:, 1]] = True
    number = np.arange(900).reshape(30, 30)
    a = np.concatenate([number[:, :-1][~east[:, :-1]], number[:-1][~south[:-1]]])
    b = np.concatenate([number[:, 1:][~east[:, :-1]], number[1:][~south[:-1]]])
    return connected_components(coo_array((np.ones(len(a)), (a, b)), shape=(900, 900)))[1].reshape(30, 30)


@pytest.mark.parametrize("radius", [37.0, 61.5, 110.0])
def test_a_ring_encloses_its_inside(radius: float) -> None:
    label = regions([LineString(Point(151, 148).buffer(radius).exterior.coords)])
    assert len(np.unique(label)) == 2
    inside = (label == label[GRID.index(151, 148)]).sum() * 100.0
    assert inside == pytest.approx(np.pi * radius**2, rel=0.12)


def test_a_slanting_wall_across_the_grid_cuts_it_in_two() -> None:
    assert len(np.unique(regions([LineString([(0, 13), (300, 251)])]))) == 2


def test_a_wall_outside_the_grid_closes_nothing() -> None:
    assert len(np.unique(regions([LineString([(-50, -40), (-10, 400)])]))) == 1
