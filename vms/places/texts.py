"""Very many short texts in two arrays, because a million Python strings are fifty million bytes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

Kind = TypeVar("Kind", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Texts(Sequence[str]):
    """Text `i` is the UTF-8 of `letters[ends[i - 1]:ends[i]]`."""

    letters: NDArray[np.uint8]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        coded = [text.encode() for text in texts]
        ends = np.cumsum(np.fromiter((len(one) for one in coded), np.int64, len(coded)))
        return cls(np.frombuffer(b"".join(coded), np.uint8), ends)

    @classmethod
    def joined(cls, parts: Sequence["Texts"]) -> Self:
        return cls(
            joined_arrays([part.letters for part in parts], np.uint8), joined_ends([part.ends for part in parts])
        )

    def __len__(self) -> int:
        return len(self.ends)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> "Sequence[str]": ...
    def __getitem__(self, index: int | slice) -> "str | Sequence[str]":
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        at = range(len(self))[index]
        start = int(self.ends[at - 1]) if at else 0
        return self.letters[start : int(self.ends[at])].tobytes().decode()

    def __iter__(self) -> Iterator[str]:
        letters, start = self.letters.tobytes(), 0
        for end in self.ends.tolist():
            yield letters[start:end].decode() if end > start else ""
            start = end

    def taken(self, rows: NDArray[np.int64]) -> "Texts":
        """These, in this order."""
        items, ends = taken_items(rows, self.ends)
        return Texts(self.letters[items], ends)


def starts_of(ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each run begins, of where each ends."""
    return np.concatenate([np.zeros(min(1, len(ends)), np.int64), ends[:-1]])


def taken_items(rows: NDArray[np.int64], ends: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The numbers of all items of these runs, in their order, and where each run then ends."""
    starts = starts_of(ends)[rows]
    lengths = ends[rows] - starts
    new_ends = np.cumsum(lengths)
    total = int(new_ends[-1]) if len(new_ends) else 0
    items = np.arange(total, dtype=np.int64) + np.repeat(starts - starts_of(new_ends), lengths)
    return items, new_ends


def joined_ends(parts: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Ends of runs that come one after the other."""
    shifts = np.cumsum([0, *(int(part[-1]) if len(part) else 0 for part in parts)])
    return joined_arrays([part + shift for part, shift in zip(parts, shifts.tolist(), strict=False)], np.int64)


def joined_arrays(parts: Sequence[NDArray[Kind]], kind: type[Kind]) -> NDArray[Kind]:
    return np.concatenate([np.zeros(0, kind), *parts]).astype(kind, copy=False)
