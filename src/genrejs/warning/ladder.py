"""The ladder from heard to done: who understands the warning, believes it, decides to follow it and has time to act."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genrejs.city.preparedness import Preparedness
from genrejs.warning.channels import GROUPS, WarningSettings
from genrejs.warning.diffusion import told_twice

Floats = NDArray[np.float64]

STEPS = ("reached", "understood", "believed", "decided", "acted")
ACTING_POINTS = 181  # samples of the minutes before the water: every quarter of a minute at 45 minutes


@dataclass(frozen=True)
class Spread:
    """How far the message came: by `each` channel alone ``(channel, minute, group)``, `heard` in all ways
    ``(minute, group)``, with `left` minutes from sending until the water."""

    each: Floats
    heard: Floats
    left: float


@dataclass(frozen=True)
class Ladder:
    """Shares of each of `GROUPS` ``(group,)`` that are `reached`, have `understood`, `believed`, `decided`, `acted`.

    `comply` is the share of those who understand that believe and decide.
    """

    reached: Floats
    understood: Floats
    believed: Floats
    decided: Floats
    acted: Floats
    comply: Floats


def climb(ready: Preparedness, spread: Spread, settings: WarningSettings) -> Ladder:
    """Return how far each group climbs; whoever hears late carries out the part that there is time for."""
    heard = spread.heard[-1]
    grasp = understanding(ready, settings)
    confirmed = told_twice(spread.each, spread.heard)
    believes, comply = belief(ready, confirmed, settings), compliance(ready, confirmed, settings)
    done = in_time(spread, np.linspace(spread.left - settings.acting, spread.left, ACTING_POINTS)).mean(axis=1)
    return Ladder(heard, heard * grasp, heard * grasp * believes, heard * grasp * comply, done * grasp * comply, comply)


def in_time(spread: Spread, minutes: Floats) -> Floats:
    """Return the share of each group that has heard by `minutes` ``(t,)`` after sending, ``(group, t)``."""
    clock = np.arange(len(spread.heard))
    return np.array([np.interp(minutes, clock, share, left=0.0) for share in spread.heard.T])


def understanding(ready: Preparedness, settings: WarningSettings) -> Floats:
    """Return the share of each of `GROUPS` that understands a warning it has heard, ``(group,)``."""
    own, foreign = settings.understands_own, settings.understands_foreign
    foreign += ready.translated * (settings.understands_translated - foreign)
    foreign += ready.known_messengers * settings.messenger_trust * max(own - foreign, 0.0)
    clear = 1.0 - (1.0 - ready.clear_order) * (1.0 - settings.understands_vague)
    return np.array([own if language == "da" else foreign for language, _ in GROUPS]) * clear


def trust(ready: Preparedness, settings: WarningSettings) -> float:
    """Return the share of those who understand a warning that believe it when they have heard it in one way.

    Trust between people carries belief: it is in full at social capital 1.
    """
    return _order(ready, settings) / settings.complies_most


def belief(ready: Preparedness, confirmed: Floats, settings: WarningSettings) -> Floats:
    """Return the share of those who understand that believe, ``(group,)``; `confirmed` of them heard in two ways."""
    alone = trust(ready, settings)
    return np.asarray((alone + settings.confirms * confirmed * (1.0 - alone)) * settings.signs)


def decision(ready: Preparedness, settings: WarningSettings) -> float:
    """Return the share of those who believe that decide to act: fewer on general advice than on a clear order."""
    return settings.complies_most - (1.0 - ready.clear_order) * (settings.complies_most - settings.complies_advice)


def compliance(ready: Preparedness, confirmed: Floats, settings: WarningSettings) -> Floats:
    """Return the share of those who understand that believe and decide, ``(group,)``: `belief` times `decision`."""
    # As factors on what a clear order once heard achieves: they are exactly 1 where wording and doubt are left alone.
    sure = belief(ready, confirmed, settings) / trust(ready, settings)
    return np.asarray(_order(ready, settings) * sure * (decision(ready, settings) / settings.complies_most))


def _order(ready: Preparedness, settings: WarningSettings) -> float:
    """Return the share of those who understand a clear order that follow it; trust between people raises it."""
    return settings.complies_least + ready.social_capital * (settings.complies_most - settings.complies_least)
