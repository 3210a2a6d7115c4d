"""Who pays in the expected year: the exceedance curve of a hazard, cut where the scheme starts to pay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from genrejs.appraisal.payers import PARTS, PAYERS, Ledger, PayerSettings, Payment, read_ledger, split
from genrejs.appraisal.risk import weights
from genrejs.errors import InputError
from genrejs.impact.damage import HAZARDS

Floats = NDArray[np.float64]
NO_END: Mapping[str, float] = {}


class Flooded(NamedTuple):
    """One event of a hazard: return period [years], losses by building and other losses, as in `who_pays`."""

    hazard: str
    return_period: float
    losses: pd.DataFrame
    other: Mapping[str, float] | None = None


class Piece(NamedTuple):
    """A part of the expected year: `weight` [1/year] of a flood that is `mix` ``(event,)`` times the events' losses."""

    weight: float
    covered: bool
    mix: Floats


@dataclass(frozen=True)
class AnnualPayment(Payment):
    """Who pays what in the expected year [DKK/year]; `by_hazard` is a table of payers by hazard."""

    by_hazard: pd.DataFrame


def pieces(
    frequencies: Sequence[float], threshold: float, tail: str = "closed", harmless: float | None = None
) -> list[Piece]:
    """Return the pieces that the expected year is made of, cut at the return period `threshold` [years].

    The curve, its tail and its end are those of `risk.weights`: the weights times the mixes sum to its weights. Where
    the threshold falls between two events, a flood at it is put in, its losses linear in frequency between the two
    (which leaves the sum as it was), and counted as not covered towards the frequent side and covered towards the
    rare. A closed or log tail that begins before the threshold is cut there too.

    Raises InputError as `risk.weights` does.
    """
    given = np.asarray(frequencies, dtype=np.float64)
    weights(given, tail, harmless)  # its checks
    edge = 1.0 / threshold if threshold > 0 else np.inf
    order = np.argsort(-given)
    falling, mixes = list(given[order]), list(np.eye(given.size)[order])
    ends = _tail(falling, mixes, edge, tail)
    if harmless is not None and harmless > falling[0]:
        falling.insert(0, harmless)
        mixes.insert(0, np.zeros(given.size))
    _put_in(falling, mixes, edge)
    found = [*ends]
    for more, less, often, rare in zip(falling, falling[1:], mixes, mixes[1:], strict=False):
        covered = bool(more <= edge)
        found += [Piece((more - less) / 2, covered, often), Piece((more - less) / 2, covered, rare)]
    return _merged(found)


def _put_in(falling: list[float], mixes: list[Floats], edge: float) -> None:
    """Put a point at the frequency `edge` into the curve where it lies strictly between two points."""
    for place in range(1, len(falling)):
        more, less = falling[place - 1], falling[place]
        if less < edge < more:
            part = (edge - less) / (more - less)
            falling.insert(place, edge)
            mixes.insert(place, part * mixes[place - 1] + (1 - part) * mixes[place])
            return


def _tail(falling: list[float], mixes: list[Floats], edge: float, tail: str) -> list[Piece]:
    """Return what lies beyond the rarest point, see `risk.TAILS`: L + s ln(f / x), with the mean of it on each side."""
    if tail == "cut":
        return []
    rarest, loss = falling[-1], mixes[-1]
    rise = np.zeros_like(loss)
    if tail == "log" and len(falling) > 1:
        rise = (loss - mixes[-2]) / np.log(falling[-2] / rarest)
    if rarest <= edge:
        return [Piece(rarest, True, loss + rise)]
    if edge <= 0:
        return [Piece(rarest, False, loss + rise)]
    grown = np.log(rarest / edge)
    frequent = loss + rise * (1 - edge * grown / (rarest - edge))
    return [Piece(rarest - edge, False, frequent), Piece(edge, True, loss + rise * (1 + grown))]


def _merged(found: list[Piece]) -> list[Piece]:
    """Return the pieces with those of one flood and one rule put together, and those of no loss left out."""
    together: dict[tuple[bool, bytes], Piece] = {}
    for piece in found:
        key = (piece.covered, piece.mix.tobytes())
        before = together[key].weight if key in together else 0.0
        together[key] = Piece(before + piece.weight, piece.covered, piece.mix)
    return [piece for piece in together.values() if piece.mix.any() and piece.weight > 0]


