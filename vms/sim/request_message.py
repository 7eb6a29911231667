"""HTTP and RTSP requests as functions of bytes, without I/O: what a pretend device hears on a TCP connection."""

from collections.abc import Iterator
from dataclasses import dataclass

MAX_HEAD_BYTES = 16 * 1024
MAX_BODY_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    method: str
    target: str
    version: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes = b""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def keep_alive(self) -> bool:
        connection = self.headers.get("connection", "").lower()
        return "close" not in connection and (self.version != "HTTP/1.0" or "keep-alive" in connection)


class Malformed(Exception):
    """What came is no request; the connection cannot go on. `status` is what to answer."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class RequestReader:
    """Cuts a stream of bytes into requests. Holds no more than one head and one body."""

    __slots__ = ("_buffer", "_looked")

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._looked = 0

    def feed(self, data: bytes) -> Iterator[Request]:
        """The requests that are whole now. Raises Malformed; then the reader is of no further use."""
        self._buffer += data
        while (request := self._next()) is not None:
            yield request

    def _next(self) -> Request | None:
        buffer = self._buffer
        if not self._skip_interleaved():
            return None
        end = buffer.find(b"\r\n\r\n", self._looked)
        if end < 0:
            if len(buffer) > MAX_HEAD_BYTES:
                raise Malformed(431, f"the head is longer than {MAX_HEAD_BYTES} bytes")
            self._looked = max(0, len(buffer) - 3)
            return None
        if end > MAX_HEAD_BYTES:
            raise Malformed(431, f"the head is longer than {MAX_HEAD_BYTES} bytes")
        method, target, version, headers = _head(bytes(buffer[:end]))
        length = _body_length(headers)
        if len(buffer) < end + 4 + length:
            self._looked = end
            return None
        body = bytes(buffer[end + 4 : end + 4 + length])
        del buffer[: end + 4 + length]
        self._looked = 0
        return Request(method=method, target=target, version=version, headers=headers, body=body)

    def _skip_interleaved(self) -> bool:
        """Drops what an RTSP client sends on its binary channels, and empty lines; False: wait for more."""
        buffer = self._buffer
        while buffer and buffer[0] in b"$\r\n":
            if buffer[0] != 0x24:
                del buffer[0]
                continue
            if len(buffer) < 4 or len(buffer) < 4 + int.from_bytes(buffer[2:4], "big"):
                return False
            del buffer[: 4 + int.from_bytes(buffer[2:4], "big")]
            self._looked = 0
        return bool(buffer)


def _head(head: bytes) -> tuple[str, str, str, dict[str, str]]:
    try:
        lines = head.decode("utf-8").split("\r\n")
    except UnicodeDecodeError as error:
        raise Malformed(400, "the head is not text") from error
    parts = lines[0].split(" ")
    if len(parts) != 3 or not parts[0].isascii() or not parts[0].replace("_", "").isalpha():
        raise Malformed(400, "the first line is no request line")
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise Malformed(400, "a header line without a name")
        headers[name.strip().lower()] = value.strip()
    return parts[0], parts[1], parts[2], headers


def _body_length(headers: dict[str, str]) -> int:
    if "transfer-encoding" in headers:
        raise Malformed(501, "bodies in chunks are not understood here; send Content-Length")
    text = headers.get("content-length", "0")
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise Malformed(400, "Content-Length is no number")
    if int(text) > MAX_BODY_BYTES:
        raise Malformed(413, f"the body is longer than {MAX_BODY_BYTES} bytes")
    return int(text)
