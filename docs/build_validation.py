"""Run the published and observed floods and write the tables and pictures of docs/validation.md.

`python docs/build_validation.py [CASE ...]`; what was computed is kept in build/validation and read again from there.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from drawing import COLOURS, DASHES, RUNS, figures, save, table, write

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "validation"))
from flood_published import basins, building, streets, thames, valley  # noqa: E402
from flood_published.case import Case, Floats, arrival, run  # noqa: E402

PAGE = ROOT / "docs" / "validation.md"
PICTURES = ROOT / "docs" / "pictures" / "validation"
KEPT = ROOT / "build" / "validation"
Result = dict[str, Floats]


def computed(case: Case, kind: str, label: str) -> Result:
    """Return gauges, final depth and account of a run, from an earlier time where it is kept."""
    path = KEPT / f"{label.replace(' ', '_')}_{kind.replace(' ', '_')}.npz"
    if not path.exists():
        began = time.process_time()
        flood = run(case, *RUNS[kind], threads=1)
        seconds = time.process_time() - began
        KEPT.mkdir(parents=True, exist_ok=True)
        np.savez(
            path, times=flood.gauge_times, levels=flood.gauges, depths=flood.gauge_depths, final=flood.final_depth,
            velocities=flood.gauge_velocities if flood.gauge_velocities is not None else np.zeros(0), seconds=seconds,
            error=abs(flood.balance["error"]) / (flood.balance["moved"] or flood.balance["stored_start"]),
            speed=np.nan_to_num(flood.max_speed) if flood.max_speed is not None else np.zeros(0),
        )  # fmt: skip
        print(f"{label}, {kind}: {seconds:.1f} CPU s", flush=True)
    with np.load(path) as kept:
        return dict(kept)


def ponds() -> str:
    """Test 1: levels over time at both points."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
    x = np.linspace(0.0, 700.0, 701)
    left.fill_between(x, basins.ponds_profile(x), 9.5, color="tab:brown", alpha=0.6)
    left.plot([0, 700], [basins.PONDS_TOP] * 2, "b--", label="highest level at the edge")
    left.plot([300, 664], [basins.PONDS_END] * 2, "b", label="what must stay")
    left.set(title="Test 1: ground", xlabel="x [m]", ylabel="level [m]")
    left.legend(loc="lower right")
    rows = []
    for kind in RUNS:
        got = computed(basins.ponds(10.0), kind, "ea1 10 m")
        right.plot(got["times"] / 3600, got["levels"][1], DASHES[kind], color=COLOURS[kind], label=kind)
        rows.append([kind, *figures(np.concatenate([got["levels"].max(axis=1), got["levels"][:, -1]]))])
    right.axhline(basins.PONDS_END, color="k", lw=0.8, label="published end")
    right.set(title="Test 1: level at P2, 10 m cells", xlabel="time [h]", ylabel="level [m]", ylim=(9.95, 10.4))
    right.legend(loc="lower right")
    save(figure, PICTURES / "ea1.png")
    published = ["published", *["10.35"] * 2, *["10.25"] * 2]
    return table(["", "P1 highest [m]", "P2 highest", "P1 end", "P2 end"], [published, *rows])


def depressions() -> str:
    """Test 2: final depths in sixteen depressions."""
    figure, axes = plt.subplots(1, 2, figsize=(10, 4.2))
    case = basins.depressions(20.0)
    got = {kind: computed(case, kind, "ea2 20 m") for kind in RUNS}
    final = np.where(got["shallow-water 2"]["final"] > 0.01, got["shallow-water 2"]["final"], np.nan)
    axes[0].contour(case.ground.elevation[::-1], 30, colors="0.6", linewidths=0.5, extent=(0, 2000, 0, 2000))
    shown = axes[0].imshow(final, extent=(0, 2000, 0, 2000), cmap="Blues", vmin=0)
    figure.colorbar(shown, ax=axes[0], label="depth [m]")
    axes[0].set(title="Test 2: depth after 48 h, second order, 20 m", xlabel="x [m]", ylabel="y [m]")
    place = np.arange(16)
    axes[1].bar(place, basins.DEPRESSIONS_OTHER, 0.8, color="0.85", label="open code, distributed ground")
    for k, kind in enumerate(RUNS):
        axes[1].plot(place + 0.2 * (k - 1), got[kind]["depths"][:, -1], "o", color=COLOURS[kind], label=kind)
    axes[1].set_xticks(place, [str(k + 1) for k in place])
    axes[1].set(title="Final depth at the sixteen points", xlabel="point", ylabel="depth [m]", ylim=(0.0, 0.55))
    axes[1].legend(loc="upper right")
    save(figure, PICTURES / "ea2.png")
    rows = [["open code", *figures(basins.DEPRESSIONS_OTHER[:12], 2)]]
    rows += [[kind, *figures(got[kind]["depths"][:12, -1], 2)] for kind in RUNS]
    return table(["final depth [m]", *[f"P{k}" for k in range(1, 13)]], rows)


