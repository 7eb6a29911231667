"""RTSP as functions of bytes: requests out; answers and interleaved packets in, with limits on every size."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from vms.media.trouble import PictureFailed, Trouble

MAX_HEAD_BYTES = 16 * 1024
MAX_BODY_BYTES = 256 * 1024
MAX_SKIPPED_BYTES = 128 * 1024
"""How much rubbish between packets is looked through for the next packet before the connection is given up."""

_DOLLAR = 0x24
_START_LINE = re.compile(r"RTSP/\d\.\d (\d{3})\s?(.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    reason: str
    headers: Mapping[str, str]
    """Lower-case names; of repeated ones the last."""
    challenges: tuple[str, ...] = ()
    """Every WWW-Authenticate, in order."""
    body: bytes = b""

    @property
    def cseq(self) -> int | None:
        value = self.headers.get("cseq", "").strip()
        return int(value) if value.isdecimal() and len(value) < 10 else None


Packet = tuple[int, bytes]
"""Channel and payload of one interleaved packet."""


def write_request(method: str, uri: str, cseq: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"{method} {uri} RTSP/1.0", f"CSeq: {cseq}", "User-Agent: vms"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def parse_head(head: bytes) -> Answer | None:
    """The answer without its body; None for a request that the server sends to us (nobody needs to reply to it)."""
    lines = head.decode("utf-8", "replace").splitlines()
    start = _START_LINE.match(lines[0]) if lines else None
    headers: dict[str, str] = {}
    challenges: list[str] = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon:
            continue
        name, value = name.strip().lower(), value.strip()
        headers[name] = value
        if name == "www-authenticate":
            challenges.append(value)
    if start is None:
        if re.match(r"[A-Z_]+ \S+ RTSP/\d\.\d$", lines[0] if lines else ""):
            return Answer(status=0, reason="request", headers=headers)
        raise PictureFailed(Trouble.MALFORMED, "the device answered something that is not RTSP")
    return Answer(
        status=int(start.group(1)), reason=start.group(2).strip(), headers=headers, challenges=tuple(challenges)
    )


class RtspReader:
    """Bytes in, answers and packets out. Holds at most one head, one body or one packet, and what one read added."""

    def __init__(self, *, max_body_bytes: int = MAX_BODY_BYTES) -> None:
        self._buffer = bytearray()
        self._max_body_bytes = max_body_bytes
        self._pending: Answer | None = None
        self._pending_bytes = 0
        self.channels: frozenset[int] = frozenset()
        """The channels that were agreed on; after rubbish only a packet of one of these counts as found again."""
        self.skipped_bytes = 0

    def feed(self, data: bytes) -> list[Answer | Packet]:
        """Raises `PictureFailed` (malformed, too_large) where the bytes cannot be RTSP any more."""
        buffer = self._buffer
        buffer += data
        found: list[Answer | Packet] = []
        at, end = 0, len(buffer)
        while at < end:
            if self._pending is not None:
                if end - at < self._pending_bytes:
                    break
                body = bytes(buffer[at : at + self._pending_bytes])
                at += self._pending_bytes
                found.append(_with_body(self._pending, body))
                self._pending = None
            elif buffer[at] == _DOLLAR:
                if end - at < 4:
                    break
                length = buffer[at + 2] << 8 | buffer[at + 3]
                if end - at < 4 + length:
                    break
                found.append((buffer[at + 1], bytes(buffer[at + 4 : at + 4 + length])))
                at += 4 + length
            elif buffer[at] in b"\r\n":
                at += 1
            elif 0x41 <= buffer[at] <= 0x5A and _looks_like_text(buffer[at : at + 16]):
                head_end, next_at = _end_of_head(buffer, at)
                if head_end < 0:
                    if end - at > MAX_HEAD_BYTES:
                        raise PictureFailed(Trouble.TOO_LARGE, "the device's answer has a head without an end")
                    break
                answer = self._begin(bytes(buffer[at:head_end]))
                at = next_at
                if answer is not None:
                    found.append(answer)
            else:
                step = self._skip_rubbish(buffer, at)
                if step == 0:
                    break
                at += step
        del buffer[:at]
        return found

    def _begin(self, head: bytes) -> Answer | None:
        answer = parse_head(head)
        if answer is None:
            return None
        length_text = answer.headers.get("content-length", "0").strip() or "0"
        if not length_text.isdecimal() or len(length_text) > 12:
            raise PictureFailed(Trouble.MALFORMED, "the device's answer has no readable Content-Length")
        length = int(length_text)
        if length > self._max_body_bytes:
            raise PictureFailed(Trouble.TOO_LARGE, f"the device announced a body of {length} bytes")
        if length == 0:
            return answer
        self._pending, self._pending_bytes = answer, length
        return None

    def _skip_rubbish(self, buffer: bytearray, at: int) -> int:
        """How many bytes to pass over; 0 where more bytes are needed to tell."""
        if not self.channels:
            raise PictureFailed(Trouble.MALFORMED, "the device answered something that is not RTSP")
        position, end = at + 1, len(buffer)
        while position + 5 <= end:
            if buffer[position] == _DOLLAR and buffer[position + 1] in self.channels and buffer[position + 4] >> 6 == 2:
                break
            if buffer.startswith(b"RTSP/", position):
                break
            position += 1
        else:
            position = max(at + 1, end - 4) if end - at > 4 else at
        self.skipped_bytes += position - at
        if self.skipped_bytes > MAX_SKIPPED_BYTES:
            raise PictureFailed(Trouble.MALFORMED, "the device's stream is not made of RTSP packets any more")
        return position - at


def _looks_like_text(start: bytes | bytearray) -> bool:
    return all(0x20 <= byte < 0x7F or byte in b"\r\n\t" for byte in start)


def _end_of_head(buffer: bytearray, at: int) -> tuple[int, int]:
    limit = at + MAX_HEAD_BYTES + 4
    end = buffer.find(b"\r\n\r\n", at, limit)
    bare = buffer.find(b"\n\n", at, limit if end < 0 else end)
    if bare >= 0:
        return bare, bare + 2
    return end, end + 4


def _with_body(answer: Answer, body: bytes) -> Answer:
    return Answer(
        status=answer.status, reason=answer.reason, headers=answer.headers, challenges=answer.challenges, body=body
    )
