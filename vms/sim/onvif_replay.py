"""The ONVIF replay service of a recorder: where a recording can be played from."""

from xml.sax.saxutils import escape

from vms.sim.device import LiveDevice
from vms.sim.operation import Operation, Table
from vms.sim.replay import PATH
from vms.sim.soap import SoapRequest, sender_fault, text_of


def _uri(device: LiveDevice, request: SoapRequest) -> str:
    number = text_of(request.body, "RecordingToken").removeprefix("Recording_")
    if number not in {str(channel.number) for channel in device.plan.channels}:
        raise sender_fault(("ter:InvalidArgVal", "ter:NoRecording"), "no such recording")
    uri = f"rtsp://{device.believed_host}:{device.plan.rtsp_port}{PATH}{number}"
    return f"<trp:GetReplayUriResponse><trp:Uri>{escape(uri)}</trp:Uri></trp:GetReplayUriResponse>"


def _capabilities(device: LiveDevice, request: SoapRequest) -> str:
    return (
        '<trp:GetServiceCapabilitiesResponse><trp:Capabilities ReversePlayback="false" RTP_RTSP_TCP="true"/>'
        "</trp:GetServiceCapabilitiesResponse>"
    )


REPLAY: Table = {
    "GetReplayUri": Operation(_uri),
    "GetServiceCapabilities": Operation(_capabilities, pre_auth=True),
}
