"""The status to show: what nobody vouches for any more is unknown, never down."""

from dataclasses import dataclass
from datetime import datetime

from vms.core.ids import SessionId
from vms.health.our_side import status_words
from vms.health.session import WatchSession
from vms.health.status import Status

NEVER = "never looked at"
NOT_YET = "not looked at since the poller started"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    status: Status
    since: datetime | None
    because: str


def verdict(
    *,
    status: Status | None,
    since: datetime | None,
    because: str,
    seen_by: SessionId | None,
    latest: WatchSession | None,
    now: datetime,
    blind_since: datetime | None = None,
) -> Verdict:
    """`status` … `seen_by`: the stored watch, None where there is none; `latest`: the newest run of the poller;
    `blind_since`: since when our own side keeps us from seeing it."""
    if latest is None or status is None or seen_by is None:
        return Verdict(status=Status.UNKNOWN, since=None, because=NEVER)
    if seen_by != latest.session_id:
        return Verdict(status=Status.UNKNOWN, since=latest.started_at, because=NOT_YET)
    silence = latest.silence(now)
    if silence:
        return Verdict(status=Status.UNKNOWN, since=latest.alive_at, because=silence)
    if blind_since is not None:
        return Verdict(status=Status.UNKNOWN, since=blind_since, because=status_words(blind_since))
    return Verdict(status=status, since=since, because=because)
