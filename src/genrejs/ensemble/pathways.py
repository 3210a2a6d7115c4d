"""Thousands of pathways, in chunks with chances of their own, kept as they are done, the same for any workers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genrejs.ensemble.run import Doing
from genrejs.ensemble.store import Store
from genrejs.ensemble.training import Taught
from genrejs.ensemble.work import each_with
from genrejs.ensemble.worlds import table_of, world_of
from genrejs.hazard.flood.content import content_hash
from genrejs.projection.futures import Futures
from genrejs.provenance import code_hash, text_hash
from genrejs.scenario.pathway import SLUMP, Memory, Pathways, Plan, Purse, Table, World, fates, walk
from genrejs.study import Study

CHUNK = 1000
"""Pathways in a chunk."""


@dataclass(frozen=True)
class Dated:
    """A strategy in time: the measures of each step in order, and when and for what each may begin (see `Plan`)."""

    id: str
    steps: tuple[str, ...]
    plan: Plan
    rebuilt: float = Memory.rebuilt


@dataclass(frozen=True)
class _Walk:
    world: World
    plan: Plan
    table: Table
    rules: tuple[Memory, Purse]
    seed: int
    futures: int


def run_pathways(dated: Dated, taught: Taught, futures: Futures, study: Study, store: Store, doing: Doing) -> Pathways:
    """Return the study's number of pathways of a dated strategy; chunks that are kept are read.

    Pathway i of every strategy has the same future and the same events. `doing` is whom to tell and a Dask client.
    """
    progress, client = doing
    states = [frozenset(dated.steps[:count]) for count in range(len(dated.steps) + 1)]
    choice = study.choice
    purse = Purse(
        yearly=choice.yearly, slump_period=choice.slump_period, slump_depth=choice.slump_depth,
        slump_lasts=choice.slump_lasts,
    )  # fmt: skip
    rules = Memory(rebuilt=dated.rebuilt), purse
    work = _Walk(
        world_of(futures, study), dated.plan, table_of(taught, states, futures), rules, study.seed, len(futures)
    )
    base = text_hash(code_hash(), study.model_dump_json(), repr(dated.steps), content_hash(dated.plan), repr(rules))
    chunks = _chunks(study.choice.pathways)
    keys = [text_hash(base, repr(chunk)) for chunk in chunks]
    todo = [(key, chunk) for key, chunk in zip(keys, chunks, strict=True) if not store.has_arrays(key)]
    for number, ((key, _), found) in enumerate(each_with(work, _walked, todo, client), start=1):
        store.keep_arrays(key, vars(found))
        progress(number / len(todo), "pathways")
    parts = [store.arrays(key) for key in keys]
    return Pathways(**{name: np.concatenate([part[name] for part in parts]) for name in parts[0]})


def _chunks(paths: int) -> list[tuple[int, int]]:
    """Return number and size of each chunk."""
    whole, rest = divmod(paths, CHUNK)
    return [(number, CHUNK) for number in range(whole)] + ([(whole, rest)] if rest else [])


def _walked(work: _Walk, item: tuple[str, tuple[int, int]]) -> Pathways:
    number, size = item[1]
    drawn = fates(work.seed, (*work.world.strengths, SLUMP), size, work.world.years.size, number)
    future = (np.arange(size) + number * CHUNK) % work.futures
    return walk(work.world, work.plan, work.table, drawn, future, work.rules)
