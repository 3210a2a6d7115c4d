"""Films of floods on disk: a picture for each shown moment and one of the greatest depth, under the flood's key."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from genrejs.writing import whole

SAFE = re.compile(r"[0-9a-f]{8,64}")
TIMES = "times.json"


@dataclass(frozen=True)
class Films:
    """A folder with `<key>/times.json`, `<key>/000.png`, ... and `<key>/depth.png`; a film is whole or not there."""

    folder: Path

    def times(self, key: str) -> tuple[float, ...] | None:
        """Return the times [s] of a film's pictures, None where there is no film."""
        try:
            found = json.loads((self._place(key) / TIMES).read_text(encoding="utf-8"))
        except OSError:
            return None
        return tuple(float(at) for at in found)

    def picture(self, key: str, number: int | None) -> bytes | None:
        """Return a picture by its number, that of the greatest depth for None; None where there is none."""
        name = "depth.png" if number is None else f"{number:03d}.png"
        try:
            return (self._place(key) / name).read_bytes()
        except OSError:
            return None

    def keep(self, key: str, pictures: Sequence[tuple[float, bytes]], deepest: bytes) -> None:
        """Keep a film."""
        with whole(self._place(key)) as beside:
            beside.mkdir()
            for number, (_, png) in enumerate(pictures):
                (beside / f"{number:03d}.png").write_bytes(png)
            (beside / "depth.png").write_bytes(deepest)
            (beside / TIMES).write_text(json.dumps([at for at, _ in pictures]), encoding="utf-8")

    def _place(self, key: str) -> Path:
        # A key that is none names a folder that is never made.
        return self.folder / (key if SAFE.fullmatch(key) else "-")


def prune(folder: Path, most: int) -> None:
    """Remove what was left half-written in a folder, and of the rest all but the `most` newest files or folders."""
    if not folder.is_dir():
        return
    kept = []
    for entry in folder.iterdir():
        if entry.name.endswith(".part"):
            _remove(entry)
        else:
            kept.append((entry.stat().st_mtime, entry))
    for _, entry in sorted(kept, key=lambda each: each[0], reverse=True)[most:]:
        _remove(entry)


def _remove(entry: Path) -> None:
    if entry.is_dir():
        shutil.rmtree(entry, ignore_errors=True)
    else:
        entry.unlink(missing_ok=True)
