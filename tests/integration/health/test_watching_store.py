"""What the poller found is kept whole, and read back as it may be shown."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from tests.builders.health import GOOD, NOON, UNREACHABLE, a_picture, watch_through
from tests.builders.stored_cameras import store_camera
from vms.core.errors import BadInput, Conflict
from vms.core.ids import CameraId, SessionId
from vms.core.intervals import Interval
from vms.health.board import ANYWHERE, BoardBy, rows, whole
from vms.health.fault import Fault, FaultKind, Severity
from vms.health.layer import Layer
from vms.health.reading import Reading
from vms.health.status import Status
from vms.health.uptime import Uptime, uptime
from vms.health.watch import Watch
from vms.inventory.camera import LifeCycle
from vms.inventory.tier import Tier
from vms.services.count_board import count_board
from vms.store import cameras, daily_numbers, events, fault_list, faults, stills
from vms.store.daily_numbers import DailyNumber, Sum
from vms.store.database import Database
from vms.store.fault_list import FaultFilter
from vms.store.faults import FaultState
from vms.store.schema import cameras as camera_table
from vms.store.schema import faults as fault_table
from vms.store.watch_sessions import beat, end_session, latest_session, sessions_between, start_session
from vms.store.watching import flips_of, save, statuses, transition

MINUTE = timedelta(minutes=1)


def a_session(database: Database, now=NOON, once: bool = False) -> SessionId:
    with database.writing() as tx:
        return start_session(tx, 60.0, now, once=once)


def watch_and_save(
    database: Database,
    session_id: SessionId,
    camera_id: CameraId,
    *readings: Reading,
    begin: Watch | None = None,
) -> Watch:
    """One reading a minute from noon on; every step that is news is saved in one go."""
    watch = begin or Watch(camera_id=camera_id, session_id=session_id, since=NOON)
    steps = watch_through(*readings, watch=watch)
    news = [transition(step, NOON + minute * MINUTE) for minute, step in enumerate(steps) if step.is_news]
    now = NOON + len(readings) * MINUTE
    with database.writing() as tx:
        save(tx, session_id, news, now)
        beat(tx, session_id, now)
    return steps[-1].watch


def status_of(database: Database, camera_id: CameraId, now) -> Status:
    with database.reading() as tx:
        return statuses(tx, now)[camera_id].status


def test_a_transition_is_kept_with_its_flip_its_fault_and_the_news_of_both(database):
    camera_id = store_camera(database, NOON)
    session_id = a_session(database)
    watch_and_save(database, session_id, camera_id, GOOD, UNREACHABLE, UNREACHABLE, UNREACHABLE)
    with database.reading() as tx:
        row = statuses(tx, NOON + 5 * MINUTE)[camera_id]
        flips = flips_of(tx, camera_id, NOON, NOON + 60 * MINUTE)
        (fault,) = (item.row for item in fault_list.page(tx, FaultFilter(), now=NOON).items)
        news = [event.kind for event in events.after(tx, 0, 100)]
    assert (row.status, row.since, row.because) == (Status.DOWN, NOON + 3 * MINUTE, "unreachable: refused")
    assert row.layers == {"network": "unreachable"}
    assert [(flip.from_status, flip.to_status) for flip in flips] == [
        (Status.UNKNOWN, Status.UP),
        (Status.UP, Status.SUSPECT),
        (Status.SUSPECT, Status.DOWN),
    ]
    assert (fault.kind, fault.camera_name, fault.opened_at) == (FaultKind.UNREACHABLE, "somewhere", NOON + 3 * MINUTE)
    assert news == ["camera.added", *["camera.flip"] * 3, "fault.opened"]


def test_a_fault_that_opens_and_closes_within_one_batch_ends_closed(database):
    camera_id = store_camera(database, NOON)
    watch_and_save(database, a_session(database), camera_id, *[UNREACHABLE] * 3, GOOD, *[UNREACHABLE] * 3, GOOD)
    with database.reading() as tx:
        assert fault_list.page(tx, FaultFilter(), now=NOON).total == 0
        found = fault_list.page(tx, FaultFilter(state=FaultState.CLOSED), now=NOON, sort="opened_at").items
        closed = [item.row for item in found]
        assert [(fault.opened_at, fault.closed_at) for fault in closed] == [
            (NOON + 2 * MINUTE, NOON + 3 * MINUTE),
            (NOON + 6 * MINUTE, NOON + 7 * MINUTE),
        ]


def test_a_new_run_shows_unknown_and_begins_with_the_standing_faults(database):
    camera_id = store_camera(database, NOON)
    watch_and_save(database, a_session(database), camera_id, *[UNREACHABLE] * 3)
    assert status_of(database, camera_id, NOON + 4 * MINUTE) is Status.DOWN
    a_session(database, NOON + 4 * MINUTE)
    assert status_of(database, camera_id, NOON + 4 * MINUTE) is Status.UNKNOWN
    with database.reading() as tx:
        (fault,) = faults.standing_faults(tx)[camera_id]
    assert fault.kind is FaultKind.UNREACHABLE


def test_a_new_run_leaves_the_faults_of_other_checks_to_them(database):
    camera_id = store_camera(database, NOON)
    watch_and_save(database, a_session(database), camera_id, *[UNREACHABLE] * 3)
    lost = Fault(kind=FaultKind.RECORDING_MISSING, layer=Layer.RECORDING, severity=Severity.MAJOR)
    with database.writing() as tx:
        faults.open_faults(tx, [faults.OpenedFault(camera_id, lost, NOON)], NOON)
    with database.reading() as tx:
        polled = faults.standing_faults(tx, polled_only=True)[camera_id]
        assert [fault.kind for fault in polled] == [FaultKind.UNREACHABLE]
    later = a_session(database, NOON + 4 * MINUTE)
    begin = Watch(camera_id=camera_id, session_id=later, since=NOON, open_faults=polled)
    watch_and_save(database, later, camera_id, GOOD, begin=begin)
    with database.reading() as tx:
        assert faults.standing_faults(tx) == {camera_id: (lost,)}


def test_a_run_that_was_taken_over_may_write_no_more(database):
    camera_id = store_camera(database, NOON)
    older = a_session(database)
    a_session(database, NOON + MINUTE)
    with pytest.raises(Conflict, match="another poller"):
        watch_and_save(database, older, camera_id, GOOD)
    with database.reading() as tx:
        assert flips_of(tx, camera_id, NOON, NOON + 60 * MINUTE) == []


def test_a_poller_that_stopped_vouches_for_nothing_but_a_single_poll_does_for_a_while(database):
    camera_id = store_camera(database, NOON)
    lasting = a_session(database)
    watch_and_save(database, lasting, camera_id, GOOD)
    with database.writing() as tx:
        end_session(tx, lasting, NOON + MINUTE)
    assert status_of(database, camera_id, NOON + MINUTE) is Status.UNKNOWN
    once = a_session(database, NOON + 2 * MINUTE, once=True)
    watch_and_save(database, once, camera_id, GOOD)
    with database.writing() as tx:
        end_session(tx, once, NOON + 2 * MINUTE)
    assert status_of(database, camera_id, NOON + 3 * MINUTE) is Status.UP
    assert status_of(database, camera_id, NOON + 6 * MINUTE) is Status.UNKNOWN


def test_a_camera_deleted_meanwhile_does_not_hold_up_the_others(database):
    gone, kept = store_camera(database, NOON), store_camera(database, NOON)
    session_id = a_session(database)
    with database.writing() as tx:
        tx.execute(camera_table.delete().where(camera_table.c.id == gone))
    news = [
        transition(watch_through(GOOD, watch=Watch(camera_id=camera_id, session_id=session_id, since=NOON))[0], NOON)
        for camera_id in (gone, kept)
    ]
    with database.writing() as tx:
        save(tx, session_id, news, NOON)
        stills.put_many(tx, [stills.Still(camera_id=gone, at=NOON, file="1.jpg", statistics={})])
        daily_numbers.add_many(
            tx, [DailyNumber(camera_id=gone, day=NOON.date(), metric="answer_s", sum=Sum(1, 0.1, 0.1, 0.1))]
        )
    with database.reading() as tx:
        assert set(statuses(tx, NOON)) == {kept}


def test_the_city_is_counted_per_tier_and_region(database):
    up = store_camera(database, NOON, tier=Tier.GOVERNMENT, region_code="410105")
    down = store_camera(database, NOON, tier=Tier.GOVERNMENT, region_code="410102")
    store_camera(database, NOON, tier=Tier.UNIT, region_code="410105")
    store_camera(database, NOON, tier=Tier.UNIT, life_cycle=LifeCycle.PENDING)
    session_id = a_session(database)
    watch_and_save(database, session_id, up, GOOD)
    watch_and_save(database, session_id, down, *[UNREACHABLE] * 3)
    with database.reading() as tx:
        soon = count_board(tx, NOON + 3 * MINUTE, ZoneInfo("Asia/Shanghai"))
        later = whole(count_board(tx, NOON + 60 * MINUTE, ZoneInfo("Asia/Shanghai")), ANYWHERE).tally
    tiers, by_region = rows(soon, BoardBy.TIER, ANYWHERE), rows(soon, BoardBy.REGION, ANYWHERE)
    told = [(row.key, row.tally) for row in tiers]
    assert [(key, one.total, one.up, one.down, one.unknown, one.intact) for key, one in told] == [
        ("government", 2, 1, 1, 0, 1),
        ("unit", 1, 0, 0, 1, 1),
    ]
    assert [(row.key, row.tally.total, row.tally.down) for row in by_region] == [("410102", 1, 1), ("410105", 2, 0)]
    assert (later.total, later.unknown, later.down) == (3, 3, 0)


def test_the_list_of_faults_is_filtered_sorted_and_paged(database):
    ids = [store_camera(database, NOON, name=name, tier=Tier.UNIT) for name in ("b", "a", "c")]
    store_camera(database, NOON, tier=Tier.GOVERNMENT)
    session_id = a_session(database)
    for camera_id in ids:
        watch_and_save(database, session_id, camera_id, *[UNREACHABLE] * 3)
    with database.reading() as tx:
        page = fault_list.page(tx, FaultFilter(tier=Tier.UNIT), now=NOON, sort="camera_name", limit=2, offset=1)
        assert (page.total, [item.row.camera_name for item in page.items]) == (3, ["b", "c"])
        assert fault_list.page(tx, FaultFilter(tier=Tier.GOVERNMENT), now=NOON).total == 0
        assert fault_list.page(tx, FaultFilter(region_code="4101"), now=NOON).total == 3
        assert fault_list.page(tx, FaultFilter(region_code="42"), now=NOON).total == 0
        assert fault_list.page(tx, FaultFilter(kind=FaultKind.BLUR), now=NOON).total == 0
        with pytest.raises(BadInput, match="password"):
            fault_list.page(tx, FaultFilter(), now=NOON, sort="password")


def test_uptime_from_the_store_is_exact_across_a_restart(database):
    camera_id = store_camera(database, NOON)
    watch_and_save(database, a_session(database), camera_id, *[GOOD] * 10)
    second = a_session(database, NOON + 12 * MINUTE)
    with database.writing() as tx:
        beat(tx, second, NOON + 20 * MINUTE)
        period = Interval(NOON, NOON + 20 * MINUTE)
        measured = uptime(
            flips_of(tx, camera_id, period.start, period.end), sessions_between(tx, period.start, period.end), period
        )
    assert measured == Uptime(up=10 * MINUTE, unknown=10 * MINUTE)


def test_daily_numbers_add_up_over_several_flushes(database):
    camera_id = store_camera(database, NOON)
    for values in ([0.5, 0.1], [0.9]):
        sum_ = Sum()
        for value in values:
            sum_.add(value)
        with database.writing() as tx:
            daily_numbers.add_many(tx, [DailyNumber(camera_id=camera_id, day=NOON.date(), metric="answer_s", sum=sum_)])
    with database.reading() as tx:
        (number,) = daily_numbers.of_camera(tx, camera_id, NOON.date())
    assert number.sum == Sum(n=3, total=1.5, least=0.1, most=0.9)


def test_the_latest_still_is_the_one_that_is_known(database):
    camera_id = store_camera(database, NOON)
    for minute in (0, 1):
        with database.writing() as tx:
            at = NOON + minute * MINUTE
            stills.put_many(tx, [stills.Still(camera_id=camera_id, at=at, file="1.jpg", statistics={"mean_luma": 9.0})])
    with database.reading() as tx:
        still = stills.of_camera(tx, camera_id)
        assert stills.files(tx) == {"1.jpg"}
    assert still is not None
    assert (still.at, still.statistics) == (NOON + MINUTE, {"mean_luma": 9.0})


def test_there_is_no_run_before_the_first(database):
    store_camera(database, NOON)
    with database.reading() as tx:
        assert latest_session(tx) is None
        assert statuses(tx, NOON) == {}
        assert whole(count_board(tx, NOON, ZoneInfo("Asia/Shanghai")), ANYWHERE).tally.unknown == 1
        assert cameras.page(tx, cameras.CameraFilter(status=Status.UNKNOWN), now=NOON).total == 1


def test_a_picture_fault_keeps_the_worst_score_and_its_reason_whoever_saw_it(database):
    camera_id = store_camera(database, NOON)
    session_id = a_session(database)

    def dark(score: float) -> Reading:
        return replace(
            GOOD, camera_id=camera_id, picture=a_picture(FaultKind.TOO_DARK, score=score, because=f"{score}")
        )

    def kept() -> tuple[float | None, str]:
        with database.reading() as tx:
            (fault,) = faults.standing_faults(tx)[camera_id]
        return fault.score, fault.because

    watch = watch_and_save(database, session_id, camera_id, dark(0.6), dark(0.6))
    assert kept() == (0.6, "0.6")
    watch = watch_and_save(database, session_id, camera_id, dark(0.7), begin=watch)
    assert kept() == (0.7, "0.7")
    with database.writing() as tx:  # the device itself says so too
        tx.execute(update(fault_table).values(score=0.95, because="both"))
    watch_and_save(database, session_id, camera_id, dark(0.8), begin=watch)
    assert kept() == (0.95, "both")
