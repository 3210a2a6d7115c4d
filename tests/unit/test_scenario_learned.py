"""The recovery emulator: a known city of figures comes back on cities held out, nothing is suffered from nothing."""

import numpy as np
import pytest

from genrejs.errors import InputError
from genrejs.scenario.glance import BEHIND, GLANCED, UNITS
from genrejs.scenario.learned import LEARNT, Places, learn, learnt
from genrejs.scenario.response import FIGURES, OUTAGE

MEASURES = ("doors", "lifts", "crews", "captains", "music")
HOMES_OUT = GLANCED.index("homes_out")
PLACES = Places(MEASURES, ("surge",) * 4 + (OUTAGE,), np.array([1.5, 2.0, 2.5, 3.0, 48.0]), 1)
STRENGTH = np.array([0.2, 0.5, 1.0, 2.0, 0.0])


class Seen:
    """Doors keep half of the homes dry; a plant stops where the water is above what it bears, lifted or not."""

    def looks(self, measures, bearings) -> np.ndarray:
        seen = np.zeros((len(bearings), 5, len(GLANCED)))
        homes = np.where(STRENGTH > 0.4, 300 * STRENGTH, 0.0) * (0.5 if "doors" in measures else 1.0)
        bears = np.maximum(0.9 * np.asarray(bearings), 1.5 if "lifts" in measures else 0.0)
        seen[:, :, GLANCED.index("damage")] = 1e6 * homes
        seen[:, :, HOMES_OUT], seen[:, :, GLANCED.index("people_out")] = homes, 2 * homes
        seen[:, :, GLANCED.index("work")], seen[:, :, GLANCED.index("people_wet")] = 200 * homes, 2 * homes
        seen[:, :, BEHIND] = np.where(bears[:, None] < STRENGTH, 5000.0, 0.0)
        return seen

    def logs(self, measures, bearings) -> np.ndarray:
        return np.log1p(self.looks(measures, bearings) / UNITS)


def truth(bits: np.ndarray, stresses: np.ndarray) -> np.ndarray:
    """Return figures by formula: homes wait for the crews, services for the plant and the captains."""
    rows = []
    for row, (people, wear) in zip(bits, stresses, strict=True):
        chosen = PLACES.chosen(row)
        seen = Seen().looks(chosen, [wear])[0]
        homes, dark = seen[:, HOMES_OUT], np.array(PLACES.hazards) == OUTAGE
        away = 2 * homes * people * (60 + 0.2 * homes / (2.0 if "crews" in chosen else 1.0))
        services = people * (8.0 * seen[:, BEHIND] + 9000.0 * dark) * (0.7 if "captains" in chosen else 1.0)
        named = {"damage": 1e6 * homes, "person_days": away + services, "away": away, "poor": 0.3 * away,
                 "days": 30.0 * (seen[:, BEHIND] > 0), "wet": 2 * homes * people}  # fmt: skip
        rows.append(np.stack([named[name] for name in FIGURES], axis=-1))
    return np.array(rows)


def drawn(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    people, wear = rng.uniform(0.9, 1.4, count), rng.uniform(0.8, 1.0, count)
    return (rng.random((count, len(MEASURES))) < 0.5).astype(float), np.column_stack([people, wear])


@pytest.fixture(scope="module")
def emulator():
    asked = drawn(160, 1)
    return learn(Seen(), PLACES, asked, truth(*asked))


def test_cities_held_out_come_back(emulator) -> None:
    bits, stresses = drawn(60, 2)
    found = np.array([emulator.figures(bits[[k]], stresses[[k]])[0, 0] for k in range(60)])
    real = truth(bits, stresses)
    for name in ("damage", "person_days", "away", "poor", "wet"):
        a, b = found[..., FIGURES.index(name)], real[..., FIGURES.index(name)]
        off = np.abs(a[b > 0] / b[b > 0] - 1.0)
        assert off.mean() < 0.05 and np.quantile(off, 0.9) < 0.15, name
        if name != "damage":
            assert (a[b == 0] == 0).all(), name


def test_every_pair_is_answered_and_figures_may_be_picked(emulator) -> None:
    bits, stresses = drawn(3, 3)[0], drawn(4, 4)[1]
    whole = emulator.figures(bits, stresses)
    assert whole.shape == (3, 4, 5, len(FIGURES))
    assert np.allclose(whole[1:2, 2:3], emulator.figures(bits[[1]], stresses[[2]]))
    few = emulator.figures(bits, stresses, ("poor", "person_days"))
    assert np.allclose(few, whole[..., [FIGURES.index("poor"), FIGURES.index("person_days")]])


def test_the_work_may_be_shared_out_and_the_bits_are_the_same(emulator) -> None:
    asked = drawn(160, 1)
    calls = []

    def mapper(function, items):
        calls.append(len(items))
        return [function(item) for item in reversed(items)][::-1]

    other = learn(Seen(), PLACES, asked, truth(*asked), mapper)
    bits, stresses = drawn(5, 5)
    assert calls[0] == 5 and len(calls) == 2
    assert (emulator.figures(bits, stresses) == other.figures(bits, stresses)).all()


def test_person_days_are_those_here_and_those_away() -> None:
    figures = np.array([5.0, 90.0, 60.0, 20.0, 4.0, 7.0])
    assert learnt(figures).tolist() == [5.0, 30.0, 60.0, 20.0, 4.0, 7.0]
    assert LEARNT[1] == "services"


@pytest.mark.parametrize(
    ("count", "value", "said"), [(9, 1.0, "ten answers"), (20, np.nan, "finite numbers")],
)  # fmt: skip
def test_bad_answers_are_refused(count, value, said) -> None:
    bits, stresses = drawn(count, 6)
    with pytest.raises(InputError, match=said):
        learn(Seen(), PLACES, (bits, stresses), np.full((count, 5, len(FIGURES)), value))
