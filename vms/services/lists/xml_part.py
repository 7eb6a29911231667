"""XML inside a spreadsheet, read as a stream: no document type, no entities, nothing endless."""

from collections.abc import Callable, Iterator
from typing import Protocol
from xml.parsers import expat

CHUNK = 65_536
MAX_SILENCE_BYTES = 4_000_000
"""A tag, an attribute or a comment that is longer makes the parser keep it whole."""


class BadXml(ValueError):
    pass


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class XmlHandler:
    """What is done at tags and texts. Names come without their prefix."""

    reads_millions = False
    """Names come as they are written, and of ends only those that it asks its parser for."""
    parser: expat.XMLParserType

    def start(self, tag: str, attributes: dict[str, str]) -> None: ...

    def end(self, tag: str) -> None: ...

    def text(self, text: str) -> None: ...

    def ear(self) -> Callable[[str], None]:
        """What the parser calls with each text."""
        return self.text


def parse(stream: Readable, handler: XmlHandler | None, *, max_bytes: int) -> Iterator[None]:
    """Comes back after each chunk, so that what was found can be used. Without a handler it only tells whether the part
    is whole, at a tenth of the cost. Raises BadXml."""
    parser = expat.ParserCreate()
    if handler is not None:
        _connect(parser, handler)
    parser.StartDoctypeDeclHandler = _refuse_doctype
    total = 0
    try:
        while chunk := stream.read(CHUNK):
            total += len(chunk)
            if total > max_bytes:
                raise BadXml(f"holds more than {max_bytes // 1_000_000} MB of XML")
            parser.Parse(chunk, False)
            if total - parser.CurrentByteIndex > MAX_SILENCE_BYTES:
                raise BadXml("holds an endless piece of XML")
            yield
        parser.Parse(b"", True)
    except expat.ExpatError as problem:
        raise BadXml(f"holds broken XML: {problem}") from None
    yield


def parse_all(stream: Readable, handler: XmlHandler | None, *, max_bytes: int) -> None:
    for _ in parse(stream, handler, max_bytes=max_bytes):
        pass


def _connect(parser: expat.XMLParserType, handler: XmlHandler) -> None:
    parser.buffer_text = True
    parser.CharacterDataHandler = handler.ear()
    if handler.reads_millions:
        handler.parser, parser.StartElementHandler = parser, handler.start
        return
    names = BareNames()

    def start(name: str, attributes: dict[str, str]) -> None:
        handler.start(names[name], attributes)

    def end(name: str) -> None:
        handler.end(names[name])

    parser.StartElementHandler, parser.EndElementHandler = start, end


class BareNames(dict[str, str]):
    """Without the prefix."""

    def __missing__(self, name: str) -> str:
        bare = name.rpartition(":")[2]
        if len(self) < 1000:
            self[name] = bare
        return bare


def _refuse_doctype(_name: str, _system: str | None, _public: str | None, _internal: bool) -> None:
    raise BadXml("holds a document type, which no spreadsheet needs")
