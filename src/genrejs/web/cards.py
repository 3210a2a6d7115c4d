"""Cards of finished runs: what makes a result reachable by its key after the server was started again."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from genrejs.web.films import SAFE
from genrejs.writing import whole


@dataclass(frozen=True)
class Card:
    """A finished run: its process, its key, when it was finished (ISO 8601), and the film of its flood, None if dry."""

    process: str
    key: str
    finished: str
    film: str | None = None


@dataclass(frozen=True)
class Cards:
    """The data folder's `cards/<key>.json` and where results lie."""

    data: Path

    def find(self, key: str) -> Card | None:
        """Return the card of a key whose result is still there, None where there is none."""
        if not SAFE.fullmatch(key):
            return None
        try:
            card = Card(**json.loads(self._place(key).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return card if self.result(card).exists() else None

    def keep(self, card: Card) -> None:
        """Keep a card."""
        with whole(self._place(card.key)) as beside:
            beside.write_text(json.dumps(asdict(card)), encoding="utf-8")

    def result(self, card: Card) -> Path:
        """Return the file that holds a run's result, in JSON."""
        if card.process == "study":
            return self.study(card.key) / "summary.json"
        return self.data / "store" / "records" / f"{card.key}.json"

    def study(self, key: str) -> Path:
        """Return the folder of a study."""
        return self.data / "studies" / key

    def _place(self, key: str) -> Path:
        return self.data / "cards" / f"{key}.json"
