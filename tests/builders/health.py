"""Readings and watches to test with."""

from datetime import UTC, datetime, timedelta

from vms.core.ids import CameraId, SessionId
from vms.health.fault import FaultKind
from vms.health.judge import name_faults
from vms.health.picture.as_faults import hidden_by, told_by_still
from vms.health.picture.baseline import Light
from vms.health.picture.finding import Finding
from vms.health.policy import Policy
from vms.health.reading import ControlReading, NetworkReading, PictureReading, Reading, StreamReading
from vms.health.watch import Step, Watch, step

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
POLICY = Policy()

CONNECTED = NetworkReading(connected=True, connect_s=0.001)
REFUSED = NetworkReading(connected=False, because="refused")
ANSWERED = ControlReading(answered=True, answer_s=0.02, clock_offset_s=0.1)
SILENT = ControlReading(answered=False, because="timeout")
PLAYING = StreamReading(playing=True, first_key_frame_s=0.4)
DEAD = StreamReading(playing=False, because="no_media")
NO_LOGIN = StreamReading(playing=False, because="login_refused")


def a_picture(
    *kinds: FaultKind, score: float = 0.9, because: str = "so it looks", told: frozenset[FaultKind] | None = None
) -> PictureReading:
    """A still that shows these kinds."""
    findings = tuple(Finding(kind=kind, score=score, because=because) for kind in kinds)
    seen = told_by_still(Light.DAY, turns=False) if told is None else told
    return PictureReading(
        fetched=True, findings=findings, told=seen, hidden=hidden_by(findings), mean_luma=110.0, detail=9.0
    )


def a_reading(
    network: NetworkReading | None = None,
    control: ControlReading | None = None,
    stream: StreamReading | None = None,
    picture: PictureReading | None = None,
    at: datetime = NOON,
) -> Reading:
    return Reading(camera_id=CameraId(1), at=at, network=network, control=control, stream=stream, picture=picture)


GOOD = a_reading(network=CONNECTED, control=ANSWERED)
UNREACHABLE = a_reading(network=REFUSED)
NO_ANSWER = a_reading(network=CONNECTED, control=SILENT)


def a_watch() -> Watch:
    return Watch(camera_id=CameraId(1), session_id=SessionId(1), since=NOON)


def watch_through(*readings: Reading, watch: Watch | None = None, policy: Policy = POLICY) -> list[Step]:
    """One reading a minute, from noon on."""
    steps: list[Step] = []
    current = watch or a_watch()
    for minute, reading in enumerate(readings):
        now = NOON + timedelta(minutes=minute)
        steps.append(step(current, reading, name_faults(reading, policy), now, policy))
        current = steps[-1].watch
    return steps
