"""A text file from outside is looked through once, in bounded memory, before anybody reads it."""

import codecs
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from vms.core.errors import BadInput

MAX_LINE_BYTES = 65_536
_BLOCK = 1 << 20
_NAMES = {"utf-8": "UTF-8", "gb18030": "GB 18030"}


def look_through(path: Path, *, max_bytes: int, encodings: Sequence[str], max_dots: int | None = None) -> str:
    """The first of `encodings` in which the whole file can be read.

    Raises BadInput for what would make reading endless or senseless: too large, a binary file, endless lines, another
    encoding, a character that is cut off at the end; `max_dots` in one line (a TOML key of a million parts).
    """
    try:
        with path.open("rb") as stream:
            return _look_through(stream, str(path), max_bytes, encodings, max_dots)
    except OSError as problem:
        raise BadInput(problem.strerror or "cannot be read", where=str(path)) from None


def _look_through(stream: BinaryIO, where: str, max_bytes: int, encodings: Sequence[str], max_dots: int | None) -> str:
    decoders = {name: codecs.getincrementaldecoder(name)() for name in encodings}
    total = unfinished = 0
    while block := stream.read(_BLOCK):
        total += len(block)
        if total == len(block):
            _refuse_spreadsheets(block, where)
        if total > max_bytes:
            raise BadInput(f"larger than {max_bytes // 1_000_000} MB", where=where)
        if b"\0" in block:
            raise BadInput("a binary file, not text", where=where)
        unfinished = _refuse_long_lines(block, unfinished, where)
        if max_dots is not None and any(line.count(b".") > max_dots for line in block.split(b"\n")):
            raise BadInput(f"a line holds more than {max_dots} dots", where=where)
        decoders = {name: decoder for name, decoder in decoders.items() if _decodes(decoder, block)}
        if not decoders:
            raise BadInput(f"not in {' or '.join(_NAMES.get(name, name) for name in encodings)}", where=where)
    name, decoder = next(iter(decoders.items()))
    if not _decodes(decoder, b"", final=True):
        raise BadInput("ends in the middle of a character: the file is cut off", where=where)
    return name


def _refuse_spreadsheets(start: bytes, where: str) -> None:
    if start.startswith(b"PK\x03\x04"):
        raise BadInput(
            "a spreadsheet (.xlsx) or archive, not text; a spreadsheet is read under its own name", where=where
        )
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadInput("UTF-16; save it as CSV in UTF-8", where=where)


def _refuse_long_lines(block: bytes, unfinished: int, where: str) -> int:
    """Length of the line that is unfinished at the end of the block."""
    parts = block.replace(b"\r", b"\n").split(b"\n")
    if unfinished + len(parts[0]) > MAX_LINE_BYTES or max(map(len, parts)) > MAX_LINE_BYTES:
        raise BadInput(f"a line is longer than {MAX_LINE_BYTES} bytes", where=where)
    return len(parts[-1]) + (unfinished if len(parts) == 1 else 0)


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True
