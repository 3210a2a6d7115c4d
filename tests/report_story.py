"""A small made-up city, its events and strategies: the story that the tests of the report tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from shapely import LineString, Point, box

from genrejs.appraisal.bearers import Bearers
from genrejs.appraisal.groups import losses_by
from genrejs.appraisal.payers_annual import Flooded, expected_losses, expected_payment
from genrejs.appraisal.result import Comparison
from genrejs.city.grid import Grid
from genrejs.city.model import SERVICES, City
from genrejs.city.streets import straight_streets
from genrejs.city.structures import Gate, Pump, Wall
from genrejs.hazard.event import Event
from genrejs.hazard.flood.problem import Series
from genrejs.impact.result import Impact
from genrejs.impact.travel import Travel
from genrejs.measure.catalogue import catalogue
from genrejs.measure.model import Strategy
from genrejs.recovery.economy import Shock, run_economy, town_table
from genrejs.recovery.firms import SECTORS, Firms
from genrejs.recovery.result import Recovery
from genrejs.recovery.wellbeing import Wellbeing
from genrejs.report.story import After, RunFacts, Solve, Story
from genrejs.report.weakest import Weakness
from genrejs.scenario.aftermath import Aftermath
from genrejs.scenario.result import Result
from genrejs.scenario.spread import Band
from genrejs.warning.levers import LEVERS
from genrejs.warning.result import Warned

GRID = Grid(west=532000, north=6174000, cell=20, rows=60, columns=80)
DISTRICTS = (("midtby", "Midtbyen", 0, 600), ("vestby", "Vestbyen", 600, 1100), ("havn", "Havnen", 1100, 1600))
HOURS = np.r_[np.arange(0, 337), np.arange(360, 730 * 24 + 1, 24)].astype(float)
AT_WORST = dict(zip(SERVICES, np.linspace(0.55, 1.0, len(SERVICES)), strict=True))
STRATEGIES = ("no_sluice_2012", "today", "grey", "green", "social_digital", "together")


def make_city() -> City:
    rng = np.random.default_rng(1)
    x, y = np.meshgrid(GRID.x, GRID.y)
    elevation = 0.6 + np.abs(y - 6173400) / 110 + (532000 + 1100 - x) / 500
    terrain = xr.Dataset({"elevation": (("y", "x"), elevation)}, coords={"y": GRID.y, "x": GRID.x})
    boxes = [box(532000 + a, 6172800, 532000 + b, 6174000) for *_, a, b in DISTRICTS]
    districts = gpd.GeoDataFrame(
        {"id": [d[0] for d in DISTRICTS], "name_da": [d[1] for d in DISTRICTS]}, geometry=boxes, crs=GRID.crs
    )
    places = [(532020 + 74 * (k % 20), 6172840 + 110 * (k // 20)) for k in range(200)]
    shapes = [box(px, py, px + 24, py + 18) for px, py in places]
    owner = [next(d[0] for d in DISTRICTS if d[2] <= px - 532000 < d[3]) for px, _ in places]
    buildings = gpd.GeoDataFrame(
        {
            "id": range(200),
            "district": owner,
            "residents": rng.integers(0, 9, 200),
            "jobs": rng.integers(0, 4, 200),
            "cellar_area": rng.choice([0.0, 60.0], 200),
        },
        geometry=shapes,
        crs=GRID.crs,
    )
    households = pd.DataFrame(
        {
            "id": range(200), "building": range(200), "persons": 2, "seniors": 0.4,
            "language": ["da", "da", "da", "other"] * 50, "income": np.resize(["low", "middle", "high"], 200),
            "tenure": np.resize(["owner", "social", "private", "owner"], 200),
        }
    )  # fmt: skip
    components = pd.DataFrame(
        {
            "id": SERVICES[1:],
            "name_da": [f"Anlæg for {s}" for s in SERVICES[1:]],
            "name_en": [f"Plant for {s}" for s in SERVICES[1:]],
            "service": SERVICES[1:],
            "x": np.linspace(532100, 533400, 11),
            "y": np.linspace(6173900, 6172900, 11),
        }
    )
    stream = gpd.GeoDataFrame(
        {"name": ["Å"], "width": [8.0]}, geometry=[LineString([(532000, 6173400), (533100, 6173400)])], crs=GRID.crs
    )
    sources = pd.DataFrame(
        {
            "what": ["Terræn <script>", "Borgere"],
            "value": ["10 m", "58.000"],
            "source": ["SRTM", "constructed from totals"],
            "licence": ["public domain", None],
            "certainty": ["±3 m", "assumption"],
        }
    )
    wall = Wall("dike", LineString([(532600, 6173380), (533050, 6173330)]), 1.9)
    gate = Gate(
        "sluice",
        LineString([(533050, 6173380), (533050, 6173420)]),
        Point(533080, 6173400),
        Point(533000, 6173400),
        1.0,
        2.0,
    )
    pump = Pump("pump", Point(533000, 6173420), Point(533080, 6173420), 7.5, 0.5, 0.2)
    empty = pd.DataFrame()
    return City(
        "Prøveby", GRID, terrain, districts, buildings, households, components, empty, empty, stream,
        (wall, gate, pump), sources=sources, constructed=True,
        streets=straight_streets([532000, 532600, 533400], [6173300, 6173300, 6173350], [0, 1], [1, 2]),
    )  # fmt: skip


def make_recovery(depth: float = 1.0, days: float = 40.0, censored: float = 0.0) -> Recovery:
    back = np.clip((HOURS - 12) / (days * 24), 0, 1) ** 0.5
    fall = np.clip(HOURS / 8, 0, 1)
    values = np.ones((len(SERVICES), 3, len(HOURS)))
    for row, service in enumerate(SERVICES):
        values[row] = 1 - depth * (1 - AT_WORST[service]) * fall * (1 - back) * np.array([[1.0], [0.6], [1.2]])
    ids = [d[0] for d in DISTRICTS]
    functionality = xr.DataArray(
        values, dims=("service", "district", "time"), coords={"service": list(SERVICES), "district": ids, "time": HOURS}
    )
    curve = functionality.mean(("service", "district"))
    groups = [("district", id) for id in ids] + [("language", v) for v in ("da", "other")]
    groups += [("income", v) for v in ("low", "middle", "high")] + [
        ("age", v) for v in ("children", "adults", "seniors")
    ]
    by_group = pd.DataFrame(groups, columns=["group", "value"]).assign(people=250.0, person_days=np.arange(11) * 300.0)
    indicators = {
        "withstand": float(curve.min()), "bounce_back_days": days, "censored": censored, "resilience_loss": 3210.0,
        "person_days_without_service": 12345.0, "person_days_away": 777.0, "robustness": 0.8, "redundancy": 0.3,
        "resourcefulness": 0.4, "rapidity": 0.02,
    }  # fmt: skip
    away = xr.DataArray(200 * (1 - back), dims="time", coords={"time": HOURS})
    return Recovery(
        functionality, curve, away, pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), indicators, by_group, {}
    )


def make_result(city: City, name: str, level: float | None, recovery: Recovery | None = None) -> Result:
    sea = None if level is None else Series(np.array([0.0]), np.array([level]))
    titles = (f"Hændelse {name} (2,15 m)", f"Event {name} (2.15 m)")
    event = Event(name, "outage" if level is None else "surge", *titles, duration=43200.0, sea_level=sea)
    wet, water = np.zeros(len(city.buildings), dtype=bool), None
    if level is not None:
        depth = np.maximum(level - city.terrain["elevation"].to_numpy(), 0.0)
        water = xr.Dataset({"max_depth": (("y", "x"), depth)}, coords={"y": GRID.y, "x": GRID.x})
        spots = city.buildings.geometry.centroid
        wet = np.array([depth[GRID.index(p.x, p.y)] > 0.05 for p in spots])
    totals = {
        "damage_total": 1.5e6 * wet.sum(),
        "buildings_damaged": float(wet.sum() // 2),
        "residents_in_wet_homes": float(city.buildings["residents"][wet].sum()),
    }
    drawn = totals["damage_total"] * np.linspace(0.7, 1.3, 9)
    impact = Impact(pd.DataFrame({"wet": wet, "habitable": ~wet}), pd.DataFrame(), {}, totals, drawn)
    back = pd.DataFrame({"restored": np.where(wet, 400 * 24.0, 0.0)})
    people = pd.DataFrame({"language": ["da", "other", "other"], "age": ["adults", "seniors", "children"]})
    shares = people.assign(people=[90.0, 9.0, 0.0], reached=0.9, understood=0.8, acted=0.5)
    heard = pd.DataFrame({"minute": range(60), "heard": np.linspace(0, 0.9, 60)})
    counts = {
        "people_at_risk": 99.0,
        "minutes": 50.0,
        "people": 99.0,
        "reached": 90.0,
        "understood": 80.0,
        "acted": 50.0,
    }
    warned = Warned(shares, pd.DataFrame(), heard, 1e5, {**counts, "value_moved": 2e5})
    course = replace(recovery or make_recovery(), buildings=back, work=make_work().iloc[: None if level else 1])
    return Result(name, event, "today", 2026, water, impact, warned, course)


def make_comparison() -> Comparison:
    count = len(STRATEGIES)
    ead = np.array([38e6, 24e6, 9e6, 18e6, 21e6, 6e6])
    strategies = pd.DataFrame(
        {
            "id": STRATEGIES,
            "name_da": ["Som i 2012", "I dag", "Grå", "Grøn", "Social og digital", "Samlet"],
            "name_en": ["As in 2012", "Today", "Grey", "Green", "Social and digital", "Together"],
            "cost": [0, 0, 250e6, 140e6, 12e6, 400e6],
            "upkeep": [0, 0, 2e6, 1e6, 3e6, 6e6],
            "ead_now": ead,
            "ead_future": ead * 2.7,
            "npv": [-300e6, 0, 210e6, 90e6, 60e6, 190e6],
            "benefit_cost": [np.nan, np.nan, 1.8, 1.6, 6.0, 1.5],
            "person_days_now": [9000, 6000, 3500, 4800, 2500, 1200],
            "person_days_future": [22000, 15000, 8000, 11000, 7000, 3000],
            "added_value": [0, 0.5e6, 1e6, 9e6, 5e6, 14e6],
            "residents_wet_now": [90, 60, 20, 40, 58, 12],
        }
    )
    for name in ("ead_now", "ead_future", "npv"):
        wide = 0.25 * strategies[name].abs()
        strategies[f"{name}_p05"], strategies[f"{name}_p95"] = strategies[name] - wide, strategies[name] + wide
    periods = np.array([5, 20, 100, 1000])
    rows = [
        (STRATEGIES[k], year, hazard, f"{hazard}_{t}", 1 / t, ead[k] * t**0.5 * growth, 10.0 * t)
        for k in range(count)
        for year, growth in ((2026, 1.0), (2070, 2.0))
        for hazard in ("surge", "cloudburst", "river")
        for t in periods
    ]
    rows += [(name, year, "outage", "attack", 0.02, 0.0, 100.0) for name in STRATEGIES for year in (2026, 2070)]
    columns = ["strategy", "year", "hazard", "event", "frequency", "damage", "person_days"]
    groups = make_recovery().by_group[["group", "value", "people"]]
    spared = pd.concat(
        [groups.assign(strategy=s, person_days=9.0, spared=4.0 * k - 3) for k, s in enumerate(STRATEGIES)]
    )
    return Comparison(strategies, pd.DataFrame(rows, columns=columns), spared, 2024, 2026, 2070)


def make_bearers() -> Bearers:
    """An average year of homes and what else stands in a town under two surges."""
    category = ["home"] * 11 + ["business", "public", "utility", "garage"]
    homes = pd.DataFrame({"category": category, "damage": 2e5, "people": 7e4, "homes": 1})
    floods = [Flooded("surge", period, homes.assign(damage=2e5 * period / 10)) for period in (10.0, 100.0)]
    houses = pd.DataFrame({"district": "a", "residents": [2] * 11 + [0] * 4})
    households = pd.DataFrame({
        "building": range(10), "persons": 2, "children": 0, "adults": [2] * 5 + [1] * 5, "seniors": [0] * 5 + [1] * 5,
        "language": ["da", "other"] * 5, "income": ["low", "middle", "high", "middle", "low"] * 2,
        "tenure": ["owner", "social", "private", "owner", "owner"] * 2,
    })  # fmt: skip
    return Bearers(expected_payment(floods), losses_by(houses, households, expected_losses(floods)))


def make_weakness() -> Weakness:
    """Two components, a cause that takes both, and an attack."""
    singles = pd.DataFrame({"id": ["power", "water"], "people_hours": [9e5, 2e4], "others": ["water, heat", ""]})
    groups = pd.DataFrame({"id": ["firewall"], "members": [2], "people_hours": [9.1e5]})
    costs = {"people_hours": [5e5, 3e5], "saved": [0.0, 0.4], "by_hand": [False, True]}
    attacks = pd.DataFrame({"id": "ransom", "hours": 48.0, **costs})
    names = {"power": ("Station", "Substation"), "firewall": ("Samme firewall", "Same firewall")}
    return Weakness(singles, groups, attacks, {**names, "ransom": ("Løsepengevirus", "Ransomware")})


def make_orders() -> pd.DataFrame:
    """Five rules, one of them too slow for the horizon."""
    rules = ["life", "people", "vulnerable", "cheapest", "given"]
    days = {"withstand": 0.6, "bounce_back_days": [23.0, 24.0, 0.0, 26.0, 730.0], "censored": [0.0, 0.0, 0.0, 0.0, 1.0]}
    counts = {"person_days_without_service": 9e6, "person_days_away": 4e6, "low_income": 2e6, "seniors": 1e6}
    return pd.DataFrame(
        {"priority": rules, **days, **{name: value * np.arange(1, 6) for name, value in counts.items()}}
    )


def make_travel(city: City, more: tuple[str, ...] = ()) -> Travel:
    """Somebody cut off, some streets closed, a bridge with a way round."""
    count, services = len(city.buildings), ["hospital", "school", *more]
    before = pd.DataFrame(300.0, index=range(count), columns=services)
    after = before.assign(hospital=np.where(np.arange(count) > 20, 420.0, np.inf))
    figures = {
        "people": 200.0,
        "without": 0.0,
        "isolated": 40.0,
        "before": 300.0,
        "after": [420.0, np.nan, *(400.0 for _ in more)],
        "longest": 900.0,
    }
    table = pd.DataFrame({"service": services, **figures, "person_hours": 12.0})
    groups = [
        ("age", "seniors"),
        ("language", "da"),
        ("income", "low"),
        ("car", True),
        ("car", False),
        ("tenure", "owner"),
    ]
    by_group = pd.concat([table.assign(kind=kind, group=group) for kind, group in groups], ignore_index=True)
    seconds = np.linspace(100.0, 2000.0, count)
    return Travel(
        before, after, seconds, np.where(np.arange(count) < 9, np.inf, seconds), table, table.assign(group="a"), by_group,
        np.array([True, False]), 1234.0, 40.0, (0.9, 0.7), (500.0, np.nan),
    )  # fmt: skip


def make_aftermath(city: City) -> Aftermath:
    """What a small shock means: two groups that lose, sectors in every state, a year of the economy."""
    rows = [
        ("income", "low", 90.0, 9e5, 1.4e6),
        ("income", "high", 60.0, 9e5, 5e5),
        ("language", "da", 100.0, 0.0, 0.0),
    ]
    columns = ["group", "value", "people", "asset_loss", "wellbeing_loss"]
    felt = Wellbeing(pd.DataFrame(), pd.DataFrame(rows, columns=columns), 1.8e6, 1.9e6)
    states = {
        "jobs": 40.0,
        "firms": [9, 9, 9, 9, 9, 0],
        "open": 3,
        "reopened": 3,
        "closed": 2,
        "lost": 1,
        "jobs_lost": 4.0,
    }
    firms = Firms(pd.DataFrame(), np.ones((3, 6)), pd.DataFrame({"sector": SECTORS, **states, "job_days": 900.0}))
    economy = run_economy(town_table(1e9), Shock(capacity=np.full((90, 6), 0.8), other=1e7))
    return Aftermath(felt, firms, economy, make_travel(city))


def make_band() -> Band:
    """Four draws of the main event's recovery."""
    curves = np.array([make_recovery(depth).curve.to_numpy() for depth in (0.8, 1.0, 1.2)])
    read = {"withstand": [0.5, 0.6, 0.7, 0.8], "bounce_back_days": [0.0, 30.0, 40.0, 50.0], "censored": 0.0}
    lost = {"resilience_loss": [700.0, 800.0, 900.0, 950.0], "person_days_without_service": 9e3}
    return Band(HOURS, curves[2], curves[1], curves[0], pd.DataFrame({**read, **lost}))


