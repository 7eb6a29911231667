"""One device is asked what it has recorded of its cameras, and what it writes into their pictures.

who are you? ─→ your clock ─→ recordings ─→ spans of each, by its clock ─→ captions, where it is time
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from vms.core.ids import CameraId
from vms.core.intervals import Interval, merged
from vms.devices.configure.captions import CaptionTold, read_captions
from vms.devices.configure.hand import Hand
from vms.devices.onvif.client import CallRefused, Reply
from vms.devices.onvif.clock import read_clock
from vms.devices.onvif.operations import Service
from vms.devices.recordings import NoSearch, RecordingTold, read_recordings, read_spans
from vms.health.clock_offset import ClockOffset, clock_offset
from vms.services.recordings.whose import sort_recordings
from vms.store.recording_targets import RecordedCamera


@dataclass(frozen=True, slots=True, kw_only=True)
class FootageTold:
    """Of one camera, in our time. `because` not empty: it cannot be told what is recorded."""

    because: str = ""
    oldest: datetime | None = None
    newest: datetime | None = None
    spans: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceTold:
    footage: Mapping[CameraId, FootageTold]
    captions: Mapping[CameraId, CaptionTold] | None
    """None: not asked for, or not offered."""
    clock: ClockOffset
    """By which it was asked, and what it told was put right."""


async def ask_device(
    hand: Hand,
    cameras: Sequence[RecordedCamera],
    since: Mapping[CameraId, datetime],
    until: datetime,
    *,
    with_captions: bool,
) -> DeviceTold:
    """`cameras`: all of the device's. `since`: those that are asked about, and from when on their spans are wanted.
    Raises what OnvifClient.call raises."""
    told = await hand.meet()
    clock = offset_of(told)
    try:
        footage = await _footage(hand, cameras, since, until, clock)
    except NoSearch as none:
        footage = {camera_id: FootageTold(because=none.code) for camera_id in since}
    captions = await _captions(hand, cameras) if with_captions else None
    return DeviceTold(footage=footage, captions=captions, clock=clock)


def offset_of(told: Reply | None) -> ClockOffset:
    """Of the clock as `Hand.meet` has read it; a device that tells no time is taken to have ours."""
    if told is None:
        return ClockOffset()
    return clock_offset(read_clock(told.root, now=told.middle).signing_offset_s, told.total_s)


async def _footage(
    hand: Hand,
    cameras: Sequence[RecordedCamera],
    since: Mapping[CameraId, datetime],
    until: datetime,
    clock: ClockOffset,
) -> dict[CameraId, FootageTold]:
    if not await hand.offers(Service.SEARCH):
        raise NoSearch("the device offers no search", code="search_unsupported")
    told = await read_recordings(hand)
    owned = sort_recordings(told, cameras)
    found: dict[CameraId, FootageTold] = {}
    for camera in cameras:
        mine = owned.of_camera[camera.camera_id]
        if camera.camera_id not in since:
            continue
        if not told and camera.last_day is None:  # it may be recorded elsewhere, as it always was
            found[camera.camera_id] = FootageTold(because="no_recordings")
            continue
        if not mine and owned.left:
            found[camera.camera_id] = FootageTold(because="which_recording")
            continue
        spans: list[Interval] = []
        for recording in mine:
            start, end = clock.by_device(since[camera.camera_id]), clock.by_device(until)
            spans += await read_spans(hand, recording.token, start, end)
        found[camera.camera_id] = _in_our_time(mine, spans, clock)
    return found


def _in_our_time(mine: Sequence[RecordingTold], spans: Sequence[Interval], clock: ClockOffset) -> FootageTold:
    ours = merged(Interval(clock.by_us(span.start), clock.by_us(span.end)) for span in spans)
    oldest = [clock.by_us(one.earliest) for one in mine if one.earliest is not None] + [span.start for span in ours[:1]]
    newest = [clock.by_us(one.latest) for one in mine if one.latest is not None] + [span.end for span in ours[-1:]]
    return FootageTold(oldest=min(oldest, default=None), newest=max(newest, default=None), spans=ours)


async def _captions(hand: Hand, cameras: Sequence[RecordedCamera]) -> Mapping[CameraId, CaptionTold] | None:
    try:
        told = await read_captions(hand)
    except CallRefused:
        return None
    return {camera.camera_id: told[camera.channel] for camera in cameras if camera.channel in told}
