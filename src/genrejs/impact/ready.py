"""Compile the kernels of this room ahead, so that nobody waits at the first use: `python -m genrejs.impact.ready`."""

from __future__ import annotations

import sys

from genrejs.impact import pairs, sampling


def main() -> None:
    """Compile what buildings on a raster and event sets need: seconds once, then it is kept."""
    sampling.make_ready()
    pairs.make_ready()
    sys.stdout.write("The damage engine is compiled.\n")


if __name__ == "__main__":
    main()
