"""What tells a channel of a device besides its token: a name that says something, the path and number of its stream."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from vms.core.ids import CameraId
from vms.inventory.camera import Camera, StreamRole
from vms.inventory.device import ObservedChannel
from vms.inventory.stream_roles import assign_roles


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownChannel:
    """A camera of a device, as the device told it last."""

    camera_id: CameraId
    token: str
    name: str = ""
    uri: str = ""
    """Of the main stream."""
    width: int = 0
    is_path: bool = False
    """The device is another way to the camera, not the one in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldChannel:
    token: str
    name: str = ""
    uri: str = ""
    width: int = 0


def known_channel(camera: Camera) -> KnownChannel:
    main = next((stream for stream in camera.streams if stream.role is StreamRole.MAIN), None)
    return KnownChannel(
        camera_id=camera.camera_id,
        token=camera.channel,
        name=camera.observed_name,
        uri=main.uri if main else "",
        width=main.width if main else 0,
    )


def told_channels(channels: Sequence[ObservedChannel]) -> tuple[ToldChannel, ...]:
    """In the order told; of a token that is told twice the first."""
    found: dict[str, ToldChannel] = {}
    for channel in channels:
        main = next((stream for stream in assign_roles(channel.streams) if stream.role is StreamRole.MAIN), None)
        told = ToldChannel(
            token=channel.token, name=channel.name, uri=main.uri if main else "", width=main.width if main else 0
        )
        found.setdefault(channel.token, told)
    return tuple(found.values())


_COMMON = re.compile(
    r"(?:(?:network|ip|web|video|digital|analog|hd|sub|main|new|my|the)*"
    r"(?:cam(?:era)?|ipc|ipcam(?:era)?|channel|ch|videosource|source|profile|input|video|vs|nvr|dvr|device|stream|d|"
    r"videosourceconfig(?:uration)?|vsc|onvif|h26[45]|none|default|unknown|摄像机|摄像头|通道|网络摄像机|监控点|视频|相机))*"
    r"[0-9]*",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[\s._:\-/#()\[\]]+")


def specific_name(name: str, *elsewhere: str) -> str:
    """The name in a form to compare, or nothing where it is what makers write ("Camera 01", "IPC", "通道1"), a bare
    number, or what is told `elsewhere` (the model)."""
    bare = _SEPARATORS.sub("", name).casefold()
    if len(bare) < 2 or _COMMON.fullmatch(bare) or bare in {_SEPARATORS.sub("", text).casefold() for text in elsewhere}:
        return ""
    return bare


def stream_path(uri: str) -> str:
    """Path and query: the address of the device is no part of it."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}" if parts.path or parts.query else ""


_NUMBERS = (
    re.compile(r"/streaming/(?:channels|tracks)/(\d{1,4})0\d(?!\d)", re.IGNORECASE),
    re.compile(r"[?&](?:channel|ch|chid|camera|cam|chn|channelid)=(\d{1,4})(?!\d)", re.IGNORECASE),
    re.compile(r"/(?:ch|channel|cam|camera|c|chn|track|video|media/video)[_\-]?(\d{1,4})(?!\d)", re.IGNORECASE),
)


def channel_number(uri: str) -> int | None:
    """The number of the channel in a stream's address, as the makers write it; None where there is none."""
    path = stream_path(uri)
    for pattern in _NUMBERS:
        if match := pattern.search(path):
            return int(match.group(1))
    return None


_TRAILING = re.compile(r"(\d{1,6})\D*$")


def token_number(token: str) -> int | None:
    """The number at the end of a token: `VideoSource_3` is 3."""
    match = _TRAILING.search(token)
    return int(match.group(1)) if match else None
