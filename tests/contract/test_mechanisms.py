"""Every measure works through its mechanism: it moves an intermediate of the chain, and the indicator follows.

On the embedded city, never with a made-up result: each row runs the same event with and without the mechanism. A whole
measure is switched off by not carrying it out, a single lever of it by the setting at which it does nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest
import xarray as xr

from genrejs.city.embedded import load_city
from genrejs.city.model import City
from genrejs.city.structures import Basin, Gate
from genrejs.hazard.catalogue import build_event, event
from genrejs.hazard.event import Event
from genrejs.hazard.river import steady
from genrejs.hazard.water import Problem, build_problem, solve
from genrejs.impact.sampling import CellIndex
from genrejs.measure.catalogue import apply_measure, carry_out, catalogue
from genrejs.measure.model import Strategy
from genrejs.recovery.firms import firms_after
from genrejs.recovery.learn import learn
from genrejs.scenario.result import Result
from genrejs.scenario.run import How, Settings, building_cells, run_footprint, second_shock

TOWN = (531500.0, 6170500.0, 536500.0, 6175500.0)
STANDING = {"sluice_pumps": "sluice", "dikes_vejle_aa": "dike"}
"""Measures of today, by the structures that go when they are undone."""


@dataclass(frozen=True)
class Seen:
    """One run of the chain: the city, its flood problem (None for a dry event) and what came out."""

    city: City
    problem: Problem | None
    result: Result


# --- Intermediates -------------------------------------------------------------------------------------------------


def level_behind(prefix: str) -> Callable[[Seen], float]:
    """Highest level [m] on the town's side of the gate of a measure, whether it stands or not."""

    def level(seen: Seen) -> float:
        every = carry_out(raw(), "together").structures
        gate = next(part for part in every if isinstance(part, Gate) and part.id.startswith(prefix))
        return float(seen.result.footprint["max_level"].sel(x=gate.inner.x, y=gate.inner.y, method="nearest"))

    return level


def wet_buildings(*districts: str) -> Callable[[Seen], float]:
    def count(seen: Seen) -> float:
        there = seen.city.buildings["district"].isin(districts).to_numpy()
        assert there.any(), districts
        return float(seen.result.impact.buildings["wet"].to_numpy()[there].sum())

    return count


def peak_inflow(stream: str) -> Callable[[Seen], float]:
    """Highest inflow [m3/s] of a stream into the town."""

    def peak(seen: Seen) -> float:
        inflows = seen.problem.forcing.inflows
        return max(float(inflow.discharge.values.max()) for inflow in inflows if inflow.name == stream)

    return peak


def level_at_the_mill(seen: Seen) -> float:
    """Highest level [m] of Mølleåen where its pumps stand, or would."""
    (pump,) = (p for p in apply_measure(raw(), "more_pumps").structures if p.id == "mill_pumps")
    return float(seen.result.footprint["max_level"].sel(x=pump.intake.x, y=pump.intake.y, method="nearest"))


def drained(seen: Seen) -> float:
    return float(seen.result.footprint.attrs["balance_drain"])


def soaked_away(seen: Seen) -> float:
    return float(seen.result.footprint.attrs["balance_infiltration"])


def water_in_the_squares(seen: Seen) -> float:
    """Return the water [m3] that stands where the squares are, or would be."""
    squares = [p for p in apply_measure(raw(), "water_square").structures if isinstance(p, Basin)]
    level, floor = seen.result.footprint["max_level"], seen.problem.ground.elevation
    x, y = np.meshgrid(level.x, level.y)
    inside = [(abs(x - p.area.centroid.x) < side(p)) & (abs(y - p.area.centroid.y) < side(p)) for p in squares]
    depth = np.maximum(level.to_numpy() - floor, 0.0)
    return float(depth[np.any(inside, axis=0)].sum() * seen.problem.grid.cell**2)


def side(square: Basin) -> float:
    return float(np.sqrt(square.area.area) / 2)


def homes_with_water_inside(seen: Seen) -> float:
    return float((~seen.result.impact.buildings["habitable"]).sum())


def people_in_wet_homes(seen: Seen) -> float:
    return float(seen.result.impact.totals["residents_in_wet_homes"])


