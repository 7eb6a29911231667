"""The ONVIF media service, second edition."""

from xml.sax.saxutils import escape

from vms.inventory.camera import StreamRole
from vms.sim.device import LiveDevice
from vms.sim.onvif_encoder import BITRATES, LONGEST_GOP, set_encoder
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
from vms.sim.plan import FRAMES_PER_S, PretendChannel
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


def _options2(device: LiveDevice, request: SoapRequest) -> str:
    """One element for each encoding that the encoder can make; here that is the one it makes."""
    codec, encoder = _named2(device, text_of(request.body, "ConfigurationToken"))
    sizes = "".join(
        f"<tt:ResolutionsAvailable><tt:Width>{width}</tt:Width><tt:Height>{height}</tt:Height></tt:ResolutionsAvailable>"
        for width, height in encoder.sizes
    )
    rates = " ".join(str(rate) for rate in range(1, FRAMES_PER_S + 1))
    return (
        "<tr2:GetVideoEncoderConfigurationOptionsResponse>"
        f'<tr2:Options GovLengthRange="1 {LONGEST_GOP}" FrameRatesSupported="{rates}">'
        f"<tt:Encoding>{codec}</tt:Encoding><tt:QualityRange><tt:Min>1</tt:Min><tt:Max>6</tt:Max></tt:QualityRange>{sizes}"
        f"<tt:BitrateRange><tt:Min>{BITRATES[0]}</tt:Min><tt:Max>{BITRATES[1]}</tt:Max></tt:BitrateRange></tr2:Options>"
        "</tr2:GetVideoEncoderConfigurationOptionsResponse>"
    )


def _set2(device: LiveDevice, request: SoapRequest) -> str:
    configuration = next(iter(request.body.iter("{*}Configuration")), None)
    if configuration is None:
        raise sender_fault(("ter:InvalidArgVal",), "no configuration")
    codec, encoder = _named2(device, configuration.get("token", ""))
    if text_of(configuration, "Encoding") != codec:
        raise sender_fault(("ter:InvalidArgVal", "ter:ConfigModify"), "another encoding is not offered")
    set_encoder(encoder, configuration, configuration.get("GovLength", ""))
    return "<tr2:SetVideoEncoderConfigurationResponse/>"


def _named2(device: LiveDevice, token: str) -> tuple[Codec, Encoder]:
    for _, channel, role in profiles(device):
        encoder = encoder_of(device, channel, role)
        if encoder.token == token:
            return device.plan.personality.codec(role), encoder
    raise sender_fault(("ter:InvalidArgVal", "ter:NoConfig"), f"no encoder {token[:60]!r}")


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
    "GetVideoEncoderConfigurationOptions": Operation(_options2),
    "SetVideoEncoderConfiguration": Operation(_set2, changes=True),
    "GetVideoEncoderInstances": Operation(_instances2),
    "GetServiceCapabilities": Operation(_capabilities2, pre_auth=True),
}
