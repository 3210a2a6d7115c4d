"""A workshop as it was set up: all of it but what is done in it."""

from __future__ import annotations

from dataclasses import dataclass

DAY = 86_400.0
"""[s]"""


@dataclass(frozen=True)
class Workshop:
    """A workshop's frame; `created` [s since 1970], `leader` the digest of the leader's token."""

    code: str
    title: str
    question: str
    city: str
    language: str
    keep_days: int
    created: float
    leader: str

    @property
    def expires(self) -> float:
        """When it is deleted [s since 1970]."""
        return self.created + self.keep_days * DAY
