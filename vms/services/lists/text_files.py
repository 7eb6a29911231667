"""A text file from outside is looked through once, in bounded memory, before anybody reads it."""

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from vms.core.errors import BadInput

MAX_LINE_BYTES = 65_536
_BLOCK = 1 << 20
BOM = codecs.BOM_UTF8
BINARY = "a binary file, not text"
CUT_OFF = "ends in the middle of a character: the file is cut off"
_NAMES = {"utf-8": "UTF-8", "gb18030": "GB 18030"}


def require_text(path: Path, *, max_bytes: int, encoding: str, max_dots: int) -> None:
    """Every line of it. Raises BadInput for what would make reading endless or senseless; `max_dots` in one line (a
    TOML key of a million parts)."""
    where = str(path)
    with opened(path) as stream:
        for lines in blocks_of_lines(stream, where, max_bytes):
            block = b"".join(lines)
            if b"\0" in block:
                raise BadInput(BINARY, where=where)
            if block.count(b".") > max_dots and any(line.count(b".") > max_dots for line in lines):
                raise BadInput(f"a line holds more than {max_dots} dots", where=where)
            if is_cut_off(block, encoding):
                raise BadInput(CUT_OFF, where=where)
            if not fits(block, encoding):
                raise BadInput(f"not in {named(encoding)}", where=where)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as stream:
            yield stream
    except OSError as problem:
        raise BadInput(problem.strerror or "cannot be read", where=str(path)) from None


def blocks_of_lines(stream: BinaryIO, where: str, max_bytes: int) -> Iterator[list[bytes]]:
    """Lines with their ends, a megabyte of them at a time. No encoding read here has a line end inside a character.
    Raises BadInput for a spreadsheet, for UTF-16, for what is too large, for endless lines."""
    total, unfinished = 0, b""
    while block := stream.read(_BLOCK):
        if not total:
            _refuse_spreadsheets(block, where)
        total += len(block)
        if total > max_bytes:
            raise BadInput(f"larger than {max_bytes // 1_000_000} MB", where=where)
        lines = (unfinished + block).splitlines(keepends=True)
        if max(map(len, lines)) > MAX_LINE_BYTES:
            raise BadInput(f"a line is longer than {MAX_LINE_BYTES} bytes", where=where)
        unfinished = b"" if block.endswith((b"\n", b"\r")) else lines.pop()
        if lines:
            yield lines
    if unfinished:
        yield [unfinished]


def fits(text: bytes, encoding: str) -> bool:
    try:
        text.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def is_cut_off(text: bytes, encoding: str) -> bool:
    """Is all of it good but that its last character has no end?"""
    try:
        codecs.getincrementaldecoder(encoding)().decode(text)
    except UnicodeDecodeError:
        return False
    return not fits(text, encoding)


def named(*encodings: str) -> str:
    return " or ".join(_NAMES.get(name, name) for name in encodings)


def _refuse_spreadsheets(start: bytes, where: str) -> None:
    if start.startswith(b"PK\x03\x04"):
        raise BadInput(
            "a spreadsheet (.xlsx) or archive, not text; a spreadsheet is read under its own name", where=where
        )
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise BadInput("UTF-16; save it as CSV in UTF-8", where=where)
