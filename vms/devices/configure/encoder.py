"""A channel's video encoder: size, frame rate, bit rate, key-frame interval, and what the device offers.

By the first media service where it knows the encoder (H.264), by the second for H.265 and where there is no first.
"""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from vms.devices.configure.hand import Hand, written_again
from vms.devices.onvif.client import CallRefused, NotOnvif
from vms.devices.onvif.media_messages import plain_encoding
from vms.devices.onvif.operations import GET_PROFILES, GET_PROFILES_2, Operation, Service
from vms.devices.onvif.xml import Element, anywhere, attribute, child, everywhere, text

Path = tuple[str, ...]
FIELDS: dict[str, Path] = {
    "width": ("Resolution", "Width"),
    "height": ("Resolution", "Height"),
    "frames_per_s": ("RateControl", "FrameRateLimit"),
    "kbit_per_s": ("RateControl", "BitrateLimit"),
    "gop_frames": ("H264", "GovLength"),
}
FIELDS_2: dict[str, Path] = FIELDS | {"gop_frames": ("@GovLength",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderNow:
    token: str
    values: dict[str, int]
    """By the names of FIELDS; what the device does not tell is missing."""
    element: Element
    encoding: str = "H264"
    service: Service = Service.MEDIA

    @property
    def fields(self) -> dict[str, Path]:
        return FIELDS if self.service is Service.MEDIA else FIELDS_2


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderOptions:
    sizes: tuple[tuple[int, int], ...] = ()
    ranges: dict[str, tuple[int, int]]
    """`frames_per_s`, `gop_frames`, `kbit_per_s` → least and most; missing: the device says nothing."""


async def read_encoder(hand: Hand, channel: str, profile: str, *, smallest: bool) -> EncoderNow:
    """Of the profile with this token; where it is unknown, the smallest or largest of the channel's.

    Raises LookupError where the channel has no encoder that a service tells; what OnvifClient.call raises."""
    has_second = await hand.offers(Service.MEDIA2)
    found = await _encoders(hand, Service.MEDIA, channel, may_be_missing=has_second)
    if profile not in found and has_second:
        second = await _encoders(hand, Service.MEDIA2, channel, may_be_missing=bool(found))
        found = second | found
    if profile in found:
        return found[profile]
    if not found:
        raise LookupError(f"the device tells no encoder of the video source {channel!r}")
    by_size = sorted(found.values(), key=lambda one: one.values.get("width", 0) * one.values.get("height", 0))
    return by_size[0 if smallest else -1]


async def _encoders(hand: Hand, service: Service, channel: str, *, may_be_missing: bool) -> dict[str, EncoderNow]:
    """By profile token."""
    first = service is Service.MEDIA
    suffix = "Configuration" if first else ""
    source, encoder = f"VideoSource{suffix}", f"VideoEncoder{suffix}"
    try:
        answer = await hand.ask(GET_PROFILES if first else GET_PROFILES_2)
    except (CallRefused, NotOnvif):
        if may_be_missing:
            return {}
        raise
    found: dict[str, EncoderNow] = {}
    for one in everywhere(answer, "Profiles"):
        holder = one if first else child(one, "Configurations")
        configuration = child(holder, encoder)
        if configuration is not None and text(holder, source, "SourceToken") == channel:
            found[attribute(one, "token")] = _read(configuration, service)
    return found


def _read(configuration: Element, service: Service) -> EncoderNow:
    fields = FIELDS if service is Service.MEDIA else FIELDS_2
    told = {name: _told(configuration, path) for name, path in fields.items()}
    values = {name: int(float(word)) for name, word in told.items() if word.replace(".", "", 1).isdigit()}
    return EncoderNow(
        token=attribute(configuration, "token"),
        values=values,
        element=configuration,
        encoding=plain_encoding(text(configuration, "Encoding")) or "H264",
        service=service,
    )


def _told(configuration: Element, path: Path) -> str:
    name = path[-1]
    return attribute(configuration, name[1:]) if name.startswith("@") else text(configuration, *path)


async def read_options(hand: Hand, now: EncoderNow) -> EncoderOptions:
    """For its encoding. Raises what OnvifClient.call raises."""
    name = "GetVideoEncoderConfigurationOptions"
    token = f"<o:ConfigurationToken>{escape(now.token)}</o:ConfigurationToken>"
    body = f'<o:{name} xmlns:o="{now.service.value}">{token}</o:{name}>'
    answer = await hand.ask(Operation(now.service, name, body))
    return _options(answer) if now.service is Service.MEDIA else _options_2(answer, now.encoding)


def _options(answer: Element) -> EncoderOptions:
    options = anywhere(answer, "Options")
    h264 = child(options, "H264")
    more = child(options, "Extension", "H264")
    ranges = {
        "frames_per_s": _range(child(h264, "FrameRateRange")),
        "gop_frames": _range(child(h264, "GovLengthRange")),
        "kbit_per_s": _range(child(more, "BitrateRange")),
    }
    return _offer(h264, ranges)


def _options_2(answer: Element, encoding: str) -> EncoderOptions:
    """One element for each encoding, lists of numbers in attributes."""
    every = everywhere(answer, "Options")
    mine = next((one for one in every if plain_encoding(text(one, "Encoding")) == encoding), None)
    ranges = {
        "frames_per_s": _bounds(attribute(mine, "FrameRatesSupported")),
        "gop_frames": _bounds(attribute(mine, "GovLengthRange")),
        "kbit_per_s": _range(child(mine, "BitrateRange")),
    }
    return _offer(mine, ranges)


def _offer(element: Element | None, ranges: dict[str, tuple[int, int] | None]) -> EncoderOptions:
    sizes = ((text(one, "Width"), text(one, "Height")) for one in everywhere(element, "ResolutionsAvailable"))
    return EncoderOptions(
        sizes=tuple(dict.fromkeys((int(w), int(h)) for w, h in sizes if w.isdigit() and h.isdigit()))[:64],
        ranges={name: found for name, found in ranges.items() if found is not None},
    )


def _range(element: Element | None) -> tuple[int, int] | None:
    least, most = text(element, "Min"), text(element, "Max")
    if not (least.isdigit() and most.isdigit()):
        return None
    return int(least), int(most)


def _bounds(listed: str) -> tuple[int, int] | None:
    words = listed.split()[:256]
    if not words or not all(word.replace(".", "", 1).isdigit() and len(word) < 12 for word in words):
        return None
    numbers = [int(float(word)) for word in words]
    return min(numbers), max(numbers)


async def write_encoder(hand: Hand, now: EncoderNow, values: dict[str, int]) -> None:
    """Raises ChangeRefused, NotSent, AnswerLost; LookupError where the device has no such field."""
    space = now.service.value
    try:
        changed = {now.fields[name]: str(value) for name, value in values.items() if now.values.get(name) != value}
        inner = written_again(now.element, "Configuration", space, changed)
    except KeyError as missing:
        raise LookupError(f"the device's encoder has no {missing.args[0]}") from None
    name = "SetVideoEncoderConfiguration"
    lasting = "<o:ForcePersistence>true</o:ForcePersistence>" if now.service is Service.MEDIA else ""
    await hand.send(Operation(now.service, name, f'<o:{name} xmlns:o="{space}">{inner}{lasting}</o:{name}>'))
