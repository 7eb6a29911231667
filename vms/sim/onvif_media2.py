"""The ONVIF media service, second edition."""

from xml.sax.saxutils import escape

from vms.inventory.camera import StreamRole
from vms.sim.device import LiveDevice
from vms.sim.onvif_media import (
    asked,
    encoder_of,
    get_source_configurations,
    guaranteed_encoders,
    ptz_inner,
    source_inner,
    synchronize,
)
from vms.sim.operation import Operation, Table, profiles
from vms.sim.personality import Codec
from vms.sim.plan import PretendChannel
from vms.sim.settings import Encoder
from vms.sim.soap import SoapRequest, sender_fault, text_of


def _encoder_inner(codec: Codec, encoder: Encoder) -> str:
    return (
        f"<tt:Name>{encoder.role}</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>{codec}</tt:Encoding>"
        f"<tt:Resolution><tt:Width>{encoder.width}</tt:Width><tt:Height>{encoder.height}</tt:Height></tt:Resolution>"
        f"<tt:RateControl><tt:FrameRateLimit>{encoder.frames_per_s}</tt:FrameRateLimit>"
        f"<tt:BitrateLimit>{encoder.kbit_per_s}</tt:BitrateLimit></tt:RateControl>"
        f"<tt:Quality>{encoder.quality:g}</tt:Quality>"
    )


def _encoder(element: str, device: LiveDevice, channel: PretendChannel, role: StreamRole) -> str:
    codec = device.plan.personality.codec(role)
    profile = "Baseline" if codec is Codec.H264 else "Main"
    encoder = encoder_of(device, channel, role)
    attributes = f'token="{encoder.token}" GovLength="{encoder.gop_frames}" Profile="{profile}"'
    return f"<tr2:{element} {attributes}>{_encoder_inner(codec, encoder)}</tr2:{element}>"


def _get_profiles2(device: LiveDevice, request: SoapRequest) -> str:
    wanted = text_of(request.body, "Token")
    listed = []
    for token, channel, role in profiles(device):
        if wanted and wanted != token:
            continue
        ptz = f'<tr2:PTZ token="PTZConfig_1">{ptz_inner()}</tr2:PTZ>' if channel.ptz else ""
        listed.append(
            f'<tr2:Profiles token="{token}" fixed="true"><tr2:Name>{role}Stream_{channel.number}</tr2:Name>'
            f'<tr2:Configurations><tr2:VideoSource token="VSC_{channel.number}">{source_inner(channel)}'
            f"</tr2:VideoSource>{_encoder('VideoEncoder', device, channel, role)}{ptz}</tr2:Configurations>"
            "</tr2:Profiles>"
        )
    if wanted and not listed:
        raise sender_fault(("ter:InvalidArgVal", "ter:NoProfile"), f"no profile {wanted[:60]!r}")
    return f"<tr2:GetProfilesResponse>{''.join(listed)}</tr2:GetProfilesResponse>"


def _get_stream_uri2(device: LiveDevice, request: SoapRequest) -> str:
    address = escape(device.stream_uri(*asked(device, request)))
    return f"<tr2:GetStreamUriResponse><tr2:Uri>{address}</tr2:Uri></tr2:GetStreamUriResponse>"


def _get_snapshot_uri2(device: LiveDevice, request: SoapRequest) -> str:
    address = escape(device.snapshot_uri(*asked(device, request)))
    return f"<tr2:GetSnapshotUriResponse><tr2:Uri>{address}</tr2:Uri></tr2:GetSnapshotUriResponse>"


def _set_synchronization_point2(device: LiveDevice, request: SoapRequest) -> str:
    synchronize(device, request)
    return "<tr2:SetSynchronizationPointResponse/>"


def _get_source_configurations2(device: LiveDevice, request: SoapRequest) -> str:
    return get_source_configurations(device, request).replace("trt:", "tr2:")


def _get_encoder_configurations2(device: LiveDevice, request: SoapRequest) -> str:
    listed = "".join(_encoder("Configurations", device, channel, role) for _, channel, role in profiles(device))
    return f"<tr2:GetVideoEncoderConfigurationsResponse>{listed}</tr2:GetVideoEncoderConfigurationsResponse>"


def _instances2(device: LiveDevice, request: SoapRequest) -> str:
    number = guaranteed_encoders(device, request)
    return (
        f"<tr2:GetVideoEncoderInstancesResponse><tr2:Info><tr2:Codec><tr2:Encoding>H264</tr2:Encoding><tr2:Number>"
        f"{number}</tr2:Number></tr2:Codec><tr2:Total>{number}</tr2:Total></tr2:Info>"
        "</tr2:GetVideoEncoderInstancesResponse>"
    )


def _capabilities2(device: LiveDevice, request: SoapRequest) -> str:
    return (
        '<tr2:GetServiceCapabilitiesResponse><tr2:Capabilities SnapshotUri="true" OSD="false">'
        f'<tr2:ProfileCapabilities MaximumNumberOfProfiles="{2 * len(device.plan.channels)}" '
        'ConfigurationsSupported="VideoSource VideoEncoder"/><tr2:StreamingCapabilities RTSPStreaming="true" '
        'RTPMulticast="false" RTP_RTSP_TCP="true"/></tr2:Capabilities></tr2:GetServiceCapabilitiesResponse>'
    )


MEDIA2: Table = {
    "GetProfiles": Operation(_get_profiles2),
    "GetStreamUri": Operation(_get_stream_uri2),
    "GetSnapshotUri": Operation(_get_snapshot_uri2),
    "SetSynchronizationPoint": Operation(_set_synchronization_point2),
    "GetVideoSourceConfigurations": Operation(_get_source_configurations2),
    "GetVideoEncoderConfigurations": Operation(_get_encoder_configurations2),
    "GetVideoEncoderInstances": Operation(_instances2),
    "GetServiceCapabilities": Operation(_capabilities2, pre_auth=True),
}
