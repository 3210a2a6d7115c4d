"""Routes of the map: the city, its variables, layers, things, tiles and rasters."""

from __future__ import annotations

import gzip
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from genrejs.web.parts import City, tagged
from genrejs.web.problems import RESPONSES, Problem

GEOJSON, PNG = "application/geo+json", "image/png"

# Told, not enforced here: what lies outside is no wrong question but a tile that is not there (404).
Zoom = Annotated[int, Path(json_schema_extra={"minimum": 9, "maximum": 14})]
Place = Annotated[int, Path(json_schema_extra={"minimum": 0, "maximum": 511})]


class LayerName(StrEnum):
    """The layers of the map."""

    districts = "districts"
    buildings = "buildings"
    streams = "streams"
    sea = "sea"
    streets = "streets"
    components = "components"
    structures = "structures"


def _answers(media: str) -> dict[str, Any]:
    told: dict[int | str, dict[str, Any]] = {
        200: {"description": "As asked", "content": {media: {}}},
        304: {"description": "The browser has it"},
        **RESPONSES,
    }
    return {"responses": told, "response_class": Response}


router = APIRouter(responses=RESPONSES)


@router.get("/api/city")
async def city(shown: City) -> dict[str, Any]:
    """Return the city: its size, districts, services, events, strategies, measures, climate and what can be drawn."""
    return shown.plain


@router.get("/api/variables")
async def variables(shown: City) -> list[dict[str, Any]]:
    """Return every named variable with its unit and source; depths with the colours of the map."""
    return shown.variables


@router.get("/api/layers/{name}.geojson", **_answers(GEOJSON))
def layer(request: Request, name: LayerName, shown: City) -> Response:
    """Return a layer as GeoJSON, compressed where the browser takes it."""
    found = shown.layer(name.value)
    if "gzip" in request.headers.get("accept-encoding", ""):
        zipped = {"Content_Encoding": "gzip", "Vary": "Accept-Encoding"}
        return tagged(request, found.packed, found.tag + "-gzip", GEOJSON, **zipped)
    return tagged(request, gzip.decompress(found.packed), found.tag, GEOJSON, Vary="Accept-Encoding")


@router.get("/api/things/{layer_name}/{row}")
def thing(layer_name: LayerName, row: Annotated[int, Path(ge=0, le=10**9)], shown: City) -> dict[str, Any]:
    """Return what one feature of a layer is, by its `i`: title and facts with unit and source."""
    found = shown.thing(layer_name.value, row)
    if found is None:
        raise Problem(404, f"There is no feature {row} in the layer '{layer_name.value}'.")
    return found


@router.get("/tiles/terrain/{zoom}/{column}/{row}.png", **_answers(PNG))
def tile(request: Request, zoom: Zoom, column: Place, row: Place, shown: City) -> Response:
    """Return a tile of the terrain in terrarium coding, 256 pixels, zoom 9 to 14."""
    png = shown.tiles.png(zoom, column, row)
    if png is None:
        raise Problem(404, "There is no such tile: zoom 9 to 14, column and row from 0 to 2^zoom - 1.")
    return tagged(request, png, _tag(png), PNG, Cache_Control="public, max-age=3600")


@router.get("/api/rasters/ground.png", **_answers(PNG))
def ground(request: Request, shown: City) -> Response:
    """Return the ground of the study's window, one pixel a cell, in terrarium coding."""
    return tagged(request, shown.ground, _tag(shown.ground), PNG)


@router.get("/api/rasters/reach.png", **_answers(PNG))
def reach(request: Request, shown: City, strategy: Annotated[str, Query(max_length=60)] = "today") -> Response:
    """Return the lowest sea level at which connected water comes to each cell, gates shut, in terrarium coding."""
    png = shown.reach(strategy)
    return tagged(request, png, _tag(png), PNG)


def _tag(data: bytes) -> str:
    return sha256(data).hexdigest()[:16]
