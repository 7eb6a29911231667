"""Where a recording can be played from, by the device's own word (ONVIF Replay): placed at the host that answered."""

from xml.sax.saxutils import escape

from vms.core.errors import TryAgain
from vms.devices.configure.hand import Hand
from vms.devices.onvif.addresses import place
from vms.devices.onvif.client import CallRefused
from vms.devices.onvif.media_messages import read_uri
from vms.devices.onvif.operations import Operation, Service

_REPLAY = Service.REPLAY.value
_SCHEMA = "http://www.onvif.org/ver10/schema"


class NoReplay(TryAgain):
    """`code`: replay_unsupported (it offers none), replay_refused (not of this recording), replay_address (none that
    could be used)."""


async def replay_address(hand: Hand, recording: str) -> str:
    """Raises NoReplay, and what OnvifClient.call raises."""
    if not await hand.offers(Service.REPLAY):
        raise NoReplay("the device offers no replay", code="replay_unsupported")
    inner = (
        "<o:StreamSetup><tt:Stream>RTP-Unicast</tt:Stream><tt:Transport><tt:Protocol>RTSP</tt:Protocol></tt:Transport>"
        f"</o:StreamSetup><o:RecordingToken>{escape(recording)}</o:RecordingToken>"
    )
    body = f'<o:GetReplayUri xmlns:o="{_REPLAY}" xmlns:tt="{_SCHEMA}">{inner}</o:GetReplayUri>'
    try:
        answer = await hand.ask(Operation(Service.REPLAY, "GetReplayUri", body))
    except CallRefused as refused:
        code = "replay_unsupported" if refused.fault.not_supported else "replay_refused"
        raise NoReplay(refused.message, code=code) from refused
    placed = place(read_uri(answer), hand.client.address, hand.client.port)
    if placed is None or placed.scheme not in ("rtsp", "rtsps"):
        raise NoReplay("the device names no address that its recording could be played from", code="replay_address")
    return placed.uri
