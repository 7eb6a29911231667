"""What a camera or recorder says it has recorded (ONVIF Profile G): its recordings, and when there really are data.

    FindRecordings ─→ GetRecordingSearchResults … ─→ EndSearch
    FindEvents (RecordingHistory, with the state at the start) ─→ GetEventSearchResults … ─→ EndSearch

The earliest and latest instant of a recording say nothing about the holes between; those come from its history. All
instants are by the device's clock as it tells them; the caller knows its offset.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from vms.core.errors import TryAgain
from vms.core.intervals import Interval, merged
from vms.devices.configure.hand import Hand
from vms.devices.onvif.client import CallRefused
from vms.devices.onvif.operations import Operation, Service
from vms.devices.onvif.xml import Element, attribute, everywhere, local, text

MOST_RECORDINGS = 1024
MOST_EVENTS = 20_000
MOST_ROUNDS = 60
AT_ONCE = 200
_SEARCH = Service.SEARCH.value
_SCHEMA = "http://www.onvif.org/ver10/schema"
_NOTIFY = "http://docs.oasis-open.org/wsn/b-2"
_TOPICS = "http://www.onvif.org/ver10/topics"
_CONCRETE = "http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet"


class NoSearch(TryAgain):
    """`code`: search_unsupported (it offers none), search_endless (it never says that it is done)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingTold:
    token: str
    source: str
    """The source's id as the device gives it: often, not always, the video source's token."""
    name: str
    earliest: datetime | None
    latest: datetime | None
    is_recording: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Of whether a track holds data."""

    at: datetime
    has_data: bool
    at_start: bool


async def read_recordings(hand: Hand) -> tuple[RecordingTold, ...]:
    """All recordings, at most MOST_RECORDINGS. Raises NoSearch, and what OnvifClient.call raises."""
    found = await _search(
        hand,
        "FindRecordings",
        "<o:Scope/><o:KeepAliveTime>PT30S</o:KeepAliveTime>",
        "GetRecordingSearchResults",
        "RecordingInformation",
        MOST_RECORDINGS,
    )
    return tuple(
        RecordingTold(
            token=text(one, "RecordingToken"),
            source=text(one, "Source", "SourceId"),
            name=text(one, "Source", "Name"),
            earliest=_earliest(one),
            latest=_latest(one),
            is_recording={"Recording": True, "Stopped": False}.get(text(one, "RecordingStatus")),
        )
        for one in found
        if text(one, "RecordingToken")
    )


async def read_spans(hand: Hand, recording: str, start: datetime, end: datetime) -> tuple[Interval, ...]:
    """When the recording holds data between two instants of the device's clock. Raises NoSearch, and what
    OnvifClient.call raises."""
    inner = (
        f"<o:StartPoint>{_stamp(start)}</o:StartPoint><o:EndPoint>{_stamp(end)}</o:EndPoint>"
        f"<o:Scope><tt:IncludedRecordings>{escape(recording)}</tt:IncludedRecordings></o:Scope>"
        f'<o:SearchFilter><wsnt:TopicExpression xmlns:wsnt="{_NOTIFY}" xmlns:tns1="{_TOPICS}" Dialect="{_CONCRETE}">'
        "tns1:RecordingHistory/Track/State</wsnt:TopicExpression></o:SearchFilter>"
        "<o:IncludeStartState>true</o:IncludeStartState><o:KeepAliveTime>PT30S</o:KeepAliveTime>"
    )
    found = await _search(hand, "FindEvents", inner, "GetEventSearchResults", "Result", MOST_EVENTS)
    changes = [change for one in found if (change := _change(one, recording)) is not None]
    return spans_of(changes, start, end)


def spans_of(changes: Sequence[Change], start: datetime, end: datetime) -> tuple[Interval, ...]:
    """From the changes of a recording's tracks to when there were data; what comes in any order is put in order."""
    has_data = False
    since: datetime | None = None
    found: list[Interval] = []
    for change in sorted(changes, key=lambda one: (one.at, not one.at_start)):
        at = min(max(change.at, start), end)
        if change.has_data and not has_data:
            since = at
        elif not change.has_data and has_data and since is not None and at > since:
            found.append(Interval(since, at))
        has_data = change.has_data
    if has_data and since is not None and end > since:
        found.append(Interval(since, end))
    return merged(found)


async def _search(hand: Hand, name: str, inner: str, results: str, item: str, most: int) -> list[Element]:
    """The items of a search, which is ended in any case."""
    try:
        begun = await hand.ask(_operation(name, inner))
    except CallRefused as refused:
        if refused.fault.not_supported:
            raise NoSearch(f"the device offers no {name}", code="search_unsupported") from refused
        raise
    token = next((text(one) for one in everywhere(begun, "SearchToken")), "")
    found: list[Element] = []
    try:
        for _ in range(MOST_ROUNDS):
            asked = (
                f"<o:SearchToken>{escape(token)}</o:SearchToken><o:MinResults>1</o:MinResults>"
                f"<o:MaxResults>{AT_ONCE}</o:MaxResults><o:WaitTime>PT2S</o:WaitTime>"
            )
            answer = await hand.ask(_operation(results, asked))
            some = list(everywhere(answer, item))
            found += some
            state = next((text(one) for one in everywhere(answer, "SearchState")), "")
            if state == "Completed" and len(some) < AT_ONCE:
                return found
            if len(found) >= most:
                raise NoSearch(f"more than {most} results of {name}", code="search_endless")
        raise NoSearch(f"{name} does not end after {MOST_ROUNDS} questions", code="search_endless")
    finally:
        with contextlib.suppress(CallRefused):  # it has forgotten the search, which is as good
            await hand.ask(_operation("EndSearch", f"<o:SearchToken>{escape(token)}</o:SearchToken>"))


def _operation(name: str, inner: str) -> Operation:
    return Operation(Service.SEARCH, name, f'<o:{name} xmlns:o="{_SEARCH}" xmlns:tt="{_SCHEMA}">{inner}</o:{name}>')


def _change(one: Element, recording: str) -> Change | None:
    told = text(one, "RecordingToken")
    at = _instant(text(one, "Time"))
    if at is None or (told and told != recording):
        return None
    for item in everywhere(one, "SimpleItem"):
        if attribute(item, "Name") in ("IsDataPresent", "IsRecordingDataPresent", "DataPresent"):
            has_data = attribute(item, "Value").strip().lower() in ("true", "1")
            return Change(at=at, has_data=has_data, at_start=text(one, "StartStateEvent").lower() == "true")
    return None


def _earliest(one: Element) -> datetime | None:
    told = (_instant(text(one, "EarliestRecording")), *_of_tracks(one, "DataFrom"))
    return min((at for at in told if at is not None), default=None)


def _latest(one: Element) -> datetime | None:
    told = (_instant(text(one, "LatestRecording")), *_of_tracks(one, "DataTo"))
    return max((at for at in told if at is not None), default=None)


def _of_tracks(one: Element, name: str) -> tuple[datetime | None, ...]:
    return tuple(_instant(text(track, name)) for track in one if local(track) == "Track")


def _instant(told: str) -> datetime | None:
    """None for what is no time, and for the beginnings of time that devices tell where they know nothing."""
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return at if at.year >= 2000 else None


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")
