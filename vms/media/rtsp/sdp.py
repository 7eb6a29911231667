"""The session description: which video is on offer, where its control address is, and its parameter sets."""

import base64
import binascii
import re
from dataclasses import dataclass
from urllib.parse import urljoin

from vms.media.trouble import PictureFailed, Trouble

MAX_LINES = 2000
MAX_CONTROL_CHARS = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoTrack:
    codec: str
    """`H264` or `H265`."""
    payload_type: int
    clock_rate_hz: int
    control: str
    """The address for SETUP."""
    parameter_sets: tuple[bytes, ...] = ()
    """NAL units told in the description; the stream may bring others."""


@dataclass(slots=True)
class _Section:
    kind: str
    formats: list[int]
    control: str = ""
    codecs: dict[int, tuple[str, int]] | None = None
    parameters: dict[int, str] | None = None


def find_video(body: bytes, content_base: str) -> tuple[VideoTrack, str]:
    """The track to play, H.264 before H.265, and the address for PLAY. Raises `PictureFailed` where there is none."""
    sections = _sections(body.decode("utf-8", "replace"))
    aggregate = _resolve(content_base, sections[0].control)
    tracks: list[VideoTrack] = []
    others: list[str] = []
    for section in sections[1:]:
        if section.kind != "video":
            continue
        for payload_type in section.formats:
            codec, clock_rate_hz = (section.codecs or {}).get(payload_type, ("", 90_000))
            if codec in ("H264", "H265"):
                tracks.append(
                    VideoTrack(
                        codec=codec,
                        payload_type=payload_type,
                        clock_rate_hz=clock_rate_hz,
                        control=_resolve(aggregate, section.control),
                        parameter_sets=_parameter_sets((section.parameters or {}).get(payload_type, "")),
                    )
                )
            else:
                others.append({26: "JPEG"}.get(payload_type, codec or f"payload type {payload_type}"))
    if tracks:
        return min(tracks, key=lambda track: track.codec != "H264"), aggregate
    if others:
        named = ", ".join(sorted({re.sub(r"[^\w.+ -]", "", name)[:40] for name in others}))
        raise PictureFailed(Trouble.UNSUPPORTED_CODEC, f"the stream's video is {named}, not H.264 or H.265")
    raise PictureFailed(Trouble.NO_VIDEO, "the device's description of the stream names no video")


def _sections(text: str) -> list[_Section]:
    sections = [_Section("session", [])]
    for line in text.splitlines()[:MAX_LINES]:
        key, equals, value = line.strip().partition("=")
        if not equals:
            continue
        section = sections[-1]
        if key == "m":
            words = value.split()
            formats = [int(word) for word in words[3:35] if word.isdecimal() and len(word) <= 3]
            sections.append(_Section(words[0].lower() if words else "", formats, codecs={}, parameters={}))
        elif key == "a" and value.startswith("control:"):
            section.control = value.removeprefix("control:").strip()[:MAX_CONTROL_CHARS]
        elif key == "a" and section.codecs is not None and section.parameters is not None:
            mapped = re.match(r"rtpmap:\s*(\d{1,3})\s+([\w.+-]{1,40})/(\d{1,7})", value)
            if mapped:
                codec = mapped.group(2).upper().replace("HEVC", "H265")
                section.codecs[int(mapped.group(1))] = (codec, int(mapped.group(3)) or 90_000)
            described = re.match(r"fmtp:\s*(\d{1,3})\s+(.*)", value)
            if described:
                section.parameters[int(described.group(1))] = described.group(2)
    return sections


def _parameter_sets(parameters: str) -> tuple[bytes, ...]:
    found: list[bytes] = []
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name.lower() not in ("sprop-parameter-sets", "sprop-vps", "sprop-sps", "sprop-pps"):
            continue
        for encoded in value.split(",")[:16]:
            try:
                nal = base64.b64decode(encoded.strip() + "=" * (-len(encoded.strip()) % 4))
            except (binascii.Error, ValueError):
                continue
            if nal:
                found.append(nal)
    return tuple(found)


def _resolve(base: str, control: str) -> str:
    """RFC 2326 C.1.1; a relative control is appended as cameras expect it, also behind a query."""
    if control in ("", "*"):
        return base
    if re.match(r"rtsps?://", control, re.IGNORECASE):
        resolved = control
    elif control.startswith("/"):
        resolved = urljoin(re.sub(r"^rtsp", "http", base), control)
        resolved = re.sub(r"^http", "rtsp", resolved)
    else:
        resolved = base + ("" if base.endswith("/") else "/") + control
    if re.search(r"[\x00-\x20\x7f]", resolved):
        raise PictureFailed(Trouble.MALFORMED, "the device's description holds an unusable control address")
    return resolved
