"""The ONVIF media service, first edition: profiles, streams, snapshots, synchronization points."""

from xml.sax.saxutils import escape

from vms.inventory.camera import StreamRole
from vms.sim.device import LiveDevice
from vms.sim.operation import Operation, Table, profile_named, profiles
from vms.sim.personality import Codec
from vms.sim.plan import FRAMES_PER_S, GOP_S, SIZES, PretendChannel
from vms.sim.soap import SoapRequest, text_of

GOP_FRAMES = int(GOP_S * FRAMES_PER_S)
KBIT_PER_S = {StreamRole.MAIN: 2048, StreamRole.SUB: 512}
MULTICAST = (
    "<tt:Multicast><tt:Address><tt:Type>IPv4</tt:Type><tt:IPv4Address>0.0.0.0</tt:IPv4Address></tt:Address>"
    "<tt:Port>0</tt:Port><tt:TTL>1</tt:TTL><tt:AutoStart>false</tt:AutoStart></tt:Multicast>"
)


def source_inner(channel: PretendChannel) -> str:
    width, height = SIZES[StreamRole.MAIN]
    return (
        f"<tt:Name>{escape(channel.name)}</tt:Name><tt:UseCount>2</tt:UseCount><tt:SourceToken>{channel.token}"
        f'</tt:SourceToken><tt:Bounds x="0" y="0" width="{width}" height="{height}"/>'
    )


def _encoder_inner(role: StreamRole) -> str:
    width, height = SIZES[role]
    return (
        f"<tt:Name>{role}</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>H264</tt:Encoding><tt:Resolution>"
        f"<tt:Width>{width}</tt:Width><tt:Height>{height}</tt:Height></tt:Resolution><tt:Quality>4</tt:Quality>"
        f"<tt:RateControl><tt:FrameRateLimit>{FRAMES_PER_S}</tt:FrameRateLimit><tt:EncodingInterval>1"
        f"</tt:EncodingInterval><tt:BitrateLimit>{KBIT_PER_S[role]}</tt:BitrateLimit></tt:RateControl><tt:H264>"
        f"<tt:GovLength>{GOP_FRAMES}</tt:GovLength><tt:H264Profile>Baseline</tt:H264Profile></tt:H264>{MULTICAST}"
        "<tt:SessionTimeout>PT60S</tt:SessionTimeout>"
    )


def ptz_inner() -> str:
    return (
        "<tt:Name>PTZ</tt:Name><tt:UseCount>2</tt:UseCount><tt:NodeToken>PTZNode_1</tt:NodeToken>"
        "<tt:DefaultPTZTimeout>PT10S</tt:DefaultPTZTimeout>"
    )


def _profile(device: LiveDevice, element: str, token: str, channel: PretendChannel, role: StreamRole) -> str:
    encoder = ""
    if device.plan.personality.codec(role) is Codec.H264:
        encoder = (
            f'<tt:VideoEncoderConfiguration token="VEC_{channel.number}_{role}">{_encoder_inner(role)}'
            "</tt:VideoEncoderConfiguration>"
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


def _get_encoder_configurations(device: LiveDevice, request: SoapRequest) -> str:
    listed = "".join(
        f'<trt:Configurations token="VEC_{channel.number}_{role}">{_encoder_inner(role)}</trt:Configurations>'
        for _, channel, role in profiles(device)
        if device.plan.personality.codec(role) is Codec.H264
    )
    return f"<trt:GetVideoEncoderConfigurationsResponse>{listed}</trt:GetVideoEncoderConfigurationsResponse>"


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


def _get_osds(device: LiveDevice, request: SoapRequest) -> str:
    wanted = text_of(request.body, "ConfigurationToken")
    listed = "".join(
        f'<trt:OSDs token="OSD_{channel.number}"><tt:VideoSourceConfigurationToken>VSC_{channel.number}'
        "</tt:VideoSourceConfigurationToken><tt:Type>Text</tt:Type><tt:Position><tt:Type>UpperRight</tt:Type>"
        f"</tt:Position><tt:TextString><tt:Type>Plain</tt:Type><tt:PlainText>{escape(channel.name)}</tt:PlainText>"
        "</tt:TextString></trt:OSDs>"
        for channel in device.plan.channels
        if wanted in ("", f"VSC_{channel.number}")
    )
    return f"<trt:GetOSDsResponse>{listed}</trt:GetOSDsResponse>"


def _get_encoder_options(device: LiveDevice, request: SoapRequest) -> str:
    sizes = "".join(
        f"<tt:ResolutionsAvailable><tt:Width>{width}</tt:Width><tt:Height>{height}</tt:Height></tt:ResolutionsAvailable>"
        for width, height in SIZES.values()
    )
    return (
        "<trt:GetVideoEncoderConfigurationOptionsResponse><trt:Options><tt:QualityRange><tt:Min>1</tt:Min><tt:Max>6"
        f"</tt:Max></tt:QualityRange><tt:H264>{sizes}<tt:GovLengthRange><tt:Min>1</tt:Min><tt:Max>100</tt:Max>"
        f"</tt:GovLengthRange><tt:FrameRateRange><tt:Min>1</tt:Min><tt:Max>{FRAMES_PER_S}</tt:Max></tt:FrameRateRange>"
        "<tt:EncodingIntervalRange><tt:Min>1</tt:Min><tt:Max>1</tt:Max></tt:EncodingIntervalRange>"
        "<tt:H264ProfilesSupported>Baseline</tt:H264ProfilesSupported></tt:H264></trt:Options>"
        "</trt:GetVideoEncoderConfigurationOptionsResponse>"
    )


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
    "GetVideoEncoderConfigurations": Operation(_get_encoder_configurations),
    "GetStreamUri": Operation(_get_stream_uri),
    "GetSnapshotUri": Operation(_get_snapshot_uri),
    "SetSynchronizationPoint": Operation(_set_synchronization_point),
    "GetVideoEncoderConfigurationOptions": Operation(_get_encoder_options),
    "GetOSDs": Operation(_get_osds),
    "GetServiceCapabilities": Operation(_capabilities, pre_auth=True),
}
