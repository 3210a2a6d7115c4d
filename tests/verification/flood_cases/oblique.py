"""An oblique hydraulic jump: fast flow meets a wall at 8.95 degrees and jumps along a line 30 degrees off the flow.

The usual setting turns the wall; here the flow is turned instead, so that the wall is the southern edge of the grid
and the exact answer (two uniform states) holds on square cells. Depth 1 m, speed 8.57 m/s, Froude number 2.74 before;
1.5 m and 7.956 m/s behind (`hager1994`).
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

from flood_cases.case import Array, Case, G, constant
from genrejs.hazard.flood.problem import Forcing, Ground, ImposedFlow

DEPTH, SPEED, TURN = 1.0, 8.57, np.deg2rad(8.95)
LENGTH, BREADTH, END = 40.0, 24.0, 15.0


def behind() -> tuple[float, float, float]:
    """Return the jump's angle to the flow before it [rad] and depth [m] and speed [m/s] behind it."""
    froude = SPEED / np.sqrt(G * DEPTH)

    def ratio(angle: float) -> float:
        return float(0.5 * (np.sqrt(1 + 8 * (froude * np.sin(angle)) ** 2) - 1))

    angle = float(brentq(lambda b: np.tan(b - TURN) * ratio(b) - np.tan(b), np.deg2rad(22), np.deg2rad(50)))
    return angle, DEPTH * ratio(angle), SPEED * np.cos(angle) / np.cos(angle - TURN)


def oblique(count: int) -> Case:
    """Return the jump on `count` cells along the wall (5:3), with ghost cells west, north and east."""
    cell = LENGTH / count
    rows = round(BREADTH / cell)
    x, y = np.meshgrid((np.arange(count + 2) - 0.5) * cell, (np.arange(rows + 1)[::-1] + 0.5) * cell)
    angle, deep, slow = behind()
    after = y < x * np.tan(angle - TURN)
    depth = np.where(after, deep, DEPTH)
    east = np.where(after, slow, SPEED * np.cos(TURN))
    north = np.where(after, 0.0, -SPEED * np.sin(TURN))
    outlet = np.zeros(x.shape, bool)
    outlet[1:, -1] = True
    inlet = np.zeros(x.shape, bool)
    inlet[0] = inlet[:, 0] = True
    flow = ImposedFlow("fast", *np.nonzero(inlet), DEPTH, SPEED * np.cos(TURN), -SPEED * np.sin(TURN))
    counted = ~inlet & ~outlet
    still: Array = np.zeros(x.shape)
    return Case(
        name="oblique hydraulic jump", ground=Ground(still, cell, still), duration=END,
        forcing=Forcing(constant(-5.0), outlet, flows=(flow,)), exact=lambda time: (depth, east, north), x=x, y=y,
        counted=counted, level=DEPTH, velocity=(SPEED * np.cos(TURN), -SPEED * np.sin(TURN)),
    )  # fmt: skip


def jump_angle(case: Case, depth: Array) -> float:
    """Return the angle [rad] between wall and jump, from where the mean depth of both sides is met in each column."""
    middle = 0.5 * (DEPTH + behind()[1])
    columns = [c for c in range(case.x.shape[1]) if 0.4 * LENGTH < case.x[0, c] < 0.9 * LENGTH]
    heights = [float(np.interp(-middle, -depth[1:, c][::-1], case.y[1:, c][::-1])) for c in columns]
    return float(np.arctan(np.polyfit(case.x[0, columns], heights, 1)[0]))
