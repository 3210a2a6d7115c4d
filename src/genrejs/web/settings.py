"""What the server is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from genrejs.errors import InputError
from genrejs.study import Study


def public_address(text: str) -> str:
    """Return the address by which phones reach the server, without a slash at its end.

    Raises
    ------
    InputError
        It is not http://NAME or https://NAME, with a port or none and nothing after it.
    """
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    plain = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username or parts.password)
    host = parts.hostname or ""
    named = 0 < len(host) <= 253 and not set(host) & set(" <>\"'\\%") and host.isprintable()
    if parts.scheme not in ("http", "https") or not named or not plain:
        raise InputError(
            f"'{text[:80]}' is no address that phones can open; give http://NAME:PORT or https://NAME, "
            "such as http://192.168.1.5:8000."
        )
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port is not None else "")


@dataclass(frozen=True)
class Settings:
    """Where the server keeps things, which city it shows, and how much it lets each user ask.

    `workers` None takes one for each core, at most `most_workers`.
    """

    data: Path
    cache: Path | None = None
    study: Study = field(default_factory=Study)
    workers: int | None = None
    most_workers: int = 4  # each holds a city, about 0.5 GB (assumption: what a small machine has)
    queued_each: int = 6  # runs that one user may have waiting (assumption)
    queued_all: int = 120  # runs that may wait in all (assumption)
    history: int = 400  # finished runs that are remembered; their results stay in `data` (assumption)
    kept_results: int = 1000  # results and floods kept in `data` when the server starts, about 1.5 GB (assumption)
    time_what_if: float = 600.0  # [s] after which a run is stopped (assumption)
    time_study: float = 7200.0  # [s] likewise
    stop_grace: float = 3.0  # [s] that a worker has to stop by itself
    address: str | None = None  # by which phones reach the server; none: as it was asked

    def __post_init__(self) -> None:
        """Raise InputError for an address that phones cannot open."""
        if self.address is not None:
            object.__setattr__(self, "address", public_address(self.address))

    @property
    def store(self) -> Path:
        """The folder of the store, the same as `genrejs whatif --out DATA` writes to."""
        return self.data / "store"