def bump() -> str:
    """Test 3: depth behind the bump."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
    x = np.linspace(0.0, 300.0, 601)
    left.fill_between(x, basins.bump_profile(x), 9.6, color="tab:brown", alpha=0.6)
    rows = []
    for kind in RUNS:
        got = computed(basins.bump(5.0), kind, "ea3 5 m")
        right.plot(got["times"], got["depths"][1], DASHES[kind], color=COLOURS[kind], label=kind)
        level = basins.bump_profile(basins.centres(0.0, 60, 5.0)) + got["final"][10]
        left.plot(basins.centres(0.0, 60, 5.0), level, DASHES[kind], color=COLOURS[kind], lw=1.4)
        fine = computed(basins.bump(2.0), kind, "ea3 2 m")
        rows.append([kind, *figures(np.concatenate([got["depths"][:, -1], fine["depths"][:, -1]]))])
    left.set(title="Test 3: ground and final level, 5 m cells", xlabel="x [m]", ylabel="level [m]")
    right.axhspan(0.05, 0.06, color="0.8", label="published, codes with inertia")
    right.set(title="Test 3: depth behind the bump (P2)", xlabel="time [s]", ylabel="depth [m]")
    right.legend()
    save(figure, PICTURES / "ea3.png")
    rows.insert(0, ["published", "", "0.05–0.06", "", "0.047 (an open code)"])
    return table(["final depth [m]", "P1, 5 m", "P2, 5 m", "P1, 2 m", "P2, 2 m"], rows)


def plain() -> str:
    """Test 4: when and how high on a plain."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
    rows = []
    for kind in RUNS:
        for cell in (10.0, 5.0):
            got = computed(basins.plain(cell), kind, f"ea4 {cell:.0f} m")
            late = arrival(got["times"], got["depths"])
            top = got["depths"].max(axis=1)
            rows.append([f"{kind}, {cell:.0f} m", *figures(top), *figures(late / 60.0, 1)])
        for k in range(6):
            left.plot(
                got["times"] / 3600, got["depths"][k], DASHES[kind], color=COLOURS[kind], lw=1.2,
                label=kind if k == 0 else None,
            )  # fmt: skip
        right.plot(range(1, 7), (late - basins.PLAIN_ARRIVAL) / 60.0, "o-", color=COLOURS[kind], label=kind)
    for hour, depths in basins.PLAIN_HOUR.items():
        left.plot([hour] * 6, depths, "k_", ms=12, label="LISFLOOD-FP DG2" if hour == 1.0 else None)
    left.set(title="Test 4: depth at P1 (deepest) to P6, 5 m cells", xlabel="time [h]", ylabel="depth [m]")
    right.axhspan(-5, 5, color="0.9", label="spread of the packages")
    right.set(title="Arrival of 1 cm, 5 m cells", xlabel="point", ylabel="later than DG2 [minutes]")
    left.legend()
    right.legend()
    save(figure, PICTURES / "ea4.png")
    others = [[name, *figures(top), *["–"] * 6] for name, top in basins.PLAIN_PEAK.items()]
    others[0][7:] = figures(basins.PLAIN_ARRIVAL / 60.0, 1)
    head = ["", *[f"P{k} highest [m]" for k in range(1, 7)], *[f"P{k} wet [min]" for k in range(1, 7)]]
    return table(head, [*others, *rows])


