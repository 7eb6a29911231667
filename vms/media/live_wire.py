"""The gateway's protocol on its unix-domain socket, as functions of bytes.

The client writes one line of JSON: `{"op": "open" | "warm" | "status" | "close" | "forget", …}`. The gateway answers
with frames: length of the payload (4 bytes, big-endian), type (1 byte), flags (1 byte), payload. Type 1 is news (JSON),
2 an init segment, 3 a media fragment (flag 1: begins with a key frame), 4 the answer to the other operations (JSON).
"""

import dataclasses
import json
import struct
from dataclasses import dataclass
from typing import Any

from vms.core.errors import BadInput
from vms.inventory.camera import StreamRole
from vms.media.live import (
    GatewayStatus,
    InitSegment,
    LiveMessage,
    LiveNews,
    LiveSource,
    MediaFragment,
    NewsKind,
    UpstreamStatus,
)
from vms.media.login import Login
from vms.media.tls import TlsTrust

HEAD_BYTES = 6
NEWS, INIT, MEDIA, REPLY = 1, 2, 3, 4
MAX_FRAME_BYTES = 16 * 1024 * 1024
MAX_REQUEST_BYTES = 16 * 1024
MAX_WARM_S = 3600.0
_HEAD = struct.Struct(">IBB")


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    source: LiveSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Warm:
    source: LiveSource
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    camera: str
    because: str
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetRefusals:
    host: str


@dataclass(frozen=True, slots=True)
class Status:
    pass


Request = Open | Warm | Close | ForgetRefusals | Status


def write_request(request: Request) -> bytes:
    match request:
        case Open(source=source):
            fields: dict[str, object] = {"op": "open", **_source_fields(source)}
        case Warm(source=source, seconds=seconds):
            fields = {"op": "warm", "seconds": seconds, **_source_fields(source)}
        case Close(camera=camera, because=because, message=message):
            fields = {"op": "close", "camera": camera, "because": because, "message": message}
        case ForgetRefusals(host=host):
            fields = {"op": "forget", "host": host}
        case Status():
            fields = {"op": "status"}
    return json.dumps(fields, ensure_ascii=False).encode() + b"\n"


def read_request(line: bytes) -> Request:
    """Raises BadInput, which never shows the line: it may hold a password."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        raise BadInput("the request is not a line of JSON", where="gateway") from None
    if not isinstance(fields, dict):
        raise BadInput("the request is not a JSON object", where="gateway")
    match fields.get("op"):
        case "open":
            return Open(source=_read_source(fields))
        case "warm":
            seconds = fields.get("seconds")
            if not isinstance(seconds, int | float) or not 0 < seconds <= MAX_WARM_S:
                raise BadInput(f"a number up to {MAX_WARM_S:g} is wanted", where="gateway.seconds")
            return Warm(source=_read_source(fields), seconds=float(seconds))
        case "close":
            return Close(
                camera=_text(fields, "camera"), because=_text(fields, "because"), message=_text(fields, "message", "")
            )
        case "forget":
            return ForgetRefusals(host=_text(fields, "host"))
        case "status":
            return Status()
    raise BadInput("unknown operation", where="gateway.op")


def frame(kind: int, payload: bytes, flags: int = 0) -> tuple[bytes, bytes]:
    return _HEAD.pack(len(payload), kind, flags), payload


def read_head(head: bytes) -> tuple[int, int, int]:
    """Length, type, flags. Raises BadInput where the length is beyond belief."""
    length, kind, flags = _HEAD.unpack(head)
    if length > MAX_FRAME_BYTES:
        raise BadInput(f"a frame of {length} bytes", where="gateway")
    return length, kind, flags


def frame_of(message: LiveMessage) -> tuple[bytes, bytes]:
    match message:
        case MediaFragment(data=data, key=key):
            return frame(MEDIA, data, int(key))
        case InitSegment(data=data):
            return frame(INIT, data)
        case LiveNews():
            return frame(NEWS, news_json(message))


def message_of(kind: int, flags: int, payload: bytes) -> LiveMessage:
    if kind == MEDIA:
        return MediaFragment(payload, bool(flags & 1))
    if kind == INIT:
        return InitSegment(payload)
    fields = _object(payload)
    return LiveNews(
        kind=NewsKind(fields.get("kind", "")),
        because=str(fields.get("because", "")),
        message=str(fields.get("message", "")),
        codec=str(fields.get("codec", "")),
        width=int(fields.get("width", 0)),
        height=int(fields.get("height", 0)),
        sessions=int(fields.get("sessions", 0)),
    )


def news_json(news: LiveNews) -> bytes:
    """Only what is known: `{"kind": "cold"}`."""
    fields = {name: value for name, value in dataclasses.asdict(news).items() if value}
    return json.dumps(fields, ensure_ascii=False).encode()


def status_json(status: GatewayStatus) -> bytes:
    return json.dumps(dataclasses.asdict(status), ensure_ascii=False).encode()


def read_status(payload: bytes) -> GatewayStatus:
    fields = _object(payload)
    upstreams = tuple(UpstreamStatus(**upstream) for upstream in fields.pop("upstreams"))
    return GatewayStatus(upstreams=upstreams, **fields)


def _object(payload: bytes) -> dict[str, Any]:
    fields = json.loads(payload)
    if not isinstance(fields, dict):
        raise BadInput("not a JSON object", where="gateway")
    return fields


def _source_fields(source: LiveSource) -> dict[str, object]:
    login = source.login
    return {
        "camera": source.camera,
        "role": source.role.value,
        "uri": source.uri,
        "username": login.username if login else None,
        "password": login.password if login else None,
        "digest_only": login.digest_only if login else False,
        "tls_pinned": source.trust.pinned_sha256,
        "tls_stream": source.trust.stream_sha256,
        "tls_legacy": source.trust.allow_legacy,
        "session_limit": source.session_limit,
    }


def _read_source(fields: dict[str, Any]) -> LiveSource:
    role = _text(fields, "role", StreamRole.SUB.value)
    if role not in [known.value for known in StreamRole]:
        raise BadInput("main or sub is wanted", where="gateway.role")
    login = None
    if fields.get("username") is not None:
        digest_only = fields.get("digest_only", False) is True
        login = Login(_text(fields, "username"), _text(fields, "password", ""), digest_only)
    trust = TlsTrust(
        pinned_sha256=_text(fields, "tls_pinned", ""),
        stream_sha256=_text(fields, "tls_stream", ""),
        allow_legacy=fields.get("tls_legacy", False) is True,
    )
    limit = fields.get("session_limit", 0)
    if not isinstance(limit, int) or limit < 0:
        raise BadInput("a whole number is wanted", where="gateway.session_limit")
    return LiveSource(
        camera=_text(fields, "camera"),
        role=StreamRole(role),
        uri=_text(fields, "uri"),
        login=login,
        trust=trust,
        session_limit=limit,
    )


def _text(fields: dict[str, Any], name: str, default: str | None = None) -> str:
    value = fields.get(name, default)
    if not isinstance(value, str):
        raise BadInput("a text is wanted", where=f"gateway.{name}")
    return value
