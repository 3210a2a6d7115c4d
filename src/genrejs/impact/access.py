"""Who can still get where on a road graph under water: times to services and from stations, and who is cut off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from genrejs.city.streets import Streets
from genrejs.errors import InputError
from genrejs.impact.roads import safe_speed

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Objects = NDArray[np.object_]

SLOWEST_DEPTH = 0.30
"""[m] beyond this the published curve of safe speed is not defined (FACTS 15); deeper water is driven no faster."""


@dataclass(frozen=True)
class Mode:
    """How people go."""

    closed_depth: float = 0.30  # [m] of water from which an edge is closed (FACTS 15)
    speed: float | None = None  # [m/s] own speed, wet or dry; None: the street's, or the safe one on water if lower
    both_ways: bool = False  # one-way streets are open both ways
    barred: tuple[str, ...] = ()  # classes of road never used


CAR = Mode()
"""A car: the street's speed, the safe speed on water, closed from 0.30 m (the Danish municipal model)."""

WALK = Mode(closed_depth=0.50, speed=1.2, both_ways=True, barred=("motorway", "motorway_link"))
"""On foot: 1.2 m/s, wading to 0.50 m without loss of speed, not on a motorway (all assumptions)."""


@dataclass(frozen=True)
class AccessSettings:
    """How buildings and sites stand on the graph; both are assumptions."""

    farthest: float = 500.0  # [m] from a building or site to its street; farther ones are off the graph
    turnout: float = 300.0  # [s] from the alarm until the engine leaves the station


@dataclass(frozen=True, eq=False)
class Places:
    """Points on the graph, ``(place,)``: nearest edge (-1: off it), share of its length from the start, distance.

    The distance [m] from the street is walked or driven over private ground and takes no time here.
    """

    edge: Integers
    share: Floats
    distance: Floats


@dataclass(frozen=True, eq=False)
class Arcs:
    """Directed arcs sorted by tail and head: edge, share of the edge's time, and where each pair of nodes begins."""

    tail: Integers
    head: Integers
    edge: Integers
    share: Floats
    first: Integers
    nodes: int


@dataclass(frozen=True, eq=False)
class Network:
    """A road graph with the buildings and service sites that stand on it; found once, used for every event.

    `service` and `site_id` are ``(site,)``; `pairs` ``(2, pair)`` are buildings and sites on the same edge; arcs
    lead from the sites against the traffic (`inward`, how people come), with it (`outward`), or ignore one-way.
    """

    streets: Streets
    houses: Places
    sites: Places
    service: Objects
    site_id: Objects
    pairs: Integers
    inward: Arcs
    outward: Arcs
    foot: Arcs
    settings: AccessSettings

    @property
    def off_graph(self) -> Flags:
        """Buildings farther than `settings.farthest` from any street, ``(building,)``."""
        return np.asarray(self.houses.edge < 0)


def sites_of(components: pd.DataFrame, services: Sequence[str], shelters: Sequence[str] = ()) -> pd.DataFrame:
    """Return the sites of `services` among a city's components: `id`, `service`, `x`, `y`, `fail_depth` [m].

    The components whose ids are `shelters` are sites of the service "shelter" besides (no city has shelters of its
    own; schools and halls are opened).

    Raises
    ------
    InputError
        A service has no component, or a shelter is not one.
    """
    ids, service = components["id"].astype(str), components["service"]
    parts = []
    for name in services:
        if not (service == name).any():
            raise InputError(f"No component gives the service '{name}'; there are {', '.join(service.unique())}.")
        parts.append(components[service == name])
    unknown = sorted(set(shelters) - set(ids))
    if unknown:
        raise InputError(f"The shelter '{unknown[0]}' is no component of the city.")
    parts.append(components[ids.isin(list(shelters))].assign(service="shelter"))
    return pd.concat(parts, ignore_index=True)[["id", "service", "x", "y", "fail_depth"]]


def place_on(streets: Streets, x: ArrayLike, y: ArrayLike, farthest: float = 500.0) -> Places:
    """Return where points at x, y [m] stand on the graph: the nearest place of the nearest edge."""
    points = np.asarray(shapely.points(np.asarray(x, np.float64), np.asarray(y, np.float64)), dtype=np.object_)
    if points.size == 0:
        return Places(np.empty(0, np.int64), np.empty(0), np.empty(0))
    edge = np.asarray(shapely.STRtree(streets.lines).nearest(points), dtype=np.int64)
    distance = np.asarray(shapely.distance(streets.lines[edge], points), dtype=np.float64)
    share = np.clip(shapely.line_locate_point(streets.lines[edge], points, normalized=True), 0.0, 1.0)
    return Places(np.where(distance <= farthest, edge, -1), np.asarray(share, dtype=np.float64), distance)


