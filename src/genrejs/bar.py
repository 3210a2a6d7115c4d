"""The progress bar of the command line."""

from __future__ import annotations

import sys

BAR_WIDTH = 32


class Bar:
    """A progress bar on standard error; silent where that is no terminal unless a stage changes."""

    def __init__(self) -> None:
        self.what = ""
        self.terminal = sys.stderr.isatty()

    def __call__(self, share: float, what: str = "") -> None:
        """Show the share done, 0..1, and what is being done."""
        share = min(max(share, 0.0), 1.0)
        filled = round(share * BAR_WIDTH)
        line = f"[{'█' * filled}{'·' * (BAR_WIDTH - filled)}] {share:4.0%} {what:<28.28}"
        if self.terminal:
            sys.stderr.write("\r" + line)
        elif what != self.what:
            sys.stderr.write(line.rstrip() + "\n")
        self.what = what
        sys.stderr.flush()

    def close(self) -> None:
        """Leave the bar's line."""
        if self.terminal and self.what:
            sys.stderr.write("\n")
