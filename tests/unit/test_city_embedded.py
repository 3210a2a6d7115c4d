"""The embedded city is found by name, and its message for another name is one clear sentence."""

import pytest

from genrejs.city.embedded import embedded_sources, load_city
from genrejs.errors import InputError


def test_an_unknown_city_is_an_input_error_that_lists_the_cities() -> None:
    with pytest.raises(InputError, match=r"No city 'kolding' inside Genrejs; the embedded cities are vejle\."):
        load_city("kolding")


def test_a_cell_size_of_nothing_is_an_input_error() -> None:
    with pytest.raises(InputError, match="cell size must be above 0"):
        load_city(cell=0.0)


def test_every_part_of_the_fabric_has_a_source_and_a_certainty() -> None:
    sources = embedded_sources()
    assert list(sources.columns) == ["what", "value", "source", "licence", "certainty"]
    assert not sources.isna().any(axis=None)
    named = " ".join(sources["what"]).lower()
    for part in ("districts", "buildings", "households", "lifelines", "roads", "jobs"):
        assert part in named