def lay_network(
    streets: Streets, x: ArrayLike, y: ArrayLike, sites: pd.DataFrame, settings: AccessSettings | None = None
) -> Network:
    """Return the graph with buildings at x, y ``(building,)`` [m] and the sites of services on it.

    `sites` has columns `x`, `y` [m], `service` and, if known, `id`.

    Raises
    ------
    InputError
        A column is missing, there is no site, or no building or no site is near a street.
    """
    rules = settings or AccessSettings()
    missing = [column for column in ("x", "y", "service") if column not in sites.columns]
    if missing or len(sites) == 0:
        raise InputError(f"Sites of services need columns x, y and service and a row; missing are {missing or 'rows'}.")
    east, north = np.asarray(x, np.float64), np.asarray(y, np.float64)
    places = [(east, north), (sites["x"].to_numpy(np.float64), sites["y"].to_numpy(np.float64))]
    for what, (a, b) in zip(("buildings", "sites"), places, strict=True):
        if a.shape != b.shape or not (np.isfinite(a).all() and np.isfinite(b).all()):
            raise InputError(f"The positions of the {what} must be as many finite x as y; got {a.size} and {b.size}.")
    houses, posts = (place_on(streets, a, b, rules.farthest) for a, b in places)
    for what, found in (("building", houses), ("site", posts)):
        if found.edge.size and (found.edge < 0).all():
            raise InputError(f"No {what} lies within {rules.farthest:g} m of a street; do they share one CRS?")
    ids = sites["id"].astype(str) if "id" in sites.columns else pd.Series([f"site {k + 1}" for k in range(len(sites))])
    return Network(
        streets, houses, posts, sites["service"].to_numpy(dtype=object), ids.to_numpy(dtype=object),
        _pairs(houses, posts), arcs(streets, posts, against=True), arcs(streets, posts, against=False),
        arcs(streets, posts, against=True, both_ways=True), rules,
    )  # fmt: skip


def _pairs(houses: Places, sites: Places) -> Integers:
    """Return the buildings and sites that stand on the same edge, ``(2, pair)``."""
    found = [np.empty((2, 0), np.int64)]
    for site, edge in enumerate(sites.edge):
        near = np.flatnonzero(houses.edge == edge) if edge >= 0 else np.empty(0, np.int64)
        found.append(np.stack([near, np.full(near.size, site)]))
    return np.concatenate(found, axis=1)


def arcs(streets: Streets, sites: Places | None = None, *, against: bool = False, both_ways: bool = False) -> Arcs:
    """Return the arcs of a graph with (`against` False) or against the traffic; sites are nodes after the others."""
    one = streets.oneway & (not both_ways)
    tail, head = (streets.end, streets.start) if against else (streets.start, streets.end)
    edge, two = np.arange(len(streets)), np.flatnonzero(~one)
    parts = [(tail, head, edge, np.ones(edge.size)), (head[two], tail[two], edge[two], np.ones(two.size))]
    count = streets.x.size
    if sites is not None:
        post = count + np.arange(sites.edge.size)
        for node, share, along in ((streets.start, sites.share, against), (streets.end, 1 - sites.share, not against)):
            open_ = (sites.edge >= 0) & (along | (share == 0) | ~one[sites.edge])
            some = sites.edge[open_]
            parts.append((post[open_], node[some], some, share[open_]))
        count += sites.edge.size
    rows = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.lexsort((rows[1], rows[0]))
    tails, heads, edges, shares = (column[order] for column in rows)
    fresh = np.r_[True, (np.diff(tails) != 0) | (np.diff(heads) != 0)]
    first = np.flatnonzero(fresh)
    return Arcs(tails[first], heads[first], edges, shares, first, count)


def edge_time(streets: Streets, water: ArrayLike | None = None, mode: Mode = CAR) -> Floats:
    """Return the time along each edge ``(edge,)`` [s] under `water` ``(edge,)`` [m]; infinite where it is closed.

    Raises
    ------
    InputError
        `water` does not have one value for each edge, or a setting of the mode is not above 0.
    """
    if not mode.closed_depth > 0 or (mode.speed is not None and not mode.speed > 0):
        raise InputError(f"The depth that closes a street and the speed must be above 0; got {mode}.")
    depth = np.zeros(len(streets)) if water is None else np.nan_to_num(np.asarray(water, dtype=np.float64))
    if depth.shape != (len(streets),):
        raise InputError(f"The water on the streets has the shape {depth.shape}; it needs {len(streets)} edges.")
    if mode.speed is None:
        safe = safe_speed(np.minimum(depth, SLOWEST_DEPTH), np.inf)
        speed = np.where(depth > 0, np.minimum(streets.speed, safe), streets.speed)
    else:
        speed = np.full(len(streets), mode.speed)
    shut = (depth >= mode.closed_depth) | np.isin(streets.kind.astype(str), mode.barred)
    return np.where(shut, np.inf, streets.length / speed)


