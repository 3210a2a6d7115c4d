"""Expected losses by one product: the same as the trapezoid on the exceedance curve."""

import numpy as np
import pytest

from genrejs.appraisal.risk import expected_annual
from genrejs.appraisal.yearly import expected, node_weights
from genrejs.errors import InputError
from genrejs.scenario.pathway import World

YEARS = np.array([2025, 2030])
PERIODS = np.array([2.0, 10.0, 50.0, 200.0])
LEVELS = np.array([1.0, 1.4, 1.7, 2.0])
NODES = np.array([1.2, 1.6, 2.5])
LOSS = np.array([1.0, 5.0, 40.0])


def world() -> World:
    rise = np.array([[0.0, 0.1], [0.0, 0.4]])
    return World(YEARS, PERIODS, {"surge": rise[:, :, None] + LEVELS})


def test_it_is_the_trapezoid_of_the_losses_read_between_nodes() -> None:
    weighed = node_weights(world(), {"surge": NODES}, {"surge": 1.0}, YEARS)
    figures = np.broadcast_to(LOSS[:, None], (1, 2, 2, 3, 1))
    found = expected(weighed, {"surge": figures})
    for future in range(2):
        for year in range(2):
            at = world().strengths["surge"][future, year]
            losses = np.interp(at, [1.0, *NODES], [0.0, *LOSS])
            assert found[0, future, year, 0] == pytest.approx(expected_annual(1 / PERIODS, losses))


def test_hazards_add_up() -> None:
    both = World(YEARS, PERIODS, {"a": world().strengths["surge"], "b": world().strengths["surge"]})
    weighed = node_weights(both, {"a": NODES, "b": NODES}, {"a": 1.0, "b": 1.0}, YEARS)
    figures = {name: np.broadcast_to(LOSS[:, None], (1, 2, 2, 3, 1)) for name in ("a", "b")}
    parts = [expected({name: weighed[name]}, {name: figures[name]}) for name in ("a", "b")]
    assert np.allclose(expected(weighed, figures), parts[0] + parts[1])


def test_a_year_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="2026"):
        node_weights(world(), {"surge": NODES}, {"surge": 1.0}, np.array([2026]))
