"""Works that somebody draws on the map: a wall, a basin, a rain bed; what each does and what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.ops import substring

from genrejs.city.model import City
from genrejs.city.structures import Basin, Wall
from genrejs.errors import InputError
from genrejs.measure.places import soak

STRETCH = 50.0
"""[m] a wall follows the ground in stretches of this length, each with a crest of its own (assumption)."""
SOAKS = 1e-4
"""[m/s] that a rain bed takes on its own area (assumption, as in the catalogue's rain beds)."""


@dataclass(frozen=True)
class Kind:
    """A kind of work: `unit_cost` [DKK] a `unit`, the figure it takes with its limits [m], and where they come from."""

    unit_cost: float
    unit: str
    figure: str
    limits: tuple[float, float]
    largest: float
    source: str


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "wall": Kind(
            24_000.0, "m2", "height", (0.2, 6.0), 10_000.0,
            "60,000 DKK/m of a raised edge of 2.5 m, shared out by its height: assumption",
        ),
        "basin": Kind(
            19_700.0, "m3", "depth", (0.1, 5.0), 500_000.0,
            "two squares of 1,700 m3 for 67 M DKK, as in the catalogue: assumption (a plain basin is cheaper)",
        ),
        "rain_bed": Kind(
            2_200.0, "m2", "depth", (0.0, 1.0), 500_000.0, "2,200 DKK/m2, as in the catalogue: assumption"
        ),
    }
)  # fmt: skip
"""What can be drawn; `largest` is the longest line [m] or the largest area [m2] accepted."""


@dataclass(frozen=True)
class Drawn:
    """One work in the city's coordinates: a wall along a `shape` with a height, a basin or rain bed on an area.

    `figure` [m] is the height of a wall above the ground or the depth of a basin; a rain bed lies as deep as it is.
    """

    kind: str
    shape: LineString | Polygon
    figure: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(f"A drawn work is one of {', '.join(KINDS)}; got '{self.kind}'.")
        kind, line = KINDS[self.kind], self.kind == "wall"
        size = self.shape.length if line else self.shape.area
        if isinstance(self.shape, LineString) != line or not self.shape.is_valid or not size > 0:
            raise InputError(
                f"A drawn {self.kind} needs a {'line' if line else 'plain area'} that does not cross itself."
            )
        if size > kind.largest:
            raise InputError(f"A drawn {self.kind} may be {kind.largest:,.0f} {'m' if line else 'm2'} at most.")
        if not kind.limits[0] <= self.figure <= kind.limits[1]:
            low, high = kind.limits
            raise InputError(f"The {kind.figure} of a {self.kind} must be {low:g} to {high:g} m; got {self.figure:g}.")

    @property
    def amount(self) -> float:
        """How many units of its kind it is: m2 of wall or bed, m3 of basin."""
        if self.kind == "wall":
            return float(self.shape.length * self.figure)
        return float(self.shape.area * (self.figure if self.kind == "basin" else 1.0))

    @property
    def cost(self) -> float:
        """Its cost [DKK], the amount times the unit cost (assumption)."""
        return self.amount * KINDS[self.kind].unit_cost


def check_inside(city: City, work: Drawn) -> None:
    """Raise InputError for a drawn work that lies outside the city's grid, in part or as a whole."""
    if not shapely.box(*city.grid.bounds).covers(work.shape):
        raise InputError(f"A drawn {work.kind} must lie inside the city's map; one does not.")


def carry_out_drawn(city: City, works: Sequence[Drawn]) -> City:
    """Return the city with the drawn works built; raise InputError for one that lies outside the city's grid."""
    for number, work in enumerate(works):
        check_inside(city, work)
        city = _BUILD[work.kind](city, work, f"drawn_{number}")
    return city


def _wall(city: City, work: Drawn, name: str) -> City:
    line = LineString(shapely.get_coordinates(work.shape))
    count = max(1, int(np.ceil(line.length / STRETCH)))
    ends = np.linspace(0.0, line.length, count + 1)
    parts = []
    for k in range(count):
        piece = LineString(shapely.get_coordinates(substring(line, ends[k], ends[k + 1])))
        parts.append(Wall(f"{name}_{k}", piece, _ground(city, piece) + work.figure, "drawn"))
    return city.change(structures=(*city.structures, *parts))


def _ground(city: City, piece: LineString) -> float:
    """Return the highest ground [m] under a line."""
    steps = np.arange(0.0, piece.length + city.grid.cell / 2, city.grid.cell / 2)
    spots = shapely.get_coordinates(shapely.line_interpolate_point(piece, steps))
    rows, columns = city.grid.nearest(spots[:, 0], spots[:, 1])
    return float(np.nanmax(city.terrain["elevation"].to_numpy()[rows, columns]))


def _basin(city: City, work: Drawn, name: str) -> City:
    return city.change(structures=(*city.structures, Basin(name, Polygon(work.shape), work.figure, "drawn")))


def _rain_bed(city: City, work: Drawn, name: str) -> City:
    """Let the bed's cells soak by the share of them that is bed."""
    x, y = np.meshgrid(city.grid.x, city.grid.y)
    half = city.grid.cell / 2
    near = np.asarray(shapely.contains_xy(work.shape.buffer(half * np.sqrt(2)), x, y))
    share = np.zeros(city.grid.shape)
    cells = shapely.box(x[near] - half, y[near] - half, x[near] + half, y[near] + half)
    share[near] = shapely.area(shapely.intersection(cells, work.shape)) / city.grid.cell**2
    return soak(city, share * SOAKS)


_BUILD = MappingProxyType({"wall": _wall, "basin": _basin, "rain_bed": _rain_bed})
