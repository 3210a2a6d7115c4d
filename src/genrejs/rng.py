"""One random stream per name, spawned from a key, so that adding a stream never disturbs another."""

from hashlib import sha256

import numpy as np


def stream(key: str | int, name: str) -> np.random.Generator:
    """Return the random generator that belongs to `name` under `key`; the same pair always gives the same numbers."""
    digest = sha256(f"{key}/{name}".encode()).digest()
    return np.random.default_rng(np.frombuffer(digest, dtype=np.uint32).tolist())
