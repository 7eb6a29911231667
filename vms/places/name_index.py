"""Which of very many names may have something to do with a text, without looking at each."""

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

MOST_ROWS = 4_000
"""Of one question; the most telling words come first."""
LONGEST_INSIDE = 60
"""A name that long is found inside a text; longer ones by their words."""
_HITS_OF_WORD = 20_000
Longs = NDArray[np.int64]


class NameIndex:
    """Names are normalised: letters and digits alone. About 30 bytes a name."""

    def __init__(self, names: Iterable[tuple[int, str]]) -> None:
        """Row and name; a row may have several."""
        told = [(row, name) for row, name in names if name]
        self._text = "\n".join(name for _, name in told)
        self._rows = np.array([row for row, _ in told], dtype=np.int64)
        lengths = np.array([len(name) + 1 for _, name in told], dtype=np.int64)
        self._ends = np.cumsum(lengths)
        hashes = np.array([hash(name) for _, name in told if len(name) <= LONGEST_INSIDE], dtype=np.int64)
        order = np.argsort(hashes, kind="stable")
        self._hashes = hashes[order]
        self._hashed_rows = np.array([row for row, name in told if len(name) <= LONGEST_INSIDE], dtype=np.int64)[order]

    def rows(self, text: str, words: Sequence[str]) -> list[int]:
        """Rows with a name that holds the text, is inside it, or holds one of the words; each once."""
        found = dict.fromkeys(self._holding(text))
        found |= dict.fromkeys(self._inside(text))
        for word in sorted(set(words), key=lambda one: (-len(one), one)):
            if len(found) >= MOST_ROWS:
                break
            found |= dict.fromkeys(self._holding(word))
        return list(found)[:MOST_ROWS]

    def _holding(self, text: str) -> list[int]:
        if not text:
            return []
        places = []
        for match in re.finditer(re.escape(text), self._text):
            places.append(match.start())
            if len(places) >= _HITS_OF_WORD:
                break
        lines = np.searchsorted(self._ends, np.array(places, dtype=np.int64), side="right")
        rows: list[int] = self._rows[lines].tolist()
        return rows

    def _inside(self, text: str) -> list[int]:
        pieces = {
            text[first:last]
            for first in range(len(text))
            for last in range(first + 1, min(len(text), first + LONGEST_INSIDE) + 1)
        }
        asked = np.array(sorted(hash(piece) for piece in pieces), dtype=np.int64)
        firsts, lasts = np.searchsorted(self._hashes, asked, "left"), np.searchsorted(self._hashes, asked, "right")
        held = [self._hashed_rows[a:b] for a, b in zip(firsts.tolist(), lasts.tolist(), strict=True) if b > a]
        return np.concatenate(held).tolist() if held else []
