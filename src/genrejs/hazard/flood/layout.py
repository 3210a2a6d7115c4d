"""From the caller's ``(y, x)`` arrays to the padded, flat arrays of the kernels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genrejs.hazard.flood.options import Options
from genrejs.hazard.flood.problem import LEAST_POROSITY, NARROWEST, Floats, Ground
from genrejs.hazard.flood.state import CLOSED, RING, TILE_COLUMNS, TILE_ROWS, Fields, Notes, Tiles, Waves

GRAVITY = 9.81
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Frame:
    """The padded rectangle: closed rows and columns around the cells, then up to whole tiles."""

    rows: int
    columns: int

    @property
    def width(self) -> int:
        """Cells in a padded row."""
        return -(-self.columns // TILE_COLUMNS) * TILE_COLUMNS + 2

    @property
    def height(self) -> int:
        """Padded rows."""
        return -(-self.rows // TILE_ROWS) * TILE_ROWS + 2 * RING

    def flat(self, array: Any, fill: float, dtype: type) -> Any:
        """Return the array padded with `fill` and flattened, ``(height * width,)``."""
        out: Any = np.full((self.height, self.width), fill, dtype)
        out[RING : self.rows + RING, 1 : self.columns + 1] = array
        return out.ravel()

    def unflat(self, flat: Floats) -> Floats:
        """Return the ``(y, x)`` part of a flat array: a view of it."""
        return flat.reshape(self.height, self.width)[RING : self.rows + RING, 1 : self.columns + 1]

    def mask(self, cells: Bools | None) -> Bools:
        """Return a ``(y, x)`` mask padded and flattened; None is nowhere."""
        if cells is None:
            return np.zeros(self.height * self.width, bool)
        return np.asarray(self.flat(cells, 0, np.bool_))

    def faces(self, passes: Bools, sea: Bools, mine: int, other: int) -> NDArray[np.int64]:
        """Return the places k of faces that pass, with the sea in cell k + `mine` and none in k + `other`."""
        low, high = self.width, sea.size - self.width
        return np.flatnonzero(passes[low:high] & sea[low + mine : high + mine] & ~sea[low + other : high + other]) + low

    def index(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the places of cells in the flat arrays."""
        return np.asarray((np.asarray(rows, np.int64) + RING) * self.width + np.asarray(columns, np.int64) + 1)


def grain(ground: Ground, level: float, dtype: type) -> float:
    """Return the spacing [m] on which every elevation and level of the case is an exact number of `dtype`.

    Elevations rounded to it make ``level - ground`` and ``ground + depth`` exact, so still water stays still.
    """
    highest = max(float(np.nanmax(np.abs(ground.elevation))), abs(level), 1.0) + 8.0
    return float(2.0 ** (np.ceil(np.log2(highest)) - (24 if dtype is np.float32 else 53)))


def cells_open(ground: Ground) -> Bools:
    """Return which cells can hold water, ``(y, x)``."""
    inside = np.isfinite(ground.elevation)
    if ground.porosity is not None:
        inside &= ground.porosity >= LEAST_POROSITY
    return np.asarray(inside if ground.blocked is None else inside & ~ground.blocked)


def lay_fields(ground: Ground, ghosts: Bools, frame: Frame, spacing: float, options: Options) -> Fields:
    """Return the cells and faces of a case, dry and still; `ghosts` ``(y, x)`` are imposed, not simulated."""
    dtype = np.float32 if options.precision == 32 else np.float64
    free = cells_open(ground)
    rounded = np.round(np.where(free, ground.elevation, 0.0) / spacing) * spacing
    z = frame.flat(rounded, 0.0, dtype)
    del rounded
    sea = ghosts & free
    pores = _pores(ground, frame, free, sea, dtype)
    east, south = _beds(frame, z, free, sea, ground)
    _shut_narrow(pores, (east, south), (1, frame.width))
    count = frame.height * frame.width

    def zeros() -> Floats:
        return np.zeros(count, dtype)

    def optional(rate: Floats | None) -> Floats:
        return np.zeros(1, dtype) if rate is None else np.asarray(frame.flat(rate, 0.0, dtype))

    return Fields(
        ground=z,
        friction=frame.flat(np.where(free, GRAVITY * np.square(ground.manning), 0.0), 0.0, dtype),
        infiltration=optional(ground.infiltration),
        drain=optional(ground.drain_capacity),
        catch=frame.flat(free & ~sea, 0, np.uint8),
        bed_east=east,
        bed_south=south,
        depth=zeros(),
        lost=zeros() if options.precision == 32 else np.zeros(1, dtype),
        east=np.zeros((2, count), dtype),
        south=np.zeros((2, count), dtype),
        share=np.ones(count, dtype),
        top=zeros(),
        speed=zeros(),
        arrival=np.full(count, -1.0, dtype),
        porosity=pores[0],
        thin=pores[1],
        throat_east=pores[2],
        throat_south=pores[3],
    )


