"""A channel's video encoder (Media1): size, frame rate, bit rate, key-frame interval, and what the device offers."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from vms.devices.configure.hand import Hand, written_again
from vms.devices.onvif.operations import GET_PROFILES, Operation, Service
from vms.devices.onvif.xml import Element, anywhere, attribute, child, everywhere, text

_MEDIA = Service.MEDIA.value
FIELDS: dict[str, tuple[str, ...]] = {
    "width": ("Resolution", "Width"),
    "height": ("Resolution", "Height"),
    "frames_per_s": ("RateControl", "FrameRateLimit"),
    "kbit_per_s": ("RateControl", "BitrateLimit"),
    "gop_frames": ("H264", "GovLength"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderNow:
    token: str
    values: dict[str, int]
    """By the names of FIELDS; what the device does not tell is missing."""
    element: Element


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderOptions:
    sizes: tuple[tuple[int, int], ...] = ()
    ranges: dict[str, tuple[int, int]]
    """`frames_per_s`, `gop_frames`, `kbit_per_s` → least and most; missing: the device says nothing."""


async def read_encoder(hand: Hand, channel: str, profile: str, *, smallest: bool) -> EncoderNow:
    """Of the profile with this token; where it is unknown, the smallest or largest of the channel's.

    Raises LookupError where the channel has no encoder that this service knows; what OnvifClient.call raises."""
    found: dict[str, EncoderNow] = {}
    for one in everywhere(await hand.ask(GET_PROFILES), "Profiles"):
        configuration = child(one, "VideoEncoderConfiguration")
        if configuration is None or text(one, "VideoSourceConfiguration", "SourceToken") != channel:
            continue
        found[attribute(one, "token")] = _read(configuration)
    if profile in found:
        return found[profile]
    if not found:
        raise LookupError(f"the device tells no encoder of the video source {channel!r} (H.265 by Media2 only?)")
    by_size = sorted(found.values(), key=lambda one: one.values.get("width", 0) * one.values.get("height", 0))
    return by_size[0 if smallest else -1]


def _read(configuration: Element) -> EncoderNow:
    told = {name: text(configuration, *path) for name, path in FIELDS.items()}
    values = {name: int(float(word)) for name, word in told.items() if word.replace(".", "", 1).isdigit()}
    return EncoderNow(token=attribute(configuration, "token"), values=values, element=configuration)


async def read_options(hand: Hand, encoder: str) -> EncoderOptions:
    """For H.264. Raises what OnvifClient.call raises."""
    name = "GetVideoEncoderConfigurationOptions"
    body = f'<o:{name} xmlns:o="{_MEDIA}"><o:ConfigurationToken>{escape(encoder)}</o:ConfigurationToken></o:{name}>'
    options = anywhere(await hand.ask(Operation(Service.MEDIA, name, body)), "Options")
    h264 = child(options, "H264")
    more = child(options, "Extension", "H264")
    sizes = ((text(one, "Width"), text(one, "Height")) for one in everywhere(h264, "ResolutionsAvailable"))
    ranges = {
        "frames_per_s": _range(child(h264, "FrameRateRange")),
        "gop_frames": _range(child(h264, "GovLengthRange")),
        "kbit_per_s": _range(child(more, "BitrateRange")),
    }
    return EncoderOptions(
        sizes=tuple(dict.fromkeys((int(w), int(h)) for w, h in sizes if w.isdigit() and h.isdigit()))[:64],
        ranges={name: found for name, found in ranges.items() if found is not None},
    )


def _range(element: Element | None) -> tuple[int, int] | None:
    least, most = text(element, "Min"), text(element, "Max")
    if not (least.isdigit() and most.isdigit()):
        return None
    return int(least), int(most)


async def write_encoder(hand: Hand, now: EncoderNow, values: dict[str, int]) -> None:
    """Raises ChangeRefused, NotSent, AnswerLost; LookupError where the device has no such field."""
    try:
        changed = {FIELDS[name]: str(value) for name, value in values.items() if now.values.get(name) != value}
        inner = written_again(now.element, "Configuration", _MEDIA, changed)
    except KeyError as missing:
        raise LookupError(f"the device's encoder has no {missing.args[0]}") from None
    name = "SetVideoEncoderConfiguration"
    body = f'<o:{name} xmlns:o="{_MEDIA}">{inner}<o:ForcePersistence>true</o:ForcePersistence></o:{name}>'
    await hand.send(Operation(Service.MEDIA, name, body))