def make_work() -> pd.DataFrame:
    """Two plants, of which one is not done, and six houses for one builder, a month each."""
    plants = [(True, 0, "electrician", 40.0, 24.0, 24.0, 96.0), (True, 1, "plumber", 40.0, 30.0, 90.0, np.inf)]
    houses = [(False, k, "builder", 300.0, 4000.0, 4000.0 + 730 * k, 4730.0 + 730 * k) for k in range(6)]
    columns = ["component", "row", "trade", "hours", "release", "start", "finish"]
    return pd.DataFrame(plants + houses, columns=columns)


def make_warning_levers() -> pd.DataFrame:
    """The city as it is and each lever of the warning alone."""
    shares = {"reached": 0.9, "understood": 0.8, "acted": 0.5, "more": 4.0, "saved": 1e4}
    return pd.DataFrame({"lever": ["", *LEVERS], "before": 0.0, "after": 0.5, **shares})


def make_levers() -> pd.DataFrame:
    names = ["none", "social_capital", "aid", "claims", "insurance", "relief", "local"]
    figures = {"people_away_days": 4e3, "wellbeing_loss": 2e6, "value_lost": -3e6, "jobs_lost": 5.0}
    table = pd.DataFrame({"lever": names, **{name: value / np.arange(1, 8) for name, value in figures.items()}})
    given, ordinary = table["lever"].isin(["insurance", "relief"]), table["lever"] == "local"
    return table.assign(bounce_back_days=9.0, censored=0.0, given=5e6 * given, ordinary=7e6 * ordinary)