def expected_payment(
    floods: Sequence[Flooded],
    settings: PayerSettings | None = None,
    tail: str = "closed",
    harmless: Mapping[str, float] = NO_END,
) -> AnnualPayment:
    """Return who pays what in the expected year [DKK/year], over all hazards of `floods`.

    All events have the same buildings, row for row. The payers' sum is the expected loss of `risk.weights`. Between two
    events each payer's amount is taken as linear in frequency; deductibles and the pool bend it, so put events where it
    bends. Hazards add up (assumed independent); `harmless` is by hazard [1/year].

    Raises
    ------
    InputError
        There is no event, two of a hazard have one return period, or their buildings differ; see also `who_pays`.
    """
    how = settings or PayerSettings()
    columns: dict[str, pd.Series[float]] = {}
    total: Payment | None = None
    for hazard in _hazards(floods):
        events = [flood for flood in floods if flood.hazard == hazard]
        paid = _of_hazard(events, how, tail, harmless.get(hazard))
        columns[hazard] = paid.amounts
        total = paid if total is None else _added(total, paid)
    if total is None:
        raise InputError("Who pays in the expected year needs at least one event with a return period.")
    return AnnualPayment(total.table, total.by_building, pd.DataFrame(columns))


def expected_losses(
    floods: Sequence[Flooded], tail: str = "closed", harmless: Mapping[str, float] = NO_END
) -> pd.DataFrame:
    """Return the expected losses a year by building [DKK/year], in the columns of the events' own tables.

    Amounts that an event's table lacks count as 0, except that all events must give `contents` or none.

    Raises InputError as `expected_payment` does.
    """
    if not floods:
        raise InputError("Expected losses need at least one event with a return period.")
    _check_alike(floods)
    if len({"contents" in flood.losses for flood in floods}) > 1:
        raise InputError("Some events give 'contents' and others do not; give it for all or for none.")
    amounts = [name for name in ("damage", "contents", "cellar", "value_loss", "people")]
    names = [name for name in amounts if any(name in flood.losses for flood in floods)]
    result = floods[0].losses.drop(columns=names, errors="ignore").copy()
    result[names] = 0.0
    for hazard in _hazards(floods):
        events = [flood for flood in floods if flood.hazard == hazard]
        share = weights([1.0 / flood.return_period for flood in events], tail, harmless.get(hazard))
        for weight, flood in zip(share, events, strict=True):
            for name in names:
                result[name] += weight * flood.losses.get(name, 0.0)
    return result


def _hazards(floods: Sequence[Flooded]) -> list[str]:
    """Return the hazards of the events, each once and known."""
    for flood in floods:
        if flood.hazard not in HAZARDS:
            raise InputError(f"The damage model has no hazard '{flood.hazard}'; it knows {', '.join(HAZARDS)}.")
        if not flood.return_period > 0:
            raise InputError(f"The return period must be above 0 years; got {flood.return_period}.")
    return [hazard for hazard in HAZARDS if any(flood.hazard == hazard for flood in floods)]


def _check_alike(floods: Sequence[Flooded]) -> None:
    first = floods[0].losses
    for flood in floods[1:]:
        if (
            len(flood.losses) != len(first)
            or not (flood.losses["category"].to_numpy() == first["category"].to_numpy()).all()
        ):
            raise InputError("The events' tables of losses must have the same buildings, row for row.")


def _of_hazard(events: list[Flooded], how: PayerSettings, tail: str, harmless: float | None) -> Payment:
    """Return the expected payment of one hazard [DKK/year]."""
    _check_alike(events)
    ledgers = [read_ledger(event.losses, how, event.other) for event in events]
    names = list(dict.fromkeys(name for ledger in ledgers for name in ledger.other))
    by_building = np.zeros((len(events[0].losses), len(PAYERS)))
    table = pd.DataFrame(0.0, index=pd.Index(PAYERS, name="payer"), columns=[*PARTS, *names])
    hazard = events[0].hazard
    for piece in pieces([1.0 / event.return_period for event in events], how.threshold[hazard], tail, harmless):
        paid = split(_mixed(ledgers, piece.mix, names), hazard, piece.covered, how)
        by_building += piece.weight * paid.by_building
        table += piece.weight * paid.table
    return Payment(table, by_building)


def _mixed(ledgers: list[Ledger], mix: Floats, names: list[str]) -> Ledger:
    """Return the flood whose losses are `mix` times those of the events."""
    used = [(float(part), ledger) for part, ledger in zip(mix, ledgers, strict=True) if part != 0]
    parts = sum((part * ledger.parts for part, ledger in used), np.zeros_like(ledgers[0].parts))
    other = {name: sum(part * ledger.other.get(name, 0.0) for part, ledger in used) for name in names}
    # The log tail carries a rise on; where the losses of a building fall with rarity it would be paid for.
    if (parts < -1e-9 * np.abs(parts).max(initial=1.0)).any() or min(other.values(), default=0.0) < 0:
        raise InputError("The tail 'log' needs losses that do not fall with rarity; use 'closed' or 'cut'.")
    return Ledger(ledgers[0].cover, ledgers[0].homes, np.maximum(parts, 0.0), other)


def _added(one: Payment, two: Payment) -> Payment:
    table = one.table.add(two.table, fill_value=0.0).reindex(PAYERS)
    return Payment(table[list(dict.fromkeys([*one.table, *two.table]))], one.by_building + two.by_building)
