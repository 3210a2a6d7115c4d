"""Run the flood engine against exact solutions and write the tables and pictures of docs/verification.md.

`python docs/build_verification.py [FAMILY ...]`; what was computed is kept in build/verification and read from there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from drawing import COLOURS, DASHES, RUNS, save, table, write
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "verification"))
from flood_cases import bowls, dam_break, godunov, oblique, plane, rough, steady, still, travelling  # noqa: E402
from flood_cases.case import Array, Case, orders  # noqa: E402
from genrejs.hazard.flood import Options  # noqa: E402

PAGE = ROOT / "docs" / "verification.md"
PICTURES = ROOT / "docs" / "pictures" / "verification"
KEPT = ROOT / "build" / "verification"
FULL = ("shallow-water 1", "shallow-water 2")
MARKS = {"inertial": "^", "shallow-water 1": "o", "shallow-water 2": "s"}
GROUND = "#c8b49a"
Result = dict[str, Array]


def computed(case: Case, kind: str, label: str, **more: Any) -> Result:
    """Return depths, velocities, errors and account of a run in double precision, from an earlier time if kept."""
    path = KEPT / f"{label}_{kind}.npz".replace(" ", "_")
    if not path.exists():
        scheme, order = RUNS[kind]
        flood = case.run_inertial(**more) if scheme == "inertial" else case.run(order, **more)
        KEPT.mkdir(parents=True, exist_ok=True)
        kept = [a if a is not None else np.zeros(0) for a in (flood.slices, flood.slice_times)]
        np.savez(
            path, depth=flood.final_depth, error=case.error(flood), slices=kept[0], times=kept[1],
            least=flood.final_depth.min(),
            account=abs(flood.balance["error"]) / max(flood.balance["moved"], flood.balance["stored_start"]),
        )  # fmt: skip
        print(f"{label}, {kind}: L1 {case.error(flood):.2e} m", flush=True)
    with np.load(path) as kept:
        return dict(kept)


def grids(
    make: Callable[[int], Case], counts: tuple[int, ...], kinds: tuple[str, ...], label: str, axis: Any, name: str = ""
) -> list[list[str]]:
    """Return a row of errors and orders for each kind, and draw the errors over the cell."""
    rows = []
    for kind in kinds:
        cases = [make(count) for count in counts]
        cells = [case.cell for case in cases]
        errors = [float(computed(c, kind, f"{label} {n}")["error"]) for c, n in zip(cases, counts, strict=True)]
        if axis is not None:
            axis.loglog(cells, [1000 * e for e in errors], MARKS[kind] + "-", color=COLOURS[kind], label=kind, ms=5)
        rows.append(row(name or label, kind, errors, cells))
    return rows


def row(name: str, kind: str, errors: list[float], cells: list[float]) -> list[str]:
    """Return a line of a table of errors: each in mm, and the order between each two grids."""
    return [name, kind, *(short(1000 * e) for e in errors), ", ".join(f"{o:.2f}" for o in orders(errors, cells))]


def short(value: float) -> str:
    """Return a number with three digits that count."""
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def guide(axis: Any, title: str) -> None:
    """Draw slopes of order 1 and 2 under the finest errors and name the axes."""
    cells = np.sort(axis.lines[0].get_xdata())
    bottom = min(line.get_ydata().min() for line in axis.lines)
    for order, dash in ((1, "--"), (2, ":")):
        axis.loglog(cells[:2], 0.7 * bottom * (cells[:2] / cells[0]) ** order, "k" + dash, lw=1, label=f"order {order}")
    axis.set(title=title, xlabel="cell [m]", ylabel="mean error of depth [mm]")
    axis.set_xticks(cells, [f"{c:.4g}" for c in cells])
    axis.xaxis.set_minor_locator(NullLocator())
    axis.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axis.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.yaxis.set_minor_locator(NullLocator())
    axis.legend(fontsize=8)


def profile(axis: Any, case: Case, label: str, kinds: tuple[str, ...], datum: Array | float = 0.0) -> None:
    """Draw exact and computed levels along the middle row over a datum [m], without the two cells at either end."""
    r, shown = case.x.shape[0] // 2, slice(2, -2)
    x, datum = case.x[0, shown], np.broadcast_to(datum, case.x.shape[1:])[shown]
    axis.plot(x, datum + case.exact(case.duration)[0][r, shown], "k", lw=2.6, alpha=0.35, label="exact")
    for kind in kinds:
        depth = computed(case, kind, label)["depth"][r, shown]
        axis.plot(x, datum + depth, DASHES[kind], color=COLOURS[kind], lw=1.4, label=kind)


def head(counts: tuple[int, ...], unit: str = "cells") -> list[str]:
    """Return the head of a table of errors."""
    return ["case", "scheme", *(f"L1 [mm], {n} {unit}" for n in counts), "order between grids"]


def dams() -> str:
    """Ritter's and Stoker's dam breaks."""
    counts, rows = (50, 100, 200, 400), []
    figure, axes = plt.subplots(1, 3, figsize=(12, 3.8))
    for axis, (name, low) in zip(axes, (("Ritter", 0.0), ("Stoker", dam_break.LOW)), strict=False):
        case = dam_break.broken_dam(100, low)
        spare = axes[2] if name == "Stoker" else None
        rows += grids(lambda n, low=low: dam_break.broken_dam(n, low), counts, tuple(RUNS), name, spare)
        cells = [dam_break.LENGTH / n for n in counts]
        errors = [yardstick(dam_break.broken_dam(n, low)) for n in counts]
        rows.append(row(name, "Godunov's own, exact Riemann solver", errors, cells))
        profile(axis, case, f"{name} 100", tuple(RUNS))
        axis.set(title=f"{name}: depth after {case.duration:.0f} s, 20 m cells", xlabel="x [m]", ylabel="depth [m]")
        axis.legend(fontsize=8)
        if name == "Stoker":
            axes[2].loglog(cells, [1000 * e for e in errors], "kx", label="Godunov's own")
            guide(axes[2], "Stoker: error over cell")
    save(figure, PICTURES / "dams.png")
    return table(head(counts), rows)


def yardstick(case: Case) -> float:
    """Return the L1 error [m] of Godunov's own scheme with the exact Riemann solution."""
    exact = case.exact(case.duration)[0][0]
    return float(np.abs(godunov.run(case.level[0], case.cell, case.duration) - exact).mean())


