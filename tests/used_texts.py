"""Which texts of the report a test asked for: load with runpy."""

from __future__ import annotations

from genrejs.report import texts


class Watched(dict):
    """All texts, which remember who was asked for."""

    def __init__(self, known):
        super().__init__(known)
        self.used: set[str] = set()

    def __getitem__(self, key):
        self.used.add(key)
        return super().__getitem__(key)

    def get(self, key, otherwise=None):
        self.used.add(key)
        return super().get(key, otherwise)

    def unused(self, *prefixes: str) -> set[str]:
        """Return the texts under the prefixes that nobody asked for."""
        return {key for key in set(self) - self.used if key.startswith(prefixes)}


def watch(monkeypatch) -> Watched:
    """Have all texts watched from here on."""
    watched = Watched(texts.all_texts())
    monkeypatch.setattr(texts, "all_texts", lambda: watched)
    return watched
