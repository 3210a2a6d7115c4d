"""Lifelines of an embedded city: components, what they need of one another, and whom they supply."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from genrejs.city.districts import read_table
from genrejs.city.model import COMPONENT_COLUMNS, LINK_COLUMNS, SERVICES, SUPPLY_COLUMNS
from genrejs.errors import Fault

SHARE_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Lifelines:
    """The tables `components`, `links` and `supply` of a City, with the columns that `city.model` declares."""

    components: pd.DataFrame
    links: pd.DataFrame
    supply: pd.DataFrame


def embedded_lifelines(name: str = "vejle") -> Lifelines:
    """Return the lifelines of an embedded city, checked; positions in its CRS [m], times in hours.

    Raises
    ------
    InputError
        When no city of that name is embedded.
    """
    components = read_table(name, "components.csv")
    source = components["source"]
    components = components[list(COMPONENT_COLUMNS)].astype(
        {column: np.float64 for column in ("x", "y", "fail_depth", "restart", "repair", "fallback", "fallback_delay")}
        | {"digital": bool}
    )
    lifelines = Lifelines(
        components.assign(source=source),
        read_table(name, "links.csv")[list(LINK_COLUMNS)].astype({"buffer": np.float64, "loss": np.float64}),
        read_table(name, "supply.csv")[list(SUPPLY_COLUMNS)].astype({"share": np.float64}),
    )
    problems = list(check_lifelines(lifelines))
    if problems:
        raise Fault(f"cities/{name}: {problems[0]}")
    return lifelines


def check_lifelines(lifelines: Lifelines) -> list[str]:
    """Return what is wrong with the tables, one sentence each; an empty list when all is well.

    Checked: unique ids, known services, links and supply that refer to components, shares and losses in 0..1, and
    supply that sums to 1 for every district and every service that has one.
    """
    components, links, supply = lifelines.components, lifelines.links, lifelines.supply
    known = set(components["id"])
    service = supply["component"].map(components.drop_duplicates("id").set_index("id")["service"])
    total = supply.groupby([service, supply["district"]])["share"].sum()
    rules = {
        "two components share an id": components["id"].duplicated().any(),
        f"a component has a service outside {', '.join(SERVICES)}": not components["service"].isin(SERVICES).all(),
        "a link names a component that is not there": not links[["source", "target"]].isin(known).all(axis=None),
        "a component needs itself": (links["source"] == links["target"]).any(),
        "a pair of components is linked twice": links.duplicated(["source", "target"]).any(),
        "a link's loss lies outside 0..1 or its buffer is negative": not (
            links["loss"].between(0, 1) & (links["buffer"] >= 0)
        ).all(),
        "a supply names a component that is not there": not supply["component"].isin(known).all(),
        "a district's supply of a service does not sum to 1": not np.allclose(total, 1.0, rtol=0, atol=SHARE_TOLERANCE),
    }
    return [f"{problem}." for problem, wrong in rules.items() if wrong]
