"""What we stand on: every package is locked with its hash, and none is older than its last mended fault we know of.

`make audit` asks the registries what else has been found since; this needs no net.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("runtime.lock", "test.lock")
FLOORS = {
    "certifi": ("2024.7.4", "CVE-2024-39689"),
    "fonttools": ("4.60.2", "CVE-2025-66034"),
    "h11": ("0.16.0", "CVE-2025-43859"),
    "idna": ("3.7", "CVE-2024-3651"),
    "jinja2": ("3.1.6", "CVE-2025-27516"),
    "lxml": ("4.9.1", "CVE-2022-2309"),
    "pillow": ("11.3.0", "CVE-2025-48379"),
    "pyarrow": ("14.0.1", "CVE-2023-47248"),
    "requests": ("2.32.4", "CVE-2024-47081"),
    "starlette": ("0.49.1", "CVE-2025-62727"),
    "tornado": ("6.5.0", "CVE-2025-47287"),
    "urllib3": ("2.5.0", "CVE-2025-50181"),
    "werkzeug": ("3.0.6", "CVE-2024-49767"),
    "zipp": ("3.19.1", "CVE-2024-5569"),
}
"""The first release in which a fault that reaches us, or might, was mended; and the fault."""
PAGE_FLOORS = {
    "happy-dom": ("20.0.0", "CVE-2025-61927"),
    "json5": ("2.2.2", "CVE-2022-46175"),
    "minimist": ("1.2.6", "CVE-2021-44906"),
    "nanoid": ("3.3.8", "CVE-2024-55565"),
    "postcss": ("8.4.31", "CVE-2023-44270"),
    "semver": ("6.3.1", "CVE-2022-25883"),
    "vite": ("7.0.7", "CVE-2025-58751"),
    "ws": ("8.17.1", "CVE-2024-37890"),
}
ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)")


def number(version: str) -> tuple[int, ...]:
    """Return a version as numbers that can be compared."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def plain(name: str) -> str:
    """Return a package's name as the lock writes it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~;]", name, maxsplit=1)[0]).lower()


def entries(lock: str) -> list[tuple[str, str, int]]:
    """Return name, version and number of hashes of every package of a lock."""
    found: list[tuple[str, str, int]] = []
    for line in (ROOT / "requirements" / lock).read_text("utf-8").splitlines():
        if entry := ENTRY.match(line):
            found.append((plain(entry["name"]), entry["version"], 0))
        elif found and "--hash=sha256:" in line:
            found[-1] = (*found[-1][:2], found[-1][2] + 1)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_locked_with_a_hash_and_without_an_address(lock) -> None:
    found = entries(lock)
    assert len(found) > 50 and not [name for name, _, hashes in found if not hashes]
    assert "://" not in (ROOT / "requirements" / lock).read_text("utf-8")


def test_what_the_project_asks_for_is_in_its_locks() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    runtime, test = ({name for name, _, _ in entries(lock)} for lock in LOCKS)
    assert {plain(each) for each in project["project"]["dependencies"]} <= runtime <= test
    groups = project.get("dependency-groups", {})
    assert {plain(each) for each in groups.get("test", []) if isinstance(each, str)} <= test


@pytest.mark.parametrize("lock", LOCKS)
def test_no_package_is_older_than_its_last_mended_fault(lock) -> None:
    old = [(name, version, FLOORS[name]) for name, version, _ in entries(lock)
           if name in FLOORS and number(version) < number(FLOORS[name][0])]  # fmt: skip
    assert not old


def test_what_the_pages_are_built_with_is_whole_and_not_older_than_that_either() -> None:
    packages = json.loads((ROOT / "frontend" / "package-lock.json").read_text("utf-8"))["packages"]
    named = {path.rpartition("node_modules/")[2]: each for path, each in packages.items() if path}
    assert named and all(each["integrity"].startswith("sha512-") for each in named.values() if not each.get("inBundle"))
    old = [(name, named[name]["version"], floor) for name, floor in PAGE_FLOORS.items()
           if name in named and number(named[name]["version"]) < number(floor[0])]  # fmt: skip
    assert not old


def test_the_floors_are_of_packages_that_we_have() -> None:
    assert set(FLOORS) <= {name for name, _, _ in entries("test.lock")}