def damage_of(*codes: int) -> Callable[[Seen], float]:
    """Damage [DKK] of the buildings with these use codes, or of old houses in Midtby where none are given."""

    def amount(seen: Seen) -> float:
        houses = seen.city.buildings
        old = (houses["district"] == "midtby") & (houses["year"] < 1920)
        mine = houses["bbr_code"].between(codes[0], codes[-1]) if codes else old
        assert mine.any()
        return float(seen.result.impact.buildings["damage"].to_numpy()[mine.to_numpy()].sum())

    return amount


def days_shut(seen: Seen) -> float:
    """Days that firms are closed, all together, counted up to two years."""
    firms = firms_after(seen.city, seen.result.impact, seen.result.recovery).firms
    return float(np.minimum(firms["closed_days"], 730.0).sum())


def components_flooded(seen: Seen) -> float:
    return float(seen.result.impact.components["flooded"].sum())


def function_of(service: str, hour: float) -> Callable[[Seen], float]:
    """What `service` is worth to the people of the city at `hour` of the event, 0..1."""

    def share(seen: Seen) -> float:
        state = seen.result.recovery.functionality.sel(service=service).sel(time=hour)
        people = seen.city.districts.set_index("id")["residents"].reindex(state["district"].to_numpy()).to_numpy()
        return float(np.average(state.to_numpy(), weights=people))

    return share


def warned(step: str) -> Callable[[Seen], float]:
    """People who are `reached`, have `understood` or `acted`, of those at risk."""
    return lambda seen: seen.result.warned.totals[step]


def days_until_home(seen: Seen) -> float:
    """Mean days until the homes that were lost are lived in again, counted up to the horizon."""
    horizon = 24 * Settings().recovery.horizon_days
    restored = np.minimum(seen.result.recovery.buildings["restored"].to_numpy(), horizon)
    out = (restored > 0) & (seen.city.buildings["residents"].to_numpy() > 0)
    return float(restored[out].mean() / 24)


def repaired_after(*trades: str) -> Callable[[Seen], float]:
    """Mean hours until the harmed components of these trades (cyber clean-up is work for "it") are repaired."""

    def hours(seen: Seen) -> float:
        harm = seen.result.impact.components
        trade = np.where(harm["cyber"], "it", seen.city.components["trade"])
        mine = (harm["flooded"] | harm["cyber"]).to_numpy() & np.isin(trade, trades)
        return float(seen.result.recovery.components["restored"].to_numpy()[mine].mean())

    return hours


def learnt(part: str, column: str) -> Callable[[Seen], float]:
    """How many buildings or components bear more water once the city has learnt."""

    def count(seen: Seen) -> float:
        wiser = learn(seen.city, seen.result.impact, seen.result.recovery, seen.result.key)
        return float((getattr(wiser, part)[column].to_numpy() > getattr(seen.city, part)[column].to_numpy()).sum())

    return count


# --- Indicators ----------------------------------------------------------------------------------------------------


def damage(seen: Seen) -> float:
    return float(seen.result.impact.totals["damage_total"]) - seen.result.warned.avoided


def person_days(seen: Seen) -> float:
    return float(seen.result.recovery.indicators["person_days_without_service"])


def job_days(seen: Seen) -> float:
    return float(firms_after(seen.city, seen.result.impact, seen.result.recovery).by_sector["job_days"].sum())


def withstand(seen: Seen) -> float:
    return float(seen.result.recovery.indicators["withstand"])


def bounce_back(seen: Seen) -> float:
    return float(seen.result.recovery.indicators["bounce_back_days"])


def emerge_stronger(seen: Seen) -> float:
    return second_shock(seen.city, seen.result, index(), Settings())[1]


BETTER: Mapping[Callable[[Seen], float], int] = {
    damage: -1, person_days: -1, job_days: -1, withstand: 1, bounce_back: -1, emerge_stronger: 1,
}  # fmt: skip
"""Whether an indicator is better higher (1) or lower (-1)."""


# --- Events --------------------------------------------------------------------------------------------------------


def built(kind: str, **settings: object) -> Event:
    return build_event(f"{kind} {settings}", {"kind": kind, **settings}, raw())


def surge_on_a_full_stream() -> Event:
    """A surge just under the dikes' crest while Grejs Å runs high: what gate and pumps are for."""
    calm = built("surge", peak=1.85)
    return replace(calm, inflows={**calm.inflows, "Grejs Å": steady(9.0)})


