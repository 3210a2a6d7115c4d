"""Draw the pictures of docs/screening.md from the embedded city, and print how still water compares with the solver."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.colors import ListedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from genrejs.city.embedded import load_city
from genrejs.city.model import City
from genrejs.hazard.event import Event
from genrejs.hazard.screening import fill_and_spill, find_depressions, sea_reach
from genrejs.hazard.screening.bluespots import chosen
from genrejs.hazard.screening.files import ORDINARY_SEA
from genrejs.hazard.screening.place import Place, read_place
from genrejs.hazard.surge import hydrograph
from genrejs.hazard.water import build_problem, solve
from genrejs.report import palette

PICTURES = Path(__file__).with_name("pictures")
CACHE = Path.home() / ".cache" / "genrejs"
TOWN = (531_500.0, 6_170_500.0, 536_500.0, 6_175_500.0)
PEAKS = (1.5, 2.0)
WET = 0.05  # [m] depth from which a cell counts as flooded
DURATION = 8.5 * 3600.0  # [s] of a surge by the shape of genrejs.hazard.surge
NOTE = "Vejle on constructed ground: never read a street's depth as fact"


def relief(ground: Any, sea: Any, cell: float) -> Any:
    """Return shaded relief ``(y, x, 3)`` with the sea flat."""
    south, east = np.gradient(4.0 * np.where(sea, 0.0, ground), cell)
    light = (1 + (east + south) / np.sqrt(2)) / np.sqrt(1 + east**2 + south**2)
    picture = np.asarray(to_rgb(palette.LAND)) * (0.68 + 0.32 * light.clip(0, 1.12))[..., None]
    picture[sea] = to_rgb(palette.FJORD)
    return picture.clip(0, 1)


def frame(axes: Any, place: Place, sea: Any, title: str) -> None:
    """Show the town's relief under a title."""
    west, south, east, north = place.grid.bounds
    axes.imshow(relief(place.elevation, sea, place.grid.cell), extent=(west, east, south, north))
    axes.set(xlim=(TOWN[0], TOWN[2]), ylim=(TOWN[1], TOWN[3]), xticks=[], yticks=[])
    axes.set_title(title, fontsize=10, loc="left")


def lay(axes: Any, place: Place, flags: Any, colour: str) -> None:
    """Colour the flagged cells."""
    west, south, east, north = place.grid.bounds
    shown = np.ma.masked_where(~flags, np.ones(flags.shape))
    axes.imshow(shown, cmap=ListedColormap([colour]), extent=(west, east, south, north), interpolation="nearest")


def save(figure: Figure, name: str) -> None:
    """Write a picture with the words about its ground."""
    figure.text(0.01, 0.008, NOTE, fontsize=7.5)
    figure.savefig(PICTURES / name, dpi=110, pil_kwargs={"optimize": True})


def bluespots(place: Place, sea: Any) -> None:
    """Draw hollows by depth and where 60 mm of rain stand."""
    found = find_depressions(place.elevation, place.grid.cell, *place.open, outlets=sea)
    spots = chosen(found, (0.05, 25.0), 1.0)
    standing = fill_and_spill(found, 0.06)
    figure = Figure(figsize=(9.6, 5.3), layout="constrained")
    figure.get_layout_engine().set(rect=(0, 0.03, 1, 0.97))
    left, right = figure.subplots(1, 2)
    frame(left, place, sea, f"{len(spots.order)} bluespots, full; dots: where they spill")
    frame(right, place, sea, f"60 mm of rain at rest: {standing.water.sum() / 1e6:.2f} million m³")
    full = np.where(spots.label > 0, found.filled - found.elevation, 0.0)
    for axes, depth in ((left, full), (right, standing.depth())):
        for least, colour in palette.WATER_CLASSES:
            lay(axes, place, depth >= least, colour)
    rows, columns = found.sill[spots.order].T
    left.plot(place.grid.x[columns], place.grid.y[rows], "o", color=palette.WET_BUILDING, markersize=4)
    keys = [Patch(color=colour, label=f"≥ {least:g} m") for least, colour in palette.WATER_CLASSES]
    right.legend(handles=keys, loc="lower right", fontsize=8)
    save(figure, "screening_rain.png")


def surges(city: City, place: Place, sea: Any) -> None:
    """Draw and print still water beside the solver's surge of the same peak."""
    reach = sea_reach(place.elevation, place.sea, *place.shut)
    cut = place.grid.window(TOWN)[1]
    figure = Figure(figsize=(9.6, 5.3), layout="constrained")
    figure.get_layout_engine().set(rect=(0, 0.03, 1, 0.97))
    for axes, peak in zip(figure.subplots(1, 2), PEAKS, strict=True):
        still = reach.depth(peak)
        event = Event("surge", "surge", "", "", DURATION, sea_level=hydrograph(peak))
        moved = np.zeros(still.shape)
        moved[cut] = np.nan_to_num(solve(build_problem(city, event, TOWN))["max_depth"].to_numpy())
        town = np.zeros(sea.shape, bool)
        town[cut] = True
        land = town & ~sea
        static, solver = land & (still >= WET), land & (moved >= WET)
        frame(axes, place, sea, f"Sea at {peak:g} m")
        for flags, colour in (
            (static & solver, "#2f83c5"),
            (static & ~solver, "#e69f00"),
            (solver & ~static, "#111111"),
        ):
            lay(axes, place, flags, colour)
        both = static & solver
        area = place.grid.cell**2 / 1e6
        print(
            f"{peak:g} m: still water {static.sum() * area:.2f} km2, solver {solver.sum() * area:.2f} km2, both "
            f"{both.sum() * area:.2f}, solver only {(solver & ~static).sum() * area:.2f}; mean depth where both "
            f"{still[both].mean():.2f} and {moved[both].mean():.2f} m; volume "
            f"{still[land].sum() * area:.2f} and {moved[land].sum() * area:.2f} million m3"
        )
    words = (("#2f83c5", "both"), ("#e69f00", "only still water"), ("#111111", "only the solver"))
    keys = [Patch(color=colour, label=word) for colour, word in words]
    axes.legend(handles=keys, loc="lower right", fontsize=8)
    save(figure, "screening_sea.png")


def main() -> None:
    """Draw both pictures."""
    place = read_place("vejle", None, None, CACHE)
    sea = sea_reach(place.elevation, place.sea, *place.open).reach < ORDINARY_SEA
    bluespots(place, sea)
    surges(load_city("vejle", cache=CACHE), place, sea)


if __name__ == "__main__":
    main()
