import csv
from importlib import resources

import numpy as np
import pandas as pd
import pytest

from genrejs.city.lifelines import embedded_lifelines
from genrejs.errors import InputError
from genrejs.impact.infrastructure import (
    ELSEWHERE,
    SECTOR_OF,
    UNITS,
    InfrastructureSettings,
    OutageRule,
    asset_damage,
    caveats,
    cost,
    costs,
    infrastructure_curve,
    infrastructure_damage,
    service_loss,
    zero_curves,
)
from genrejs.impact.prices import PriceSettings
from genrejs.impact.roads import DAY, HOUR, KMH, StretchSettings, safe_speed, stretch_cost

ANY = InfrastructureSettings(any_curve=True)


def published(name):
    text = resources.files("genrejs.impact").joinpath("curves", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


CURVES = published("infrastructure_curves.csv")


# --- damage


def test_twelve_curves_are_zero_at_every_depth_and_refused():
    assert zero_curves() == (
        "F1.5", "F5.1", "F6.1", "F13.1", "F13.2", "F13.3", "F13.4", "F16.1", "F16.2", "F16.3", "F19.1", "F19.2",
    )  # fmt: skip
    for id in zero_curves():
        with pytest.raises(InputError, match="0 at every depth"):
            infrastructure_curve(id)
        assert asset_damage(id, None, [1e6], [3.0], settings=ANY).tolist() == [0.0]


@pytest.mark.parametrize("id", ELSEWHERE)
def test_curves_for_other_parts_of_the_world_are_refused(id):
    with pytest.raises(InputError, match="not made for Denmark"):
        infrastructure_curve(id)
    assert infrastructure_curve(id, ANY).id == id


@pytest.mark.parametrize("row", CURVES, ids=[row["id"] for row in CURVES])
def test_every_published_point_comes_out(row):
    depth = np.array([float(x) for x in row["depth_m"].split()])
    for band, column in ((0.0, "share"), (-1.0, "low"), (1.0, "high")):
        text = row[column] or row["share"]
        expected = np.clip([float(x) for x in text.split()], 0.0, 1.0)
        got = asset_damage(row["id"], None, np.full(depth.size, 1000.0), depth, band, ANY)
        np.testing.assert_allclose(got, 1000.0 * expected, rtol=1e-12, atol=1e-12)
        assert (got <= 1000.0).all()


def test_a_low_voltage_substation_in_half_a_metre():
    row = next(row for row in CURVES if row["id"] == "F2.1")
    share = dict(zip(row["depth_m"].split(), row["share"].split(), strict=True))["0.5"]
    got = asset_damage("F2.1", "D3.95", [1.0, 2.0], [0.5, 0.5])
    np.testing.assert_allclose(
        got, [1 * 11_136_347.442 * 7.45 * float(share), 2 * 11_136_347.442 * 7.45 * float(share)]
    )


@pytest.mark.parametrize("id", list(costs()))
def test_low_middle_and_high_are_in_order_for_every_pair(id):
    given = cost(id)
    assert 0.0 < given.low <= given.middle <= given.high
    assert given.unit in UNITS and given.currency == "EUR"
    for curve_id in given.curve_ids:
        parts = [asset_damage(curve_id, id, [3.0], [1.3], band, ANY)[0] for band in (-1.0, -0.5, 0.0, 0.5, 1.0)]
        assert (np.diff(parts) >= 0.0).all()


def test_ranges_without_a_middle_take_the_mean_and_say_so():
    road = cost("D3.68")
    assert road.middle == pytest.approx((3470.15824942 + 34701.5824942) / 2)
    assert "middle is the mean of low and high" in caveats("F7.4", "D3.68")
    assert "cost from the USA" in caveats("F2.1", "D3.95")
    assert caveats("F2.1", None) == ()
    assert cost("D3.102").at(1.0) == pytest.approx(494685148.457 * 7.45)
    assert cost("D3.102").at(0.0, PriceSettings(dkk_per_eur=7.0)) == pytest.approx(10737635.8324 * 7.0)


def test_the_price_level_does_not_age_costs_without_a_price_year():
    later = InfrastructureSettings(prices=PriceSettings(year=2050))
    now, then = (asset_damage("F2.1", "D3.95", [1.0], [1.0], settings=rules) for rules in (None, later))
    assert now.tolist() == then.tolist()


def test_the_table_gives_what_single_assets_give():
    assets = pd.DataFrame(
        {
            "curve": ["F2.1", "F8.3", "F2.1", "F18.6"],
            "cost": ["D3.95", "D3.53", None, "D3.102"],
            "quantity": [1.0, 250.0, 5e6, 1.0],
        },
        index=["a", "b", "c", "d"],
    )
    depth = [0.5, 1.0, 0.5, np.nan]
    got = infrastructure_damage(assets, depth)
    assert got.index.tolist() == ["a", "b", "c", "d"]
    assert got.loc["a", "damage"] == asset_damage("F2.1", "D3.95", [1.0], [0.5])[0]
    assert got.loc["b", "damage"] == asset_damage("F8.3", "D3.53", [250.0], [1.0])[0]
    assert got.loc["c", "damage"] == asset_damage("F2.1", None, [5e6], [0.5])[0]
    assert got.loc["d", ["damage", "damage_low", "damage_high"]].tolist() == [0.0, 0.0, 0.0]
    assert got["unit"].tolist() == ["unit", "m", "DKK", "unit"]
    assert (got["damage_low"] <= got["damage"]).all() and (got["damage"] <= got["damage_high"]).all()
    assert got.loc["a", "caveats"] == "cost without a price year; cost from the USA"


def test_wrong_assets_are_refused():
    with pytest.raises(InputError, match=r"goes with the curves F2\.1, not F1\.1"):
        asset_damage("F1.1", "D3.95", [1.0], [1.0])
    with pytest.raises(InputError, match="no infrastructure cost 'D9'"):
        cost("D9")
    with pytest.raises(InputError, match="lacks the column 'quantity'"):
        infrastructure_damage(pd.DataFrame({"curve": ["F2.1"]}), [1.0])
    with pytest.raises(InputError, match="2 depths"):
        infrastructure_damage(pd.DataFrame({"curve": ["F2.1"], "quantity": [1.0]}), [1.0, 2.0])
    with pytest.raises(InputError, match="'quantity'"):
        asset_damage("F2.1", "D3.95", [-1.0], [1.0])
    with pytest.raises(InputError, match="band"):
        cost("D3.95").at(2.0)


# --- lost function


def test_a_substation_above_its_fail_depth_leaves_people_without_power():
    got = service_loss("power", [0.4, 0.41, 2.0, np.nan], [1000.0] * 4)
    assert got["lost"].tolist() == [False, True, True, False]
    assert got["days"].tolist() == [0.0, 3.0, 3.0, 0.0]
    assert got["person_days"].sum() == 2 * 1000 * (1 + 2)


def test_an_assets_own_depth_and_closure_come_before_the_sectors():
    got = service_loss(
        ["power", "school"], [0.5, 0.5], [10.0, 20.0], fail_depth=[0.6, np.nan], closure_days=[np.nan, 5.0]
    )
    assert got["lost"].tolist() == [False, True]
    assert got["person_days"].tolist() == [0.0, 20.0 * (5 + 30)]
    quick = InfrastructureSettings(education=OutageRule(0.2, 0.0, 0.5))
    assert service_loss("school", [0.5], [20.0], quick)["days"].tolist() == [0.5]


def test_the_default_fail_depths_are_the_embedded_citys_usual_ones():
    components, rules = embedded_lifelines().components, InfrastructureSettings()
    for service in ("power", "wastewater", "roads", "hospital", "school"):
        depths = components.loc[components["service"] == service, "fail_depth"]
        assert getattr(rules, SECTOR_OF[service]).fail_depth == depths.mode()[0]


def test_wrong_sectors_and_rules_are_refused():
    with pytest.raises(InputError, match="sector 'magic'"):
        service_loss(["magic"], [1.0], [1.0])
    with pytest.raises(InputError, match="'sector' has 2"):
        service_loss(["power", "water"], [1.0, 1.0, 1.0], [1.0])
    with pytest.raises(InputError, match="fail_depth"):
        OutageRule(-0.1, 1.0, 1.0)


# --- the municipal tool's roads


def test_a_closed_kilometre_costs_the_tools_amount():
    # 20 DKK for each wet metre, 68.8 DKK for each metre a day at 6,200 vehicles a day, both directions
    assert stretch_cost([1000.0], [100.0], [6200 / DAY], [0.4])[0] == pytest.approx(20 * 100 + 68.8 * 1000 * 2)
    half = StretchSettings(closure=12 * HOUR, cleanup_cost=0.0)
    assert stretch_cost([1000.0], [100.0], [3100 / DAY], [0.4], half)[0] == pytest.approx(68.8 * 1000 / 2)


def test_a_passable_stretch_costs_by_its_safe_speed():
    speed = 0.0009 * 100**2 - 0.5529 * 100 + 86.9448  # km/h at 10 cm
    expected = (68.8 - 1.376 * speed) * 1000 * 2
    got = stretch_cost([1000.0], [50.0], [6200 / DAY], [0.1], StretchSettings(cleanup_cost=0.0))
    assert got[0] == pytest.approx(expected, rel=1e-12)


def test_below_seven_and_a_half_centimetres_nothing_is_counted():
    depth = [0.0, 0.07, np.nan, 0.075]
    got = stretch_cost([1000.0] * 4, [100.0] * 4, [6200 / DAY] * 4, depth)
    assert got.tolist() == [0.0, 0.0, 0.0, 2000.0]  # at 75 mm one may still drive above 50 km/h
    assert safe_speed(0.075) / KMH > 50.0
