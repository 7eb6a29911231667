"""The ONVIF recording and search services of a recorder: a recording per channel, and the history of its data."""

from datetime import UTC, datetime
from xml.sax.saxutils import escape

from vms.sim.device import LiveDevice
from vms.sim.footage_kept import DAYS_KEPT, Search
from vms.sim.operation import Operation, Table
from vms.sim.plan import PretendChannel
from vms.sim.soap import SoapRequest, sender_fault, text_of

MAX_SEARCHES = 8


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _span(device: LiveDevice, channel: PretendChannel) -> tuple[str, str]:
    footage = device.footage_of(channel.number)
    return _stamp(footage.since), _stamp(footage.until or device.now())


def _summary(device: LiveDevice, request: SoapRequest) -> str:
    spans = [_span(device, channel) for channel in device.plan.channels]
    return (
        f"<tse:GetRecordingSummaryResponse><tse:Summary><tt:DataFrom>{min(since for since, _ in spans)}</tt:DataFrom>"
        f"<tt:DataUntil>{max(until for _, until in spans)}</tt:DataUntil>"
        f"<tt:NumberRecordings>{len(device.plan.channels)}</tt:NumberRecordings></tse:Summary>"
        "</tse:GetRecordingSummaryResponse>"
    )


def _begin(device: LiveDevice, answers: list[str]) -> str:
    searches = device.rare.searches
    if len(searches) >= MAX_SEARCHES:
        searches.pop(next(iter(searches)))
    token = f"Search_{int(device.steady_s() * 1_000_000)}_{len(searches)}"
    searches[token] = Search(answers)
    return token


def _find(device: LiveDevice, request: SoapRequest) -> str:
    token = _begin(device, [_information(device, channel) for channel in device.plan.channels])
    return f"<tse:FindRecordingsResponse><tse:SearchToken>{token}</tse:SearchToken></tse:FindRecordingsResponse>"


def _information(device: LiveDevice, channel: PretendChannel) -> str:
    since, until = _span(device, channel)
    status = "Stopped" if device.footage_of(channel.number).until else "Recording"
    return (
        f"<tt:RecordingInformation><tt:RecordingToken>Recording_{channel.number}</tt:RecordingToken>{_source(channel)}"
        f"<tt:EarliestRecording>{since}</tt:EarliestRecording><tt:LatestRecording>{until}</tt:LatestRecording>"
        f"<tt:Content>{escape(channel.name)}</tt:Content><tt:Track><tt:TrackToken>VIDEO001</tt:TrackToken>"
        "<tt:TrackType>Video</tt:TrackType><tt:Description/>"
        f"<tt:DataFrom>{since}</tt:DataFrom><tt:DataTo>{until}</tt:DataTo></tt:Track>"
        f"<tt:RecordingStatus>{status}</tt:RecordingStatus></tt:RecordingInformation>"
    )


def _find_events(device: LiveDevice, request: SoapRequest) -> str:
    start, end = (_instant(text_of(request.body, name)) for name in ("StartPoint", "EndPoint"))
    wanted = text_of(request.body, "IncludedRecordings")
    answers = [
        _event(channel, at, has_data=has_data, at_start=at_start)
        for channel in device.plan.channels
        if wanted in ("", f"Recording_{channel.number}")
        for at, has_data, at_start in device.footage_of(channel.number).changes(start, min(end, device.now()))
    ]
    if not answers:
        raise sender_fault(("ter:InvalidArgVal", "ter:InvalidToken"), "no such recording")
    token = _begin(device, answers)
    return f"<tse:FindEventsResponse><tse:SearchToken>{token}</tse:SearchToken></tse:FindEventsResponse>"


def _instant(told: str) -> datetime:
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        raise sender_fault(("ter:InvalidArgVal",), "no instant") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _event(channel: PretendChannel, at: datetime, *, has_data: bool, at_start: bool) -> str:
    stamp, token = _stamp(at), f"Recording_{channel.number}"
    return (
        f"<tt:Result><tt:RecordingToken>{token}</tt:RecordingToken><tt:TrackToken>VIDEO001</tt:TrackToken>"
        f"<tt:Time>{stamp}</tt:Time><tt:Event><wsnt:Topic xmlns:wsnt="
        '"http://docs.oasis-open.org/wsn/b-2" xmlns:tns1="http://www.onvif.org/ver10/topics">'
        "tns1:RecordingHistory/Track/State</wsnt:Topic>"
        '<wsnt:Message xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2">'
        f'<tt:Message UtcTime="{stamp}"><tt:Source><tt:SimpleItem Name="RecordingToken" Value="{token}"/>'
        '<tt:SimpleItem Name="Track" Value="VIDEO001"/></tt:Source><tt:Data>'
        f'<tt:SimpleItem Name="IsDataPresent" Value="{str(has_data).lower()}"/></tt:Data></tt:Message></wsnt:Message>'
        f"</tt:Event><tt:StartStateEvent>{str(at_start).lower()}</tt:StartStateEvent></tt:Result>"
    )