def _shut_narrow(pores: tuple[Floats, ...], beds: tuple[Floats, Floats], steps: tuple[int, int]) -> None:
    """Close the faces that are marked as too narrow, in place."""
    for bed, throat, along in zip(beds, pores[2:], steps, strict=True):
        if throat.size > 1:
            bed[throat == 0.0] = CLOSED
            # a closed face lies across the whole open share of its cells and gives their own pressure back
            shut = np.flatnonzero(bed[:-along] > CLOSED / 2)
            throat[shut] = np.minimum(pores[0][shut], pores[0][shut + along])


def _pores(ground: Ground, frame: Frame, free: Bools, sea: Bools, dtype: type) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the open share of cells, one over it, and that of east and south faces; one element where none is built.

    No face is more open than its cells, or waves would outrun the time step; imposed cells are open. Narrower faces
    than `NARROWEST` are marked by 0.
    """
    if ground.porosity is None:
        one: Floats = np.ones(1, dtype)
        return one, one, one, one
    share = frame.flat(np.where(free & ~sea, ground.porosity, 1.0), 1.0, dtype)
    throats = []
    for asked, along in ((ground.open_east, 1), (ground.open_south, frame.width)):
        throat: Floats = np.ones(share.size, dtype)
        throat[:-along] = np.minimum(share[:-along], share[along:])
        if asked is not None:
            inner = frame.unflat(throat)
            np.minimum(inner, np.where(np.asarray(asked) < NARROWEST, 0.0, asked), out=inner, casting="same_kind")
        throats.append(throat)
    return share, 1.0 / share, throats[0], throats[1]


def way_through(throat: Floats, back: int, at: Any = None) -> Any:
    """Return one over the open share of cells `at` (None: all) in a direction, the mean of their two faces'.

    `back` is the step in memory to the face before; 1.0 where nothing is built.
    """
    if throat.size == 1:
        return 1.0
    here = np.arange(throat.size) if at is None else at
    return 0.5 * (1.0 / throat[here - back] + 1.0 / throat[here])


def _beds(frame: Frame, z: Floats, free: Bools, sea: Bools, ground: Ground) -> tuple[Floats, Floats]:
    """Return the bed [m] of every east and south face: the higher ground or the wall, `CLOSED` where nothing passes."""
    inner, beds = frame.unflat(z), []
    for wall, here, there in (
        (ground.wall_east, np.s_[:, :-1], np.s_[:, 1:]),
        (ground.wall_south, np.s_[:-1, :], np.s_[1:, :]),
    ):
        bed: Floats = np.full(z.size, CLOSED, z.dtype)
        sill = np.maximum(inner[here], inner[there])
        if wall is not None:
            np.maximum(sill, wall[tuple(slice(0, n) for n in sill.shape)], out=sill, casting="same_kind")
        passes = free[here] & free[there] & ~(sea[here] & sea[there])
        np.copyto(frame.unflat(bed)[here], sill, where=passes)
        beds.append(bed)
    return beds[0], beds[1]


def lay_notes(options: Options, frame: Frame, dtype: type) -> Notes | None:
    """Return what is recorded on request; None where nothing is."""
    if not (options.thresholds or options.depth_speed or options.recession):
        return None
    count = frame.height * frame.width
    return Notes(
        thresholds=np.array(options.thresholds, dtype),
        above=np.zeros((len(options.thresholds), count), dtype),
        force=np.zeros(count if options.depth_speed else 1, dtype),
        recession=np.full(count if options.recession else 1, -1.0, dtype),
        before=np.zeros(1),
    )


def lay_tiles(frame: Frame, fields: Fields) -> Tiles:
    """Return the tiles, all asleep."""
    across, down = (frame.width - 2) // TILE_COLUMNS, (frame.height - 2 * RING) // TILE_ROWS
    rows, columns = np.divmod(np.arange(across * down), across)
    first = (rows * TILE_ROWS + RING) * frame.width + columns * TILE_COLUMNS + 1
    count = first.size
    return Tiles(
        first=first.astype(np.uint64),
        active=np.zeros(count, np.uint8),
        wet=np.zeros(count, np.int32),
        order=np.zeros(count, np.int64),
        crowded=np.zeros(count, np.int32),
        check=np.zeros(count, np.int64),
        peak=np.zeros(count, fields.depth.dtype),
        froude=np.zeros(count, fields.depth.dtype),
        taken=np.zeros((2, count)),
        across=across,
        width=np.uint64(frame.width),
    )


def lay_waves(fields: Fields) -> tuple[Waves, Waves]:
    """Return the two states of the shallow-water scheme on the cells of `fields`: for even and for odd steps."""
    one, other = ([np.zeros_like(a) for a in (fields.depth, fields.lost, fields.depth, fields.depth)] for _ in range(2))
    shared = {name: getattr(fields, name) for name in Waves._fields if hasattr(fields, name)}
    states = []
    for now, then in ((one, other), (other, one)):
        own = dict(zip(("depth", "lost", "east", "south"), now, strict=True))
        own |= dict(zip(("next_depth", "next_lost", "next_east", "next_south"), then, strict=True))
        states.append(Waves(**(shared | own)))
    return states[0], states[1]
