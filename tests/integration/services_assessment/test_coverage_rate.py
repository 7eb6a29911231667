"""The coverage of key places is told as it was at the end of the period, for the whole town."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from tests.builders.stored_cameras import store_camera
from vms.assessment.figure import Figure, FigureKind
from vms.assessment.grouping import GroupBy
from vms.assessment.period import Period
from vms.assessment.profile import USUAL
from vms.services.assessment.assess import Asked, assess
from vms.store import key_places
from vms.store.key_places import KeyPlaces

MAY = Period(first=date(2026, 5, 1), last=date(2026, 5, 31), zone=ZoneInfo("Asia/Shanghai"))
START, END, HOUR = MAY.interval.start, MAY.interval.end, timedelta(hours=1)


def coverage(database, now) -> tuple[Figure, Figure]:
    """(of the town, of its one group)."""
    made = assess(database, Asked(period=MAY, by=GroupBy.TIER, profile=USUAL), now)
    town, group = (
        next(f for f in one.figures if f.kind is FigureKind.COVERAGE_RATE) for one in (made.total, *made.groups)
    )
    return town, group


def test_key_places_count_as_they_were_at_the_end(database) -> None:
    store_camera(database, START)
    assert coverage(database, END + HOUR)[0].because == "coverage had not been measured by then"
    with database.writing() as tx:
        for hours, covered in ((1, 3), (100, 7), (100.5, 8), (100.7, 8)):
            key_places.put(tx, KeyPlaces(covered, 10), START + hours * HOUR)
        key_places.put(tx, KeyPlaces(2, 10), END)
    town, group = coverage(database, END + HOUR)
    assert (town.part, town.whole) == (8, 10)
    assert (group.value, group.because) == (None, "key places are counted for the whole town")
    assert coverage(database, START + 50 * HOUR)[0].part == 3
    assert coverage(database, START + 101 * HOUR)[0].part == 8, "of this hour"


def test_a_town_without_key_places_says_so(database) -> None:
    store_camera(database, START)
    with database.writing() as tx:
        key_places.put(tx, KeyPlaces(0, 0), START)
    assert coverage(database, END)[0].because == "no key place is on the map"
