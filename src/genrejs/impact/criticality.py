"""What hurts most: every first failure, every pair, and groups of components that fail together for one cause."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from genrejs.city.districts import read_text
from genrejs.city.model import SERVICES, City
from genrejs.errors import InputError
from genrejs.impact.service import ServiceSystem, downstream
from genrejs.impact.service_kernel import Cases, Course, Flags, Floats, Rules, Supplied, fail
from genrejs.machine import cores

BATCH = 64
"""Failures that one thread takes at a time; it changes no bit of the result."""

ROUNDING = 1e-9
"""Share of a sum below which a difference is rounding."""

KINDS = ("vendor", "substation", "firewall", "clock", "place")
"""What components may have in common: a maker, a substation, a firewall, a source of time, the place they stand."""


@dataclass(frozen=True)
class FailureSettings:
    """How long a failed component is down and how long the city is watched."""

    duration: float = 48.0  # hours that it is down, whole (assumption)
    after: float = 0.0  # hours watched after it is back, whole: restarts count in these
    sound: bool = False  # whether the place stands, so that people can work there by hand (an attack, not a fire)


@dataclass(frozen=True)
class Losses:
    """What each case costs: ``(case, service, district)`` hours of function lost, and hours with the service stopped.

    An hour at half function is half an hour lost; stopped is at or below the cascade's `stop`, 5 % by default.
    """

    lost: Floats
    stopped: Floats


@dataclass(frozen=True)
class Group:
    """Components that one cause takes at once; `kind` is one of KINDS."""

    id: str
    kind: str
    name_da: str
    name_en: str
    components: tuple[str, ...]
    source: str = "assumption"
    certainty: str = "constructed"


def failures(
    system: ServiceSystem, cases: Sequence[Sequence[int]], settings: FailureSettings = FailureSettings()
) -> Losses:
    """Return what the city loses when the components (rows of `system`) of each of the `cases` fail at the same time.

    Raises
    ------
    InputError
        If a duration is not a whole number of hours, or a case names a component that is not there.
    """
    course = _course(settings)
    sizes = [len(case) for case in cases]
    start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    member = np.array([i for case in cases for i in case], dtype=np.int64)
    wrong = member[(member < 0) | (member >= len(system.ids))]
    if wrong.size:
        raise InputError(f"A failure names component number {wrong[0]}; the city has 0 to {len(system.ids) - 1}.")
    rules = Rules(float(system.settings.recharge), float(system.settings.stop))
    rows = csr_array(system.supply)
    supplied = Supplied(rows.indptr.astype(np.int64), rows.indices.astype(np.int64), rows.data.astype(np.float64))
    lost = np.zeros((len(cases), system.supply.shape[0]))
    stopped = np.zeros_like(lost)

    def work(begin: int) -> None:
        part = slice(begin, min(begin + BATCH, len(cases)))
        some = Cases(start[begin : part.stop + 1], member)
        fail(system.wiring, rules, some, course, supplied, lost[part], stopped[part])

    with ThreadPoolExecutor(cores()) as pool:
        list(pool.map(work, range(0, len(cases), BATCH)))
    shape = (len(cases), *system.served.shape)
    return Losses(lost.reshape(shape), stopped.reshape(shape))


def people_hours(system: ServiceSystem, losses: Losses) -> Floats:
    """Return ``(case, service)`` service-people-hours lost: everyone's hours without, an hour at half function half."""
    return np.asarray(losses.lost @ system.people, dtype=np.float64)


def single_failures(system: ServiceSystem, settings: FailureSettings = FailureSettings()) -> pd.DataFrame:
    """Return one row per component, worst first: service-people-hours lost when it alone fails (N-1).

    Columns `id`, `service`, `people_hours`, `own_people_hours` (what it supplies itself while it is down), `others`
    (services it drags down).
    """
    by_service = people_hours(system, failures(system, [[i] for i in range(len(system.ids))], settings))
    own = [SERVICES[i] for i in system.service]
    table = pd.DataFrame(
        {
            "id": system.ids,
            "service": own,
            "people_hours": by_service.sum(axis=1),
            "own_people_hours": _supplied(system) * settings.duration,
            "others": [_names(row, {mine}) for row, mine in zip(by_service, own, strict=True)],
        }
    )
    return _worst_first(table, ["people_hours"])