def spread(arcs_: Arcs, time: Floats, sources: Integers) -> Floats:
    """Return the shortest time from any of the `sources` to each node, ``(node,)`` [s]; infinite without a path."""
    if sources.size == 0:
        return np.full(arcs_.nodes, np.inf)
    weight = np.minimum.reduceat(_shared(arcs_.share, time[arcs_.edge]), arcs_.first)
    some = np.isfinite(weight)
    start = np.searchsorted(arcs_.tail[some], np.arange(arcs_.nodes + 1))
    graph = csr_array((weight[some], arcs_.head[some], start), shape=(arcs_.nodes, arcs_.nodes))
    return np.asarray(dijkstra(graph, indices=sources, min_only=True), dtype=np.float64)


def _shared(share: Floats, time: Floats) -> Floats:
    """Return a share of each time, 0 where the share is 0 even on a closed edge: a junction stays a junction."""
    return np.where(share == 0, 0.0, np.where(share == 0, 1.0, share) * time)


def travel_times(
    network: Network,
    services: Sequence[str] | None = None,
    water: ArrayLike | None = None,
    *,
    mode: Mode = CAR,
    working: ArrayLike | None = None,
    shut: ArrayLike | None = None,
) -> pd.DataFrame:
    """Return the time [s] from every building to the nearest site of each service, infinite without a path.

    Parameters
    ----------
    services
        Columns of the result; None: all that have a site.
    water
        Depth on the edges ``(edge,)`` [m], see `edge_depth` of `impact.access_water`; None: dry.
    mode
        How people go.
    working
        Whether each site works, ``(site,)``; None: all do.
    shut
        Edges closed besides, as numbers.

    Raises
    ------
    InputError
        A service has no site at all, or an array does not fit.
    """
    names = list(dict.fromkeys(network.service)) if services is None else list(services)
    time = _closed(edge_time(network.streets, water, mode), shut)
    web = network.foot if mode.both_ways else network.inward
    columns = {name: _reach(network, web, time, _posts(network, name, working), outward=False) for name in names}
    return pd.DataFrame(columns, columns=names)


def response_times(
    network: Network,
    service: str = "rescue",
    water: ArrayLike | None = None,
    *,
    mode: Mode = CAR,
    working: ArrayLike | None = None,
    shut: ArrayLike | None = None,
) -> Floats:
    """Return the time from alarm to arrival of the nearest station of `service`, ``(building,)`` [s].

    Turnout and drive; infinite where no engine gets to. Arguments and errors as in `travel_times`.
    """
    time = _closed(edge_time(network.streets, water, mode), shut)
    web = network.foot if mode.both_ways else network.outward
    return _reach(network, web, time, _posts(network, service, working), outward=True) + network.settings.turnout


def _closed(time: Floats, shut: ArrayLike | None) -> Floats:
    if shut is not None:
        time = time.copy()
        time[np.asarray(shut, dtype=np.int64)] = np.inf
    return time


def _posts(network: Network, service: str, working: ArrayLike | None) -> Integers:
    """Return the working sites of a service that stand on the graph."""
    of = network.service == service
    if not of.any():
        known = ", ".join(dict.fromkeys(map(str, network.service)))
        raise InputError(f"No site gives the service '{service}'; there are {known}.")
    up = np.ones(of.size, np.bool_) if working is None else np.asarray(working, dtype=np.bool_)
    if up.shape != of.shape:
        raise InputError(f"Whether a site works has the shape {up.shape}; it needs {of.size} sites.")
    return np.flatnonzero(of & up & (network.sites.edge >= 0)).astype(np.int64)


def _reach(network: Network, web: Arcs, time: Floats, posts: Integers, outward: bool) -> Floats:
    """Return the time between every building and the nearest of the sites `posts`, ``(building,)`` [s]."""
    streets, houses, sites = network.streets, network.houses, network.sites
    at = spread(web, time, streets.x.size + posts)
    edge = np.maximum(houses.edge, 0)
    drive, one = time[edge], streets.oneway[edge] & (web is not network.foot)
    near, far = _shared(houses.share, drive), _shared(1 - houses.share, drive)
    # Against a one-way street only a building right at the junction is reached.
    near[one & (not outward) & (houses.share > 0)] = np.inf
    far[one & outward & (houses.share < 1)] = np.inf
    result = np.minimum(at[streets.start[edge]] + near, at[streets.end[edge]] + far)
    house, site = network.pairs[:, np.isin(network.pairs[1], posts)]
    ahead = sites.share[site] - houses.share[house]
    wrong = one[house] & ((ahead > 0) if outward else (ahead < 0))
    direct = np.where(wrong, np.inf, _shared(np.abs(ahead), drive[house]))
    np.minimum.at(result, house, direct)
    return np.where(houses.edge < 0, np.inf, result)
