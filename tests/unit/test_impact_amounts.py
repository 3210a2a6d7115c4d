"""A municipality's own amounts: they take the places of published ones, and wrong files get one sentence."""

from pathlib import Path

import numpy as np
import pytest

from genrejs.errors import InputError
from genrejs.impact.amounts import read_amounts
from genrejs.impact.damage import CATEGORIES, DamageSettings, building_damage, cellar_damage

HEAD = "hazard,category,base,log_slope,per_area,cellar\n"


def file(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "own.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_an_own_amount_takes_the_place_of_the_published_one_alone(tmp_path: Path) -> None:
    own = DamageSettings(amounts=read_amounts(file(tmp_path, HEAD + "surge,home,1000,100,50,600\n")))
    got = building_damage("surge", ["home", "business"], 100.0, [1.0, 1.0], own)
    assert got[0] == pytest.approx(1000 + 100 * (100 * np.log(100) + 50))
    assert got[1] == building_damage("surge", ["business"], 100.0, [1.0])[0]
    assert cellar_damage("surge", ["home", "business"], 10.0, [1.0, 1.0], own).tolist() == [6000.0, 5780.0]
    published = building_damage("stream", list(CATEGORIES), 100.0, np.ones(len(CATEGORIES)))
    assert building_damage("stream", list(CATEGORIES), 100.0, np.ones(len(CATEGORIES)), own).tolist() == (
        published.tolist()
    )


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (
            "hazard,category\nsurge,home\n",
            "needs the columns hazard, category, base, log_slope, per_area and cellar; it has hazard, category",
        ),
        (HEAD, "needs a row or more"),
        (HEAD + "flood,home,0,0,1,0\n", "floods are surge"),
        (HEAD + "surge,castle,0,0,1,0\n", "no amount for 'surge, castle'"),
        (HEAD + "surge,home,a,0,1,0\n", "must be numbers"),
        (HEAD + "surge,home,0,-5,1,0\n", "deeper never costs less"),
        (HEAD + "surge,home,nan,0,1,0\n", "finite"),
        (HEAD + "surge,home,0,0,1,0\nsurge,home,0,0,2,0\n", "line 3: surge, home is there twice"),
        ((HEAD + "surge,hom\xe6,0,0,1,0\n").encode("latin-1"), "not UTF-8"),
    ],
)
def test_wrong_files_get_one_sentence(tmp_path: Path, text: str | bytes, hint: str) -> None:
    with pytest.raises(InputError, match=hint):
        read_amounts(file(tmp_path, text))
    with pytest.raises(InputError, match="does not exist"):
        read_amounts(tmp_path / "none.csv")
