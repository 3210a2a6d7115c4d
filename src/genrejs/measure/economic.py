"""Economic measures: hands that are in town when they are needed, and money that is ready."""

from __future__ import annotations

from collections.abc import Mapping

from genrejs.city.model import City
from genrejs.measure.model import Apply
from genrejs.measure.prepare import at_least, at_most, more, more_crews

Settings = Mapping[str, float]


def local_purchasing(city: City, settings: Settings) -> City:
    """Have local tradesmen on contract: crews of `builder` and `electrician` more, the first after `call_up` [h]."""
    crews = {trade: settings[trade] for trade in ("builder", "electrician")}
    return at_most(more_crews(city, "crews", crews), call_up=settings["call_up"])


def local_currency(city: City, settings: Settings) -> City:
    """Raise social capital (0..1) by `social_capital_gain`: shops and customers who know one another."""
    return more(city, social_capital=settings["social_capital_gain"])


def skills(city: City, settings: Settings) -> City:
    """Add crews of `electrician`, `plumber` and `it` who were trained in town."""
    return more_crews(city, "crews", {trade: settings[trade] for trade in ("electrician", "plumber", "it")})


def keep_labour(city: City, settings: Settings) -> City:
    """Add crews of `builder` and `civil` who live in town because life there suits them."""
    return more_crews(city, "crews", {trade: settings[trade] for trade in ("builder", "civil")})


def cluster(city: City, settings: Settings) -> City:
    """Have firms lend each other crews of `electrician` and `it`, at work after `aid_delay` [h]."""
    lent = {trade: settings[trade] for trade in ("electrician", "it")}
    return at_most(more_crews(city, "aid_crews", lent), aid_delay=settings["aid_delay"])


def insurance(city: City, settings: Settings) -> City:
    """Let insurance pay the difference, so that a share `rebuild_better` (0..1) of damaged houses is built better."""
    return at_least(city, rebuild_better=settings["rebuild_better"])


def reserve_fund(city: City, settings: Settings) -> City:
    """Have money ready to `relocate` a share (0..1) of damaged installations and to hire `builder` crews from afar."""
    return more_crews(at_least(city, relocate=settings["relocate"]), "aid_crews", {"builder": settings["builder"]})


ECONOMIC: Mapping[str, Apply] = {
    "local_purchasing": local_purchasing,
    "local_currency": local_currency,
    "skills": skills,
    "keep_labour": keep_labour,
    "cluster": cluster,
    "insurance": insurance,
    "reserve_fund": reserve_fund,
}
"""The economic measures by id."""
