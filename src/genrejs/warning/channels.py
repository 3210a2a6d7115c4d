"""The city's preparedness and the event's outages, turned into channels and contacts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genrejs.city.model import City
from genrejs.city.preparedness import Preparedness
from genrejs.hazard.event import Event, Outage
from genrejs.warning.diffusion import Channel

Floats = NDArray[np.float64]

MINUTE = 60.0  # s
GROUPS = (("da", "adults"), ("da", "seniors"), ("other", "adults"), ("other", "seniors"))
"""Language and age of those who are told; children hear from the adults of their language (assumption)."""
CHANNELS = ("broadcast", "sirens", "media", "doors", "sms", "phone_tree", "social_media")
"""The official channels; people who tell each other are the eighth way."""
NEIGHBOURS = "neighbours"


@dataclass(frozen=True)
class WarningSettings:
    """What may be chosen about warnings; times in minutes, rates per minute; FACTS 9 marks all but the reach as own."""

    broadcast_rate: float = 0.35  # own default, FACTS 9.2
    senior_phones: float = 0.85  # phones of people over 70 that a cell broadcast reaches, against adults' (assumption)
    siren_rate: float = 0.20  # own default, FACTS 9.2
    siren_delay: float = 5.0  # until the message is sought elsewhere: own default, FACTS 9.2
    siren_seek: float = 0.5  # share of those alerted who find the message (assumption)
    siren_from_people: float = 500.0  # people in wet homes from which sirens sound: "many" in danger (assumption)
    media_rate: float = 0.03  # own default, FACTS 9.2
    door_rate: float = 0.01  # per pair of volunteers among `door_households`: own default, FACTS 9.2
    door_households: float = (
        100.0  # households for which the rate holds: a pair calls at one door a minute (assumption)
    )
    door_reach: float = 0.7  # share of people who are at home and open (assumption)
    sms_rate: float = 0.15  # read later than a broadcast that rings by itself (assumption)
    sms_delay: float = 5.0  # to choose the numbers and send (assumption)
    tree_rate: float = 0.10  # own default, FACTS 9.2
    tree_delay: float = 5.0  # until the first on the list have been called (assumption)
    social_rate: float = 0.10  # own default, FACTS 9.2
    senior_social: float = 0.5  # people over 70 who see a post, against adults (assumption)
    own_language: float = 0.8  # share of contacts with people of one's own language (assumption)
    telling: float = 30.0  # how long a person passes the warning on: the 30-minute window of Rogers and Sorensen
    messenger_contacts: float = 1.0  # by how much known messengers raise telling at most (assumption)
    messenger_trust: float = 0.5  # part of the gap to native understanding that they close (assumption)
    understands_own: float = 0.95  # of a warning in one's language: own default, FACTS 9.3
    understands_foreign: float = 0.60  # own default, FACTS 9.3
    understands_translated: float = 0.85  # own default, FACTS 9.3
    understands_vague: float = 0.8  # of general advice, against a clear order (assumption)
    complies_least: float = 0.6  # with a clear order, social capital 0: own default, FACTS 9.3
    complies_most: float = 0.8  # with a clear order, social capital 1: own default, FACTS 9.3
    complies_advice: float = 0.35  # with general advice, believed in full: within FACTS 9.3's 0.2-0.4 (assumption)
    confirms: float = 0.0  # part of the doubt gone for who hears in two ways (assumption: none is counted)
    signs: float = 1.0  # belief when this little of the danger can be seen, against when all can (assumption)
    decision: float = 15.0  # from forecast to sent warning (assumption)
    manual_decision: float = 60.0  # more when the city's own systems are down (assumption)
    acting: float = 45.0  # to carry belongings up and drive the car away (assumption)
    leave_minutes: float = 15.0  # to leave the house (assumption)
    car_minutes: float = 15.0  # to drive the car away (assumption)
    goods_minutes: float = 30.0  # to carry belongings up (assumption)
    sandbag_minutes: float = 45.0  # to fetch sandbags and lay them at door and cellar (assumption)
    horizon: int = 720  # after which a warning no longer spreads
    avoided_share: float = 0.15  # of a home's building and cellar damage that acting keeps away (assumption)
    belongings: float = 30_000.0  # DKK a household carries up (assumption)
    car: float = 60_000.0  # DKK a car driven away is worth (assumption)
    car_depth: float = 0.30  # m of water outside that ruins a car (assumption)


@dataclass(frozen=True)
class Working:
    """Shares 0..1 of what carries a warning that works: `telecom`, and cell broadcast and SMS with it (`ordered`)."""

    ordered: float = 1.0
    telecom: float = 1.0


def lost_supply(city: City, event: Event, service: str, *, at: float, cyber_only: bool = False) -> float:
    """Return the people-weighted share 0..1 of a service that the event's own outages take away at time `at` [s]."""
    out = {name for outage in event.outages if _in_force(outage, at, cyber_only) for name in outage.components}
    parts = city.components.loc[city.components["service"] == service, "id"]
    if not out or parts.empty:
        return 0.0
    links = city.supply[city.supply["component"].isin(parts)]
    people = dict(zip(city.districts["id"], city.districts["residents"], strict=True))
    weight = links["share"].to_numpy(np.float64) * links["district"].map(people).fillna(0.0).to_numpy(np.float64)
    if weight.sum() <= 0.0:
        return float(parts.isin(out).mean())
    return float(weight[links["component"].isin(out).to_numpy(bool)].sum() / weight.sum())


