"""What the compiled recovery engine reads and keeps: a whole system as a few tables, and the state of one run.

Tables are structured arrays; ``x_first`` and ``x_end`` bound a row's own rows in another table, -1 means none.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Table = Any

CONSTANT, LINEAR, REVERSE_LINEAR, BINARY, REVERSE_BINARY, STEPWISE = range(6)
ACTIVITIES, UNHURT, INTERFACE = range(3)
UTILITY, OWN, TRANSFER = range(3)


def _table(whole: str, real: str = "") -> np.dtype[Any]:
    return np.dtype([(name, np.int64) for name in whole.split()] + [(name, np.float64) for name in real.split()])


PART = _table(
    "start end model relation group repair step_first step_end work_first work_end offer_first offer_end "
    "need_first need_end",
    "damage",
)
"""A component: localities by index, recovery model, relation from damage to functionality, rhythm of its repair, the
activity that is the repair, and the `damage` given (NaN: none)."""
STEP = _table("", "limit value")
OFFER = _table("by_function by_unmet consumable part resource carries", "amount")
"""Supply; `carries`: of a transfer service, so that it is a link."""
NEED = _table("by_function calls part", "amount")
WORK = _table("after_first after_end use_first use_end")
USE = _table("work", "amount")
SLOT = _table("part use_first use_end")
"""A component's need of one resource for all its activities."""
RESOURCE = _table("model service row_first row_end offer_first offer_end need_first need_end slot_first slot_end")
ROW = _table("part offer need slot")
SPAN = _table("first end")
"""Paths of a pair of localities, or links of a path."""

OFFER_NOW = _table("", "now full seen used")
NEED_NOW = _table("", "want seen met")
SLOT_NOW = _table("", "ask seen met")
WORK_NOW = _table("", "level rate")
GIVER = _table("offer part", "held used")
PAIR_NOW = _table("stamp", "capacity")


class Plan(NamedTuple):
    """A whole system. `after`, `slot_use`, `of_offer`, `of_need`, `of_slot` and `link` are the rows that the tables'
    bounds point into; `open` ``(resource, step)`` says when a resource is shared; `alone` are shared once, `mutual`
    until nothing changes; ``pair[service, from, to]`` is a row of `ways`, whose `paths` hold links (offers);
    ``span[rhythm, step]`` how many steps of repair a step holds; `scope` ``(scope, part)`` what a measure counts;
    steps run from `start` to before `stop`."""

    parts: Table
    steps: Table
    offers: Table
    needs: Table
    works: Table
    after: Integers
    uses: Table
    slots: Table
    slot_use: Integers
    resources: Table
    rows: Table
    of_offer: Integers
    of_need: Integers
    of_slot: Integers
    open: Flags
    alone: Integers
    mutual: Integers
    pair: Integers
    ways: Table
    paths: Table
    link: Integers
    span: Integers
    scope: Flags
    start: int
    stop: int
    disaster: int


class State(NamedTuple):
    """What changes in a run: offers `now` and in `full`, what was `seen` at the last sharing and how far it was `met`,
    progress of activities, what each use `got`; ``changes[r]`` counts changes of a resource's offers, ``changes[-1]``
    those of links, ``shared[r]`` is what they were when it was last shared; `offered` and `ready` are for passing use,
    `last` is the step of a component's last repair, `totals` ``(step, scope, resource, 3)``, `hurt` ``(step,)`` and
    `left` ``(part,)`` the outcome. No array is made while it runs."""

    offers: Table
    needs: Table
    slots: Table
    works: Table
    got: Floats
    givers: Table
    pairs: Table
    changes: Integers
    shared: Integers
    offered: Floats
    ready: Flags
    last: Integers
    totals: Floats
    hurt: Floats
    left: Floats
