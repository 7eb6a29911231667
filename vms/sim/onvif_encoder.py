"""Video encoders of the ONVIF media service: told, with their options, and set within them."""

from lxml import etree

from vms.sim.device import LiveDevice
from vms.sim.operation import Operation, Table, profile_named, profiles
from vms.sim.personality import Codec
from vms.sim.plan import FRAMES_PER_S
from vms.sim.settings import Encoder
from vms.sim.soap import SoapRequest, sender_fault, text_of

LONGEST_GOP = 100
BITRATES = (32, 8192)
MULTICAST = (
    "<tt:Multicast><tt:Address><tt:Type>IPv4</tt:Type><tt:IPv4Address>0.0.0.0</tt:IPv4Address></tt:Address>"
    "<tt:Port>0</tt:Port><tt:TTL>1</tt:TTL><tt:AutoStart>false</tt:AutoStart></tt:Multicast>"
)


def encoder_inner(encoder: Encoder) -> str:
    return (
        f"<tt:Name>{encoder.role}</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>H264</tt:Encoding><tt:Resolution>"
        f"<tt:Width>{encoder.width}</tt:Width><tt:Height>{encoder.height}</tt:Height></tt:Resolution>"
        f"<tt:Quality>{encoder.quality:g}</tt:Quality><tt:RateControl><tt:FrameRateLimit>{encoder.frames_per_s}"
        "</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>"
        f"{encoder.kbit_per_s}</tt:BitrateLimit></tt:RateControl><tt:H264><tt:GovLength>{encoder.gop_frames}"
        f"</tt:GovLength><tt:H264Profile>Baseline</tt:H264Profile></tt:H264>{MULTICAST}"
        "<tt:SessionTimeout>PT60S</tt:SessionTimeout>"
    )


def _known(device: LiveDevice) -> list[Encoder]:
    """The first edition of the media service knows H.264 only."""
    return [
        device.settings.encoders[f"VEC_{channel.number}_{role}"]
        for _, channel, role in profiles(device)
        if device.plan.personality.codec(role) is Codec.H264
    ]


def _get_configurations(device: LiveDevice, request: SoapRequest) -> str:
    listed = "".join(
        f'<trt:Configurations token="{encoder.token}">{encoder_inner(encoder)}</trt:Configurations>'
        for encoder in _known(device)
    )
    return f"<trt:GetVideoEncoderConfigurationsResponse>{listed}</trt:GetVideoEncoderConfigurationsResponse>"


def _get_configuration(device: LiveDevice, request: SoapRequest) -> str:
    encoder = _named(device, text_of(request.body, "ConfigurationToken"))
    return (
        f'<trt:GetVideoEncoderConfigurationResponse><trt:Configuration token="{encoder.token}">'
        f"{encoder_inner(encoder)}</trt:Configuration></trt:GetVideoEncoderConfigurationResponse>"
    )


def _named(device: LiveDevice, token: str) -> Encoder:
    for encoder in _known(device):
        if encoder.token == token:
            return encoder
    raise sender_fault(("ter:InvalidArgVal", "ter:NoConfig"), f"no encoder {token[:60]!r}")


def _options(device: LiveDevice, request: SoapRequest) -> str:
    token, profile = text_of(request.body, "ConfigurationToken"), text_of(request.body, "ProfileToken")
    if profile and not token:
        channel, role = profile_named(device, profile)
        token = f"VEC_{channel.number}_{role}"
    chosen = [_named(device, token)] if token else _known(device)
    sizes = "".join(
        f"<tt:ResolutionsAvailable><tt:Width>{width}</tt:Width><tt:Height>{height}</tt:Height></tt:ResolutionsAvailable>"
        for width, height in dict.fromkeys(size for encoder in chosen for size in encoder.sizes)
    )
    inner = (
        f"{sizes}<tt:GovLengthRange><tt:Min>1</tt:Min><tt:Max>{LONGEST_GOP}</tt:Max></tt:GovLengthRange>"
        f"<tt:FrameRateRange><tt:Min>1</tt:Min><tt:Max>{FRAMES_PER_S}</tt:Max></tt:FrameRateRange>"
        "<tt:EncodingIntervalRange><tt:Min>1</tt:Min><tt:Max>1</tt:Max></tt:EncodingIntervalRange>"
        "<tt:H264ProfilesSupported>Baseline</tt:H264ProfilesSupported>"
    )
    bitrates = f"<tt:BitrateRange><tt:Min>{BITRATES[0]}</tt:Min><tt:Max>{BITRATES[1]}</tt:Max></tt:BitrateRange>"
    return (
        "<trt:GetVideoEncoderConfigurationOptionsResponse><trt:Options><tt:QualityRange><tt:Min>1</tt:Min><tt:Max>6"
        f"</tt:Max></tt:QualityRange><tt:H264>{inner}</tt:H264>"
        f"<tt:Extension><tt:H264>{inner}{bitrates}</tt:H264></tt:Extension></trt:Options>"
        "</trt:GetVideoEncoderConfigurationOptionsResponse>"
    )


def _set(device: LiveDevice, request: SoapRequest) -> str:
    configuration = next(iter(request.body.iter("{*}Configuration")), None)
    if configuration is None:
        raise sender_fault(("ter:InvalidArgVal",), "no configuration")
    set_encoder(_named(device, configuration.get("token", "")), configuration, text_of(configuration, "GovLength"))
    return "<trt:SetVideoEncoderConfigurationResponse/>"


def set_encoder(encoder: Encoder, configuration: etree._Element, gop_length: str) -> None:
    """All numbers or none."""
    names = ("Width", "Height", "FrameRateLimit", "BitrateLimit")
    try:
        width, height, frames, kbit = (int(float(text_of(configuration, name))) for name in names)
        gop, quality = int(gop_length), float(text_of(configuration, "Quality"))
    except ValueError as error:
        raise sender_fault(("ter:InvalidArgVal", "ter:ConfigModify"), "a number is missing") from error
    fits = (
        (width, height) in encoder.sizes
        and 1 <= gop <= LONGEST_GOP
        and 1 <= frames <= FRAMES_PER_S
        and BITRATES[0] <= kbit <= BITRATES[1]
    )
    if not fits:
        raise sender_fault(("ter:InvalidArgVal", "ter:ConfigModify"), "not within the options")
    encoder.width, encoder.height, encoder.frames_per_s = width, height, frames
    encoder.kbit_per_s, encoder.gop_frames, encoder.quality = kbit, gop, quality


ENCODER: Table = {
    "GetVideoEncoderConfigurations": Operation(_get_configurations),
    "GetVideoEncoderConfiguration": Operation(_get_configuration),
    "GetVideoEncoderConfigurationOptions": Operation(_options),
    "SetVideoEncoderConfiguration": Operation(_set, changes=True),
}
