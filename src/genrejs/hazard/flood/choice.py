"""Which scheme suits what drives the water: the rule, in one place."""

from __future__ import annotations

import numpy as np

from genrejs.errors import InputError
from genrejs.hazard.flood.options import SCHEMES
from genrejs.hazard.flood.problem import Forcing

AUTO = "auto"


def choose_scheme(forcing: Forcing, asked: str = AUTO) -> tuple[str, str]:
    """Return the scheme to take and why, in a sentence: what was `asked` for, or by the rule for "auto".

    A level (tide, surge), with streams at a steady flow or none, rises slowly and drives deep, calm water: `inertial`.
    Rain on slopes, flood waves, a dam's water and edges at normal depth make fast, shallow flow: `shallow-water`.

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
    waves = any(np.ptp(inflow.discharge.values) > 0 for inflow in forcing.inflows)
    fast = rain or waves or forcing.outfalls or forcing.flows
    if forcing.level is not None and not fast:
        return "inertial", "a level drives the water, beside it nothing but steady inflows"
    return "shallow-water", "rain, a flood wave, an outfall or a first level on slopes can make fast flow"
