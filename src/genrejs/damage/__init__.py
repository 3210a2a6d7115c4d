"""The damage model on anyone's files: ``damage.assess({100: "d100.tif"}, "houses.gpkg", model="dk/storm-surge")``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from genrejs.damage.result import Assessment as Assessment
    from genrejs.damage.run import assess as assess

__all__ = ["Assessment", "assess"]


def __getattr__(name: str) -> Any:
    """Return `assess` or `Assessment`, loading layers and tables only when someone asks for them."""
    if name == "assess":
        from genrejs.damage.run import assess  # noqa: PLC0415

        return assess
    if name == "Assessment":
        from genrejs.damage.result import Assessment  # noqa: PLC0415

        return Assessment
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return what a reader of the package may want."""
    return __all__
