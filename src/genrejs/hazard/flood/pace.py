"""How many steps and threads to take next: results do not depend on either, so both follow the clock."""

from __future__ import annotations

import numpy as np

BREATH = 0.25
"""[s] of wall time between two returns to Python, for the progress bar and Ctrl-C."""
MOST_STEPS = 20_000
"""Steps between two such returns, whatever the time."""
FEW_TILES = 48
"""Below this number of active tiles one thread is faster than waiting for several."""
TRIAL_STEPS = (16, 64, 256)
"""Steps of the rounds of a trial of the other number of threads; the first also wakes them up."""
HOPELESS = 4.0
"""Times as slow as now, at which a trial is broken off: threads that wait for a busy machine are very slow."""
LONGEST_WAIT = 256
"""Chunks between two trials at most; the wait doubles with every trial that is lost."""


class Pace:
    """Chooses steps and threads: on a busy machine threads that wait for each other are slower than one alone."""

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self._using = 1
        self._cost = 0.0
        self._steps = 8
        self._wait = 2
        self._since = 0
        self._round = -1

    def choose(self, active: int) -> tuple[int, int]:
        """Return threads and steps of the next chunk over `active` tiles."""
        if active < FEW_TILES or self.threads == 1:
            self._using, self._round, self._since = 1, -1, 0
            return 1, self._steps
        if self._round < 0 and self._since >= self._wait:
            self._round = 0
        return (self._using, self._steps) if self._round < 0 else (self._other(), TRIAL_STEPS[self._round])

    def note(self, tiles: int, seconds: float) -> None:
        """Learn from the chunk, which took `seconds` over `tiles` tile updates."""
        cost = seconds / max(tiles, 1)
        if self._round >= 0:
            self._judge(cost)
            return
        self._cost = cost
        self._since += 1
        grown = self._steps * BREATH / max(seconds, 1e-6)
        self._steps = int(np.clip(grown, 8, min(4 * self._steps, MOST_STEPS)))

    def _judge(self, cost: float) -> None:
        """Go on with a trial, or end it and keep the faster number of threads."""
        self._round += 1
        if cost < HOPELESS * self._cost and self._round < len(TRIAL_STEPS):
            return
        won = cost < self._cost
        self._using = self._other() if won else self._using
        self._wait = 8 if won else min(2 * self._wait, LONGEST_WAIT)
        self._since, self._round = 0, -1

    def _other(self) -> int:
        return self.threads if self._using == 1 else 1
