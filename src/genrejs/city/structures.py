"""Operated and built water structures: the flood reads them, a measure adds or changes them."""

from __future__ import annotations

from dataclasses import dataclass

from shapely import LineString, Point, Polygon


@dataclass(frozen=True)
class Wall:
    """A dike, quay or wall thinner than a cell, along a line, with its crest [m DVR90]."""

    id: str
    line: LineString
    crest: float
    source: str = "assumption"


@dataclass(frozen=True)
class Gate:
    """A gate across a channel; it shuts while the water at `outer` stands above `closes_at` [m] and above `inner`."""

    id: str
    line: LineString
    outer: Point
    inner: Point
    closes_at: float
    crest: float
    works: bool = True
    source: str = "assumption"


@dataclass(frozen=True)
class Pump:
    """A pump from `intake` to `outlet`: full `capacity` [m3/s] above `starts_at` [m], none below `stops_at` [m]."""

    id: str
    intake: Point
    outlet: Point
    capacity: float
    starts_at: float
    stops_at: float
    works: bool = True
    source: str = "assumption"


@dataclass(frozen=True)
class Weir:
    """A weir from `intake` to `outlet`: crest [m DVR90], width [m]; two equal ones split a stream in halves."""

    id: str
    intake: Point
    outlet: Point
    crest: float
    width: float
    source: str = "assumption"


@dataclass(frozen=True)
class Storage:
    """Water parking on a stream above the grid: holds back flow above `release` [m3/s] until `volume` [m3] is full."""

    id: str
    stream: str
    volume: float
    release: float
    source: str = "assumption"


@dataclass(frozen=True)
class Basin:
    """A lowered square or basin inside the grid that takes `depth` [m] of water over its polygon."""

    id: str
    area: Polygon
    depth: float
    source: str = "assumption"


Structure = Wall | Gate | Pump | Weir | Storage | Basin
