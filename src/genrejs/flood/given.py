"""What a caller may give to `flood.simulate`, by name, with the values that stand where nothing is given."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter, Signature, signature
from pathlib import Path
from threading import Event
from typing import Any, Literal, TypedDict, TypeVar, cast

import geopandas as gpd
import pandas as pd
import xarray as xr

from genrejs.errors import InputError
from genrejs.hazard.flood.problem import Series

OverTime = pd.Series | pd.DataFrame | xr.DataArray | Series | Path | str


class Given(TypedDict, total=False):
    """Everything but the terrain; see `genrejs.flood.run.simulate` for what each means."""

    rain: OverTime | None
    level: OverTime | float | None
    open_edges: str | None
    outfall: str | None
    inflows: pd.DataFrame | Path | str | None
    initial_level: float | str | xr.DataArray | Path | None
    manning: float | str | xr.DataArray | Path
    walls: gpd.GeoDataFrame | Path | str | None
    infiltration: float | str | xr.DataArray | Path | None
    drains: float | str | xr.DataArray | Path | None
    soil: float | str | xr.DataArray | Path | None
    soil_table: pd.DataFrame | Path | str | None
    structures: Mapping[str, Any] | Path | str | None
    buildings: gpd.GeoDataFrame | Path | str | None
    buildings_as: Literal["block", "hole", "porosity"] | str
    gauges: pd.DataFrame | Path | str | None
    duration: float | str
    every: float | str | None
    thresholds: Sequence[float] | float | str | None
    danger: bool
    recession: bool
    scheme: str
    order: int | str
    precision: int | str
    engine: str
    threads: int | None
    crs: Any
    checkpoint: Path | str | None
    progress: bool | Callable[[float], None]
    cancel: Event | None


DEFAULTS: Given = {
    "rain": None, "level": None, "open_edges": None, "outfall": None, "inflows": None, "initial_level": None,
    "manning": 0.035, "walls": None, "infiltration": None, "drains": None, "soil": None, "soil_table": None,
    "structures": None, "buildings": None, "buildings_as": "block", "gauges": None, "duration": "1h", "every": None,
    "thresholds": None, "danger": False, "recession": False,
    "scheme": "auto", "order": 2, "precision": 32, "engine": "auto", "threads": None, "crs": None,
    "checkpoint": None, "progress": False, "cancel": None,
}  # fmt: skip
"""Manning's 0.035 s m-1/3 is an assumption: short grass and streets mixed."""

ENGINES = ("cpu", "cuda", "auto")
PRECISIONS = ("32", "64")
ORDERS = ("1", "2")
BUILDINGS_AS = ("block", "hole", "porosity")
Function = TypeVar("Function", bound=Callable[..., Any])


def complete(given: Given) -> Given:
    """Return what was given with the defaults for the rest.

    Raises
    ------
    InputError
        A name or a choice is not known, or nothing brings water.
    """
    for name in given:
        if name not in DEFAULTS:
            near = difflib.get_close_matches(name, DEFAULTS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(DEFAULTS)}."
            raise InputError(f"flood.simulate knows no {name!r}; {hint}")
    whole = cast(Given, {**DEFAULTS, **given})
    _check_choices(whole)
    _check_water(whole)
    return whole


def _check_choices(given: Given) -> None:
    """Raise InputError for a choice that is not there."""
    choices = {
        "engine": (given["engine"], ENGINES),
        "precision": (str(given["precision"]), PRECISIONS),
        "order": (str(given["order"]), ORDERS),
        "buildings_as (--buildings-as)": (given["buildings_as"], BUILDINGS_AS),
    }
    for name, (value, accepted) in choices.items():
        if value not in accepted:
            raise InputError(f"The choice {value!r} for {name} is not known; accepted: {', '.join(accepted)}.")


def _check_water(given: Given) -> None:
    """Raise InputError when nothing brings water or a level has no edge."""
    if all(given[name] is None for name in ("rain", "level", "inflows", "initial_level")):
        raise InputError(
            "Nothing brings water: give rain (--rain), a level with open edges (--level with --open-edges), "
            "inflows (--inflow) or an initial level (--initial-level)."
        )
    if given["level"] is not None and given["open_edges"] is None:
        raise InputError(
            "A level needs the edges that hold it: open_edges='e' (--open-edges e), or several such as n,w."
        )


def with_names(function: Function) -> Function:
    """Return `function` whose help shows the names of `Given` and their defaults in place of its keywords."""
    own = signature(function)
    first = [p for p in own.parameters.values() if p.kind is not Parameter.VAR_KEYWORD]
    types = {name: getattr(kind, "__forward_arg__", kind) for name, kind in Given.__annotations__.items()}
    rest = [Parameter(n, Parameter.KEYWORD_ONLY, default=v, annotation=types[n]) for n, v in DEFAULTS.items()]
    function.__signature__ = Signature([*first, *rest], return_annotation=own.return_annotation)  # type: ignore[attr-defined]
    return function
