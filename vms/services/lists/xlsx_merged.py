"""Cells that are merged downwards in a sheet: what stands in the first of them counts for all of them.

A sheet names them behind its rows, so they are looked for while it is looked through for its wholeness.
"""

import re
from typing import BinaryIO

from vms.services.lists.table import Cell

MOST_RANGES = 50_000
"""More are not filled in; an empty cell that must not be empty is then told with them as the reason."""
_KEPT_BYTES = 400
_RANGE = re.compile(
    rb"<(?:[\w.-]{1,30}:)?mergeCell\s[^<>]{0,100}?\bref=[\"']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})[\"']"
)


class MergedRanges:
    """Reads a sheet's part through, and knows at its end what is merged."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._before = b""
        self._down: set[tuple[int, int, str]] = set()
        self.some = False
        """There are merged cells, of whatever form."""

    def read(self, size: int) -> bytes:
        chunk = self._stream.read(size)
        text = self._before + chunk
        if b"mergeCell " in text:
            self.some = True
            for found in _RANGE.finditer(text):
                left, top, right, bottom = found.groups()
                if left == right and len(self._down) <= MOST_RANGES:
                    self._down.add((int(top), int(bottom), left.decode()))
        self._before = text[-_KEPT_BYTES:]
        return chunk

    def downwards(self) -> list[tuple[int, int, str]]:
        """(first row, last row, column's letters), by row; empty where there are too many."""
        return sorted(self._down) if len(self._down) <= MOST_RANGES else []


class FillDown:
    """Row by row, downwards."""

    def __init__(self, ranges: list[tuple[int, int, int]]) -> None:
        """(first row, last row, place in the row from 0), by first row."""
        self._ranges = ranges
        self._next = 0
        self._open: dict[int, tuple[int, Cell | None]] = {}

    def fill(self, number: int, cells: list[Cell | None]) -> None:
        """In place. What stands in a cell itself stays."""
        for place, (last, value) in list(self._open.items()):
            if number > last:
                del self._open[place]
            elif place < len(cells) and not cells[place]:
                cells[place] = value
        while self._next < len(self._ranges) and self._ranges[self._next][0] <= number:
            first, last, place = self._ranges[self._next]
            self._next += 1
            if first == number and place < len(cells) and cells[place]:
                self._open[place] = (last, cells[place])
