"""The texts that the cells of a spreadsheet share, kept on the disk: a million of them cost eight megabytes."""

import os
import tempfile
from array import array
from types import TracebackType
from typing import Self

from vms.services.lists.xml_part import BareNames, XmlHandler

MAX_TEXT = 4_000
"""Characters of a cell: a spreadsheet allows 32,767, the longest field of a list 500. Of a longer text one more is
kept, by which it is told, so that no text and no row of them takes much memory."""
_REMEMBERED = 20_000
_REMEMBERED_CHARACTERS = 4_000_000
_FLUSH_BYTES = 1 << 20
_BLOCK_BYTES = 1 << 14


class SharedTexts(XmlHandler):
    """Filled by parsing the part: a text ends where the next begins, a run of it where it ends; then read by number."""

    reads_millions = True

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="vms-texts-")  # noqa: SIM115 - closed with this
        self._ends = array("Q", [0])
        self._pending = bytearray()
        self._written = 0
        self._now: list[str] = []
        self._room = 0
        self._bare = BareNames()
        self._begun = self._inside = self._phonetic = self._of_runs = False
        self._remembered: dict[int, str] = {}
        self._remembered_characters = 0
        self._block = b""
        self._block_begin = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = self._bare[name]
        self._inside = False
        if tag == "t":
            self._inside = not self._phonetic
        elif tag == "si":
            self._close()
            self._begun = True
            self._room = MAX_TEXT + 1
        elif tag == "r":
            self._of_runs, self.parser.EndElementHandler = True, self.end
        elif tag == "rPh":
            self._phonetic = True

    def text(self, text: str) -> None:
        if self._inside and self._room > 0:
            self._now.append(text[: self._room])
            self._room -= len(text)

    def end(self, name: str) -> None:
        if self._bare[name] == "t":
            self._inside = False

    def _close(self) -> None:
        if self._of_runs:
            self._of_runs, self.parser.EndElementHandler = False, None
        if self._begun:
            self._begun = self._inside = self._phonetic = False
            self._pending += "".join(self._now).strip().encode("utf-8", "replace")
            self._now.clear()
            self._ends.append(self._written + len(self._pending))
            if len(self._pending) > _FLUSH_BYTES:
                self._flush()

    def _flush(self) -> None:
        self._file.write(self._pending)
        self._written += len(self._pending)
        self._pending.clear()

    def finish(self) -> None:
        self._close()
        self._flush()
        self._file.flush()

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> str:
        found = self._remembered.get(number)
        if found is None:
            begin, end = self._ends[number], self._ends[number + 1]
            found = self._bytes(begin, end).decode("utf-8")
            if len(self._remembered) >= _REMEMBERED or self._remembered_characters > _REMEMBERED_CHARACTERS:
                self._remembered.clear()
                self._remembered_characters = 0
            self._remembered[number] = found
            self._remembered_characters += len(found)
        return found

    def _bytes(self, begin: int, end: int) -> bytes:
        """Texts stand in the order in which the cells first need them, so that the next is in the same block."""
        if not self._block_begin <= begin <= end <= self._block_begin + len(self._block):
            self._block = os.pread(self._file.fileno(), max(_BLOCK_BYTES, end - begin), begin)
            self._block_begin = begin
        return self._block[begin - self._block_begin : end - self._block_begin]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
