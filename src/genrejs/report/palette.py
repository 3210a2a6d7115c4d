"""The report's colours: safe for colour-blind readers, and in order of lightness so that they survive a grey print."""

from __future__ import annotations

INK = "#16302b"
MUTED = "#5b6b67"
PAPER = "#ffffff"
GRID = "#e3e6e4"
"""Lines behind a chart."""

WATER_CLASSES: tuple[tuple[float, str], ...] = ((0.05, "#8fc5e8"), (0.30, "#2f83c5"), (1.00, "#0b3569"))
"""Lower bound [m] and colour of each class of water depth."""

FJORD = "#d5e3e6"
STREAM = "#6fa3b8"
DRY_BUILDING = "#a89f93"
WET_BUILDING = "#d1490f"
BARRIER = "#111111"
GATE = "#ffd23f"
PUMP = "#000000"
LAND = "#efe9dc"

STRATEGY_LINES: tuple[tuple[str, str], ...] = (
    ("#8c8c8c", "dotted"), ("#000000", "solid"), ("#d55e00", "dashed"), ("#009e73", "solid"), ("#cc79a7", "dashdot"),
    ("#0072b2", "solid"),
)  # fmt: skip
"""Colour and dash of each strategy in turn (Okabe and Ito's colours)."""

FIRST_SHOCK = "#b3400f"
SECOND_SHOCK = "#0072b2"
EVENT_LINES: tuple[tuple[str, str], ...] = (
    ("#b3400f", "solid"), ("#0072b2", "dashed"), ("#009e73", "dashdot"), ("#7a5195", "dotted"),
)  # fmt: skip

_LOSS = ("#ffffff", "#fde6cf", "#f9bd8b", "#ee8a4a", "#c24f0e", "#8f2f06")
_GAIN = ("#ffffff", "#dbeaf5", "#a9cee8", "#67a8d5", "#2f7fb9", "#0f4f82")
STEPS = (0.005, 0.05, 0.2, 0.5, 0.8)
"""Shares at which the next darker colour of a strip begins."""


def _step(share: float) -> int:
    return sum(share >= step for step in STEPS)


def loss_colour(share: float) -> tuple[str, str]:
    """Return background and ink of a cell that shows how much is lost, 0 nothing .. 1 all."""
    step = _step(share)
    return _LOSS[step], PAPER if step > 3 else INK


def gain_colour(share: float) -> tuple[str, str]:
    """Return background and ink of a cell that shows a gain (0..1, blue) or a setback (-1..0, orange)."""
    step = _step(abs(share))
    return (_GAIN if share >= 0 else _LOSS)[step], PAPER if step > 3 else INK
