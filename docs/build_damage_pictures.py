"""Draw the pictures of docs/damage.md: the Danish amounts by kind of flood, and JRC's curves for Europe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from drawing import save
from matplotlib.ticker import MultipleLocator

from genrejs.impact.curve import curves
from genrejs.impact.damage import building_damage

PICTURES = Path(__file__).with_name("pictures")
AREA = 100.0  # [m2] of the building that the amounts are shown for
DEPTH = np.linspace(0.0, 3.0, 601)  # [m]
FLOODS = {"surge": "Storm surge", "cloudburst": "Cloudburst", "stream": "Stream"}
KINDS = {
    "business": ("business, culture,\nutility, public", "#0072b2", "-"),
    "home": ("homes", "#d55e00", "-"),
    "summer_house": ("summer houses", "#009e73", "--"),
    "other": ("use not known,\nother", "#8c8c8c", "-."),
    "business_low": ("stables, barns,\nstorage", "#cc79a7", "-"),
    "garage": ("garages, sheds", "#000000", ":"),
}
"""One category of each kind of amount: its name, colour (Okabe and Ito) and dash."""
JRC = {
    "transport": ("#000000", ":"), "agriculture": ("#009e73", "--"), "roads": ("#8c8c8c", "-."),
    "residential": ("#d55e00", "-"), "commercial": ("#0072b2", "-"), "industrial": ("#cc79a7", "--"),
}  # fmt: skip


def danish() -> None:
    """Draw the amount per square metre of a building of 100 m2 by depth, a panel for each kind of flood."""
    figure, axes = plt.subplots(1, 3, figsize=(10.5, 4.0), sharey=True)
    for axis, (hazard, title) in zip(axes, FLOODS.items(), strict=True):
        for category, (name, colour, dash) in KINDS.items():
            amount = building_damage(hazard, np.full(DEPTH.size, category), AREA, DEPTH) / AREA
            axis.plot(DEPTH, amount, dash, color=colour, linewidth=2, label=name)
        frame(axis, title)
        axis.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes[0].set_ylabel(f"DKK per m² of a building of {AREA:.0f} m²")
    axes[2].legend(loc="upper left", frameon=False, fontsize=9, labelspacing=0.4)
    save(figure, PICTURES / "damage_danish.png")


def european() -> None:
    """Draw the share of the value lost by depth for JRC's six classes."""
    figure, axis = plt.subplots(figsize=(6.4, 4.0))
    for name, (colour, dash) in JRC.items():
        curve = curves()[f"jrc_{name}"]
        axis.plot(curve.depth, curve.share, dash, color=colour, linewidth=2, label=name)
    frame(axis, "JRC, Europe")
    axis.set(ylabel="share of the most that can be lost", ylim=(0, 1.02), xlim=(0, 6))
    axis.legend(loc="lower right", frameon=False, fontsize=10)
    save(figure, PICTURES / "damage_jrc.png")


def frame(axis: Any, title: str) -> None:
    """Name the axes and clear what is not needed."""
    axis.set_title(title, loc="left", fontsize=11, weight="bold")
    axis.set(xlabel="depth outside [m]", xlim=(0, float(DEPTH[-1])))
    axis.set_ylim(bottom=0)
    axis.xaxis.set_major_locator(MultipleLocator(1.0))
    axis.spines[["top", "right"]].set_visible(False)
    axis.grid(axis="y", color="#e3e6e4", linewidth=0.7)


if __name__ == "__main__":
    danish()
    european()