def pair_failures(system: ServiceSystem, settings: FailureSettings = FailureSettings()) -> pd.DataFrame:
    """Return one row per pair of components, worst first: service-people-hours lost when both fail at once (N-2).

    Columns `first`, `second`, `people_hours`, `singles` (the sum of the two alone) and `interaction`, the pair less
    that sum: above 0 where one stood in for the other, below 0 where both take the same service from the same people.
    Pairs of which nothing depends on both are sums by construction and are not run.
    """
    count = len(system.ids)
    alone = _totals(system, [[i] for i in range(count)], settings)
    first, second = np.triu_indices(count, k=1)
    singles = alone[first] + alone[second]
    reach = downstream(system).astype(np.float32)
    shared = (reach @ reach.T)[first, second] > 0
    both = singles.copy()
    both[shared] = _totals(system, list(zip(first[shared].tolist(), second[shared].tolist(), strict=True)), settings)
    ids = np.array(system.ids, dtype=object)
    table = pd.DataFrame(
        {
            "first": ids[first],
            "second": ids[second],
            "people_hours": both,
            "singles": singles,
            "interaction": _exact(both - singles, singles),
        }
    )
    return _worst_first(table, ["people_hours"])


def single_points(system: ServiceSystem, settings: FailureSettings = FailureSettings()) -> pd.DataFrame:
    """Return the single points of failure: one row where a component's loss alone stops a service for a district.

    Columns `id`, `service` and `district` (what stops), `people` (who live there), `hours` (stopped while watched);
    most people first. A service that a manual operation keeps above 5 % has not stopped.
    """
    found = failures(system, [[i] for i in range(len(system.ids))], settings)
    case, service, district = np.nonzero(found.stopped * system.served > 0)
    table = pd.DataFrame(
        {
            "id": np.array(system.ids, dtype=object)[case],
            "service": np.array(SERVICES, dtype=object)[service],
            "district": np.array(system.districts, dtype=object)[district],
            "people": system.people[district],
            "hours": found.stopped[case, service, district],
        }
    )
    return _worst_first(table, ["people", "hours"])


def group_failures(
    system: ServiceSystem, groups: Sequence[Group], settings: FailureSettings = FailureSettings()
) -> pd.DataFrame:
    """Return one row per group, worst first: service-people-hours lost when all its components fail at once.

    Columns `id`, `kind`, `members` (how many), `people_hours`, `worst_single` (the worst of them alone), `singles`
    (their sum) and `services` (those that lose something).

    Raises
    ------
    InputError
        If a group names a component that the city does not have.
    """
    cases = [_rows(system, group) for group in groups]
    by_service = people_hours(system, failures(system, cases, settings))
    alone = _totals(system, [[i] for i in range(len(system.ids))], settings)
    table = pd.DataFrame(
        {
            "id": [group.id for group in groups],
            "kind": [group.kind for group in groups],
            "members": [len(case) for case in cases],
            "people_hours": by_service.sum(axis=1),
            "worst_single": [float(alone[case].max(initial=0.0)) for case in cases],
            "singles": [float(alone[case].sum()) for case in cases],
            "services": [_names(row, set()) for row in by_service],
        }
    )
    return _worst_first(table, ["people_hours"])


def common_causes(name: str = "vejle") -> tuple[Group, ...]:
    """Return the groups of an embedded city's `common_cause.toml`: components that share a maker, substation, firewall.

    Raises
    ------
    InputError
        When no city of that name is embedded, or a group's fields are wrong.
    """
    return read_groups(read_text(name, "common_cause.toml"), f"cities/{name}/common_cause.toml")


