"""One time step on the GPU as a row of kernels, in the order of the processor's step."""
# mypy: disable-error-code="no-untyped-call, misc"

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from genrejs.hazard.flood import kernels_gpu_clock as clock
from genrejs.hazard.flood import kernels_gpu_faces as faces
from genrejs.hazard.flood import kernels_gpu_tiles as tiles
from genrejs.hazard.flood import kernels_gpu_waves as waves

if TYPE_CHECKING:
    from genrejs.hazard.flood.gpu_card import Card

STEEP = tiles.STEEP
SERIES = ("times", "values", "totals", "start")
NOTES = ("thresholds", "above", "force", "recession")


def _begin(card: Card, half: int) -> None:
    """Decide what the step does; rain and look at the tiles when it is time."""
    a = card.arrays
    clock.begin[1, 1](
        a["now"], a["counts"], a["flags"], a["clock"], a["account"], *(a[name] for name in SERIES), a["rain"]
    )
    tiles.weather_and_look[card.tiles, card.threads](
        a["depth"][half], a["lost"][half], a["top"], a["catch"], a["infiltration"], a["drain"], a["first"], a["active"],
        a["wet"], a["taken"], card.width, a["flags"], a["rain"],
    )  # fmt: skip


def _set_time(card: Card) -> None:
    """Choose the time step."""
    a = card.arrays
    clock.set_time[1, 1](a["now"], a["flags"], a["clock"], a["numbers"], a["wave_numbers"])


def _rest(a: dict[str, Any]) -> tuple[Any, ...]:
    """Return the arrays that every end of a step takes last."""
    return (
        a["inflow_cell"], a["inflow_start"], a["now"], a["counts"], a["flags"], a["clock"], a["account"],
        *(a[name] for name in SERIES), a["numbers"],
    )  # fmt: skip


def step_faces(card: Card, parity: int) -> None:
    """Launch a step of the inertial scheme, whose state lies in one place: `parity` is not used."""
    a, grid, threads, width = card.arrays, card.tiles, card.threads, card.width
    (h,), (lost,), (qx, raw_x), (qy, raw_y) = a["depth"], a["lost"], a["east"], a["south"]
    flags, p, first, active = a["flags"], a["numbers"], a["first"], a["active"]
    beds = a["bed_east"], a["bed_south"]
    _begin(card, 0)
    tiles.choose_faces[grid, threads](
        qx, qy, raw_x, raw_y, a["share"], first, active, a["wet"], a["forced"], a["peak"], card.across, width, flags,
        a["counts"],
    )  # fmt: skip
    _set_time(card)
    faces.step_faces[grid, threads](
        a["ground"], h, qx, qy, raw_x, raw_y, *beds, a["friction"], first, active, width, flags, p
    )
    if card.walls:
        faces.cap_walls[-(-card.walls // threads), threads](
            a["ground"], h, raw_x, raw_y, *beds, a["wall"], a["wall_axis"], width, flags
        )
    faces.step_shares[grid, threads](h, raw_x, raw_y, a["share"], a["catch"], first, active, width, flags, p)
    faces.step_depths[grid, threads](
        h, lost, qx, qy, raw_x, raw_y, a["share"], a["top"], first, active, a["peak"], width, flags, p
    )
    clock.end_faces[1, threads](
        a["ground"], h, lost, a["top"], qx, qy, a["peak"], active, a["cell"], a["kind"],
        a["true_ground"], a["inner"], a["face"], a["axis"], a["sign"], a["ghost"], a["ghost_of"], a["ghost_axis"],
        *_rest(a),
    )  # fmt: skip
    tiles.record_faces[grid, threads](
        a["ground"], h, qx, qy, *beds, a["speed"], a["arrival"], *(a[name] for name in NOTES), first, active,
        a["peak"], a["froude"], width, flags, p, a["now"],
    )  # fmt: skip
    clock.fastest[1, threads](a["now"], flags, a["peak"], active)


def step_waves(card: Card, parity: int) -> None:
    """Launch a step of the shallow-water scheme from the half of the state that `parity` names to the other."""
    a, grid, threads, width = card.arrays, card.tiles, card.threads, card.width
    names = ("depth", "east", "south", "lost")
    (h, p, q, lost), (next_h, next_p, next_q, next_lost) = (
        [a[name][k] for name in names] for k in (parity, 1 - parity)
    )
    flags, n, first, active = a["flags"], a["wave_numbers"], a["first"], a["active"]
    beds = a["bed_east"], a["bed_south"]
    _begin(card, parity)
    tiles.choose_waves[grid, threads](
        h, lost, p, q, next_h, next_lost, next_p, next_q, first, active, a["wet"], a["forced"], a["peak"], card.across,
        width, flags, a["counts"],
    )  # fmt: skip
    _set_time(card)
    if card.second:
        waves.step_halves[grid, threads](
            a["ground"], h, p, q, *beds, a["friction"], a["halves"], first, active, width, flags, n
        )
    for purpose in (waves.STEPPED, waves.NOTING, waves.CUT):
        waves.step_waves[grid, threads](
            a["ground"], h, p, q, lost, next_h, next_p, next_q, next_lost, *beds, a["friction"], a["share"], a["top"],
            a["catch"], a["halves"], first, active, a["crowded"], a["peak"], card.across, width, flags, n, card.second,
            purpose,
        )  # fmt: skip
    waves.forget[grid, threads](a["share"], first, active, a["crowded"], width, flags)
    clock.end_waves[1, threads](
        a["ground"], h, lost, next_h, next_lost, next_p, next_q, a["top"], a["peak"], active, a["cell"], a["kind"],
        a["true_ground"], a["held"], a["inner"], a["inner_axis"], *_rest(a),
    )  # fmt: skip
    tiles.record_waves[grid, threads](
        next_h, next_p, next_q, a["top"], a["speed"], a["arrival"], *(a[name] for name in NOTES), first, active,
        a["froude"], width, flags, a["numbers"], a["now"],
    )  # fmt: skip
