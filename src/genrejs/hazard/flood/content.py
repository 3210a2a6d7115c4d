"""A hash of what a flood is computed from, whatever it is made of."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from hashlib import sha256
from typing import Any

import numpy as np


def content_hash(*parts: Any) -> str:
    """Return 32 hex digits that change with any array, number or text in `parts`."""
    digest = sha256()
    _feed(digest, parts)
    return digest.hexdigest()[:32]


def _feed(digest: Any, value: Any) -> None:
    """Feed arrays by their bytes, dataclasses and tuples by their parts, the rest by their text."""
    if isinstance(value, np.ndarray):
        digest.update(str((value.dtype, value.shape)).encode())
        digest.update(np.ascontiguousarray(value).data)
    elif is_dataclass(value):
        for part in fields(value):
            digest.update(part.name.encode())
            _feed(digest, getattr(value, part.name))
    elif isinstance(value, tuple):
        digest.update(str(len(value)).encode())
        for part in value:
            _feed(digest, part)
    else:
        digest.update(repr(value).encode())
