"""A made-up strategy for the tests: the measures are the catalogue's, every effect, year, share and target is invented."""

from __future__ import annotations

from dataclasses import replace

from genrejs.measure.catalogue import catalogue, find_measure
from genrejs.measure.model import Counted
from genrejs.provenance import Provenance
from genrejs.report.strategy_plan import Action, Basis, Drawing, Effect, Goal, Outcomes, Part, Range, StrategyPlan
from genrejs.report.tables import Cell, Row, Table
from genrejs.report.texts import Phrase, same

AWKWARD = 'Æ <b>ø</b> & #å [x](y) *z* _u_ $1$ "q" \\n `c` | ~ @a ^'
"""A name with letters that mean something in one format or another."""

# id, begins, works, damage avoided [million DKK/year] low, mid, high, person-days avoided a year low, mid, high
CHOSEN = (
    ("volunteers", 2027, 2029, 0.1, 0.4, 0.9, 90, 310, 700),
    ("cell_broadcast", 2027, 2028, 0.6, 1.9, 3.8, 400, 1250, 2900),
    ("raised_lifelines", 2028, 2031, 0.4, 1.3, 2.6, 900, 2400, 5100),
    ("water_parking", 2028, 2032, 1.1, 3.2, 7.4, 200, 640, 1400),
    ("city_gardens", 2029, 2030, None, None, None, None, None, None),
    ("segmented_networks", 2030, 2032, None, None, None, 150, 480, 1100),
    ("raised_edge", 2032, 2040, 9.5, 21.4, 47.0, 1500, 5200, 12400),
    ("mutual_aid", 2027, 2027, 0.2, 0.5, 1.1, None, None, None),
)
INDICATORS = {
    "volunteers": (Phrase("Frivillige, der kan kaldes ud", "Volunteers who can be called out"), Phrase("400 i 2029", "400 in 2029")),
    "water_parking": (Phrase("Plads til vand i oplandet (m³)", "Room for water in the catchment (m³)"), Phrase("170.000 i 2032", "170,000 in 2032")),
    "raised_edge": (Phrase("Meter kant i 2,5 m højde", "Metres of edge at 2.5 m"), None),
}  # fmt: skip


def make_action(row: tuple) -> Action:
    id, begins, works, *figures = row
    measure = find_measure(id)
    damage = Range(*(1e6 * value for value in figures[:3])) if figures[0] is not None else None
    days = Range(*map(float, figures[3:])) if figures[3] is not None else None
    indicator, target = INDICATORS.get(id, (None, None))
    return Action(
        measure=measure,
        year_begin=begins,
        year_works=works,
        cost=Range(measure.cost_range[0], measure.cost, measure.cost_range[1]),
        upkeep=measure.upkeep,
        funding=dict(measure.funding) if id != "raised_edge" else {"foundation": 0.1, "municipality": 0.5},
        effect=Effect(damage, days, measure.added_value, measure.counted),
        why=Phrase(
            "Valgt, fordi den gavner i de fleste fremtider, der er regnet på.",
            "Chosen because it does good in most of the futures computed.",
        ),
        indicator=indicator,
        target=target,
        owner=Phrase("Teknik og Miljø", "Technology and Environment") if id == "water_parking" else None,
        partners=(Phrase("Landbruget i ådalen", "Farmers of the valley"),) if id == "water_parking" else (),
    )


def make_outcomes() -> Outcomes:
    return Outcomes(
        now=2026,
        future=2066,
        ead_now=Range(9.1e6, 24.6e6, 61e6),
        ead_without=Range(21e6, 63.4e6, 152e6),
        ead_with=Range(9.8e6, 33.9e6, 88e6),
        person_days_now=Range(4100, 11200, 24800),
        person_days_without=Range(9300, 25600, 61000),
        person_days_with=Range(5200, 15100, 38000),
        cost=Range(298e6, 451e6, 902e6),
        benefit=Range(214e6, 498e6, 1060e6),
        added_value=141e6,
        tax=45.1e6,
        pays=0.71,
        worst=-312e6,
        worst_told=Phrase("Det er den, hvor havet stiger mindst og byen ikke vokser.", "It is the one where the sea rises least and the town does not grow."),
        meets_goal=0.64,
        goal=Phrase("halvt så meget skade i 2066", "half the damage in 2066"),
    )  # fmt: skip