EVENTS: Mapping[str, Callable[[], Event]] = {
    "surge on a full stream": surge_on_a_full_stream,
    "Ingolf 2017": lambda: event("ingolf_2017", raw()),
    "surge 2.0 m": lambda: built("surge", peak=2.0),
    "surge 2.5 m": lambda: built("surge", peak=2.5),
    "surge 3.0 m": lambda: built("surge", peak=3.0),
    "river 100 years": lambda: built("river", period=100, level=0.9),
    "cloudburst to come": lambda: built("cloudburst", period=100, factor=1.4, lead_hours=1),
    "attack 48 h": lambda: event("attack_48h", raw()),
    "attack 4 h": lambda: built("outage", services=["digital", "telecom"], outage_hours=4, cyber=True),
    "station out 36 h": lambda: built("outage", components=["station_oestbyen"], outage_hours=36),
    "power cut 36 h": lambda: built("outage", components=["grid_nord"], outage_hours=36),
}


# --- The tables ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """`looks` rises (1) or falls (-1) by `way` when the mechanism works, and the `indicators` get better.

    `off` are settings that switch off one lever of the measure; without any the whole measure is left undone.
    """

    event: str
    looks: Callable[[Seen], float]
    way: int
    indicators: tuple[Callable[[Seen], float], ...]
    off: Mapping[str, float] | None = None


MEASURES: Mapping[str, Row] = {
    "sluice_pumps": Row("surge on a full stream", level_behind("sluice"), -1, (damage,)),
    "dikes_vejle_aa": Row("Ingolf 2017", wet_buildings("vestbyen"), -1, (damage, person_days)),
    "raised_edge": Row("surge 2.0 m", wet_buildings("havnen", "midtby", "oestbyen"), -1, (damage, person_days)),
    "water_parking": Row("river 100 years", peak_inflow("Grejs Å"), -1, (damage, person_days)),
    "rain_beds_chicanes": Row("cloudburst to come", soaked_away, 1, (damage, person_days)),
    "water_square": Row("cloudburst to come", water_in_the_squares, 1, (damage, person_days)),
    "flood_doors": Row("surge 2.0 m", homes_with_water_inside, -1, (damage, person_days)),
    "raised_lifelines": Row("surge 2.5 m", components_flooded, -1, (person_days, withstand)),
    "backup_power": Row("power cut 36 h", function_of("telecom", 24.0), 1, (person_days, withstand)),
    "cell_broadcast": Row("cloudburst to come", warned("acted"), 1, (damage, person_days)),
    "volunteers": Row("surge 2.0 m", warned("acted"), 1, (damage, person_days, emerge_stronger)),
    "city_gardens": Row("surge 2.0 m", days_until_home, -1, (person_days, damage)),
    "crisis_hubs": Row("cloudburst to come", warned("reached"), 1, (damage, person_days)),
    "manual_fallback": Row("attack 48 h", function_of("digital", 40.0), 1, (person_days, withstand)),
    "segmented_networks": Row("attack 48 h", function_of("heat", 40.0), 1, (person_days, withstand)),
    "mutual_aid": Row("attack 48 h", repaired_after("it"), -1, (person_days, bounce_back)),
    "rebuild_better": Row("surge 2.0 m", learnt("buildings", "protected_to"), 1, (emerge_stronger,)),
    "more_pumps": Row("river 100 years", level_at_the_mill, -1, (damage, person_days)),
    "fjord_barrier": Row("surge 2.0 m", wet_buildings("havnen", "midtby", "oestbyen"), -1, (damage, person_days)),
    "green_roofs": Row("cloudburst to come", soaked_away, 1, (damage, person_days)),
    "separate_sewers": Row("cloudburst to come", drained, 1, (damage, person_days)),
    "wetlands": Row("river 100 years", peak_inflow("Vejle Å"), -1, (damage, person_days)),
    "raised_floors": Row("surge 2.0 m", homes_with_water_inside, -1, (person_days, withstand)),
    "relocation": Row("surge 2.5 m", people_in_wet_homes, -1, (damage, person_days)),
    "business_continuity": Row("surge 2.0 m", days_shut, -1, (job_days,)),
    "supply_loops": Row("station out 36 h", function_of("hospital", 24.0), 1, (person_days, withstand)),
    "islanding": Row("power cut 36 h", function_of("power", 24.0), 1, (person_days, withstand)),
    "spare_parts": Row("surge 2.5 m", repaired_after("plumber"), -1, (person_days, bounce_back)),
    "patching": Row("attack 4 h", function_of("digital", 66.0), 1, (person_days, bounce_back)),
    "it_redundancy": Row("attack 48 h", function_of("heat", 20.0), 1, (person_days, withstand)),
    "sensors": Row("cloudburst to come", warned("reached"), 1, (damage, person_days)),
    "neighbourhood_captains": Row("cloudburst to come", warned("reached"), 1, (damage, person_days)),
    "language_cafes": Row("cloudburst to come", warned("understood"), 1, (damage, person_days)),
    "vulnerable_volunteers": Row("surge 2.0 m", days_until_home, -1, (person_days, damage)),
    "red_cross": Row("surge 2.0 m", days_until_home, -1, (person_days, damage)),
    "youth_jobs": Row("surge 3.0 m", repaired_after("civil"), -1, (person_days,)),
    "culture_youth": Row("cloudburst to come", warned("reached"), 1, (damage, person_days)),
    "drills": Row("attack 4 h", repaired_after("it"), -1, (person_days, bounce_back)),
    "high_water_watch": Row("attack 4 h", repaired_after("it"), -1, (person_days, bounce_back)),
    "resilience_officer": Row("surge 2.0 m", learnt("buildings", "protected_to"), 1, (emerge_stronger,)),
    "co_creation": Row("surge 2.0 m", days_until_home, -1, (person_days, damage)),
    "old_town": Row("surge 2.5 m", damage_of(), -1, (damage, person_days)),
    "heritage_plan": Row("surge 3.0 m", damage_of(410, 419), -1, (damage,)),
    "safe_places": Row("cloudburst to come", warned("reached"), 1, (damage, person_days)),
    "youth_prevention": Row("cloudburst to come", warned("understood"), 1, (damage, person_days)),
    "safe_crowds": Row("attack 4 h", repaired_after("it"), -1, (person_days, bounce_back)),
    "local_purchasing": Row("attack 4 h", repaired_after("it"), -1, (person_days, bounce_back)),
    "local_currency": Row("surge 2.0 m", days_until_home, -1, (person_days, damage)),
    "skills": Row("attack 48 h", repaired_after("it"), -1, (person_days, bounce_back)),
    "keep_labour": Row("surge 3.0 m", days_until_home, -1, (person_days,)),
    "cluster": Row("attack 48 h", repaired_after("it"), -1, (person_days, bounce_back)),
    "insurance": Row("surge 2.0 m", learnt("buildings", "protected_to"), 1, (emerge_stronger,)),
    "reserve_fund": Row("surge 2.5 m", learnt("components", "fail_depth"), 1, (emerge_stronger, person_days)),
}
"""One row for every measure of the catalogue, carried out or not."""

LEVERS: tuple[tuple[str, Row], ...] = (
    ("sluice_pumps", Row("surge on a full stream", level_behind("sluice"), -1, (damage,), {"capacity": 0.0})),
    ("sluice_pumps", Row("surge on a full stream", level_behind("sluice"), -1, (damage,), {"closes_at": 2.0})),
    ("raised_edge", Row("surge 2.0 m", wet_buildings("havnen", "midtby", "oestbyen"), -1, (damage,), {"crest": 1.6})),
    ("raised_edge", Row("surge 2.0 m", level_behind("edge"), -1, (damage, person_days), {"closes_at": 2.5})),
    ("raised_edge", Row("surge 2.0 m", level_behind("edge"), -1, (damage,), {"capacity": 0.0})),
    ("cell_broadcast", Row("cloudburst to come", warned("reached"), 1, (damage,), {"reach": 0.0})),
    ("cell_broadcast", Row("cloudburst to come", warned("understood"), 1, (damage,), {"translated": 0.0})),
    ("volunteers", Row("surge 2.0 m", days_until_home, -1, (person_days, emerge_stronger), {"volunteers": 0.0})),
    ("volunteers", Row("cloudburst to come", warned("reached"), 1, (damage,), {"door_pairs": 0.0})),
    ("volunteers", Row("cloudburst to come", warned("understood"), 1, (damage,), {"known_messengers": 0.0})),
    ("crisis_hubs", Row("cloudburst to come", warned("reached"), 1, (damage,), {"contagion": 0.0})),
    ("crisis_hubs", Row("attack 4 h", repaired_after("it"), -1, (person_days, bounce_back), {"call_up": 168.0})),
    ("manual_fallback", Row("attack 48 h", function_of("digital", 40.0), 1, (person_days,), {"fallback": 0.0})),
    ("manual_fallback", Row("attack 48 h", function_of("digital", 6.0), 1, (person_days,), {"delay": 168.0})),
    ("mutual_aid", Row("surge 3.0 m", days_until_home, -1, (person_days,), {"builder": 0.0})),
    ("mutual_aid", Row("surge 3.0 m", repaired_after("electrician"), -1, (person_days,), {"electrician": 0.0})),
    ("mutual_aid", Row("surge 3.0 m", repaired_after("plumber"), -1, (person_days,), {"plumber": 0.0})),
    ("mutual_aid", Row("surge 3.0 m", repaired_after("civil"), -1, (person_days,), {"civil": 0.0})),
    ("mutual_aid", Row("attack 48 h", repaired_after("it"), -1, (person_days,), {"it": 0.0})),
    ("mutual_aid", Row("attack 4 h", repaired_after("it"), -1, (person_days,), {"delay": 720.0})),
    ("rebuild_better", Row("surge 2.0 m", learnt("buildings", "protected_to"), 1, (emerge_stronger,), {"rebuild_better": 0.0})),
    ("rebuild_better", Row("surge 2.5 m", learnt("components", "fail_depth"), 1, (emerge_stronger,), {"relocate": 0.0})),
)  # fmt: skip
"""Measures with several levers: each lever alone is off, the others work."""


# --- Running -------------------------------------------------------------------------------------------------------


@cache
def raw() -> City:
    return load_city(cell=20.0)


@cache
def index() -> CellIndex:
    return building_cells(raw(), TOWN)


@cache
def happening(name: str) -> Event:
    return EVENTS[name]()


FLOODS: dict[str, xr.Dataset] = {}
"""Footprints by the key of their problem, since most measures leave the water alone."""


def run(city: City, name: str) -> Seen:
    what = happening(name)
    problem = build_problem(city, what, TOWN) if what.wet else None
    if problem is not None and problem.key not in FLOODS:
        FLOODS[problem.key] = solve(problem)
    water = FLOODS[problem.key] if problem is not None else None
    return Seen(city, problem, run_footprint(city, what, water, index(), How("mechanism", "-", 2026, Settings())))


@cache
def today() -> City:
    return carry_out(raw(), "today")


@cache
def untouched(name: str) -> Seen:
    """The event as it meets today's city."""
    return run(today(), name)