def _source(channel: PretendChannel) -> str:
    return (
        f"<tt:Source><tt:SourceId>{channel.token}</tt:SourceId><tt:Name>{escape(channel.name)}</tt:Name>"
        f"<tt:Location>{escape(channel.address)}</tt:Location><tt:Description/><tt:Address/></tt:Source>"
    )


def _next(device: LiveDevice, request: SoapRequest) -> tuple[str, str]:
    """(state, what is told now)."""
    search = device.rare.searches.get(text_of(request.body, "SearchToken"))
    if search is None:
        raise sender_fault(("ter:InvalidArgVal", "ter:InvalidToken"), "no such search")
    limit = text_of(request.body, "MaxResults")
    until = search.told + int(limit) if limit.isascii() and limit.isdigit() else len(search.answers)
    some, search.told = search.answers[search.told : until], until
    return "Completed" if search.told >= len(search.answers) else "Searching", "".join(some)


def _results(device: LiveDevice, request: SoapRequest) -> str:
    state, listed = _next(device, request)
    return (
        f"<tse:GetRecordingSearchResultsResponse><tse:ResultList><tt:SearchState>{state}</tt:SearchState>"
        f"{listed}</tse:ResultList></tse:GetRecordingSearchResultsResponse>"
    )


def _event_results(device: LiveDevice, request: SoapRequest) -> str:
    state, listed = _next(device, request)
    return (
        f"<tse:GetEventSearchResultsResponse><tse:ResultList><tt:SearchState>{state}</tt:SearchState>"
        f"{listed}</tse:ResultList></tse:GetEventSearchResultsResponse>"
    )


def _end(device: LiveDevice, request: SoapRequest) -> str:
    if device.rare.searches.pop(text_of(request.body, "SearchToken"), None) is None:
        raise sender_fault(("ter:InvalidArgVal", "ter:InvalidToken"), "no such search")
    return f"<tse:EndSearchResponse><tse:Endpoint>{_stamp(device.now())}</tse:Endpoint></tse:EndSearchResponse>"


def _capabilities(device: LiveDevice, request: SoapRequest) -> str:
    return (
        '<tse:GetServiceCapabilitiesResponse><tse:Capabilities MetadataSearch="false" GeneralStartEvents="false"/>'
        "</tse:GetServiceCapabilitiesResponse>"
    )


SEARCH: Table = {
    "GetRecordingSummary": Operation(_summary),
    "FindRecordings": Operation(_find),
    "GetRecordingSearchResults": Operation(_results),
    "FindEvents": Operation(_find_events),
    "GetEventSearchResults": Operation(_event_results),
    "EndSearch": Operation(_end),
    "GetServiceCapabilities": Operation(_capabilities, pre_auth=True),
}


def _recordings(device: LiveDevice, request: SoapRequest) -> str:
    listed = "".join(
        f"<trc:RecordingItem><tt:RecordingToken>Recording_{channel.number}</tt:RecordingToken><tt:Configuration>"
        f"{_source(channel)}<tt:Content>{escape(channel.name)}</tt:Content>"
        f"<tt:MaximumRetentionTime>P{DAYS_KEPT}D</tt:MaximumRetentionTime></tt:Configuration><tt:Tracks><tt:Track>"
        "<tt:TrackToken>VIDEO001</tt:TrackToken><tt:Configuration><tt:TrackType>Video</tt:TrackType>"
        "<tt:Description/></tt:Configuration></tt:Track></tt:Tracks></trc:RecordingItem>"
        for channel in device.plan.channels
    )
    return f"<trc:GetRecordingsResponse>{listed}</trc:GetRecordingsResponse>"


def _recording_capabilities(device: LiveDevice, request: SoapRequest) -> str:
    return (
        '<trc:GetServiceCapabilitiesResponse><trc:Capabilities DynamicRecordings="false" DynamicTracks="false" '
        'Encoding="H264"/></trc:GetServiceCapabilitiesResponse>'
    )


RECORDING: Table = {
    "GetRecordings": Operation(_recordings),
    "GetServiceCapabilities": Operation(_recording_capabilities, pre_auth=True),
}