def dam() -> str:
    """Test 5: peaks in the valley on three grids, and the pond that still fills."""
    figure, axes = plt.subplots(1, 2, figsize=(10, 4.2))
    rows = []
    for kind in RUNS:
        for cell in (20.0, 10.0, 5.0):
            got = computed(valley.valley(cell), kind, f"ea5 {cell:.0f} m")
            top = got["levels"].max(axis=1) - valley.beds()
            rows.append([f"{kind}, {cell:.0f} m", *figures(top, 2)])
            if cell == 10.0:
                place = np.arange(7) + 0.16 * (list(RUNS).index(kind) - 1)
                axes[1].plot(place, top - valley_yardstick(), "o", color=COLOURS[kind], label=kind, ms=5)
                for k in (0, 3, 4):
                    label = kind if k == 0 else None
                    line = (got["times"] / 3600, got["depths"][k])
                    axes[0].plot(*line, DASHES[kind], color=COLOURS[kind], lw=1.5, label=label)
    for name, x, y in (("P1", 0.75, 3.6), ("P4", 2.6, 5.75), ("P5", 4.5, 3.35)):
        axes[0].text(x, y, name)
    axes[1].plot(range(7), valley.PROTOTYPE - valley.beds() - valley_yardstick(), "kx", label="first-order prototype")
    axes[1].plot(range(7), valley.INERTIAL - valley_yardstick(), "k+", ms=9, label="LISFLOOD-FP inertial")
    axes[1].axhline(0, color="k", lw=0.5)
    axes[1].set_xticks(range(7), [f"P{k + 1}" for k in range(7)])
    axes[0].set(title="Test 5: depth at three points, 10 m cells", xlabel="time [h]", ylabel="depth [m]", ylim=(0, 6.5))
    axes[1].set(title="Largest depth less DG2's (P5: the prototype's)", ylabel="depth [m]", ylim=(-0.75, 1.0))
    axes[0].legend(loc="upper right", fontsize=8)
    axes[1].legend(loc="upper left", fontsize=8)
    save(figure, PICTURES / "ea5.png")
    others = [
        ["LISFLOOD-FP DG2, 10 m", *figures(valley.DG2, 2)],
        ["first-order prototype, 10 m", *figures(valley.PROTOTYPE - valley.beds(), 2)],
        ["LISFLOOD-FP inertial, 10 m", *figures(valley.INERTIAL, 2)],
        *[[f"LISFLOOD-FP {name}, 30 h", *figures(top, 2)] for name, top in valley.TEXTBOOK.items()],
    ]
    return table(["largest depth [m]", *[f"P{k + 1}" for k in range(7)]], [*others, *rows])


def valley_yardstick() -> Floats:
    """Return DG2's largest depths [m], at P5, where it has none within six hours, the prototype's."""
    return np.asarray(np.where(np.isfinite(valley.DG2), valley.DG2, valley.PROTOTYPE - valley.beds()))


def flume() -> str:
    """Test 6a: depths and velocities in the flume."""
    times, measured = building.measured_depths()
    speed_times, speeds = building.measured_velocities()
    figure, axes = plt.subplots(2, 3, figsize=(12, 6))
    for k, axis in enumerate(axes.flat):
        axis.plot(times, measured[k], "k", lw=0.8, label="measured")
    rows = []
    for kind in RUNS:
        for cell in (0.1, 0.05, 0.025):
            if cell < 0.04 and kind == "inertial":
                continue
            got = computed(building.building(cell), kind, f"ea6a {cell} m")
            late = got["times"] > 3.0
            there = np.array([np.interp(got["times"][late], times, series) for series in measured])
            error = np.sqrt(np.mean((got["depths"][:, late] - there) ** 2, axis=1))
            ours = [[np.interp(speed_times, got["times"], v) for v in gauge.T] for gauge in got["velocities"][:5]]
            wrong = np.sqrt(np.nanmean((np.array(ours).transpose(0, 2, 1) - speeds) ** 2, axis=1))
            rows.append([f"{kind}, {cell} m", *figures(error), *figures(wrong[:, 0], 2), *figures(wrong[:, 1], 2)])
            if cell == 0.05:
                for k, axis in enumerate(axes.flat):
                    axis.plot(got["times"], got["depths"][k], DASHES[kind], color=COLOURS[kind], lw=1.3, label=kind)
    for k, axis in enumerate(axes.flat):
        axis.set(title=f"G{k + 1}", xlabel="time [s]", ylabel="depth [m]")
    axes[0, 0].legend(fontsize=8)
    figure.suptitle("Test 6a: depth in the flume, 5 cm cells")
    save(figure, PICTURES / "ea6a.png")
    head = ["RMSE", *[f"h G{k} [m]" for k in range(1, 7)], *[f"u G{k} [m/s]" for k in range(1, 6)]]
    return table([*head, *[f"v G{k}" for k in range(1, 6)]], rows)