def _in_force(outage: Outage, at: float, cyber_only: bool) -> bool:
    return outage.start <= at < outage.start + outage.duration and (outage.cyber or not cyber_only)


def decision_time(city: City, event: Event, settings: WarningSettings) -> float:
    """Return minutes from the forecast until the warning is sent; longer while the city's own systems are down."""
    return settings.decision + settings.manual_decision * lost_supply(city, event, "digital", at=0.0)


def working(city: City, event: Event, at: float) -> Working:
    """Return what carries a warning at time `at` [s].

    Cell broadcast and SMS need telecom where people are, and municipal systems to order them: those that an attack
    takes work only as far as they can be run by hand. Calls and posts need telecom alone.
    """
    telecom = lost_supply(city, event, "telecom", at=at)
    attacked = lost_supply(city, event, "digital", at=at, cyber_only=True)
    return Working((1.0 - telecom) * (1.0 - attacked * (1.0 - city.preparedness.fallback)), 1.0 - telecom)


def channels(
    ready: Preparedness, works: Working, people_at_risk: float, households_at_risk: float, settings: WarningSettings
) -> tuple[Channel, ...]:
    """Return the official channels in the order of `CHANNELS`, their reach by `GROUPS`, as far as they are working."""
    everybody = np.ones(len(GROUPS))
    phones, posts = (
        np.array([1.0 if age == "adults" else share for _, age in GROUPS])
        for share in (settings.senior_phones, settings.senior_social)
    )
    sirens = ready.siren_reach * settings.siren_seek * float(people_at_risk >= settings.siren_from_people)
    doors = settings.door_rate * ready.door_pairs * settings.door_households / max(households_at_risk, 1.0)
    return (
        Channel("broadcast", settings.broadcast_rate, ready.broadcast_reach * works.ordered * phones),
        Channel("sirens", settings.siren_rate, sirens * everybody, settings.siren_delay),
        Channel("media", settings.media_rate, ready.media_reach * everybody),
        Channel("doors", doors, settings.door_reach * everybody),
        Channel("sms", settings.sms_rate, ready.sms_reach * works.ordered * phones, settings.sms_delay),
        Channel("phone_tree", settings.tree_rate, ready.phone_tree * works.telecom * everybody, settings.tree_delay),
        Channel("social_media", settings.social_rate, ready.social_media_reach * works.telecom * posts),
    )


def contacts(ready: Preparedness, people: Floats, settings: WarningSettings) -> Floats:
    """Return who tells whom, ``(group, group)`` [1/min], from the number of people ``(group,)`` in each of `GROUPS`."""
    language = np.array([name for name, _ in GROUPS])
    same = language[:, None] == language[None, :]
    near = np.where(same, people, 0.0)
    near = near / np.maximum(near.sum(axis=1, keepdims=True), 1e-9)
    mixed = np.broadcast_to(people / max(people.sum(), 1e-9), same.shape)
    rate = ready.contagion * (1.0 + settings.messenger_contacts * ready.known_messengers)
    return np.asarray(rate * (settings.own_language * near + (1.0 - settings.own_language) * mixed))