def undone(id: str) -> City:
    """Today's city without the measure."""
    if id not in STANDING:
        return today()
    others = tuple(other for other in STANDING if other != id)
    return carry_out(raw(), Strategy("undone", "-", "-", others, (STANDING[id],)))


def pair(id: str, row: Row) -> tuple[Seen, Seen]:
    """The event of the row without the mechanism and with it."""
    after = run(apply_measure(undone(id), id), row.event)
    if row.off is None and id not in STANDING:
        return untouched(row.event), after
    return run(undone(id) if row.off is None else apply_measure(today(), id, row.off), row.event), after


def check(id: str, row: Row) -> None:
    without, with_it = pair(id, row)
    before, after = row.looks(without), row.looks(with_it)
    assert row.way * (after - before) > 0, f"{id}: the intermediate goes from {before} to {after}"
    for indicator in row.indicators:
        was, now = indicator(without), indicator(with_it)
        assert BETTER[indicator] * (now - was) > 0, f"{id}: {indicator.__name__} goes from {was} to {now}"


def test_every_measure_has_its_row() -> None:
    assert set(MEASURES) == set(catalogue())
    assert {id for id, _ in LEVERS} <= set(catalogue())
    assert set().union(*({row.event} for row in (*MEASURES.values(), *(row for _, row in LEVERS)))) == set(EVENTS)


@pytest.mark.parametrize("id", MEASURES)
def test_a_measure_moves_its_intermediate_and_the_indicator_follows(id: str) -> None:
    check(id, MEASURES[id])


@pytest.mark.parametrize(("id", "row"), LEVERS, ids=[f"{id}-{next(iter(row.off))}" for id, row in LEVERS])
def test_a_lever_switched_off_takes_its_effect_with_it(id: str, row: Row) -> None:
    check(id, row)
