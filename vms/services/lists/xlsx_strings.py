"""The texts that the cells of a spreadsheet share, kept on the disk: a million of them cost eight megabytes."""

import os
import tempfile
from array import array
from types import TracebackType
from typing import Self

from vms.services.lists.xml_part import XmlHandler

MAX_TEXT = 4_000
"""Characters of a cell: a spreadsheet allows 32,767, the longest field of a list 500. Of a longer text one more is
kept, by which it is told, so that no text and no row of them takes much memory."""
_REMEMBERED = 20_000
_REMEMBERED_CHARACTERS = 4_000_000
_FLUSH_BYTES = 1 << 20


class SharedTexts(XmlHandler):
    """Filled by parsing the part; then read by number."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="vms-texts-")  # noqa: SIM115 - closed with this
        self._ends = array("Q", [0])
        self._pending = bytearray()
        self._written = 0
        self._now: list[str] = []
        self._room = 0
        self._inside = self._phonetic = False
        self._remembered: dict[int, str] = {}
        self._remembered_characters = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "t":
            self._inside = not self._phonetic
        elif tag == "rPh":
            self._phonetic = True
        elif tag == "si":
            self._now = []
            self._room = MAX_TEXT + 1

    def text(self, text: str) -> None:
        if self._inside and self._room > 0:
            self._now.append(text[: self._room])
            self._room -= len(text)

    def end(self, tag: str) -> None:
        if tag == "t":
            self._inside = False
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "si":
            self._pending += "".join(self._now).encode("utf-8", "replace")
            self._ends.append(self._written + len(self._pending))
            if len(self._pending) > _FLUSH_BYTES:
                self._flush()

    def _flush(self) -> None:
        self._file.write(self._pending)
        self._written += len(self._pending)
        self._pending.clear()

    def finish(self) -> None:
        self._flush()
        self._file.flush()

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> str:
        found = self._remembered.get(number)
        if found is None:
            begin, end = self._ends[number], self._ends[number + 1]
            found = os.pread(self._file.fileno(), end - begin, begin).decode("utf-8")
            if len(self._remembered) >= _REMEMBERED or self._remembered_characters > _REMEMBERED_CHARACTERS:
                self._remembered.clear()
                self._remembered_characters = 0
            self._remembered[number] = found
            self._remembered_characters += len(found)
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
