"""The 2D flood solver: arrays in, arrays out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from genrejs.hazard.flood.engine import simulate as simulate
    from genrejs.hazard.flood.many import simulate_many as simulate_many
    from genrejs.hazard.flood.options import Options as Options


def __getattr__(name: str) -> Any:
    """Return `simulate`, `simulate_many` or `Options`, loading the compiler only when someone asks for the solver."""
    if name == "simulate":
        from genrejs.hazard.flood.engine import simulate  # noqa: PLC0415

        return simulate
    if name == "simulate_many":
        from genrejs.hazard.flood.many import simulate_many  # noqa: PLC0415

        return simulate_many
    if name == "Options":
        from genrejs.hazard.flood.options import Options  # noqa: PLC0415

        return Options
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
