"""A refusal: what was asked cannot be done, said in one sentence in the language of whoever asked."""

from __future__ import annotations

from typing import Literal

from genrejs.errors import InputError
from genrejs.workshop.words import say

Why = Literal["bad", "denied", "unknown", "conflict", "large", "much", "away"]
"""bad input, no right to it, no such thing, not now, too large, too many or too fast, or our store is away."""


class Refused(InputError):
    """Something was refused; `key` names its sentence, `why` says of what nature it is."""

    def __init__(self, why: Why, key: str, /, **values: object) -> None:
        self.why, self.key, self.values = why, key, values
        super().__init__(self.sentence("en"))

    def sentence(self, language: str) -> str:
        """Return the refusal in that language."""
        return say(language, f"refused.{self.key}", **self.values)
