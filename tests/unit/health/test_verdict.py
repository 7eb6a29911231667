"""What the screens may show."""

from dataclasses import replace
from datetime import timedelta

from tests.builders.health import NOON
from vms.core.ids import SessionId
from vms.health.session import WatchSession
from vms.health.status import Status
from vms.health.verdict import Verdict, verdict

RUNNING = WatchSession(session_id=SessionId(2), started_at=NOON, alive_at=NOON + timedelta(hours=1), interval_s=60.0)


def shown(seen_by: int | None = 2, session: WatchSession | None = RUNNING, after_s: float = 10.0) -> Verdict:
    return verdict(
        status=Status.DOWN if seen_by else None,
        since=NOON,
        because="unreachable",
        seen_by=SessionId(seen_by) if seen_by else None,
        latest=session,
        now=RUNNING.alive_at + timedelta(seconds=after_s),
    )


def test_a_status_of_the_running_poller_is_shown():
    assert shown() == Verdict(status=Status.DOWN, since=NOON, because="unreachable")


def test_a_restart_shows_unknown_never_down():
    assert shown(seen_by=1).status is Status.UNKNOWN


def test_a_camera_nobody_ever_looked_at_is_unknown():
    assert shown(seen_by=None).status is Status.UNKNOWN
    assert shown(session=None).status is Status.UNKNOWN


def test_a_poller_silent_for_three_intervals_vouches_for_nothing():
    assert shown(after_s=180.0).status is Status.DOWN
    silent = shown(after_s=181.0)
    assert silent.status is Status.UNKNOWN
    assert silent.since == RUNNING.alive_at


def test_a_poller_that_was_stopped_vouches_for_nothing_at_once():
    assert shown(session=replace(RUNNING, ended_at=RUNNING.alive_at)).status is Status.UNKNOWN


def test_a_single_poll_vouches_for_its_findings_for_three_intervals():
    once = replace(RUNNING, once=True, ended_at=RUNNING.alive_at)
    assert shown(session=once).status is Status.DOWN
    assert shown(session=once, after_s=181.0).status is Status.UNKNOWN


def test_a_very_short_interval_leaves_time_for_a_heartbeat():
    quick = replace(RUNNING, interval_s=0.2)
    assert shown(session=quick, after_s=14.0).status is Status.DOWN
