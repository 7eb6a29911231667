"""What the rows before would have made of the inventory: a dry run stores nothing, so it finds its own rows here.

On the disk, in a database without a name that is gone when it is closed: a list may have a million rows.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing

from vms.core.ids import CameraId
from vms.inventory.lists.entry_claim import EntryKey
from vms.inventory.lists.entry_matching import Candidate, candidate_keys

_BATCH = 500


class RowsBefore:
    def __init__(self) -> None:
        self._scratch = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._scratch.execute("CREATE TABLE described (camera_id INTEGER PRIMARY KEY, candidate TEXT)")
        self._scratch.execute(
            "CREATE TABLE keys (key TEXT, camera_id INTEGER, PRIMARY KEY (key, camera_id)) WITHOUT ROWID"
        )

    def add(self, candidates: Sequence[Candidate]) -> None:
        """The later word on a camera counts."""
        rows = [(one.camera_id, _written(one)) for one in candidates]
        keys = [(_text(key), one.camera_id) for one in candidates for key in candidate_keys(one)]
        self._scratch.execute("BEGIN")
        self._scratch.executemany("INSERT OR REPLACE INTO described VALUES (?, ?)", rows)
        self._scratch.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?)", keys)
        self._scratch.execute("COMMIT")

    def like(self, keys: Iterable[EntryKey], camera_ids: Iterable[int]) -> list[Candidate]:
        """That have one of these keys, channels left aside, or one of these numbers."""
        wanted = set(camera_ids)
        texts = sorted({_text(key if key[0] == "place" else key[:2]) for key in keys})
        wanted |= {int(str(number)) for (number,) in self._chosen("SELECT camera_id FROM keys WHERE key IN", texts)}
        return [
            _read(text)
            for (text,) in self._chosen("SELECT candidate FROM described WHERE camera_id IN", sorted(wanted))
        ]

    def close(self) -> None:
        self._scratch.close()

    def _chosen(self, statement: str, values: Sequence[str] | Sequence[int]) -> list[tuple[object, ...]]:
        found: list[tuple[object, ...]] = []
        for start in range(0, len(values), _BATCH):
            some = values[start : start + _BATCH]
            with closing(self._scratch.execute(f"{statement} ({', '.join('?' * len(some))})", some)) as rows:
                found.extend(rows)
        return found


def _text(key: EntryKey) -> str:
    return json.dumps(key)


def _written(one: Candidate) -> str:
    sets = (sorted(one.serials), sorted(one.macs), list(one.addresses), sorted(one.channels))
    flags = (one.retired, one.bound)
    return json.dumps((one.camera_id, one.row, one.mark, one.names, one.gb_device_id, *sets, one.place, *flags))


def _read(text: object) -> Candidate:
    camera_id, row, mark, names, gb_device_id, serials, macs, addresses, channels, place, *flags = json.loads(str(text))
    return Candidate(
        camera_id=CameraId(camera_id),
        row=row,
        mark=mark,
        names=tuple(names),
        gb_device_id=gb_device_id,
        serials=frozenset(serials),
        macs=frozenset(macs),
        addresses=frozenset((address, port) for address, port in addresses),
        channels=frozenset(channels),
        place=None if place is None else tuple(place),
        retired=flags[0],
        bound=flags[1],
    )
