"""Reads a GeoJSON FeatureCollection feature by feature, however large it is, a few megabytes at a time."""

import codecs
import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NoReturn

from vms.core.errors import BadInput
from vms.maps.tags import plain_text

CHUNK_BYTES = 1 << 20
MAX_VALUE = 16 << 20
"""Characters of one feature, or of another member of the document."""
_SPACE = " \t\n\r"


class FeatureStream:
    """Iterate once; `members` holds the document's other members when the iteration has ended."""

    def __init__(self, path: Path, *, max_bytes: int, max_features: int) -> None:
        if not path.is_file():
            raise BadInput("no such file", where=str(path))
        self.size = path.stat().st_size
        if self.size > max_bytes:
            raise BadInput(f"{self.size:,} bytes; at most {max_bytes:,} are read", where=str(path))
        self.members: dict[str, object] = {}
        self.read_bytes = 0
        self._path = path
        self._max_features = max_features
        self._json = json.JSONDecoder(parse_constant=_no_constant)
        self._utf8 = codecs.getincrementaldecoder("utf-8-sig")()
        self._text, self._at, self._before, self._ended = "", 0, 0, False

    def __iter__(self) -> Iterator[object]:
        try:
            with self._path.open("rb") as self._file:
                yield from self._document()
        except UnicodeDecodeError as broken:
            raise BadInput("not UTF-8 text", where=str(self._path)) from broken
        except RecursionError as broken:
            raise BadInput("nested too deeply", where=str(self._path)) from broken

    _file: BinaryIO

    def _document(self) -> Iterator[object]:
        if self._next_sign() != "{":
            self._value()
            raise BadInput("not a GeoJSON FeatureCollection", where=str(self._path))
        self._at += 1
        has_features = False
        while True:
            if self._next_sign() == "}":
                break
            key = self._value()
            self._expect(":")
            if key == "features":
                if has_features:
                    raise BadInput("`features` is given twice", where=str(self._path))
                has_features = True
                yield from self._features()
            else:
                self.members[str(key)] = self._value()
            if self._next_sign() != ",":
                break
            self._at += 1
        self._expect("}")
        if self.members.get("type") != "FeatureCollection":
            raise BadInput("not a GeoJSON FeatureCollection", where=str(self._path))
        if not has_features:
            raise BadInput("there are no `features`", where=str(self._path))
        if self._next_sign():
            raise self._broken("something follows the document")

    def _features(self) -> Iterator[object]:
        if self._next_sign() != "[":
            raise BadInput("`features` is not a list", where=str(self._path))
        self._at += 1
        count = 0
        if self._next_sign() == "]":
            self._at += 1
            return
        while True:
            count += 1
            if count > self._max_features:
                raise BadInput(f"more features than {self._max_features:,}", where=str(self._path))
            yield self._value()
            sign = self._next_sign()
            self._at += 1
            if sign == "]":
                return
            if sign != ",":
                self._at -= 1
                raise self._broken("Expecting ',' or ']'")

    def _value(self) -> object:
        self._next_sign()
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except json.JSONDecodeError as broken:
                if not self._more():
                    raise self._broken(broken.msg) from broken
                continue
            except ValueError as broken:
                raise self._broken(str(broken)) from broken
            if end < len(self._text) or not self._more():
                self._at = end
                return value

    def _expect(self, sign: str) -> None:
        if self._next_sign() != sign:
            raise self._broken(f"Expecting {sign!r}")
        self._at += 1

    def _next_sign(self) -> str:
        """Behind white space; empty at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        """Reads on; twice as much each time that one value needs still more."""
        if self._ended:
            return False
        waiting = len(self._text) - self._at
        if waiting > MAX_VALUE:
            raise BadInput(f"one feature of more than {MAX_VALUE:,} characters", where=str(self._path))
        content = self._file.read(max(CHUNK_BYTES, waiting))
        self._ended = not content
        self.read_bytes += len(content)
        self._before += self._at
        self._text, self._at = self._text[self._at :] + self._utf8.decode(content, final=self._ended), 0
        return True

    def _broken(self, why: str) -> BadInput:
        where = f"{self._path} character {self._before + self._at:,}"
        return BadInput(f"not JSON ({plain_text(why)})", where=where)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")
