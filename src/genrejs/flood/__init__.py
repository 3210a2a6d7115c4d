"""The flood solver on anyone's data: ``flood.simulate(terrain, rain="60mm/1h", duration="3h")`` gives a `Footprint`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from genrejs.flood.footprint import Footprint as Footprint
    from genrejs.flood.run import simulate as simulate

__all__ = ["Footprint", "simulate"]


def __getattr__(name: str) -> Any:
    """Return `simulate` or `Footprint`, loading rasters, tables and the solver only when someone asks for them."""
    if name == "simulate":
        from genrejs.flood.run import simulate  # noqa: PLC0415

        return simulate
    if name == "Footprint":
        from genrejs.flood.footprint import Footprint  # noqa: PLC0415

        return Footprint
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return what a reader of the package may want."""
    return __all__
