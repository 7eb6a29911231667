"""The ONVIF media service, first edition: profiles, streams, snapshots, synchronization points."""

from xml.sax.saxutils import escape

from vms.inventory.camera import StreamRole
from vms.sim.device import LiveDevice
from vms.sim.onvif_encoder import ENCODER, encoder_inner
from vms.sim.onvif_osd import OSD
from vms.sim.operation import Operation, Table, profile_named, profiles
from vms.sim.personality import Codec
from vms.sim.plan import FRAMES_PER_S, SIZES, PretendChannel
from vms.sim.settings import Encoder
from vms.sim.soap import SoapRequest, sender_fault, text_of


def source_inner(channel: PretendChannel) -> str:
    width, height = SIZES[StreamRole.MAIN]
    return (
        f"<tt:Name>{escape(channel.name)}</tt:Name><tt:UseCount>2</tt:UseCount><tt:SourceToken>{channel.token}"
        f'</tt:SourceToken><tt:Bounds x="0" y="0" width="{width}" height="{height}"/>'
    )


def encoder_of(device: LiveDevice, channel: PretendChannel, role: StreamRole) -> Encoder:
    return device.settings.encoders[f"VEC_{channel.number}_{role}"]


def ptz_inner() -> str:
    return (
        "<tt:Name>PTZ</tt:Name><tt:UseCount>2</tt:UseCount><tt:NodeToken>PTZNode_1</tt:NodeToken>"
        "<tt:DefaultPTZTimeout>PT10S</tt:DefaultPTZTimeout>"
    )


def _profile(device: LiveDevice, element: str, token: str, channel: PretendChannel, role: StreamRole) -> str:
    encoder = ""
    if device.plan.personality.codec(role) is Codec.H264:
        known = encoder_of(device, channel, role)
        encoder = (
            f'<tt:VideoEncoderConfiguration token="{known.token}">{encoder_inner(known)}</tt:VideoEncoderConfiguration>'
        )
    ptz = f'<tt:PTZConfiguration token="PTZConfig_1">{ptz_inner()}</tt:PTZConfiguration>' if channel.ptz else ""
    return (
        f'<trt:{element} token="{token}" fixed="true"><tt:Name>{role}Stream_{channel.number}</tt:Name>'
        f'<tt:VideoSourceConfiguration token="VSC_{channel.number}">{source_inner(channel)}'
        f"</tt:VideoSourceConfiguration>{encoder}{ptz}</trt:{element}>"
    )


def _get_profiles(device: LiveDevice, request: SoapRequest) -> str:
    listed = "".join(_profile(device, "Profiles", *each) for each in profiles(device))
    return f"<trt:GetProfilesResponse>{listed}</trt:GetProfilesResponse>"


def _get_profile(device: LiveDevice, request: SoapRequest) -> str:
    token = text_of(request.body, "ProfileToken")
    channel, role = profile_named(device, token)
    return f"<trt:GetProfileResponse>{_profile(device, 'Profile', token, channel, role)}</trt:GetProfileResponse>"


def _get_sources(device: LiveDevice, request: SoapRequest) -> str:
    width, height = SIZES[StreamRole.MAIN]
    listed = "".join(
        f'<trt:VideoSources token="{channel.token}"><tt:Framerate>{FRAMES_PER_S}</tt:Framerate><tt:Resolution>'
        f"<tt:Width>{width}</tt:Width><tt:Height>{height}</tt:Height></tt:Resolution></trt:VideoSources>"
        for channel in device.plan.channels
    )
    return f"<trt:GetVideoSourcesResponse>{listed}</trt:GetVideoSourcesResponse>"


def get_source_configurations(device: LiveDevice, request: SoapRequest) -> str:
    listed = "".join(
        f'<trt:Configurations token="VSC_{channel.number}">{source_inner(channel)}</trt:Configurations>'
        for channel in device.plan.channels
    )
    return f"<trt:GetVideoSourceConfigurationsResponse>{listed}</trt:GetVideoSourceConfigurationsResponse>"


def _uri(address: str) -> str:
    return (
        f"<trt:MediaUri><tt:Uri>{escape(address)}</tt:Uri><tt:InvalidAfterConnect>false</tt:InvalidAfterConnect>"
        "<tt:InvalidAfterReboot>false</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout></trt:MediaUri>"
    )


def asked(device: LiveDevice, request: SoapRequest) -> tuple[int, StreamRole]:
    channel, role = profile_named(device, text_of(request.body, "ProfileToken"))
    return channel.number, role


def _get_stream_uri(device: LiveDevice, request: SoapRequest) -> str:
    return f"<trt:GetStreamUriResponse>{_uri(device.stream_uri(*asked(device, request)))}</trt:GetStreamUriResponse>"


def _get_snapshot_uri(device: LiveDevice, request: SoapRequest) -> str:
    address = _uri(device.snapshot_uri(*asked(device, request)))
    return f"<trt:GetSnapshotUriResponse>{address}</trt:GetSnapshotUriResponse>"


def synchronize(device: LiveDevice, request: SoapRequest) -> None:
    channel, _ = asked(device, request)
    if device.on_sync is not None:
        device.on_sync(channel)


def _set_synchronization_point(device: LiveDevice, request: SoapRequest) -> str:
    synchronize(device, request)
    return "<trt:SetSynchronizationPointResponse/>"


def _guaranteed(device: LiveDevice, request: SoapRequest) -> str:
    number = guaranteed_encoders(device, request)
    return (
        f"<trt:GetGuaranteedNumberOfVideoEncoderInstancesResponse><trt:TotalNumber>{number}</trt:TotalNumber>"
        f"<trt:H264>{number}</trt:H264></trt:GetGuaranteedNumberOfVideoEncoderInstancesResponse>"
    )


def guaranteed_encoders(device: LiveDevice, request: SoapRequest) -> int:
    """Of one video source: as many as it has streams."""
    token = text_of(request.body, "ConfigurationToken")
    if token not in {f"VSC_{channel.number}" for channel in device.plan.channels}:
        raise sender_fault(("ter:InvalidArgVal", "ter:NoConfig"), f"no configuration {token[:60]!r}")
    return len(StreamRole)


def _capabilities(device: LiveDevice, request: SoapRequest) -> str:
    return (
        '<trt:GetServiceCapabilitiesResponse><trt:Capabilities SnapshotUri="true" Rotation="false" OSD="true">'
        f'<trt:ProfileCapabilities MaximumNumberOfProfiles="{2 * len(device.plan.channels)}"/>'
        '<trt:StreamingCapabilities RTPMulticast="false" RTP_TCP="false" RTP_RTSP_TCP="true"/></trt:Capabilities>'
        "</trt:GetServiceCapabilitiesResponse>"
    )


MEDIA: Table = {
    "GetProfiles": Operation(_get_profiles),
    "GetProfile": Operation(_get_profile),
    "GetVideoSources": Operation(_get_sources),
    "GetVideoSourceConfigurations": Operation(get_source_configurations),
    "GetStreamUri": Operation(_get_stream_uri),
    "GetSnapshotUri": Operation(_get_snapshot_uri),
    "SetSynchronizationPoint": Operation(_set_synchronization_point),
    "GetGuaranteedNumberOfVideoEncoderInstances": Operation(_guaranteed),
    "GetServiceCapabilities": Operation(_capabilities, pre_auth=True),
    **ENCODER,
    **OSD,
}
