"""Digital measures: who a warning reaches, and what still runs when IT does not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from genrejs.city.model import City
from genrejs.measure.model import Apply

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


DIGITAL: Mapping[str, Apply] = {
    "cell_broadcast": cell_broadcast,
    "manual_fallback": manual_fallback,
    "segmented_networks": segmented_networks,
}
"""The digital measures by id."""