def make_story() -> Story:
    city = make_city()
    shown = (make_result(city, "storm_1872", 2.15), make_result(city, "attack", None, make_recovery(0.5, 9.0)))
    balance = {"moved": 2.0e6, "error": -0.004}
    return Story(
        city=city,
        showcase=shown,
        after={"storm_1872": After(make_recovery(0.6, 20.0), 0.37)},
        comparison=make_comparison(),
        run=RunFacts("0.1.0", "abc123", 7, 61.2, datetime(2026, 11, 23, 20, 0), 20.0, 30),
        measures=tuple(catalogue().values()),
        strategies=tuple(
            Strategy(s, s, s, ("sluice_pumps",), ("sluice",) if s == STRATEGIES[0] else ()) for s in STRATEGIES
        ),
        bearers=make_bearers(),
        weakness=make_weakness(),
        orders=make_orders(),
        levers=make_levers(),
        warning_levers=make_warning_levers(),
        social=pd.DataFrame({"social_capital": [0.0, 0.5, 1.0], "people_away_days": [9e3, 6e3, 5e3]}),
        aftermath={"storm_1872": make_aftermath(city)},
        bands={
            "storm_1872": make_band(),
            "attack": replace(make_band(), indicators=make_band().indicators + 0.1),
        },
        solves={"storm_1872": Solve(4800, 20.0, 3210, 1.7, balance, 0.93)},
    )
