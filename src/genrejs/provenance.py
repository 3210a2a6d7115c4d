"""Who made a result: version, commit, study, seed, inputs."""

from __future__ import annotations

import subprocess
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

UNKNOWN = "unknown"
TELLERS = {"appraisal", "assessment", "report", "workshop", "web", "bar.py", "cli.py", "doors.py"}


@dataclass(frozen=True)
class Provenance:
    """What is needed to make the same result again."""

    version: str
    commit: str
    seed: int
    study: str
    created: str

    def as_dict(self) -> dict[str, str | int]:
        """Return the fields by name, for JSON."""
        return asdict(self)


def package_version() -> str:
    """Return the installed version of Genrejs, or "unknown" when it runs from loose files."""
    try:
        return version("genrejs")
    except PackageNotFoundError:
        return UNKNOWN


def commit() -> str:
    """Return the commit of the source tree, with "+" when it has changes, or "unknown" outside one."""
    home = Path(__file__).resolve().parent
    head = _git(home, "rev-parse", "--short=12", "HEAD")
    if not head or not (_git(home, "ls-files", "--error-unmatch", "provenance.py")):
        return UNKNOWN
    return head + ("+" if _git(home, "status", "--porcelain", "--untracked-files=no") else "")


def _git(folder: Path, *words: str) -> str:
    try:
        done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


@cache
def code_hash(room: str = ".") -> str:
    """Return a hash of the files that results come from, so that a kept one is never taken for one of newer code.

    Only those in `room`, a folder such as "hazard/flood", where what is kept comes from it alone. What only judges and
    tells (`TELLERS`) is left out: it makes no result. Found once, as the code is read.
    """
    home = Path(__file__).resolve().parent / room
    files = sorted(path for path in home.rglob("*") if path.suffix in {".py", ".toml", ".csv", ".geojson"})
    files = [path for path in files if path.relative_to(home).parts[0] not in TELLERS]
    digest = sha256()
    for path in files:
        digest.update(path.relative_to(home).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def text_hash(*parts: str) -> str:
    """Return a short hash of texts, the same on every machine."""
    return sha256("\x1f".join(parts).encode()).hexdigest()[:16]
