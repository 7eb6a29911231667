"""What the media services say: profiles of version 1 and 2, addresses of streams and stills, texts on the picture."""

import re
from dataclasses import dataclass, replace

from vms.devices.onvif.xml import Element, anywhere, attribute, child, everywhere, text, words

_MAX_PROFILES = 512
_MAX_TEXT = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    token: str
    name: str
    source_token: str
    """The video source it shows; empty where the profile shows none."""
    source_name: str = ""
    source_configuration: str = ""
    encoding: str = ""
    width: int = 0
    height: int = 0
    ptz: bool = False


_PLACEHOLDER = re.compile(
    r"(?:video)?[ _-]*(?:source|src|s)?[ _-]*(?:config(?:uration)?|cfg)?|(?:user|camera|channel|vsc|vs|default)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Osd:
    source_configuration: str
    kind: str
    """`Plain`, `Date`, `DateAndTime`, …"""
    words: str


def read_profiles(answer: Element) -> tuple[Profile, ...]:
    """GetProfiles of Media1 or Media2; which one is seen by what is inside."""
    found = [_profile(one) for one in everywhere(answer, "Profiles")]
    return tuple(one for one in found if one.token)[:_MAX_PROFILES]


def merge_profiles(first: tuple[Profile, ...], second: tuple[Profile, ...]) -> tuple[Profile, ...]:
    """Both services' profiles; where both know a token the first's word counts and the second's fills gaps (newer
    cameras
    leave H.265 encoders out of Media1)."""
    merged = {one.token: one for one in first}
    for other in second:
        known = merged.get(other.token)
        if known is None:
            merged[other.token] = other
            continue
        merged[other.token] = replace(
            known,
            source_token=known.source_token or other.source_token,
            source_name=known.source_name or other.source_name,
            encoding=known.encoding or other.encoding,
            width=known.width or other.width,
            height=known.height or other.height,
            ptz=known.ptz or other.ptz,
        )
    return tuple(merged.values())


def read_uri(answer: Element) -> str:
    """Media1 wraps it in MediaUri, Media2 does not."""
    return text(anywhere(answer, "Uri"))


def read_encoder_instances(answer: Element) -> int:
    """The total, of either service; 0: it does not say."""
    told = text(anywhere(answer, "TotalNumber")) or text(anywhere(answer, "Total"))
    return int(told) if told.isascii() and told.isdigit() and len(told) < 4 else 0


def read_osds(answer: Element) -> tuple[Osd, ...]:
    found = []
    for osd in everywhere(answer, "OSDs"):
        held = child(osd, "TextString")
        found.append(
            Osd(
                source_configuration=text(osd, "VideoSourceConfigurationToken")[:_MAX_TEXT],
                kind=text(held, "Type")[:64],
                words=words(held, "PlainText")[:_MAX_TEXT],
            )
        )
    return tuple(found[:256])


def _profile(element: Element) -> Profile:
    held = child(element, "Configurations")
    if held is not None:
        source, encoder, ptz = child(held, "VideoSource"), child(held, "VideoEncoder"), child(held, "PTZ")
    else:
        source = child(element, "VideoSourceConfiguration")
        encoder = child(element, "VideoEncoderConfiguration")
        ptz = child(element, "PTZConfiguration")
    return Profile(
        token=attribute(element, "token")[:_MAX_TEXT],
        name=words(element, "Name")[:_MAX_TEXT],
        source_token=text(source, "SourceToken")[:_MAX_TEXT],
        source_name=words(source, "Name")[:_MAX_TEXT],
        source_configuration=attribute(source, "token")[:_MAX_TEXT],
        encoding=plain_encoding(text(encoder, "Encoding")),
        width=_pixels(text(encoder, "Resolution", "Width")),
        height=_pixels(text(encoder, "Resolution", "Height")),
        ptz=ptz is not None,
    )


def is_placeholder(name: str) -> bool:
    """A name that the maker gave and nobody changed (`VideoSourceConfig`, `user0`, `Camera`, empty)."""
    return _PLACEHOLDER.fullmatch(name.rstrip("0123456789_- ")) is not None


def plain_encoding(told: str) -> str:
    """`H264`, `H265`, `JPEG`, …; Media2 names RTP subtypes (`H265`, `MPV4-ES`), some cameras write `HEVC` or
    `H.264`."""
    word = told.strip().upper().replace(".", "")[:32]
    return {"HEVC": "H265", "AVC": "H264"}.get(word, word)


def _pixels(told: str) -> int:
    return int(told) if told.isascii() and told.isdigit() and len(told) < 6 else 0
