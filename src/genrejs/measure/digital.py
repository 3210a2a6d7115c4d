"""Digital measures: who a warning reaches, and what still runs when IT does not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from genrejs.city.model import City
from genrejs.errors import InputError
from genrejs.measure.model import Apply
from genrejs.measure.prepare import at_least, at_most

Settings = Mapping[str, float]

CONTROL = ("digital", "telecom")
"""Services through which others are controlled; losing one is what a segmented network softens."""


def cell_broadcast(city: City, settings: Settings) -> City:
    """Reach a share `reach` of adults by phone and send a share `translated` in the languages people read."""
    now = city.preparedness
    return city.prepare(
        broadcast_reach=max(now.broadcast_reach, settings["reach"]),
        translated=max(now.translated, settings["translated"]),
    )


def manual_fallback(city: City, settings: Settings) -> City:
    """Run a share `fallback` of everything digital by hand after `delay` [h]."""
    now, components = city.preparedness, city.components
    digital = components["digital"].to_numpy(dtype=bool)
    share = components["fallback"].to_numpy(dtype=float)
    delay = components["fallback_delay"].to_numpy(dtype=float)
    # A component that had no fallback has no delay worth keeping.
    sooner = np.where(share > 0, np.minimum(delay, settings["delay"]), settings["delay"])
    changed = components.assign(
        fallback=np.where(digital, np.maximum(share, settings["fallback"]), share),
        fallback_delay=np.where(digital, sooner, delay),
    )
    return city.change(components=changed).prepare(
        fallback=max(now.fallback, settings["fallback"]), fallback_delay=min(now.fallback_delay, settings["delay"])
    )


def segmented_networks(city: City, settings: Settings) -> City:
    """Cut by a share `reduction` what a component loses when the control it needs, digital or telecom, is gone."""
    links = city.links
    service = city.components.set_index("id")["service"]
    control = links["source"].map(service).isin(CONTROL).to_numpy()
    loss = links["loss"].to_numpy(dtype=float)
    return city.change(links=links.assign(loss=np.where(control, loss * (1 - settings["reduction"]), loss)))


def patching(city: City, settings: Settings) -> City:
    """Let no component that runs on municipal IT take more than `restart` [h] to start: tested copies lie ready."""
    parts = city.components
    digital = parts["digital"].to_numpy(dtype=bool)
    hours = parts["restart"].to_numpy(dtype=float)
    sooner = np.where(digital, np.minimum(hours, settings["restart"]), hours)
    return city.change(components=parts.assign(restart=sooner))


def it_redundancy(city: City, settings: Settings) -> City:
    """Let what needs data or telecom run `hours` [h] on mirrored systems and local copies before it feels it."""
    links, service = city.links, city.components.set_index("id")["service"]
    control = links["source"].map(service).isin(CONTROL).to_numpy()
    now = links["buffer"].to_numpy(dtype=float)
    return city.change(links=links.assign(buffer=np.where(control, np.maximum(now, settings["hours"]), now)))


def sensors(city: City, settings: Settings) -> City:
    """Tell a share `sms_reach` by message and call crews in `call_up` [h]; the pumps come to hang on telecom.

    That is the dark side: after `buffer` [h] without telecom the sewage pumps lose the share `loss`.

    Raises
    ------
    InputError
        The city has no component of telecom.
    """
    parts, links = city.components, city.links
    telecom = parts["id"][parts["service"] == "telecom"]
    if telecom.empty:
        raise InputError(f"{city.name} has no component of telecom, which sensors need.")
    uses = links["source"].value_counts()
    # The one that most others need: sensors report through the exchange, not through a mast.
    hub = max(telecom, key=lambda id: uses.get(id, 0))
    pumps = parts["id"][parts["service"] == "wastewater"]
    held = links.index[(links["source"] == hub) & links["target"].isin(pumps)]
    tight = links.copy()
    tight.loc[held, "buffer"] = np.minimum(links.loc[held, "buffer"], settings["buffer"])
    tight.loc[held, "loss"] = np.maximum(links.loc[held, "loss"], settings["loss"])
    fresh = pumps[~pumps.isin(links.loc[held, "target"])]
    added = pd.DataFrame({"source": hub, "target": fresh, "buffer": settings["buffer"], "loss": settings["loss"]})
    wired = pd.concat([tight, added], ignore_index=True) if len(added) else tight
    told = at_least(city.change(links=wired), sms_reach=settings["sms_reach"])
    return at_most(told, call_up=settings["call_up"])


DIGITAL: Mapping[str, Apply] = {
    "cell_broadcast": cell_broadcast,
    "manual_fallback": manual_fallback,
    "segmented_networks": segmented_networks,
    "patching": patching,
    "it_redundancy": it_redundancy,
    "sensors": sensors,
}
"""The digital measures by id."""
