"""The city and the catalogue of variables as plain values: what a page must know before it asks anything."""

from __future__ import annotations

from typing import Any

import numpy as np

from genrejs.city.model import SERVICES, City
from genrejs.ensemble.projected import study_climate, study_stresses
from genrejs.hazard.catalogue import named_events
from genrejs.hazard.cloudburst import climate_factor
from genrejs.measure.catalogue import catalogue, strategies
from genrejs.measure.drawn import KINDS
from genrejs.projection.climate import CLIMATE, REFERENCE_YEAR
from genrejs.projection.levels import LAST_YEAR as PROJECTED_TO
from genrejs.projection.series import series_catalogue
from genrejs.report.palette import WATER_CLASSES
from genrejs.report.texts import known
from genrejs.study import Study
from genrejs.variables import catalogue as variables
from genrejs.web.places import lonlat
from genrejs.web.rasters import Window

LAST_YEAR = 2120
"""The last year that a question takes (`ensemble.ask.Ask.year`)."""
PEOPLE = "town_residents"
"""The projection's series of people who live in the town."""
DESIGN_PERIOD = 100.0
"""[year] return period whose climate factor of rain is shown."""


def city_json(city: City, study: Study, window: Window) -> dict[str, Any]:
    """Return the city as `GET /api/city` tells it; residents of later years are the
    projection's, None beyond it."""
    corners = _corners(window.grid.bounds, city)
    return {
        "name": city.name,
        "title": city.name.title(),
        "constructed": bool(city.constructed),
        "bounds": _bounds(city),
        "centre": np.round(np.mean(corners, axis=0), 6).tolist(),
        "window": {
            "corners": corners, "rows": window.grid.rows, "columns": window.grid.columns, "cell": window.grid.cell,
        },
        "residents": int(city.buildings["residents"].sum()),
        "buildings": len(city.buildings),
        "districts": _districts(city),
        "services": [{"id": name, **_named(f"service.{name}", name)} for name in SERVICES],
        "components": city.components[["id", "name_da", "name_en", "service"]].to_dict(orient="records"),
        "events": [
            {"name": name, **{key: str(event.get(key, "")) for key in ("kind", "title_da", "title_en", "source")}}
            for name, event in named_events().items()
        ],
        "strategies": [
            {"id": each.id, "name_da": each.name_da, "name_en": each.name_en, "measures": list(each.measures)}
            for each in strategies()
        ],
        "measures": _measures(),
        "years": {"first": REFERENCE_YEAR, "last": LAST_YEAR, "now": study.money.now},
        "climate": _climate(city, study),
        "drawn": [
            {"kind": name, "unit_cost": kind.unit_cost, "unit": kind.unit, "figure": kind.figure,
             "limits": list(kind.limits), "largest": kind.largest, "source": kind.source}
            for name, kind in KINDS.items()
        ],
    }  # fmt: skip


def variables_json(study: Study) -> list[dict[str, Any]]:
    """Return the catalogue of variables and what a year changes; depths carry the colours of the report's maps."""
    legend = [{"from": low, "colour": colour} for low, colour in WATER_CLASSES]
    own = study.climate != type(study.climate)()
    told: list[Any] = [*variables().values(), *(series_catalogue()[name] for name in (*CLIMATE, PEOPLE))]
    return [
        {"name": each.name, "unit": each.unit, "sentence_da": each.sentence_da, "sentence_en": each.sentence_en,
         "source": "assumption" if own and each.name in CLIMATE else each.source,
         "legend": legend if each.name == "max_depth" else []}
        for each in told
    ]  # fmt: skip


def _named(key: str, otherwise: str) -> dict[str, str]:
    phrase = known(key, otherwise)
    return {"name_da": phrase.da, "name_en": phrase.en}


def _corners(bounds: tuple[float, float, float, float], city: City) -> list[list[float]]:
    """Return the corners of bounds [m] in the order NW, NE, SE, SW."""
    west, south, east, north = bounds
    corners: list[list[float]] = lonlat([west, east, east, west], [north, north, south, south], city.grid.crs).tolist()
    return corners


def _bounds(city: City) -> list[float]:
    """Return west, south, east, north of all that the city's map covers."""
    at = np.asarray(_corners(city.grid.bounds, city))
    return [*at.min(axis=0).tolist(), *at.max(axis=0).tolist()]


def _districts(city: City) -> list[dict[str, Any]]:
    middle = city.districts.geometry.representative_point()
    places = lonlat(middle.x, middle.y, city.grid.crs).tolist() if len(city.districts) else []
    people = city.buildings.groupby(city.buildings["district"].astype(str), observed=True)["residents"].sum()
    return [
        {"id": str(row.id), "name": str(row.name_da), "residents": int(people.get(str(row.id), 0)), "centre": place}
        for row, place in zip(city.districts.itertuples(), places, strict=True)
    ]


def _measures() -> list[dict[str, Any]]:
    plain = (
        "id", "name_da", "name_en", "pillar", "kind", "cost", "upkeep", "lifetime", "price_year", "mechanism_da",
        "mechanism_en", "failure_da", "failure_en", "evidence", "source", "acts", "principles", "funding_source",
        "why_da", "why_en", "conditions_da", "conditions_en", "derived_da", "derived_en",
    )  # fmt: skip
    return [
        {
            **{name: getattr(each, name) for name in plain},
            "added_value": [
                {"name_da": good.name_da, "name_en": good.name_en, "yearly": good.yearly, "source": good.source}
                for good in each.added_value
            ],
            "cost_range": list(each.cost_range),
            "funding": dict(each.funding),
            "scores": dict(each.scores),
            "counted": [vars(good) for good in each.counted],
        }
        for each in catalogue().values()
    ]


def _climate(city: City, study: Study) -> list[dict[str, Any]]:
    """Return the climate and the town's residents by year; residents None beyond the projection."""
    path, factor = study_climate(study), climate_factor(DESIGN_PERIOD)
    future, now = study_stresses(study), study.money.now
    here = int(city.buildings["residents"].sum())

    def people(year: int) -> int | None:
        if year > PROJECTED_TO or not study.projection.follow:
            return None
        return round(here * future.value(PEOPLE, max(year, now)) / future.value(PEOPLE, now))

    return [
        {
            "year": year,
            "sea_rise": round(path.rise(year), 4),
            "rain_factor": round(path.rain_factor(year, factor), 4),
            "river_factor": round(path.river_factor(year), 4),
            "residents": people(year),
        }
        for year in range(REFERENCE_YEAR, LAST_YEAR + 1)
    ]