def bores() -> str:
    """A bore thrown back by a wall and by a raised house."""
    counts, rows = (60, 120, 240), []
    figure, axes = plt.subplots(1, 3, figsize=(12, 3.6))
    for axis, cliff in zip(axes, (False, True), strict=False):
        name = "cliff" if cliff else "wall"
        spare = axes[2] if not cliff else None
        rows += grids(lambda n, c=cliff: dam_break.bore_at_wall(n, c), counts, FULL, name, spare)
        profile(axis, dam_break.bore_at_wall(120, cliff), f"{name} 120", FULL)
        axis.set(
            title=f"Bore thrown back by a {name}, 2.5 m cells",
            xlabel="x [m]",
            ylabel="depth [m]",
            xlim=(0, 300),
            ylim=(1.0, 2.4),
        )
        axis.legend(fontsize=8, loc="upper left")
    guide(axes[2], "Wall: error over cell")
    save(figure, PICTURES / "bores.png")
    return table(head(counts), rows)


def swings() -> str:
    """Thacker's swings in a bowl."""
    counts, rows = (40, 80, 160, 320), []
    figure, axes = plt.subplots(1, 3, figsize=(12, 3.8))
    for axis, curved in zip(axes, (True, False), strict=False):
        name = "curved" if curved else "planar"
        rows += grids(lambda n, c=curved: bowls.bowl(n, c), counts, FULL, name, axes[2])
        case = bowls.bowl(80, curved)
        bed = case.ground.elevation[40]
        axis.fill_between(case.x[0], bed, -10.5, color=GROUND, lw=0)
        profile(axis, case, f"{name} 80", FULL, bed)
        axis.set(title=f"{name}: level after a swing, 5 m cells", xlabel="x [m]", ylabel="level [m]")
        axis.set(xlim=(-150, 150), ylim=(-10.5, 8))
        axis.legend(fontsize=8, loc="upper center")
    for line in axes[2].lines[2:]:
        line.set(linestyle="-.", label=f"{line.get_label()}, planar")
    guide(axes[2], "Error over cell (curved unless said)")
    save(figure, PICTURES / "bowls.png")
    return table(head(counts, "cells across"), rows)