def read_groups(text: str, place: str) -> tuple[Group, ...]:
    """Return the groups of a TOML text, one table each; `place` names it in messages.

    Raises
    ------
    InputError
        When the text is no TOML, a key is missing or unknown, or a kind is not one of KINDS.
    """
    try:
        tables = tomllib.loads(text)
        groups = tuple(Group(id, **{**row, "components": tuple(row["components"])}) for id, row in tables.items())
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{place}: a group is a table with kind, name_da, name_en, components, source and certainty; {error}."
        ) from error
    for group in groups:
        if group.kind not in KINDS:
            raise InputError(
                f"{place}: the group '{group.id}' is of kind {group.kind!r}; accepted are {', '.join(KINDS)}."
            )
        if len(set(group.components)) < max(len(group.components), 2):
            raise InputError(f"{place}: the group '{group.id}' needs two or more components, each named once.")
    return groups


def colocated(city: City, distance: float = 100.0) -> tuple[Group, ...]:
    """Return groups of kind "place": each component with all within `distance` [m] of it, two or more.

    A group that lies wholly inside another is left out, and one that two components share is named after the first.

    Raises
    ------
    InputError
        If the distance is not a number of 0 or above.
    """
    if not (np.isfinite(distance) and distance >= 0):
        raise InputError(f"The distance of a common place must be a number of 0 or above; got {distance}.")
    parts = city.components
    at = parts[["x", "y"]].to_numpy(np.float64)
    near = np.hypot(at[:, None, 0] - at[None, :, 0], at[:, None, 1] - at[None, :, 1]) <= distance
    ids = parts["id"].astype(str).to_numpy(object)
    return tuple(
        Group(
            f"place_{ids[i]}",
            "place",
            f"Inden for {distance:g} m af {parts['name_da'].iloc[i]}",
            f"Within {distance:g} m of {parts['name_en'].iloc[i]}",
            tuple(ids[near[i]]),
            "distance between the components' positions",
            "derived",
        )
        for i in _largest(near)
    )


def _largest(near: Flags) -> list[int]:
    """Return the rows of `near` with two or more members that lie inside no other row; of equal ones the first."""
    size = near.sum(axis=1)
    inside = (near.astype(np.float32) @ near.T.astype(np.float32)) == size[:, None]
    first = np.arange(len(near))[:, None] > np.arange(len(near))[None, :]
    beaten = inside & ((size[None, :] > size[:, None]) | ((size[None, :] == size[:, None]) & first))
    return [int(i) for i in np.flatnonzero((size > 1) & ~beaten.any(axis=1))]


def _course(settings: FailureSettings) -> Course:
    for name in ("duration", "after"):
        value = getattr(settings, name)
        if not (np.isfinite(value) and value >= 0 and value == round(value)):
            raise InputError(f"The {name} of a failure must be a whole number of hours, 0 or more; got {value}.")
    down = int(settings.duration)
    return Course(down + int(settings.after), down, settings.sound)


def _totals(system: ServiceSystem, cases: Sequence[Sequence[int]], settings: FailureSettings) -> Floats:
    return np.asarray(people_hours(system, failures(system, cases, settings)).sum(axis=1), dtype=np.float64)


def _supplied(system: ServiceSystem) -> Floats:
    """Return ``(component,)`` service-people that a component supplies itself."""
    return np.asarray(np.tile(system.people, len(SERVICES)) @ system.supply, dtype=np.float64)


def _rows(system: ServiceSystem, group: Group) -> list[int]:
    place = {name: row for row, name in enumerate(system.ids)}
    unknown = [name for name in group.components if name not in place]
    if unknown:
        raise InputError(f"The group '{group.id}' names the component '{unknown[0]}', which the city does not have.")
    return [place[name] for name in group.components]


def _names(by_service: Floats, without: set[str]) -> str:
    lost = zip(SERVICES, by_service, strict=True)
    return ", ".join(service for service, value in lost if value > 0 and service not in without)


def _exact(difference: Floats, size: Floats) -> Floats:
    """Return the difference of two sums with what is only rounding set to 0."""
    return np.where(np.abs(difference) <= ROUNDING * np.maximum(size, 1.0), 0.0, difference)


def _worst_first(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    return table.sort_values(columns, ascending=False, kind="stable", ignore_index=True)
