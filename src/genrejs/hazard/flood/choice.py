"""Which scheme suits what drives the water: the rule, in one place."""

from __future__ import annotations

from genrejs.errors import InputError
from genrejs.hazard.flood.options import SCHEMES
from genrejs.hazard.flood.problem import Forcing

AUTO = "auto"


def choose_scheme(forcing: Forcing, asked: str = AUTO) -> tuple[str, str]:
    """Return the scheme to take and why, in a sentence: what was `asked` for, or by the rule for "auto".

    A level alone (tide, surge) rises slowly and drives deep, calm water: `inertial`. Rain on slopes, inflows, a dam's
    water let go and edges at normal depth make fast, shallow flow: `shallow-water`.

    Raises
    ------
    InputError
        `asked` is no scheme.
    """
    if asked != AUTO:
        if asked not in SCHEMES:
            raise InputError(f"The scheme {asked!r} is not known; accepted: {', '.join((AUTO, *SCHEMES))}.")
        return asked, "as asked"
    rain = forcing.rain is not None or forcing.zone_rain
    fast = rain or forcing.inflows or forcing.outfalls or forcing.flows
    if forcing.level is not None and not fast:
        return "inertial", "a level alone drives the water"
    return "shallow-water", "rain, an inflow, an outfall or a first level on slopes can make fast flow"
