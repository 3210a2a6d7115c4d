"""The digital layer and its dark side: what smart measures come to depend on, and what attacks on them cost."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from genrejs.city.model import LINK_COLUMNS, SERVICES, City
from genrejs.city.structures import Gate, Pump, Structure, Wall
from genrejs.errors import InputError
from genrejs.hazard.event import HOUR, Event
from genrejs.impact.criticality import FailureSettings, Group, failures, people_hours
from genrejs.impact.service import ServiceSystem, service_system

PRIVACY = ("none", "some", "much")
"""What a measure learns about people: nothing, something about homes, much about single persons. A label, no number."""

GATES = ("", "open", "shut")
PUMPS = ("", "idle")
"""What an attack makes of gates and pumps; empty leaves them alone."""


@dataclass(frozen=True)
class Smart:
    """A smart measure: what it saves, and what the components it controls come to depend on.

    Components of the services `targets` come to need the hub of each service in `needs`: after `buffer` [h] without it
    they lose the share `loss`. They join the common-cause `group`. `saving` is the share of their running cost that it
    saves on ordinary days (assumption); it stands by itself and is never set off against what a failure costs.
    `privacy` is one of PRIVACY, with a sentence.
    """

    id: str
    name_da: str
    name_en: str
    targets: tuple[str, ...]
    needs: Mapping[str, tuple[float, float]]
    group: Group
    saving: float
    saving_da: str
    saving_en: str
    privacy: str
    privacy_da: str
    privacy_en: str
    source: str
    certainty: str


@dataclass(frozen=True)
class Wired:
    """A city after smart measures: more needs in `city.links`, more members in `groups`, and what was saved for it.

    `ledger` has one row per measure: `id`, `saving` (share of running cost), `links` (needs added or tightened),
    `members` (components that joined its group) and `privacy`.
    """

    city: City
    groups: tuple[Group, ...]
    ledger: pd.DataFrame


@dataclass(frozen=True)
class Attack:
    """An attack or a failure of the digital layer: `components`, `services` and common-cause `groups` down for `hours`.

    `gates` "open" or "shut" and `pumps` "idle" are what false data make of the structures whose id starts with
    `structures`; people work them by hand `hand_after` [h] after the forecast (assumption). `event` names the event of
    the catalogue that is the same outage, empty without.
    """

    id: str
    title_da: str
    title_en: str
    source: str
    certainty: str
    hours: float = 0.0
    components: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    structures: str = ""
    gates: str = ""
    pumps: str = ""
    hand_after: float = 0.0
    event: str = ""


def smart_measures() -> Mapping[str, Smart]:
    """Return the smart measures of `smart.toml` by id."""
    rows = _read("genrejs.impact", "smart.toml")
    return MappingProxyType({id: _smart(id, dict(row)) for id, row in rows.items()})


def attacks() -> Mapping[str, Attack]:
    """Return the attacks and digital failures of `hazard/attacks.toml` by id."""
    rows = _read("genrejs.hazard", "attacks.toml")
    return MappingProxyType({id: read_attack(id, row) for id, row in rows.items()})


def read_attack(id: str, row: Mapping[str, Any]) -> Attack:
    """Return the attack that a table of `attacks.toml` describes.

    Raises
    ------
    InputError
        When a key is unknown or missing, or gates or pumps are told something else than GATES and PUMPS hold.
    """
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    try:
        attack = Attack(id, **fields)
    except TypeError as error:
        raise InputError(f"The attack '{id}' does not fit: {error}.") from error
    if attack.gates not in GATES or attack.pumps not in PUMPS:
        raise InputError(f"The attack '{id}': gates are open or shut and pumps idle, or empty.")
    return attack


def digitalise(city: City, groups: Sequence[Group], measures: Sequence[str]) -> Wired:
    """Return the city with smart measures carried out: each adds needs and common causes, and what it saves is told.

    A need that is there already becomes the tighter of the two: the shorter buffer, the larger loss. Nothing else of
    the city changes.

    Raises
    ------
    InputError
        If a measure is unknown, or the city has no component of a service that it needs or controls.
    """
    known, ledger, held = smart_measures(), [], {group.id: group for group in groups}
    for id in measures:
        if id not in known:
            raise InputError(f"Unknown smart measure '{id}'; known are {', '.join(known)}.")
        smart = known[id]
        targets = _controlled(city, smart)
        added = _needs(city, smart, targets)
        links = _tightened(city.links, added)
        before = held.get(smart.group.id, smart.group)
        members = tuple(dict.fromkeys((*before.components, *targets)))
        held[smart.group.id] = replace(before, components=members)
        ledger.append((id, smart.saving, len(added), len(members) - len(before.components), smart.privacy))
        city = city.change(links=links)
    columns = ["id", "saving", "links", "members", "privacy"]
    return Wired(city, tuple(held.values()), pd.DataFrame(ledger, columns=columns))


def hub(city: City, service: str) -> str:
    """Return the component of a service that most others need; of equals the first.

    Raises
    ------
    InputError
        If the city has no component of that service.
    """
    ids = city.components["id"][city.components["service"] == service].astype(str)
    if ids.empty:
        raise InputError(f"{city.name} has no component of the service '{service}', which a smart measure needs.")
    uses = city.links["source"].astype(str).value_counts()
    return str(ids.iloc[int(np.argmax([uses.get(id, 0) for id in ids]))])


def attacked_components(city: City, groups: Sequence[Group], attack: Attack) -> tuple[str, ...]:
    """Return the components that an attack takes down, in the order of the city's table.

    Raises
    ------
    InputError
        If it names a component, service or group that the city does not have.
    """
    ids = city.components["id"].astype(str)
    held = {group.id: group.components for group in groups}
    known = {"component": set(ids), "service": set(city.components["service"]), "group": set(held)}
    named = {"component": attack.components, "service": attack.services, "group": attack.groups}
    for kind, names in named.items():
        missing = [name for name in names if name not in known[kind]]
        if missing:
            raise InputError(f"The attack '{attack.id}' names the {kind} '{missing[0]}', which the city does not have.")
    taken = {*attack.components, *(part for name in attack.groups for part in held[name])}
    hit = ids.isin(taken) | city.components["service"].isin(attack.services)
    return tuple(ids[hit])


def attack_losses(
    city: City, groups: Sequence[Group], chosen: Sequence[Attack] | None = None, after: float = 48.0
) -> pd.DataFrame:
    """Return what each attack on components costs, two rows each: without and with working by hand.

    Columns `id`, `by_hand`, `components` (how many are down), `hours`, `people_hours` (service-people-hours lost until
    `after` [h] past the end of the attack, restarts included), `saved` (the share that working by hand saves) and
    `services` (those that lose something). The places stand, so people can work there. Attacks on gates and pumps alone
    are left to `misled` and the flood.
    """
    system, rows = service_system(city), []
    bare = without_hands(system)
    place = {name: row for row, name in enumerate(system.ids)}
    for attack in attacks().values() if chosen is None else chosen:
        case = [place[name] for name in attacked_components(city, groups, attack)]
        if not case:
            continue
        settings = FailureSettings(attack.hours, after, sound=True)
        cost = [people_hours(each, failures(each, [case], settings))[0] for each in (bare, system)]
        total = [float(each.sum()) for each in cost]
        saved = 1.0 - total[1] / total[0] if total[0] > 0 else 0.0
        for by_hand, each in enumerate(cost):
            names = ", ".join(s for s, value in zip(SERVICES, each, strict=True) if value > 0)
            share = saved if by_hand else 0.0
            rows.append((attack.id, bool(by_hand), len(case), attack.hours, total[by_hand], share, names))
    columns = ["id", "by_hand", "components", "hours", "people_hours", "saved", "services"]
    return pd.DataFrame(rows, columns=columns)


def without_hands(system: ServiceSystem) -> ServiceSystem:
    """Return the same system with batteries and tanks but nobody who can run anything by hand."""
    return replace(system, wiring=system.wiring._replace(fallback=np.zeros_like(system.wiring.fallback)))


def misled(city: City, attack: Attack, event: Event | None = None) -> City:
    """Return the city whose gates and pumps obey false data; with `event`, people set them right if there is time.

    A gate left open never shuts (it does not work); one left shut is a wall with the gate's crest; idle pumps do not
    work. With an `event` people go out when its forecast comes and set the structures right by hand: the city stays as
    it was if they are there, `hand_after` [h] later, before the sea passes the first gate's closing level, or before
    the event begins where a gate is left shut or pumps are idle. The flood's gates know no clock, so hands that come
    later do not help at all (assumption, on the safe side).

    Raises
    ------
    InputError
        If the attack touches no structures, or the city has none of them.
    """
    if not attack.gates and not attack.pumps:
        raise InputError(f"The attack '{attack.id}' leaves gates and pumps alone.")
    hit = [part for part in city.structures if part.id.startswith(attack.structures) and isinstance(part, Gate | Pump)]
    if not hit:
        raise InputError(f"{city.name} has no gate or pump whose id starts with '{attack.structures}'.")
    if event is not None and attack.hand_after <= event.lead_time / HOUR + _needed(hit, attack, event):
        return city
    return city.change(structures=tuple(_fooled(part, attack) if part in hit else part for part in city.structures))


def _needed(hit: Sequence[Structure], attack: Attack, event: Event) -> float:
    """Return after how many hours of the event the structures must do the right thing; inf if never."""
    if attack.gates != "open" or attack.pumps:
        return 0.0
    if event.sea_level is None:
        return float("inf")
    level = min(part.closes_at for part in hit if isinstance(part, Gate))
    above = np.flatnonzero(event.sea_level.values > level)
    return float(event.sea_level.times[above[0]]) / HOUR if above.size else float("inf")


def _fooled(part: Structure, attack: Attack) -> Structure:
    if isinstance(part, Gate) and attack.gates == "open":
        return replace(part, works=False)
    if isinstance(part, Gate) and attack.gates == "shut":
        return Wall(part.id, part.line, part.crest, part.source)
    if isinstance(part, Pump) and attack.pumps == "idle":
        return replace(part, works=False)
    return part


def _controlled(city: City, smart: Smart) -> list[str]:
    parts = city.components
    found = list(parts["id"][parts["service"].isin(smart.targets)].astype(str))
    if not found:
        raise InputError(f"{city.name} has no component of {', '.join(smart.targets)} for the measure '{smart.id}'.")
    return found


def _needs(city: City, smart: Smart, targets: Sequence[str]) -> pd.DataFrame:
    rows = [
        (hub(city, service), target, buffer, loss)
        for service, (buffer, loss) in smart.needs.items()
        for target in targets
    ]
    return pd.DataFrame([row for row in rows if row[0] != row[1]], columns=list(LINK_COLUMNS))


def _tightened(links: pd.DataFrame, added: pd.DataFrame) -> pd.DataFrame:
    """Return the links with those `added`; where a need is there already, the shorter buffer and the larger loss."""
    both = pd.concat([links, added], ignore_index=True)
    kept = [column for column in both.columns if column not in ("buffer", "loss")]
    merged = both.groupby(kept, sort=False, dropna=False, as_index=False).agg({"buffer": "min", "loss": "max"})
    return merged[list(links.columns)]


def _smart(id: str, row: dict[str, Any]) -> Smart:
    given = row.pop("group")
    group = Group(given["id"], given["kind"], given["name_da"], given["name_en"], (), row["source"], row["certainty"])
    needs = {service: (float(need[0]), float(need[1])) for service, need in row.pop("needs").items()}
    return Smart(id, targets=tuple(row.pop("targets")), needs=MappingProxyType(needs), group=group, **row)


def _read(package: str, name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(package).joinpath(name).read_text(encoding="utf-8"))