def bumps() -> str:
    """Steady flow over a bump."""
    counts, rows = (50, 100, 200, 400), []
    figure, axes = plt.subplots(1, 4, figsize=(13, 3.6))
    for axis, kind in zip(axes, steady.BUMPS, strict=False):
        spare = axes[3] if kind == "jump" else None
        runs = tuple(RUNS) if kind == "subcritical" else FULL
        rows += grids(lambda n, k=kind: steady.over_bump(k, n), counts, runs, f"bump {kind}", spare, kind)
        case = steady.over_bump(kind, 100)
        bed = case.ground.elevation[0]
        axis.fill_between(case.x[0], bed, 0, color=GROUND, lw=0)
        profile(axis, case, f"bump {kind} 100", runs, bed)
        axis.set(title=f"{kind}, 0.25 m cells", xlabel="x [m]", ylabel="level [m]")
        axis.legend(fontsize=8)
    guide(axes[3], "jump: error over cell")
    save(figure, PICTURES / "bumps.png")
    return table(head(counts), rows)


def made() -> str:
    """MacDonald's steady flows with friction."""
    counts, rows = (50, 100, 200, 400), []
    figure, axes = plt.subplots(2, 3, figsize=(12, 6.6))
    for axis, kind in zip(axes.flat, steady.MADE, strict=False):
        errors = {"supercritical": axes[1, 1], "with a jump": axes[1, 2]}.get(kind)
        runs = tuple(RUNS) if kind == "subcritical" else FULL
        rows += grids(lambda n, k=kind: steady.made_flow(k, n), counts, runs, f"made {kind}", errors, kind)
        case = steady.made_flow(kind, 100)
        profile(axis, case, f"made {kind} 100", runs)
        critical = steady.critical(steady.MADE[kind].q)
        axis.axhline(critical, color="0.5", lw=0.8, ls="-.", label="critical depth")
        axis.set(title=f"{kind}: depth, 10 m cells", xlabel="x [m]", ylabel="depth [m]")
        axis.legend(fontsize=8)
    guide(axes[1, 1], "supercritical: error over cell")
    guide(axes[1, 2], "with a jump: error over cell")
    save(figure, PICTURES / "macdonald.png")
    return table(head(counts), rows)


def turned_jump() -> str:
    """The oblique jump."""
    counts = (40, 80, 160, 320)
    figure, axes = plt.subplots(1, 2, figsize=(10, 3.8))
    rows = grids(oblique.oblique, counts, FULL, "oblique jump", axes[1], "")
    guide(axes[1], "Error over cell")
    case = oblique.oblique(160)
    angle, deep, _ = oblique.behind()
    for line, kind in zip(rows, FULL, strict=True):
        got = computed(case, kind, "oblique jump 160")
        line.append(f"{np.rad2deg(oblique.jump_angle(case, got['depth']) - (angle - oblique.TURN)):+.3f}")
    got = computed(case, "shallow-water 2", "oblique jump 160")
    shown = axes[0].pcolormesh(case.x, case.y, got["depth"], vmin=1.0, vmax=deep, cmap="Blues", rasterized=True)
    axes[0].plot([0, 40], [0, 40 * np.tan(angle - oblique.TURN)], "k--", label="exact jump")
    axes[0].set(title="Depth, second order, 0.25 m cells", xlabel="x [m]", ylabel="y [m]", xlim=(0, 40), ylim=(0, 24))
    axes[0].legend(loc="upper left")
    figure.colorbar(shown, ax=axes[0], label="depth [m]")
    save(figure, PICTURES / "oblique.png")
    return table([*head(counts), "angle off [degrees], 160 cells"], rows)


