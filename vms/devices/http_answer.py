"""An HTTP answer as a function of bytes, as lenient as cameras need and no larger than allowed.

Taken as they are: HTTP/1.0, chunked and close-delimited bodies, a Content-Length that is too long, too short or
missing. A SOAP
body is complete when `</…Envelope>` has come, whatever the length said (Dahua counts wrongly); every oddity is named.
"""

import re
from dataclasses import dataclass, field

ENVELOPE_END = re.compile(rb"</(?:[A-Za-z_][\w.-]*:)?Envelope\s*>")
_XML_START = re.compile(rb"\s*(?:\xef\xbb\xbf)?<(?!html|!doctype)", re.IGNORECASE)
STATUS_LINE = re.compile(rb"\s*HTTP/\d(?:\.\d)?[ \t]+(\d{3})")
_MAX_INTERIM = 4
"""`100 Continue` and its like before the answer proper."""
_SIZE_LINE_BEGINS = frozenset(b"0123456789abcdefABCDEF \t\r\n-+")
_TAIL = 96
"""Bytes looked back over for an end tag that arrived in two pieces."""


class BadAnswer(ValueError):
    """What came is no HTTP answer that may be kept; `code` is stable: `not_http`, `too_large`, `truncated`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    status: int
    headers: tuple[tuple[str, str], ...]
    """Names in lower case, in the order in which they came."""
    body: bytes
    oddities: tuple[str, ...] = ()
    """`content_length_wrong`, `chunking_broken`: what the reader overlooked."""
    connect_s: float = 0.0
    total_s: float = 0.0
    tls_sha256: str = ""
    """Fingerprint of the certificate that was shown; empty in the clear."""

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    def all_of(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.headers if key == name)


@dataclass(slots=True, kw_only=True)
class AnswerReader:
    """Eats bytes until the answer is complete. `feed` and `end` say whether it is."""

    max_head_bytes: int = 32_768
    max_body_bytes: int = 1_048_576
    _raw: bytearray = field(default_factory=bytearray)
    _body: bytearray = field(default_factory=bytearray)
    _status: int = 0
    _headers: tuple[tuple[str, str], ...] = ()
    _length: int | None = None
    _chunked: bool = False
    _chunk_left: int = -1
    """Bytes of the present chunk still to come; -1: a size line is next."""
    _last_chunk: bool = False
    _oddities: list[str] = field(default_factory=list)

    @property
    def started(self) -> bool:
        return self._status > 0

    def feed(self, data: bytes) -> bool:
        if not self._status:
            self._raw += data
            if not self._read_head():
                return False
            data = bytes(self._raw)
            self._raw.clear()
        seen = max(0, len(self._body) - _TAIL)
        if self._chunked:
            self._raw += data
            self._unchunk()
        else:
            self._body += data
        if len(self._body) > self.max_body_bytes or len(self._raw) > self.max_body_bytes:
            raise BadAnswer("too_large", f"the answer is larger than {self.max_body_bytes} bytes")
        return self._is_complete(seen)

    def end(self) -> HttpAnswer:
        """The other side closed, or waited long enough: what came is all there is."""
        if not self._status:
            code = "truncated" if self._raw[:5] == b"HTTP/" else "not_http"
            raise BadAnswer(code, "no HTTP answer came" if not self._raw else "what came is no HTTP answer")
        if self._chunked and not self._last_chunk:
            self._odd("chunking_broken")
            if self._raw and not self._body:
                self._body, self._raw = self._raw, bytearray()
        end = ENVELOPE_END.search(self._body, max(0, len(self._body) - 4 * _TAIL)) or ENVELOPE_END.search(self._body)
        if self._length is not None and len(self._body) != self._length:
            if not end and len(self._body) < self._length:
                raise BadAnswer("truncated", f"{len(self._body)} of {self._length} bytes came")
            self._odd("content_length_wrong")
        body = bytes(self._body)
        if end and self._length is not None and self._length != len(body):
            body = body[: end.end()]
        return HttpAnswer(
            status=self._status, headers=self._headers, body=body, oddities=tuple(dict.fromkeys(self._oddities))
        )

    def _odd(self, what: str) -> None:
        self._oddities.append(what)

    def _read_head(self) -> bool:
        for _ in range(_MAX_INTERIM + 1):
            if not self._read_one_head():
                return False
            if self._status >= 200:
                return True
            self._status = 0
        raise BadAnswer("not_http", f"more than {_MAX_INTERIM} interim answers")

    def _read_one_head(self) -> bool:
        raw = self._raw
        end, gap = raw.find(b"\r\n\r\n"), 4
        bare = raw.find(b"\n\n")
        if bare >= 0 and (end < 0 or bare < end):
            end, gap = bare, 2
        if end < 0:
            if len(raw) > self.max_head_bytes:
                raise BadAnswer("too_large", f"the head is larger than {self.max_head_bytes} bytes")
            if len(raw) >= 16 and not STATUS_LINE.match(raw):
                raise BadAnswer("not_http", "what came does not begin like an HTTP answer")
            return False
        head = bytes(raw[:end])
        del raw[: end + gap]
        match = STATUS_LINE.match(head)
        if not match:
            raise BadAnswer("not_http", "what came does not begin like an HTTP answer")
        status = int(match.group(1))
        if status < 100:
            raise BadAnswer("not_http", f"no HTTP status: {status}")
        self._status = status
        if status < 200:
            return True
        self._headers = tuple(_header_lines(head))
        for name, value in self._headers:
            if name == "content-length" and value.isascii() and value.isdigit() and len(value) < 16:
                self._length = int(value)
            elif name == "transfer-encoding" and "chunked" in value.lower():
                self._chunked = True
        if self._chunked or status in (204, 304):
            self._length = 0 if status in (204, 304) else None
        return True

    def _unchunk(self) -> None:
        raw = self._raw
        while raw and not self._last_chunk:
            if self._chunk_left < 0:
                if raw[0] not in _SIZE_LINE_BEGINS:
                    self._give_up_chunks()
                    return
                line_end = raw.find(b"\n")
                if line_end < 0:
                    return
                size = bytes(raw[:line_end]).split(b";")[0].strip()
                if not size and line_end <= 1:
                    del raw[: line_end + 1]
                    continue
                try:
                    self._chunk_left = int(size, 16)
                except ValueError:
                    self._give_up_chunks()
                    return
                if not 0 <= self._chunk_left <= self.max_body_bytes:
                    raise BadAnswer("too_large", f"a chunk larger than {self.max_body_bytes} bytes was announced")
                del raw[: line_end + 1]
                if self._chunk_left == 0:
                    self._last_chunk = True
                    return
            piece = raw[: self._chunk_left]
            self._body += piece
            self._chunk_left -= len(piece)
            del raw[: len(piece)]
            if self._chunk_left == 0:
                self._chunk_left = -1

    def _give_up_chunks(self) -> None:
        """No chunks after all: take the rest as it comes."""
        self._odd("chunking_broken")
        self._chunked = False
        self._body += self._raw
        self._raw.clear()

    def _is_complete(self, search_from: int) -> bool:
        body = self._body
        if self._last_chunk:
            return True
        if ENVELOPE_END.search(body, search_from):
            return True
        if self._length is None or len(body) < self._length:
            return False
        # The length says it is all here. XML whose envelope has not ended says it is not.
        return not _XML_START.match(body)


def _header_lines(head: bytes) -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []
    for line in head.split(b"\n")[1:]:
        name, colon, value = line.partition(b":")
        if colon:
            lines.append((name.strip().decode("latin-1").lower(), value.strip().replace(b"\r", b" ").decode("latin-1")))
    return lines
