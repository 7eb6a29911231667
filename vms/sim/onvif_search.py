"""The ONVIF recording and search services of a recorder: one recording per channel over the last days."""

from datetime import datetime, timedelta
from xml.sax.saxutils import escape

from vms.sim.device import LiveDevice
from vms.sim.operation import Operation, Table
from vms.sim.plan import PretendChannel
from vms.sim.soap import SoapRequest, sender_fault, text_of

DAYS_KEPT = 30
MAX_SEARCHES = 8


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _span(device: LiveDevice) -> tuple[str, str]:
    now = device.now()
    return _stamp(now - timedelta(days=DAYS_KEPT)), _stamp(now)


def _summary(device: LiveDevice, request: SoapRequest) -> str:
    since, until = _span(device)
    return (
        f"<tse:GetRecordingSummaryResponse><tse:Summary><tt:DataFrom>{since}</tt:DataFrom><tt:DataUntil>{until}"
        f"</tt:DataUntil><tt:NumberRecordings>{len(device.plan.channels)}</tt:NumberRecordings></tse:Summary>"
        "</tse:GetRecordingSummaryResponse>"
    )


def _find(device: LiveDevice, request: SoapRequest) -> str:
    searches = device.rare.searches
    if len(searches) >= MAX_SEARCHES:
        searches.pop(next(iter(searches)))
    token = f"Search_{int(device.steady_s() * 1000)}_{len(searches)}"
    searches[token] = 0
    return f"<tse:FindRecordingsResponse><tse:SearchToken>{token}</tse:SearchToken></tse:FindRecordingsResponse>"


def _source(channel: PretendChannel) -> str:
    return (
        f"<tt:Source><tt:SourceId>{channel.token}</tt:SourceId><tt:Name>{escape(channel.name)}</tt:Name>"
        f"<tt:Location>{escape(channel.address)}</tt:Location><tt:Description/><tt:Address/></tt:Source>"
    )


def _results(device: LiveDevice, request: SoapRequest) -> str:
    token = text_of(request.body, "SearchToken")
    if token not in device.rare.searches:
        raise sender_fault(("ter:InvalidArgVal", "ter:InvalidToken"), "no such search")
    since, until = _span(device)
    limit = text_of(request.body, "MaxResults")
    first = device.rare.searches[token]
    shown = device.plan.channels[first : first + int(limit) if limit.isascii() and limit.isdigit() else None]
    device.rare.searches[token] = first + len(shown)
    listed = "".join(
        f"<tt:RecordingInformation><tt:RecordingToken>Recording_{channel.number}</tt:RecordingToken>{_source(channel)}"
        f"<tt:EarliestRecording>{since}</tt:EarliestRecording><tt:LatestRecording>{until}</tt:LatestRecording>"
        f"<tt:Content>{escape(channel.name)}</tt:Content><tt:Track><tt:TrackToken>VIDEO001</tt:TrackToken>"
        "<tt:TrackType>Video</tt:TrackType><tt:Description/>"
        f"<tt:DataFrom>{since}</tt:DataFrom><tt:DataTo>{until}</tt:DataTo></tt:Track>"
        "<tt:RecordingStatus>Recording</tt:RecordingStatus></tt:RecordingInformation>"
        for channel in shown
    )
    return (
        "<tse:GetRecordingSearchResultsResponse><tse:ResultList><tt:SearchState>Completed</tt:SearchState>"
        f"{listed}</tse:ResultList></tse:GetRecordingSearchResultsResponse>"
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
