"""How many steps and threads to take next: results do not depend on either, so both follow the clock."""

from __future__ import annotations

import numpy as np

BREATH = 0.25
"""[s] of wall time between two returns to Python, for the progress bar and Ctrl-C."""
MOST_STEPS = 20_000
"""Steps between two such returns, whatever the time."""
FEW_TILES = 48
"""Below this number of active tiles one thread is faster than waiting for several."""
TRY_AGAIN = 12
"""Chunks after which the slower number of threads is tried again."""


class Pace:
    """Chooses chunk and threads: on a busy machine threads that wait for each other are slower than one alone."""

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self.chunk = 8
        self._cost = {1: np.inf, threads: 0.0}
        self._chunks = 0

    def choose(self, active: int) -> int:
        """Return the threads for the next chunk over `active` tiles."""
        if active < FEW_TILES or self.threads == 1:
            return 1
        self._chunks += 1
        fast, slow = sorted(self._cost, key=lambda n: self._cost[n])
        return slow if self._chunks % TRY_AGAIN == TRY_AGAIN - 1 else fast

    def note(self, threads: int, tiles: int, seconds: float) -> None:
        """Learn from a chunk that took `seconds` over `tiles` tile updates."""
        if tiles > 0:
            self._cost[threads] = seconds / tiles
        self.chunk = int(np.clip(self.chunk * BREATH / max(seconds, 1e-6), 8, min(4 * self.chunk, MOST_STEPS)))
