"""All cameras as points of the map, in short rows: made once, then only those anew that news are about.

A row is `[id, lon, lat, name, tier, status, region, kinds of open faults, is ill]`.
"""

import gzip
import hashlib
import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from vms.core.clock import Clock
from vms.store import blind_spells, camera_board, events
from vms.store.camera_board import Dot
from vms.store.database import Database
from vms.store.watch_sessions import latest_session

MOST_NEWS = 5_000
"""After more than that all is read anew."""
_PACKED_LIGHTLY = 3
_DIGITS = 7
_ABOUT_ONE = ("camera.", "fault.")
_ABOUT_NONE = (
    *("access.", "coverage.", "credential.", "incident.", "map.", "notice.", "order.", "plan.", "ring.", "still."),
    *("supply.", "sweep.", "task."),
)
"""What cannot change a point. Anything else, a merge of devices or a fog that excuses a district, may change many."""
Ground = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class PackedPoints:
    content: bytes
    """gzip of JSON."""
    tag: str
    """Another one where the content is another."""


@dataclass(slots=True)
class _Known:
    ground: Ground
    event_id: int
    rows: dict[int, str]
    not_in_service: set[int]
    packed: dict[bool, PackedPoints]


class MapPoints:
    """One per application; asked from threads. Who asks while others read waits for what they read."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._lock = threading.Lock()
        self._known: _Known | None = None

    def every(self, *, in_service_only: bool) -> PackedPoints:
        with self._lock:
            with self._database.reading() as tx:
                known = self._known = self._up_to_now(tx, self._clock())
            if in_service_only not in known.packed:
                known.packed[in_service_only] = _packed(known, in_service_only)
            return known.packed[in_service_only]

    def _up_to_now(self, tx: Connection, now: datetime) -> _Known:
        known, latest, ground = self._known, int(events.latest_id(tx)), _ground(tx, now)
        if known is None or known.ground != ground or known.event_id > latest:
            return _read_all(tx, now, ground, latest)
        news = events.told_after(tx, known.event_id, MOST_NEWS + 1) if latest > known.event_id else []
        changed = {one.subject for one in news if one.kind.startswith(_ABOUT_ONE) and one.subject is not None}
        others = [one for one in news if not one.kind.startswith((*_ABOUT_ONE, *_ABOUT_NONE))]
        if len(news) > MOST_NEWS or others:
            return _read_all(tx, now, ground, latest)
        if changed:
            _read_some(tx, now, known, sorted(changed))
        known.event_id = latest
        return known


def points_json(dots: Iterable[Dot]) -> bytes:
    return _document(map(_row, dots))


def _ground(tx: Connection, now: datetime) -> Ground:
    """What makes many states another without a word about each camera."""
    session = latest_session(tx)
    if session is None or session.silence(now):
        return ()
    return (session.session_id, *blind_spells.open_spells(tx, session.session_id))


def _read_all(tx: Connection, now: datetime, ground: Ground, event_id: int) -> _Known:
    known = _Known(ground, event_id, {}, set(), {})
    _put(known, camera_board.dots(tx, now))
    return known


def _read_some(tx: Connection, now: datetime, known: _Known, camera_ids: list[int]) -> None:
    for camera_id in camera_ids:
        known.rows.pop(camera_id, None)
        known.not_in_service.discard(camera_id)
    _put(known, camera_board.dots(tx, now, camera_ids=camera_ids))
    known.packed = {}


def _put(known: _Known, dots: Iterable[Dot]) -> None:
    for dot in dots:
        known.rows[dot.camera_id] = _row(dot)
        if not dot.in_service:
            known.not_in_service.add(dot.camera_id)


def _row(dot: Dot) -> str:
    place = round(dot.lon, _DIGITS), round(dot.lat, _DIGITS)
    told = (
        dot.camera_id,
        *place,
        dot.name,
        dot.tier,
        dot.status,
        dot.region_code,
        ",".join(dot.kinds),
        int(dot.is_ill),
    )
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _document(rows: Iterable[str]) -> bytes:
    return ('{"rows":[' + ",\n".join(rows) + "]}").encode("utf-8", "replace")


def _packed(known: _Known, in_service_only: bool) -> PackedPoints:
    left_out = known.not_in_service if in_service_only else frozenset()
    content = _document(row for camera_id, row in known.rows.items() if camera_id not in left_out)
    tag = f'"m{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    return PackedPoints(gzip.compress(content, _PACKED_LIGHTLY, mtime=0), tag)