def make_plan() -> StrategyPlan:
    drawn = b'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="60"><path d="M10 20H390M150 20V45H390" fill="none" stroke="#0072b2" stroke-width="6"/></svg>'
    return StrategyPlan(
        city=same("Vejle"),
        title_da="En by, der kommer styrket igen",
        title_en="A city that emerges stronger",
        years=(2027, 2066),
        price_year=2024,
        budget_yearly=60e6,
        actions=tuple(make_action(row) for row in CHOSEN),
        outcomes=make_outcomes(),
        futures=1000,
        pathways=84,
        constructed=True,
        sources=(
            Basis(Phrase("Havets stigning", "Sea level rise"), Phrase("0,2 til 1,2 m", "0.2 to 1.2 m"), Phrase("opdigtet til prøven", "invented for the test"), False),
            Basis(Phrase("Fordeling af betaling", "Split of payment"), same("–"), Phrase("antagelse", "assumption"), True),
        ),
        provenance=Provenance("0.1.0", "abcdef123456+", 7, "made-up", "2026-11-24T10:00:00"),
        goals=(Goal("climate", Phrase("Halvt så meget skade fra vand i 2066", "Half the damage from water in 2066")),),
        pathways_map=Part(Drawing({"da": drawn, "en": drawn}, Phrase("To ruter: kanten slår til indtil 2058.", "Two routes: the edge is enough until 2058."))),
        regret=Part(tables=(Table(
            Phrase("Så meget værre end det bedste valg", "How much worse than the best choice"),
            Phrase("Strategi", "Strategy"),
            (Phrase("Størst", "Largest"),),
            (Row(Phrase("Denne plan", "This plan"), (Cell(same("45")),), Phrase("middel", "medium")), Row(Phrase("I dag", "Today"), (Cell(same("1.300")),))),
        ),)),
        change_course=(
            Phrase("Havet står 0,5 m højere end i 2026: så slår kanten til i 20 år mere.", "The sea stands 0.5 m higher than in 2026: then the edge is enough for 20 more years."),
            Phrase("Færre end 200 frivillige kan kaldes ud to år i træk.", "Fewer than 200 volunteers can be called out two years running."),
        ),
        discovered=Part(said=(Phrase("Planen slår ikke til, hvor havet stiger mere end 0,9 m og færre end 300 melder sig.", "The plan is not enough where the sea rises more than 0.9 m and fewer than 300 volunteer."),)),
        weights=((Phrase("Skade", "Damage"), same("40 %")), (Phrase("Lighed", "Equity"), same("60 %"))),
    )  # fmt: skip


def awkward_plan() -> StrategyPlan:
    """Return a plan whose title and first action bear letters that mean something in some format."""
    plan = make_plan()
    measure = replace(plan.actions[0].measure, name_da=AWKWARD, name_en=AWKWARD, failure_da=AWKWARD, failure_en=AWKWARD)
    owned = replace(plan.actions[0], measure=measure, owner=same(AWKWARD))
    return replace(plan, title_da=AWKWARD, title_en=AWKWARD, actions=(owned, *plan.actions[1:]))


def odd_plans() -> dict[str, StrategyPlan]:
    """Return plans that between them need every text of the document."""
    plan = make_plan()
    one, garden = plan.actions[0], plan.actions[4]
    found = plan.outcomes
    worse = replace(
        found, ead_with=found.ead_without, person_days_with=Range(1.0, 1e6, 2e6), worst=1e6, worst_told=None,
        meets_goal=None, goal=None,
    )  # fmt: skip
    units = [Counted("a", "a", 1.0, unit, "assumption") for unit in ("1", "1/year", "h/year", "kg/year", "m2", "km")]
    every = {name: 1 / 6 for name in ("utility", "state", "eu", "foundation", "municipality", "owners")}
    bare = replace(
        one, effect=Effect(), owner=same("x"), funding={}, measure=replace(one.measure, evidence="observational"),
        year_works=2070,
    )  # fmt: skip
    private = replace(garden.measure, acts=("private", "citizen", "public"), evidence="quasi-experiment")
    kinds = replace(garden, measure=private, funding=every, effect=Effect(counted=tuple(units)), owner=same("x"))
    model = replace(bare, measure=replace(plan.actions[1].measure, evidence="model"))
    nobody = replace(
        plan, actions=(replace(one, measure=replace(one.measure, evidence="none")), kinds), outcomes=worse,
        constructed=False, sources=(), regret=Part(), pathways_map=Part(), discovered=Part(), change_course=(), weights=(),
        goals=(), years=(2027, 2036), budget_yearly=None,
    )  # fmt: skip
    return {
        "ordinary": plan,
        "one": replace(plan, actions=(bare,), budget_yearly=1e3),
        "cheap": replace(plan, actions=(bare, model), budget_yearly=1e9),
        "nobody": nobody,
        "everything": replace(
            plan, actions=tuple(make_action((id, 2027, 2031, 0.1, 0.2, 0.3, 10, 20, 30)) for id in catalogue())
        ),
    }
