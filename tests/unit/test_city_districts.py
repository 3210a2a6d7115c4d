"""Districts: published totals, no overlap, known kinds."""

import pytest
import shapely

from genrejs.city.districts import DISTRICT_COLUMNS, KINDS, embedded_districts, embedded_roads, read_text
from genrejs.errors import InputError


def test_residents_match_the_published_figures() -> None:
    residents = embedded_districts().set_index("id")["residents"]
    assert residents["vestbyen"] == 8_500
    assert residents["finlandsparken"] == 1_600
    assert residents.sum() == 58_000


def test_only_the_published_figures_are_called_published() -> None:
    districts = embedded_districts().set_index("id")
    assert set(districts.index[districts["certainty"] == "published"]) == {"vestbyen", "finlandsparken"}
    assert (districts.loc[districts["certainty"] != "published", "source"].str.contains("assumption")).all()


def test_districts_do_not_overlap_and_lie_in_the_window() -> None:
    outlines = embedded_districts().geometry.to_numpy()
    assert shapely.is_valid(outlines).all()
    assert shapely.union_all(outlines).area == pytest.approx(shapely.area(outlines).sum(), abs=1e-6)
    assert shapely.box(531_500, 6_169_500, 541_500, 6_177_500).contains(outlines).all()


def test_columns_kinds_and_shares() -> None:
    districts = embedded_districts()
    assert set(DISTRICT_COLUMNS) <= set(districts.columns)
    assert set(districts["kind"]) <= set(KINDS)
    for share in ("language_other_share", "low_income_share", "social_housing_share"):
        assert districts[share].between(0, 1).all()
    assert districts.crs.to_epsg() == 25832


def test_vestbyen_lies_west_of_omloebsaaen() -> None:
    vestbyen = embedded_districts().set_index("id").geometry["vestbyen"]
    assert vestbyen.contains(shapely.Point(533_000, 6_173_900))
    assert not vestbyen.contains(shapely.Point(533_400, 6_173_900))


def test_roads_are_lines_with_a_width_and_the_bridge_has_its_published_traffic() -> None:
    roads = embedded_roads()
    assert (roads["width"] > 0).all()
    assert set(roads.geom_type) == {"LineString"}
    assert roads.loc[roads["kind"] == "motorway", "vehicles_per_day"].tolist() == [86_000]


def test_an_unknown_city_is_named_with_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"No city 'atlantis'.*vejle"):
        read_text("atlantis", "districts.geojson")
