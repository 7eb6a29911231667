"""What each spot is wanted for: its own cover by day, by night, and a side of the entrance that it lies beside.

A camera that sees a spot serves the targets that the spot is linked to. Of the two sides of an entrance one camera
serves one, that of which it sees more: the rule asks for two cameras, and a wide one before the gate is still one.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vms.coverage.rows_see import Longs, Seen

Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]

NO_CHOICE = -1
AT_ONCE = 2_000_000


class Links(NamedTuple):
    """Spot `s` is linked to `target[first[s]:first[s + 1]]`."""

    first: Longs
    target: Ints
    night: Flags
    """Per link: who sees nothing by night does not serve it."""
    choice: Ints
    """Per target: a camera serves one of those of the same number; NO_CHOICE: it stands alone."""

    @property
    def plain(self) -> bool:
        """Every spot is its own target, for everybody."""
        if self.night.any() or (self.choice != NO_CHOICE).any():
            return False
        same = len(self.target) == len(self.first) - 1 == len(self.choice)
        return same and bool((self.target == np.arange(len(self.target))).all())


class Served(NamedTuple):
    """Row `row[i]` serves `target[i]`, from where the spot lies at `angle_rad[i]`."""

    row: Longs
    target: Ints
    angle_rad: NDArray[np.float32]


def links_of(spot: Longs, target: Longs, night: Flags, *, spots: int, choice: Ints) -> Links:
    order = np.lexsort((target, spot))
    first = np.zeros(spots + 1, np.int64)
    np.cumsum(np.bincount(spot, minlength=spots), out=first[1:])
    return Links(first, target[order].astype(np.int32), night[order], choice)


def served(links: Links, seen: Seen, sees_by_night: Flags) -> Served:
    """Each link once, as seen; what a camera has to choose of is not chosen yet. `sees_by_night`: per row."""
    rows = np.repeat(np.arange(len(seen.first) - 1), np.diff(seen.first))
    counts = links.first[seen.spot + 1] - links.first[seen.spot]
    begins = np.cumsum(counts) - counts
    at = np.repeat(links.first[seen.spot] - begins, counts) + np.arange(int(counts.sum()))
    row, angle = np.repeat(rows, counts), np.repeat(seen.angle_rad, counts)
    kept = ~links.night[at] | sees_by_night[row]
    return Served(row[kept], links.target[at[kept]], angle[kept])


def chosen(links: Links, row: Longs, target: Ints) -> tuple[Longs, Ints]:
    """Each row and target once; of targets between which a row has to choose, the one that it is linked to most."""
    if len(row) == 0:
        return row, target
    pairs, counts = np.unique(row * len(links.choice) + target, return_counts=True)
    row, target = pairs // len(links.choice), (pairs % len(links.choice)).astype(np.int32)
    choice = links.choice[target].astype(np.int64)
    alone = choice == NO_CHOICE
    key = np.where(alone, -1 - np.arange(len(row)), choice)
    order = np.lexsort((target, -counts, key, row))
    kept = np.ones(len(order), bool)
    kept[1:] = (row[order][1:] != row[order][:-1]) | (key[order][1:] != key[order][:-1])
    first = np.sort(order[kept])
    return row[first], target[first]


def targets_of(links: Links, seen: Seen, sees_by_night: Flags, *, at_once: int = AT_ONCE) -> Seen:
    """Per row the targets that it serves, each once; of angles nothing is told where spots are no targets. `at_once`:
    so many entries are held ready several times over."""
    if links.plain:
        return seen
    parts, row = [], 0
    while row < len(seen.first) - 1:
        end = max(row + 1, int(np.searchsorted(seen.first, seen.first[row] + at_once, side="right")) - 1)
        entries = slice(int(seen.first[row]), int(seen.first[end]))
        some = Seen(seen.first[row : end + 1] - seen.first[row], seen.spot[entries], seen.angle_rad[entries])
        parts.append(_of_some_rows(links, some, sees_by_night[row:end]))
        row = end
    counts = np.concatenate([np.zeros(1, np.int64), *(np.diff(part.first) for part in parts)])
    target = np.concatenate([np.zeros(0, np.int32), *(part.spot for part in parts)])
    return Seen(np.cumsum(counts), target, np.zeros(len(target), np.float32))


def _of_some_rows(links: Links, seen: Seen, sees_by_night: Flags) -> Seen:
    found = served(links, seen, sees_by_night)
    has_choice = links.choice[found.target] != NO_CHOICE
    row, target = chosen(links, found.row[has_choice], found.target[has_choice])
    row, target = np.concatenate([found.row[~has_choice], row]), np.concatenate([found.target[~has_choice], target])
    return rows_of(len(seen.first) - 1, row, target)


def rows_of(rows: int, row: Longs, target: Ints) -> Seen:
    """Put in the order of the rows."""
    order = np.argsort(row, kind="stable")
    first = np.zeros(rows + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=rows), out=first[1:])
    return Seen(first, target[order].astype(np.int32), np.zeros(len(row), np.float32))
