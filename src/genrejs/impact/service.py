"""Services stop by damage and by dependency: the cascade in time over components, links and supply."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from genrejs.city.model import SERVICES, City, residents_by_district
from genrejs.errors import InputError
from genrejs.impact.service_kernel import Flags, Floats, Integers, Rules, Wiring, run

SHARE_TOLERANCE = 1e-3
"""How far the supply shares of one service in one district may be from 1 (rounding in a table)."""


@dataclass(frozen=True)
class CascadeSettings:
    """How batteries, starts and manual operation behave; all are assumptions."""

    recharge: float = 0.5  # hours of battery gained per hour of full supply (assumption: twice as slow as draining)
    stop: float = 0.05  # share below which a component has stopped and must restart (assumption)
    by_hand: tuple[str, ...] = ("telecom", "digital")  # lost needs that hands make good; nobody replaces power by hand

    def __post_init__(self) -> None:
        unknown = [name for name in self.by_hand if name not in SERVICES]
        if unknown:
            raise InputError(f"cascade.by_hand names '{unknown[0]}'; known are {', '.join(SERVICES)}.")


@dataclass(frozen=True)
class ServiceSystem:
    """A city's lifelines as arrays.

    `supply` is ``(service * district, component)`` shares, `served` ``(service, district)`` whether anyone supplies it,
    `people` ``(district,)`` residents, `service` ``(component,)`` index into SERVICES.
    """

    ids: tuple[str, ...]
    service: Integers
    districts: tuple[str, ...]
    people: Floats
    supply: Floats
    served: Flags
    wiring: Wiring
    settings: CascadeSettings


def service_system(city: City, settings: CascadeSettings | None = None) -> ServiceSystem:
    """Return the lifelines of `city` as arrays.

    Raises
    ------
    InputError
        If a link or a supply row names something unknown, a figure is missing or out of range, or the supply shares of
        a service in a district do not sum to 1.
    """
    ids = tuple(str(i) for i in city.components["id"])
    districts = tuple(str(i) for i in city.districts["id"])
    people = residents_by_district(city).to_numpy(np.float64)
    supply = _supply(city, ids, districts)
    served = (supply > 0).any(axis=1).reshape(len(SERVICES), len(districts))
    service = _positions(city.components["service"], SERVICES, "components.service")
    chosen = settings or CascadeSettings()
    wiring = _wiring(city, ids, np.isin(service, [SERVICES.index(name) for name in chosen.by_hand]))
    return ServiceSystem(ids, service, districts, people, supply, served, wiring, chosen)


def cascade(system: ServiceSystem, own: Floats, hours: Floats, site: Floats | None = None) -> Floats:
    """Return the functionality of every component ``(time, component)`` 0..1, each value holding until the next time.

    `own` ``(time, component)`` is the component's own state 0..1 and `hours` ``(time,)`` [h] rises; `site`
    (default `own`) is the state of the place alone, where people can work by hand although the machines are down.

    Raises
    ------
    InputError
        If shapes do not agree or the times do not rise.
    """
    hours = np.asarray(hours, dtype=np.float64)
    if own.shape != (hours.size, len(system.ids)):
        raise InputError(
            f"The own state has the shape {own.shape}; it needs {hours.size} times by {len(system.ids)} components."
        )
    if hours.size == 0 or (np.diff(hours) <= 0).any():
        raise InputError("The times of a cascade must rise and there must be at least one.")
    rules = Rules(float(system.settings.recharge), float(system.settings.stop))
    own = np.ascontiguousarray(own, dtype=np.float64)
    place = own if site is None else np.ascontiguousarray(np.maximum(site, own), dtype=np.float64)
    result: Floats = run(system.wiring, own, place, _widths(hours), rules)
    return result


def functionality(system: ServiceSystem, component_f: Floats) -> Floats:
    """Return ``(service, district, time)`` 0..1 from ``(time, component)``; 1 where nothing supplies (housing too)."""
    lost = system.supply @ (1.0 - component_f.T)
    shape = (*system.served.shape, component_f.shape[0])
    return np.clip(1.0 - lost.reshape(shape), 0.0, 1.0)


def without_reserves(system: ServiceSystem) -> ServiceSystem:
    """Return the same system with no batteries, tanks or manual operation: what redundancy is measured against."""
    bare = system.wiring._replace(
        buffer=np.zeros_like(system.wiring.buffer), fallback=np.zeros_like(system.wiring.fallback)
    )
    return replace(system, wiring=bare)


def downstream(system: ServiceSystem) -> Flags:
    """Return ``(component, component)``: whether the second depends, directly or through others, on the first."""
    count = len(system.ids)
    reach = np.eye(count, dtype=np.bool_)
    targets = np.repeat(np.arange(count), np.diff(system.wiring.start))
    reach[system.wiring.source[system.wiring.loss > 0], targets[system.wiring.loss > 0]] = True
    for _ in range(max(count, 1).bit_length()):
        reach = (reach.astype(np.float32) @ reach.astype(np.float32)) > 0
    return reach


def people_behind(system: ServiceSystem, people: Floats) -> Floats:
    """Return ``(component,)`` service-people that lose something if the component fails: its own and all downstream."""
    direct = (system.supply * np.tile(people, len(SERVICES))[:, None]).sum(axis=0)
    return np.asarray(downstream(system).astype(np.float64) @ direct, dtype=np.float64)


def _widths(hours: Floats) -> Floats:
    steps = np.diff(hours)
    return np.append(steps, steps[-1] if steps.size else 1.0)


def _positions(names: pd.Series, known: tuple[str, ...], where: str) -> Integers:
    found = pd.Index(known).get_indexer(pd.Index(names.astype(str)))
    if (found < 0).any():
        wrong = str(names.iloc[int(np.flatnonzero(found < 0)[0])])
        some = ", ".join(known[:8]) + (" ..." if len(known) > 8 else "")
        raise InputError(f"{where} names '{wrong}', which does not exist; known are {some or 'none'}.")
    return found.astype(np.int64)


def _figures(table: pd.DataFrame, column: str, where: str, high: float = np.inf) -> Floats:
    values = pd.to_numeric(table[column], errors="coerce").to_numpy(np.float64)
    wrong = ~((values >= 0) & (values <= high))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        span = "0 or more" if np.isinf(high) else f"0 to {high:g}"
        raise InputError(f"{where}.{column} in row {row + 1} is {table[column].iloc[row]}; it must be {span}.")
    return values


def _supply(city: City, ids: tuple[str, ...], districts: tuple[str, ...]) -> Floats:
    table, shape = city.supply, (len(SERVICES) * len(districts), len(ids))
    component = _positions(table["component"], ids, "supply.component")
    district = _positions(table["district"], districts, "supply.district")
    share = _figures(table, "share", "supply", 1.0)
    service = _positions(city.components["service"], SERVICES, "components.service")[component]
    supply = np.zeros(shape)
    np.add.at(supply, (service * len(districts) + district, component), share)
    total = supply.sum(axis=1)
    wrong = (total > 0) & (np.abs(total - 1) > SHARE_TOLERANCE)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise InputError(
            f"The supply shares of {SERVICES[row // len(districts)]} in district '{districts[row % len(districts)]}' "
            f"sum to {total[row]:.3f}; they must sum to 1."
        )
    return np.asarray(supply / np.where(total > 0, total, 1.0)[:, None], dtype=np.float64)


def _wiring(city: City, ids: tuple[str, ...], control: Flags) -> Wiring:
    """Return who needs whom; `control` ``(component,)`` says whose lack hands can make good."""
    links, parts, plan = city.links, city.components, city.preparedness
    source = _positions(links["source"], ids, "links.source")
    target = _positions(links["target"], ids, "links.target")
    order, ways = _ways(links, target)
    start = np.concatenate([[0], np.cumsum(np.bincount(target, minlength=len(ids)))]).astype(np.int64)
    circle = _circles(source, target, len(ids))
    digital = parts["digital"].to_numpy(dtype=np.bool_)
    prepared = np.where(digital, plan.fallback, 0.0)
    fallback = np.column_stack([_figures(parts, "fallback", "components", 1.0), prepared])
    delay = np.column_stack([_figures(parts, "fallback_delay", "components"), np.full(len(ids), plan.fallback_delay)])
    return Wiring(
        start=start,
        source=source[order],
        ways=ways,
        buffer=_figures(links, "buffer", "links")[order],
        loss=_figures(links, "loss", "links", 1.0)[order],
        ring=np.asarray(circle[source] == circle[target])[order],
        control=np.asarray(control[source])[order],
        restart=_figures(parts, "restart", "components"),
        fallback=np.ascontiguousarray(fallback, dtype=np.float64),
        delay=np.ascontiguousarray(delay, dtype=np.float64),
    )


def _ways(links: pd.DataFrame, target: Integers) -> tuple[Integers, Integers]:
    """Return the order of the links by target, and how many links from each on stand in for one another.

    Links of one target with the same word in the column `either`, where there is one, are one need with several
    sources: together they give the sum of what each can, up to all that is needed.
    """
    row = np.arange(len(links))
    first = row
    if "either" in links.columns:
        word = links["either"].fillna("").astype(str).to_numpy(dtype=object)
        same = pd.DataFrame({"target": target, "word": word, "row": row}).groupby(["target", "word"])["row"]
        first = np.where(word != "", same.transform("min").to_numpy(), row).astype(np.int64)
        for column in ("buffer", "loss"):
            values = links[column].to_numpy()
            if (values != values[first]).any():
                other = links.iloc[int(np.flatnonzero(values != values[first])[0])]
                raise InputError(
                    f"'{other['target']}' can take '{other['either']}' from several sources; "
                    f"their links need the same {column}."
                )
    order = np.lexsort((row, first, target))
    count = np.bincount(first, minlength=len(links))[first]
    return order, np.where(first == row, count, 1)[order].astype(np.int64)


def _circles(source: Integers, target: Integers, count: int) -> NDArray[np.int64]:
    if count == 0:
        return np.empty(0, dtype=np.int64)
    graph = coo_array((np.ones(source.size), (source, target)), shape=(count, count))
    label = connected_components(graph, directed=True, connection="strong")[1]
    return np.asarray(label, dtype=np.int64)
