"""Quantities as people write them."""

import pytest

from genrejs.errors import InputError
from genrejs.units import read_duration, read_length, read_rain


@pytest.mark.parametrize(
    ("text", "metres"), [("30 cm", 0.3), ("0,5m", 0.5), ("1.5 km", 1500.0), ("60mm", 0.06), ("2e1 mm", 0.02)]
)
def test_lengths(text: str, metres: float) -> None:
    assert read_length(text) == pytest.approx(metres, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "seconds"), [("12h", 43200.0), ("10min", 600.0), ("90 s", 90.0), ("2 døgn", 172800.0), ("0,5 timer", 1800)]
)
def test_durations(text: str, seconds: float) -> None:
    assert read_duration(text) == pytest.approx(seconds)


def test_rain_is_a_depth_over_a_duration() -> None:
    assert read_rain("60mm/1h") == pytest.approx((0.06, 3600.0))
    assert read_rain("5,5 cm / 90 min") == pytest.approx((0.055, 5400.0))
    assert read_rain("10mm/h") == pytest.approx((0.01, 3600.0))


@pytest.mark.parametrize(
    "text", ["", "30", "cm", "nan cm", "inf m", "-3 cm", "0 m", "3 ft", "3 4 cm", "1.000,5 m", "1e999 m"]
)
def test_what_is_no_length(text: str) -> None:
    with pytest.raises(InputError, match="length"):
        read_length(text)


@pytest.mark.parametrize(
    "text", ["60", "60mm", "60mm/", "60mm/0h", "0mm/1h", "-5mm/1h", "60mm/1h/2", "60 h/1h", "60mm/1 parsec"]
)
def test_what_is_no_rain(text: str) -> None:
    with pytest.raises(InputError, match="rain"):
        read_rain(text)
