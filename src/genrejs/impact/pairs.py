"""Losses of many assets at many events: depth by place in, loss by event and expected loss by asset out.

The loss of an asset at an event is its value times the share that its curve gives for the depth at its place. A place
that an event does not store is dry and costs nothing; so is one with a depth that is not above 0 (NaN with it).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, issparse

from genrejs.errors import InputError
from genrejs.impact.curve import Curve
from genrejs.impact.pairs_kernel import (
    BINS,
    Lots,
    Rows,
    Table,
    add_block,
    add_groups,
    cut,
    hand_out,
    is_laid,
    lay,
    lose_at,
    lose_everywhere,
)
from genrejs.machine import cores

Floats = NDArray[np.float64]
Integers = NDArray[np.integer[Any]]

EVENTS = 4096
"""Events whose losses are added up before they join the expected loss: keeps rounding and memory small."""
ENTRIES = 4_000_000
"""Depths copied at a time where an event set must be put in order first."""
RUN = 128
"""Events that a thread takes at a time where it goes by events."""
NO_DEPTH = 1e-300
"""[m] least distance of two points of a curve, and least depth that is cut into bins: slopes stay numbers."""
BLOCK = 32_768
"""Most lots in a block of places, so that a core keeps them at hand (about 0.7 MB)."""
BLOCKS = 16
"""Blocks at least, so that cores share the work evenly; independent of the number of cores, and so are the bits."""


@dataclass(frozen=True)
class Assets:
    """What stands where ``(n,)``: index of its place (-1: none, never wet), value [money], index of its curve.

    `group` is a whole number for each asset, for losses by group.
    """

    place: Integers
    value: Floats
    curve: Integers
    group: Integers | None = None


@dataclass(frozen=True)
class Prepared:
    """Assets laid out by place for the kernels, to be used again and again; `groups` are the labels, rising."""

    places: int
    value: Floats
    lots: Lots
    table: Table
    groups: Integers | None


@dataclass(frozen=True)
class EventLosses:
    """Losses of an event set: by event ``(events,)`` [money], expected by asset ``(assets,)`` and in all [money/year].

    `at_event_by_group` is ``(events, groups)`` [money], its columns named by `groups`; None where it was not asked for.
    The expected loss is that of the events given: nothing is added for rarer ones.
    """

    at_event: Floats
    expected: Floats
    total: float
    at_event_by_group: Floats | None = None
    groups: Integers | None = None


@dataclass(frozen=True)
class EventLoss:
    """Loss at one event: in all [money], and by asset ``(assets,)`` [money]."""

    total: float
    at_asset: Floats


def event_losses(
    intensity: csr_array[Any],
    assets: Assets,
    curves: Sequence[Curve],
    frequency: ArrayLike,
    *,
    by_group: bool = False,
    threads: int | None = None,
) -> EventLosses:
    """Return the losses of `assets` at a set of events; `prepare` and `prepared_losses` in one.

    Parameters
    ----------
    intensity
        Depth [m] by event and place ``(events, places)``; what is not stored is dry. Rows in order are read where they
        lie, others are copied a few at a time. Depths of one place stored twice in a row are added, as in SciPy.
    curves
        Share lost by depth; their share at depth 0 must be 0.
    frequency
        How often each event comes ``(events,)`` [1/year].
    by_group
        Give the losses by group of assets too.
    threads
        Threads (None: all cores of this process); their number changes no bit of the result.

    Raises
    ------
    InputError
        Sizes that do not fit, an index out of range, a value or frequency below 0 or not finite, a curve that costs
        something at depth 0, an event set that is no CSR array, groups asked for without labels.
    """
    prepared = prepare(assets, curves, _checked(intensity).shape[1])
    return prepared_losses(prepared, intensity, frequency, by_group=by_group, threads=threads)


def prepare(assets: Assets, curves: Sequence[Curve], places: int) -> Prepared:
    """Return the assets laid out by place, with their curves; raise InputError as `event_losses` does."""
    table = _table(curves)
    value = np.ascontiguousarray(assets.value, np.float64)
    place, curve = np.asarray(assets.place), np.asarray(assets.curve)
    _check_indices("place", place, -1, places, value.size)
    _check_indices("curve", curve, 0, len(curves), value.size)
    if value.ndim != 1 or not np.isfinite(value).all() or (value < 0).any():
        raise InputError("The value of every asset must be a finite number, 0 or more, in one row (assets,).")
    groups, group = None, np.zeros(value.size, np.int64)
    if assets.group is not None:
        label = np.asarray(assets.group)
        if label.shape != value.shape or label.dtype.kind not in "iu":
            raise InputError(f"Give a whole number as the group of each of the {value.size} assets; got {label.shape}.")
        groups, group = np.unique(label, return_inverse=True)
    return Prepared(places, value, _lots(place, curve, group, value, places), table, groups)


def prepared_losses(
    prepared: Prepared,
    intensity: csr_array[Any],
    frequency: ArrayLike,
    *,
    by_group: bool = False,
    threads: int | None = None,
) -> EventLosses:
    """Return the losses of prepared assets at a set of events, as `event_losses` does."""
    often = np.ascontiguousarray(frequency, np.float64)
    events, places = _checked(intensity).shape
    if places != prepared.places:
        raise InputError(f"The assets were prepared for {prepared.places} places; the event set has {places}.")
    if often.shape != (events,) or not np.isfinite(often).all() or (often < 0).any():
        raise InputError(f"Give a frequency of 0 or more [1/year] for each of the {events} events; got {often.shape}.")
    if by_group and prepared.groups is None:
        raise InputError("Losses by group need the group of each asset; the assets have none.")
    if threads is not None and threads < 1:
        raise InputError(f"The number of threads is 1 or more; got {threads}.")
    at_event, share = np.empty(events), np.zeros(prepared.lots.value.size)
    split = np.zeros((events, 0 if prepared.groups is None else prepared.groups.size)) if by_group else None
    workers = threads or cores()
    with ThreadPoolExecutor(workers) as pool:
        spread: Callable[..., Any] = map if workers == 1 else pool.map
        edges = _edges(prepared.lots.start)
        for begin, end, rows, cuts in _chunks(intensity, edges, spread):
            at_event[begin:end] = _add(prepared, rows, often[begin:end], share, (edges, cuts, spread))
            if split is not None:
                _add_groups(prepared, rows, split[begin:end], spread)
    expected = np.zeros(prepared.value.size)
    hand_out(prepared.lots, share, prepared.value, expected)
    return EventLosses(at_event, expected, math.fsum(often * at_event), split, prepared.groups if by_group else None)


def event_loss(prepared: Prepared, depth: Any) -> EventLoss:
    """Return the loss of prepared assets at one event.

    `depth` [m] is an array ``(places,)`` or a sparse row, best of a CSR array: the fast path for one event at a time.

    Raises
    ------
    InputError
        The event has another number of places than the assets were prepared for, or is no row.
    """
    sparse = issparse(depth)
    row: Any = depth if sparse else np.asarray(depth)
    if row.shape not in ((prepared.places,), *([(1, prepared.places)] if sparse else [])):
        raise InputError(f"One event has a depth at each of {prepared.places} places; got the shape {row.shape}.")
    loss = np.zeros(prepared.value.size)
    rest = (prepared.lots, prepared.table, prepared.value, loss)
    if not sparse:
        water = np.ascontiguousarray(row, row.dtype if row.dtype == np.float32 else np.float64)
        return EventLoss(lose_everywhere(water, *rest), loss)
    if row.format != "csr" or not row.has_canonical_format:
        row = row.reshape((1, prepared.places)).tocsr(copy=True)
        row.sum_duplicates()
    stored = row.indptr[-1]
    index = row.indices[:stored]
    if stored and (index[0] < 0 or index[-1] >= prepared.places):
        raise InputError(f"The event stores a place outside its {prepared.places} places.")
    return EventLoss(lose_at(index, row.data[:stored], *rest), loss)


def make_ready() -> None:
    """Compile what an ordinary event set needs, so that nobody waits at the first: once, then it is kept."""
    line = Curve("line", "line", *(np.array([0.0, 1.0]),) * 4, "")
    assets = Assets(np.zeros(1, np.int64), np.ones(1), np.zeros(1, np.int64), np.zeros(1, np.int64))
    for kind in (np.float64, np.float32):
        water = csr_array(np.ones((1, 1), kind))
        event_losses(water, assets, [line], [1.0], by_group=True, threads=1)
        prepared = prepare(assets, [line], 1)
        event_loss(prepared, water)
        event_loss(prepared, water.toarray()[0])


def _checked(intensity: Any) -> Any:
    if getattr(intensity, "format", None) != "csr" or intensity.ndim != 2:
        kind = type(intensity).__name__
        raise InputError(f"An event set is a SciPy CSR array (events, places) of depths; got {kind}.")
    return intensity


def _check_indices(name: str, index: Integers, least: int, size: int, count: int) -> None:
    if index.shape != (count,) or index.dtype.kind not in "iu":
        raise InputError(f"Give a whole number as the {name} of each of the {count} assets; got {index.shape}.")
    if count and not least <= index.min() <= index.max() < size:
        raise InputError(
            f"The {name} of an asset must lie from {least} to {size - 1}; got {index.min()} to {index.max()}."
        )


def _table(curves: Sequence[Curve]) -> Table:
    """Return the curves as stretches, with the bins that find them."""
    if not 0 < len(curves) <= np.iinfo(np.uint16).max:
        raise InputError(f"Give 1 to {np.iinfo(np.uint16).max} curves; got {len(curves)}.")
    top, scale, first, stretches = np.zeros(len(curves)), np.zeros(len(curves)), [], []
    begin = 0
    for k, curve in enumerate(curves):
        x = curve.depth
        stretches.append(_stretches(curve))
        top[k] = max(x[-1], 0.0)
        scale[k] = (BINS - 1) / top[k] if top[k] > NO_DEPTH else 0.0
        # A search begins above the knots that lie in lower bins.
        first.append(begin + np.searchsorted(np.floor(x * scale[k]), np.arange(BINS), side="left"))
        begin += x.size + 1
    # Four numbers to a stretch, one after the other.
    return Table(top, scale, 4 * np.array(first, np.int32).ravel(), np.concatenate(stretches).ravel())


def _stretches(curve: Curve) -> Floats:
    """Return the stretches of a curve ``(points + 1, 4)``, of which the first and the last are level."""
    x, y = curve.depth, curve.share
    if not (np.isfinite(x).all() and np.isfinite(y).all() and (np.diff(x) > NO_DEPTH).all() and x.shape == y.shape):
        raise InputError(f"The curve {curve.id!r} needs finite points with rising depths.")
    if (dry := float(curve(0.0))) != 0.0:
        raise InputError(f"The curve {curve.id!r} costs a share of {dry:g} at depth 0; what is dry must cost nothing.")
    slope = np.diff(y) / np.diff(x)
    return np.column_stack([[*x, np.inf], [0.0, *x], [0.0, *slope, 0.0], [y[0], *y]])


def _lots(place: Integers, curve: Integers, group: Integers, value: Floats, places: int) -> Lots:
    """Return the assets by place, curve and group, those that share all three as one lot."""
    place, curve, group = (index.astype(np.int64, copy=False) for index in (place, curve, group))
    if is_laid(place, curve, group):
        asset = np.arange(value.size, dtype=np.int32)
    else:
        kinds, split = int(curve.max()) + 1, int(group.max()) + 1
        fits = places * kinds * split < 2**63  # in one number, which sorts faster than three
        key = (place * kinds + curve) * split + group
        order = np.argsort(key, kind="stable") if fits else np.lexsort((group, curve, place))
        asset = order[np.searchsorted(place[order], 0) :].astype(np.int32)
    most = asset.size
    lots = Lots(
        start=np.zeros(places + 1, np.int32),
        value=np.empty(most),
        curve=np.empty(most, np.uint16),
        group=np.empty(most, np.int32),
        member=np.empty(most + 1, np.int32),
        asset=asset,
    )
    count = lay(lots, place, curve, group, value)
    return lots._replace(
        value=lots.value[:count], curve=lots.curve[:count], group=lots.group[:count], member=lots.member[: count + 1]
    )


def _edges(start: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the first place of each block, with about as many lots in each, and last the number of places."""
    lots = int(start[-1])
    step = max(1, min(BLOCK, -(-lots // BLOCKS)))
    inner = np.searchsorted(start, np.arange(step, lots, step))
    return np.unique([0, *inner, start.size - 1]).astype(np.int64)


def _chunks(
    intensity: csr_array[Any], edges: NDArray[np.int64], spread: Callable[..., Any]
) -> Iterator[tuple[int, int, Rows, NDArray[np.int64]]]:
    """Yield the events a few thousand at a time, cut into blocks: as they lie, or a copy in order."""
    indptr = intensity.indptr.astype(np.int64, copy=False)
    events = intensity.shape[0]
    begin = 0
    as_it_lies = intensity.dtype in (np.float32, np.float64)
    while begin < events:
        end = min(begin + EVENTS, events)
        rows = Rows(indptr[begin : end + 1], intensity.indices, intensity.data)
        cuts = _cut(rows, edges, spread) if as_it_lies else None
        if cuts is None:
            as_it_lies = False
            end = max(begin + 1, min(end, int(np.searchsorted(indptr, indptr[begin] + ENTRIES, side="right")) - 1))
            rows = _in_order(intensity[begin:end])
            cuts = _cut(rows, edges, spread)
            if cuts is None:
                raise InputError(f"The event set stores a place outside its {intensity.shape[1]} places.")
        yield begin, end, rows, cuts
        begin = end


def _in_order(part: csr_array[Any]) -> Rows:
    """Return a copy of some events with rising places in every row, depths of one place added."""
    part = part.astype(np.float64)
    part.sum_duplicates()
    return Rows(part.indptr.astype(np.int64), part.indices, part.data)


def _cut(rows: Rows, edges: NDArray[np.int64], spread: Callable[..., Any]) -> NDArray[np.int64] | None:
    """Return where each block begins in each row ``(blocks + 1, events)``; None where the rows are not in order."""
    cuts = np.empty((edges.size, rows.indptr.size - 1), np.int64)

    def work(begin: int) -> bool:
        return bool(cut(rows, edges, cuts, begin, min(begin + RUN, cuts.shape[1])))

    return cuts if all(list(spread(work, range(0, cuts.shape[1], RUN)))) else None


def _add(prepared: Prepared, rows: Rows, often: Floats, share: Floats, how: tuple[Any, Any, Any]) -> Floats:
    """Return the loss at each event ``(events,)``; add its expected share to each lot's."""
    edges, cuts, spread = how
    first = prepared.lots.start[edges].tolist()
    part = np.empty((edges.size - 1, often.size))

    def work(b: int) -> None:
        block = first[b], first[b + 1], cuts[b : b + 2]
        add_block(rows, prepared.lots, prepared.table, often, block, part[b], share)

    list(spread(work, range(edges.size - 1)))
    return np.asarray(part.sum(axis=0))


def _add_groups(prepared: Prepared, rows: Rows, split: Floats, spread: Callable[..., Any]) -> None:
    """Add the losses of each group at each event, a run of events to a thread at a time."""

    def work(begin: int) -> None:
        end = min(begin + RUN, split.shape[0])
        add_groups(rows, prepared.lots, prepared.table, split, begin, end)

    list(spread(work, range(0, split.shape[0], RUN)))