def houses() -> str:
    """Merewether: levels between the houses."""
    points = streets.observed()
    figure, axes = plt.subplots(1, 2, figsize=(10, 4.6))
    rows = [["survey", *figures(points.Observed, 2), "", ""]]
    for n in ("2", "1", "0.5"):
        level = points[f"TUFLOW_{n}m_Table9"]
        rows.append([f"TUFLOW, {n} m", *figures(level, 2), f"{(level - points.Observed).abs().mean():.2f}", ""])
    place = np.arange(5)
    for kind in RUNS:
        for n in (2, 1):
            got = computed(streets.streets(n), kind, f"merewether {n} m")
            level = got["levels"][:, -1]
            off = [np.abs(level - points[c]).mean() for c in ("Observed", f"TUFLOW_{n}m_Table9")]
            rows.append([f"{kind}, {n} m", *figures(level, 2), *figures(off, 2)])
        shift = 0.12 * (list(RUNS).index(kind) - 1)
        axes[1].plot(place + shift, level - points.Observed, "o", color=COLOURS[kind], label=f"{kind}, 1 m")
    axes[1].plot(place, points["TUFLOW_1m_Table9"] - points.Observed, "kx", label="TUFLOW, 1 m")
    axes[1].axhline(0, color="k", lw=0.5)
    axes[1].set_xticks(place, [str(k) for k in points.index])
    axes[1].set(title="Level against the survey", xlabel="point", ylabel="level less survey [m]")
    axes[1].legend()
    case = streets.streets(1)
    final = computed(case, "shallow-water 2", "merewether 1 m")["final"]
    seen = axes[0].imshow(np.where(final > 0.02, final, np.nan), cmap="Blues", vmin=0, vmax=1.5)
    axes[0].imshow(np.where(case.ground.blocked, 1.0, np.nan), cmap="Greys", vmin=0, vmax=1.5)
    for name, (row, column) in zip(case.points, case.gauges, strict=True):
        axes[0].plot(column, row, "r.")
        axes[0].annotate(
            name, (column, row), (6, -3), textcoords="offset points", fontsize=8,
            bbox={"boxstyle": "round,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.8},
        )  # fmt: skip
    figure.colorbar(seen, ax=axes[0], label="depth [m]")
    axes[0].set(title="Merewether: depth, second order, 1 m")
    axes[0].set_axis_off()
    save(figure, PICTURES / "merewether.png")
    return table(["level [m]", *[str(k) for k in points.index], "to the survey", "to TUFLOW"], rows)


def river() -> str:
    """Buscot: the extent seen by radar."""
    observed = thames.seen()
    figure, axes = plt.subplots(2, 1, figsize=(8, 6.4))
    rows = []
    for kind in RUNS:
        for channel in (0.03, 0.04, 0.05):
            case = thames.thames(25.0, 40000.0, channel)
            got = computed(case, kind, f"thames {channel}")
            fake = type("Flood", (), {"final_depth": got["final"]})()
            wet = thames.wet(fake, 25.0)  # type: ignore[arg-type]
            both, either = (wet & observed).sum(), (wet | observed).sum()
            shares = [both / either, both / observed.sum(), (wet & ~observed).sum() / wet.sum()]
            rows.append([f"{kind}, channel {channel}", *figures(shares, 2)])
            if channel == thames.CHANNEL and kind in ("inertial", "shallow-water 2"):
                axis = axes[0 if kind == "inertial" else 1]
                kinds = np.where(wet & observed, 1.0, np.where(wet, 2.0, np.where(observed, 3.0, np.nan)))
                axis.imshow(kinds, cmap=mpl.colors.ListedColormap(["#0072b2", "#e69f00", "black"]), vmin=1, vmax=3)
                axis.set(
                    title=f"Buscot, {kind}: blue both, orange only computed, black only seen; index {shares[0]:.2f}"
                )
                axis.set_ylim(46, 8)
                axis.set_axis_off()
    save(figure, PICTURES / "buscot.png")
    return table(["", "critical success index", "of the seen extent hit", "of ours not seen"], rows)


CASES: dict[str, Callable[[], str]] = {
    "ea1": ponds, "ea2": depressions, "ea3": bump, "ea4": plain, "ea5": dam, "ea6a": flume,
    "merewether": houses, "buscot": river,
}  # fmt: skip


def main(names: list[str]) -> None:
    """Replace the tables of the page between their marks."""
    for name in names or list(CASES):
        write(PAGE, name, CASES[name]())


if __name__ == "__main__":
    main(sys.argv[1:])
