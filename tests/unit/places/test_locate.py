"""Finding the spot that somebody names."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vms.core.geo import Wgs84
from vms.places.crossings import road_crossings
from vms.places.locate import Gazetteer, locate
from vms.places.town import Place, PlaceKind, Road


def a_place(name: str, kind: PlaceKind = PlaceKind.ADDRESS, address: str = "", lon: float = 24.9) -> Place:
    return Place(kind=kind, name=name, position=Wgs84(lon, 60.1), address=address)


TOWN = [
    a_place("Main Street 5"),
    a_place("Main Street 52"),
    a_place("解放路12号"),
    a_place("解放路120号"),
    a_place("1234567", PlaceKind.POLE),
    a_place("7654321", PlaceKind.POLE),
    a_place("First Bank", PlaceKind.KEY_PLACE, address="Harbour Road 3"),
    a_place("第一中学", PlaceKind.KEY_PLACE),
    a_place("Harbour Road / Main Street", PlaceKind.CROSSING),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Main Street 5", "Main Street 5"),
        ("main street, 52", "Main Street 52"),
        ("解放路１２号", "解放路12号"),
        ("解放路 120 号", "解放路120号"),
        ("电线杆1234567号", "1234567"),
        ("pole 7654321", "7654321"),
        ("first bank", "First Bank"),
        ("harbour road 3", "First Bank"),
        ("在第一中学门口", "第一中学"),
        ("corner of Main Street and Harbour Road", "Harbour Road / Main Street"),
        ("fight outside First Bank, two persons", "First Bank"),
    ],
)
def test_the_spot_named_is_the_first_match(text, expected):
    assert locate(text, TOWN)[0].place.name == expected


def test_word_for_word_scores_one_and_another_house_number_scores_little():
    scores = {match.place.name: match.score for match in locate("Main Street 5", TOWN)}
    assert scores["Main Street 5"] == 1.0
    assert scores.get("Main Street 52", 0.0) < 0.4


@pytest.mark.parametrize("text", ["", "   ", "!?", "Qwertz", "\x00"])
def test_nonsense_is_found_nowhere(text):
    assert locate(text, TOWN) == []


def test_equal_matches_come_in_a_fixed_order():
    twins = [a_place("Station", PlaceKind.KEY_PLACE, lon=24.92), a_place("Station", PlaceKind.KEY_PLACE, lon=24.91)]
    assert [m.place.position.lon for m in locate("station", twins)] == [24.91, 24.92]
    assert locate("station", twins) == locate("station", reversed(twins))


def test_a_place_that_two_sources_name_is_found_once():
    assert len(locate("First Bank", [*TOWN, *TOWN])) == len(locate("First Bank", TOWN)) > 0


@given(st.text(max_size=60))
def test_any_text_gets_scores_between_nothing_and_one_best_first(text):
    matches = Gazetteer(TOWN).locate(text)
    assert all(0.0 < match.score <= 1.0 for match in matches)
    assert matches == sorted(matches, key=lambda match: -match.score)


@given(st.sampled_from(TOWN))
def test_every_place_is_found_by_its_own_name(place):
    assert locate(place.name, TOWN)[0].place == place


def test_roads_of_different_names_that_share_a_corner_make_a_crossing():
    def road(name: str, *points: tuple[float, float], tunnel: bool = False) -> Road:
        return Road(line=np.array(points), name=name, tunnel=tunnel)

    crossings = road_crossings(
        [
            road("B", (0.0, 0.0), (0.0, 1.0)),
            road("A", (-1.0, 1.0), (0.0, 1.0), (1.0, 1.0)),
            road("A", (1.0, 1.0), (2.0, 1.0)),
            road("C", (0.0, 0.0), (1.0, 0.0), tunnel=True),
            road("", (0.0, 0.0), (5.0, 0.0)),
        ]
    )
    assert [(c.name, c.position) for c in crossings] == [("A / B", Wgs84(0.0, 1.0))]
