"""Uptime is exact: every microsecond of a period is counted once."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.builders.health import NOON
from vms.core.ids import CameraId, SessionId
from vms.core.intervals import Interval
from vms.health.session import WatchSession
from vms.health.status import Status
from vms.health.uptime import Uptime, uptime
from vms.health.watch import Flip

MINUTE = timedelta(minutes=1)
DAY = Interval(NOON, NOON + timedelta(days=1))


def a_session(number: int, start_min: float, end_min: float) -> WatchSession:
    return WatchSession(
        session_id=SessionId(number),
        started_at=NOON + start_min * MINUTE,
        alive_at=NOON + end_min * MINUTE,
        interval_s=60.0,
    )


def a_flip(session: int, at_min: float, to: Status, before: Status = Status.UNKNOWN) -> Flip:
    return Flip(
        camera_id=CameraId(1),
        session_id=SessionId(session),
        from_status=before,
        to_status=to,
        at=NOON + at_min * MINUTE,
        because="",
    )


def test_a_camera_that_nobody_watched_has_no_share():
    measured = uptime([], [], DAY)
    assert measured.unknown == DAY.length
    assert measured.online_share is None
    assert measured.watched_share == 0.0


def test_ten_minutes_down_within_an_hour_are_ten_minutes():
    flips = [a_flip(1, 0, Status.UP), a_flip(1, 20, Status.DOWN, Status.UP), a_flip(1, 30, Status.UP, Status.DOWN)]
    measured = uptime(flips, [a_session(1, 0, 60)], Interval(NOON, NOON + 60 * MINUTE))
    assert measured == Uptime(up=50 * MINUTE, down=10 * MINUTE)
    assert measured.online_share == 50 / 60


def test_a_flip_before_the_period_tells_how_it_begins():
    measured = uptime([a_flip(1, -500, Status.UP)], [a_session(1, -600, 30)], Interval(NOON, NOON + 30 * MINUTE))
    assert measured == Uptime(up=30 * MINUTE)


def test_time_after_the_last_heartbeat_is_unknown_not_down():
    measured = uptime([a_flip(1, 0, Status.UP)], [a_session(1, 0, 10)], Interval(NOON, NOON + 60 * MINUTE))
    assert measured == Uptime(up=10 * MINUTE, unknown=50 * MINUTE)


def test_a_restart_counts_as_unknown_until_the_first_look():
    flips = [a_flip(1, 0, Status.DOWN), a_flip(2, 12, Status.UP)]
    measured = uptime(flips, [a_session(1, 0, 11), a_session(2, 10, 20)], Interval(NOON, NOON + 20 * MINUTE))
    assert measured == Uptime(down=10 * MINUTE, unknown=2 * MINUTE, up=8 * MINUTE)


def test_a_suspicion_counts_as_online():
    flips = [a_flip(1, 0, Status.UP), a_flip(1, 5, Status.SUSPECT, Status.UP)]
    measured = uptime(flips, [a_session(1, 0, 10)], Interval(NOON, NOON + 10 * MINUTE))
    assert measured.online_share == 1.0


@st.composite
def lives(draw):
    """Runs of the poller that follow each other, and flips within them, on a grid of whole seconds."""
    marks = sorted(draw(st.lists(st.integers(0, 400), min_size=2, max_size=10, unique=True)))
    sessions, flips = [], []
    for number, (start, end) in enumerate(pairwise(marks), start=1):
        alive = draw(st.integers(start, end + 20))
        sessions.append(
            WatchSession(
                session_id=SessionId(number),
                started_at=NOON + timedelta(seconds=start),
                alive_at=NOON + timedelta(seconds=alive),
                interval_s=60.0,
            )
        )
        before = Status.UNKNOWN
        for at in sorted(draw(st.lists(st.integers(start, alive), max_size=5, unique=True))):
            to = draw(
                st.sampled_from([status for status in (Status.UP, Status.SUSPECT, Status.DOWN) if status != before])
            )
            flips.append(
                Flip(
                    camera_id=CameraId(1),
                    session_id=SessionId(number),
                    from_status=before,
                    to_status=to,
                    at=NOON + timedelta(seconds=at),
                    because="",
                )
            )
            before = to
    return sessions, flips


def second_by_second(sessions, flips, start_s: int, end_s: int) -> dict[Status, int]:
    """The same by asking for each second what was known: slow and plain."""
    counted = dict.fromkeys(Status, 0)
    for second in range(start_s, end_s):
        now = NOON + timedelta(seconds=second)
        running = [session for session in sessions if session.started_at <= now]
        status = Status.UNKNOWN
        if running and now < running[-1].alive_at:
            for flip in flips:
                if flip.session_id == running[-1].session_id and flip.at <= now:
                    status = flip.to_status
        counted[status] += 1
    return counted


@given(lives(), st.integers(-20, 420), st.integers(1, 100))
def test_it_equals_counting_second_by_second(life, start_s, length_s):
    sessions, flips = life
    period = Interval(NOON + timedelta(seconds=start_s), NOON + timedelta(seconds=start_s + length_s))
    measured = uptime(flips, sessions, period)
    counted = second_by_second(sessions, flips, start_s, start_s + length_s)
    assert measured == Uptime(
        up=timedelta(seconds=counted[Status.UP]),
        suspect=timedelta(seconds=counted[Status.SUSPECT]),
        down=timedelta(seconds=counted[Status.DOWN]),
        unknown=timedelta(seconds=counted[Status.UNKNOWN]),
    )


@given(lives(), st.integers(-20, 420), st.integers(1, 100), st.integers(1, 100))
def test_two_periods_that_meet_add_up_to_the_whole(life, start_s, first_s, second_s):
    sessions, flips = life
    start, middle, end = (NOON + timedelta(seconds=start_s + more) for more in (0, first_s, first_s + second_s))
    first = uptime(flips, sessions, Interval(start, middle))
    second = uptime(flips, sessions, Interval(middle, end))
    whole = uptime(flips, sessions, Interval(start, end))
    assert whole.up == first.up + second.up
    assert whole.down == first.down + second.down
    assert whole.unknown == first.unknown + second.unknown
    assert whole.up + whole.suspect + whole.down + whole.unknown == end - start