def rain() -> str:
    """Rain on a plane."""
    shower = plane.RainyPlane()
    figure, axes = plt.subplots(1, 2, figsize=(11, 3.8))
    rows = []
    times = np.linspace(0.0, 3600.0, 400)
    for axis, cell in zip(axes, (10.0, 5.0), strict=True):
        axis.plot(times / 60, [1000 * shower.discharge(t) for t in times], "k", lw=2.2, alpha=0.35, label="exact")
        for kind in RUNS:
            case = shower.case(cell, 3600.0)
            got = computed(case, kind, f"rain {cell:g}", every=60.0)
            mid, flow = plane.outflow(case, shower, got["slices"], got["times"])
            axis.plot(mid / 60, 1000 * flow, DASHES[kind], color=COLOURS[kind], lw=1.4, label=kind)
            rows.append([f"{cell:g} m", kind, *fit(case, shower, got, mid, flow)])
        axis.set(title=f"Runoff at the foot, {cell:g} m cells", xlabel="minutes", ylabel="discharge [l/s per m]")
        axis.legend(fontsize=8)
    save(figure, PICTURES / "rain.png")
    return table(["cell", "scheme", "efficiency", "steady flow off", "depth off at 30 min, from the third cell"], rows)


def fit(case: Case, shower: plane.RainyPlane, got: Result, mid: Array, flow: Array) -> list[str]:
    """Return the Nash-Sutcliffe efficiency, the largest error of the steady flow and the range of depth errors."""
    exact = np.array([shower.discharge(t) for t in mid])
    calm = (mid > 1.3 * shower.concentration) & (mid < shower.until)
    efficiency = 1 - np.square(flow - exact).sum() / np.square(exact - exact.mean()).sum()
    worst = np.abs(flow[calm] / (shower.rain * shower.length) - 1).max()
    x = case.x[0, case.counted[0]]
    off = (got["slices"][30][0, case.counted[0]] / shower.depth(x, shower.until) - 1)[2:]
    return [f"{efficiency:.4f}", f"{worst:.2%}", f"{off.min():+.1%} to {off.max():+.1%}"]


FILMS = ((0.003, 0.03), (0.012, 0.03), (0.003, 0.1), (0.012, 0.1))
SLOPES = (0.01, 0.02, 0.05, 0.1, 0.2)


def films() -> str:
    """Normal depth of thin films."""
    figure, axes = plt.subplots(1, 2, figsize=(11, 3.8), sharey=True)
    rows = []
    for kind in RUNS:
        for depth, manning in FILMS:
            off, drawn = [], 0
            for slope in SLOPES:
                case = plane.film(slope, depth ** (5 / 3) * np.sqrt(slope) / manning, 5.0, manning)
                got = computed(case, kind, f"film {slope} {depth} {manning}")["depth"]
                off.append(100 * (float(got[case.counted].mean()) / depth - 1))
                lower = np.abs(got[1, 30:-1] / got[1, 30] - 1) > 0.01
                drawn = max(drawn, int(lower.size - np.argmax(lower)) if lower.any() else 0)
            edge = str(drawn) if kind != "shallow-water 1" else "–"
            percent = [f"{o:+.1f}" if abs(o) > 0.05 else "0.0" for o in off]
            rows.append([f"{1000 * depth:g} mm, n {manning}", kind, *percent, edge])
            label = f"{kind}, {1000 * depth:g} mm"
            fill = COLOURS[kind] if depth > 0.01 else "white"
            axis = axes[0 if manning < 0.05 else 1]
            size = 10 if kind == "inertial" else 5
            axis.plot(SLOPES, off, MARKS[kind] + "-", color=COLOURS[kind], mfc=fill, label=label, ms=size)
    for axis, manning in zip(axes, (0.03, 0.1), strict=True):
        axis.set(title=f"Films, 5 m cells, n {manning}", xlabel="slope [m/m]", xscale="log")
        axis.set_xticks(SLOPES, [f"{s:g}" for s in SLOPES])
        axis.minorticks_off()
        axis.legend(fontsize=8, loc="lower right")
    axes[0].set(ylabel="depth off the normal one [%]")
    save(figure, PICTURES / "films.png")
    return table(["film", "scheme", *(f"slope {s:g} [%]" for s in SLOPES), "cells at the edge off"], rows)


