"""Measures at lifelines: what bears more water, runs longer alone, has a second supply or is mended sooner."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from genrejs.city.model import City
from genrejs.measure.model import Apply

Settings = Mapping[str, float]

CRITICAL = ("hospital", "care", "water", "wastewater", "heat", "telecom", "digital", "rescue")
"""Services that get backup power: those that life, health and the other services hang on (assumption)."""

TECHNICAL = ("power", "heat", "water", "wastewater", "telecom", "digital")
"""Services whose installations can be lifted: boards, transformers, pumps, racks; a school or a road cannot."""

LOOPED = ("power", "water")
"""Services whose cables and pipes can be tied into loops (assumption)."""


def raised_lifelines(city: City, settings: Settings) -> City:
    """Let technical components bear `depth` [m] of water on their site before they stop."""
    components = city.components
    liftable = components["service"].isin(TECHNICAL).to_numpy()
    bears = components["fail_depth"].to_numpy(dtype=float)
    lifted = np.where(liftable, np.maximum(bears, settings["depth"]), bears)
    return city.change(components=components.assign(fail_depth=lifted))


def backup_power(city: City, settings: Settings) -> City:
    """Let critical components run `buffer` [h] without power before they feel it."""
    service = city.components.set_index("id")["service"]
    links = city.links
    from_power = (links["source"].map(service) == "power").to_numpy()
    critical = links["target"].map(service).isin(CRITICAL).to_numpy()
    hours = links["buffer"].to_numpy(dtype=float)
    longer = np.where(from_power & critical, np.maximum(hours, settings["buffer"]), hours)
    return city.change(links=links.assign(buffer=longer))


def supply_loops(city: City, settings: Settings) -> City:
    """Give what hangs on one station or waterworks a second one of the same kind within `reach` [m] of the first.

    Either can carry all of the need. Of the same kind are those that need the same of their own service: a station
    never stands in for the grid that feeds it.
    """
    links = city.links
    either = links["either"].fillna("").astype(str) if "either" in links.columns else pd.Series("", links.index)
    second = _second_source(city, settings["reach"])
    known = set(zip(links["source"], links["target"], strict=True))
    words, added = either.to_numpy(dtype=object).copy(), []
    for row, link in enumerate(links.itertuples(index=False)):
        other = second.get(str(link.source))
        if other is None or words[row] or other == link.target or (other, link.target) in known:
            continue
        words[row] = f"loop {link.source}"
        added.append({"source": other, "target": link.target, "buffer": link.buffer, "loss": link.loss,
                      "either": words[row]})  # fmt: skip
    if not added:
        return city
    looped = pd.concat([links.assign(either=words), pd.DataFrame(added)], ignore_index=True)
    return city.change(links=looped)


def _second_source(city: City, reach: float) -> dict[str, str]:
    """Return for each component of a looped service the nearest of the same kind within `reach` [m]."""
    parts = city.components.set_index(city.components["id"].astype(str))
    service, place = parts["service"], parts[["x", "y"]].astype(float)
    own = city.links[city.links["source"].map(service) == city.links["target"].map(service)]
    needs = own.groupby("target")["source"].agg(frozenset)
    kind = {id: (service[id], needs.get(id, frozenset())) for id in parts.index}
    found = {}
    for id in parts.index[service.isin(LOOPED)]:
        alike = [other for other in parts.index if other != id and kind[other] == kind[id]]
        far = np.hypot(place.loc[alike, "x"] - place.loc[id, "x"], place.loc[alike, "y"] - place.loc[id, "y"])
        if len(far) and far.min() <= reach:
            found[str(id)] = str(far.idxmin())
    return found


def islanding(city: City, settings: Settings) -> City:
    """Let local engines, batteries and sun carry a `share` of each power station when the grid above it is lost."""
    links, service = city.links, city.components.set_index("id")["service"]
    feeds = ((links["source"].map(service) == "power") & (links["target"].map(service) == "power")).to_numpy()
    loss = links["loss"].to_numpy(dtype=float)
    return city.change(links=links.assign(loss=np.where(feeds, np.minimum(loss, 1.0 - settings["share"]), loss)))


def spare_parts(city: City, settings: Settings) -> City:
    """Let no technical component take more than `repair` [crew-hours] to mend and `restart` [h] to start."""
    parts = city.components
    technical = parts["service"].isin(TECHNICAL).to_numpy()
    ready = {
        name: np.where(technical, np.minimum(parts[name].to_numpy(dtype=float), settings[name]), parts[name])
        for name in ("repair", "restart")
    }
    return city.change(components=parts.assign(**ready))


LIFELINES: Mapping[str, Apply] = {
    "raised_lifelines": raised_lifelines,
    "backup_power": backup_power,
    "supply_loops": supply_loops,
    "islanding": islanding,
    "spare_parts": spare_parts,
}
"""The measures at lifelines by id."""
