"""The real server in processes of its own, and how Chromium draws its pages on a machine without a graphics card."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

CHROMIUM = "/usr/bin/chromium"
SOFT = ("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-sandbox")
"""The processor draws."""
SERVE = "import sys; from genrejs.cli import main; sys.exit(main(sys.argv[1:]))"


@dataclass
class Served:
    """A running server: its process, the leader of a group of its own, and its address."""

    process: subprocess.Popen[str]
    port: int

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """End it and its workers as a power cut would."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def served(data: Path, *more: str, **environment: str) -> Iterator[Served]:
    """Start the server on a data folder, with more words of its command; killed at the end where it still runs."""
    words = [sys.executable, "-c", SERVE, "serve", "--port", "0", "--data", str(data), *more]
    with running(words, **environment) as server:
        yield server


@contextmanager
def running(words: Sequence[str], **environment: str) -> Iterator[Served]:
    """Start a server by the words of a command that tells its address; killed at the end where it still runs."""
    env = {**os.environ, **environment}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, start_new_session=True, env=env) as process:
        server = Served(process, 0)
        try:
            # Nothing comes from a server that has ended.
            found = re.search(r"http://127\.0\.0\.1:(\d+)", process.stdout.readline() if process.stdout else "")
            if found is None:
                raise SystemExit("The server did not start.")
            server.port = int(found[1])
            yield server
        finally:
            server.kill()