def travels() -> str:
    """Hunter's travelling wave."""
    counts, rows = (45, 90, 180, 360), []
    figure, axes = plt.subplots(1, 3, figsize=(12, 3.8))
    for axis, slope in zip(axes, (0.0, 0.001), strict=False):
        name = "up a plane" if slope else "level bed"
        spare = axes[2] if slope else None
        rows += grids(lambda n, s=slope: travelling.travelling(n, s, False), counts, FULL, f"wave {slope}", spare, name)
        mine = lambda n, s=slope: travelling.travelling(n, s, True)  # noqa: E731
        rows += grids(mine, counts, ("inertial",), f"own wave {slope}", spare, f"{name}, its own wave")
        case, own = travelling.travelling(90, slope, False), travelling.travelling(90, slope, True)
        profile(axis, case, f"wave {slope} 90", FULL)
        profile(axis, own, f"own wave {slope} 90", ("inertial",))
        axis.lines[3].set(color="0.2", lw=1.0, ls="-.", alpha=1.0, label="exact, inertial equations")
        axis.set(title=f"{name}: after an hour, 50 m cells", xlabel="x [m]", ylabel="depth [m]", xlim=(0, 4000))
        axis.legend(fontsize=8)
    guide(axes[2], "Up a plane: error over cell")
    save(figure, PICTURES / "travelling.png")
    return table(head(counts), rows)


def laws() -> str:
    """What must hold on every ground: measured figures for the three schemes, double and single precision."""
    lines: list[list[str]] = [
        ["lake at rest, 900 s: largest speed [m/s]"], ["rain on a lake: largest error of level [m]"],
        ["mirrored, turned, transposed town: largest change of depth [m]"],
        ["moved on the tiles: largest change of depth [m]"], ["two threads for one: largest change of depth [m]"],
        ["towns: water made or lost, of that moved"], ["towns: least depth [m]"],
        ["kernels beside plain NumPy: largest difference of depth [m]"],
        ["all runs of this page: water made or lost (float64)"], ["all runs of this page: least depth [m]"],
    ]  # fmt: skip
    for kind, (scheme, order) in RUNS.items():
        cells = zip(*(town_laws(Options(scheme=scheme, order=order, precision=p)) for p in (64, 32)), strict=True)
        for line, pair in zip(lines, cells, strict=False):
            line.append(" / ".join(f"{value:.1e}" if value else "0" for value in pair))
        kept = [dict(np.load(path)) for path in KEPT.glob(f"*_{kind.replace(' ', '_')}.npz")]
        pairs = [rough.beside_twin(seed, scheme, order) for seed in (1, 2, 3)]
        off = max(float(np.abs(flood.final_depth - twin.depth[1:-1, 1:-1]).max()) for flood, twin in pairs)
        lines[-3].append(f"{off:.1e}")
        lines[-2].append(f"{max(float(k['account']) for k in kept):.1e} ({len(kept)} runs)")
        lines[-1].append(f"{min(float(k['least']) for k in kept):.0f}")
    return table(["float64 / float32", *RUNS], lines)


def town_laws(options: Options) -> list[float]:
    """Return the measured figures of a scheme in one precision, in the order of the table."""
    lakes = [still.lake(kind, options) for kind in ("random", "emerging")]
    level = still.drowned(options)[1]
    plain = rough.Town().run(options)
    turned = [(rough.Town(turn=name).run(options), turn) for name, (turn, _) in rough.TURNS.items()]
    shifted = [rough.Town(shift=shift) for shift in ((5, 0), (0, 9), (13, 29))]
    threads = [rough.Town().run(Options(**{**vars(options), "threads": n})) for n in (1, 2)]
    towns = [plain, *(rough.Town(seed).run(options) for seed in (2, 3))]
    return [
        max(float(np.nanmax(lake.max_speed)) for lake in lakes),
        float(np.abs(level - still.LEVEL - still.RISE).max()),
        max(float(np.abs(flood.final_depth - turn(plain.final_depth)).max()) for flood, turn in turned),
        max(float(np.abs(t.cut(t.run(options).final_depth) - plain.final_depth).max()) for t in shifted),
        float(np.abs(threads[0].final_depth - threads[1].final_depth).max()),
        max(abs(town.balance["error"]) / town.balance["moved"] for town in towns),
        min(float(town.final_depth.min()) for town in towns),
    ]


FAMILIES: dict[str, Callable[[], str]] = {
    "dams": dams, "bores": bores, "bowls": swings, "bumps": bumps, "macdonald": made, "oblique": turned_jump,
    "rain": rain, "films": films, "travelling": travels, "laws": laws,
}  # fmt: skip


def main(names: list[str]) -> None:
    """Replace the tables of the page between their marks."""
    for name in names or list(FAMILIES):
        write(PAGE, name, FAMILIES[name]())


if __name__ == "__main__":
    main(sys.argv[1:])
