"""Readings and watches to test with."""

from datetime import UTC, datetime, timedelta

from vms.core.ids import CameraId, SessionId
from vms.health.judge import name_faults
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
    mean_luma: float = 110.0,
    std_luma: float = 50.0,
    sharpness: float = 600.0,
    same_as_before: bool = False,
    dark_share: float = 0.05,
    bright_share: float = 0.02,
    edge_density: float = 0.14,
) -> PictureReading:
    return PictureReading(
        fetched=True,
        mean_luma=mean_luma,
        std_luma=std_luma,
        sharpness=sharpness,
        same_as_before=same_as_before,
        dark_share=dark_share,
        bright_share=bright_share,
        edge_density=edge_density,
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
