"""The log of looks: who saw which camera, when, why. Entries are chained by hash, so none can be altered in silence.

Each entry's hash covers its content and the hash before; the end of a live look comes later and is left out, so an end
that is altered is not found. How many entries there are and the newest hash are kept apart from the log (`looks.end` in
the settings): a log that was cut short is found. Who rewrites both is seen only by comparing `Chain.head` with a copy
that was kept elsewhere.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, RowMapping, and_, func, insert, or_, select, text, update

from vms.access.decide import LookKind
from vms.core.ids import CameraId, IncidentId, UserId
from vms.store.page import Page
from vms.store.schema import incidents, looks, settings

FIRST = "0" * 64
END_KEY = "looks.end"
_APPEND_LOCK = 0x564D5302  # any constant: one advisory lock for appending
_BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    at: datetime
    camera_id: CameraId
    user_id: UserId
    user_name: str
    kind: LookKind
    incident_id: IncidentId | None = None
    purpose: str = ""
    allowed: bool
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookEntry:
    look_id: int
    look: Look
    incident_no: str | None
    ended_at: datetime | None
    intact: bool
    """Its content fits its hash, and its link the entry before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    entries: int
    broken_at: int | None
    """The first entry that does not fit; None: the chain holds."""
    head: str
    cut: bool = False
    """The log does not hold the entry that was written last: the newest are gone or were replaced."""


_EARLIER = looks.alias()
_BEFORE = (
    select(_EARLIER.c.hash).where(_EARLIER.c.id < looks.c.id).order_by(_EARLIER.c.id.desc()).limit(1).scalar_subquery()
)


def append(tx: Connection, look: Look) -> int:
    """The entry's id."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _APPEND_LOCK})
    last = tx.execute(select(looks.c.hash).order_by(looks.c.id.desc()).limit(1)).scalar_one_or_none() or FIRST
    values = {**_columns(look), "previous_hash": last, "hash": _hash(look, last)}
    look_id = int(tx.execute(insert(looks).values(**values).returning(looks.c.id)).scalar_one())
    _keep_end(tx, str(values["hash"]))
    return look_id


def _keep_end(tx: Connection, head: str) -> None:
    """Under the lock of append."""
    kept = _kept_end(tx)
    if kept is None:
        entries = tx.execute(select(func.count()).select_from(looks)).scalar_one()
        tx.execute(insert(settings).values(key=END_KEY, value={"entries": entries, "head": head}))
        return
    newer = {"entries": kept[0] + 1, "head": head}
    tx.execute(update(settings).where(settings.c.key == END_KEY).values(value=newer))


def _kept_end(tx: Connection) -> tuple[int, str] | None:
    """(how many entries, the newest one's hash) as of the last append; None: none since this is kept."""
    value = tx.execute(select(settings.c.value).where(settings.c.key == END_KEY)).scalar_one_or_none()
    return None if value is None else (value["entries"], value["head"])


def end(tx: Connection, look_id: int, now: datetime) -> None:
    tx.execute(update(looks).where(looks.c.id == look_id, looks.c.ended_at.is_(None)).values(ended_at=now))


def end_all_open(tx: Connection, now: datetime) -> int:
    """At the start of the server: live looks of an earlier run that was ended by force."""
    still_open = (looks.c.kind == LookKind.LIVE.value, looks.c.allowed.is_(True), looks.c.ended_at.is_(None))
    return tx.execute(update(looks).where(*still_open).values(ended_at=now)).rowcount


def of_camera(
    tx: Connection,
    camera_id: int,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 100,
    offset: int = 0,
) -> Page[LookEntry]:
    """Newest first. `since`, `until`: an owner reads what happened in their own time, not in another owner's."""
    chosen = [looks.c.camera_id == camera_id]
    if since is not None:
        chosen.append(looks.c.at >= since)
    if until is not None:
        chosen.append(looks.c.at <= until)
    total = tx.execute(select(func.count()).select_from(looks).where(*chosen)).scalar_one()
    statement = (
        select(looks, incidents.c.incident_no, func.coalesce(_BEFORE, FIRST).label("hash_before"))
        .outerjoin(incidents, incidents.c.id == looks.c.incident_id)
        .where(*chosen)
        .order_by(looks.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return Page(items=tuple(_entry(row) for row in tx.execute(statement).mappings()), total=total)


def looked_at_since(tx: Connection, camera_ids: Sequence[int], since: datetime) -> bool:
    """Whether somebody looks through one of these, or did since then."""
    c = looks.c
    goes_on = (c.kind == LookKind.LIVE.value, c.ended_at.is_(None))
    recent = or_(and_(*goes_on), c.ended_at >= since, c.at >= since)
    for start in range(0, len(camera_ids), _BATCH):
        some = camera_ids[start : start + _BATCH]
        chosen = select(c.id).where(c.camera_id.in_(some), c.allowed.is_(True), recent)
        if tx.execute(chosen.limit(1)).one_or_none() is not None:
            return True
    return False


def verify_chain(tx: Connection) -> Chain:
    """Goes over the whole log, a batch in memory at a time. Entries that come meanwhile are no fault of the end."""
    kept = _kept_end(tx)
    cut = kept is not None
    entries, previous, last_id = 0, FIRST, 0
    while True:
        statement = select(looks).where(looks.c.id > last_id).order_by(looks.c.id).limit(_BATCH)
        rows = tx.execute(statement).mappings().all()
        if not rows:
            return Chain(entries=entries, broken_at=None, head=previous, cut=cut)
        for row in rows:
            if row["previous_hash"] != previous or row["hash"] != _hash(_look(row), previous):
                return Chain(entries=entries, broken_at=row["id"], head=previous, cut=cut)
            previous, last_id, entries = row["hash"], row["id"], entries + 1
            if kept == (entries, previous):
                cut = False


def _hash(look: Look, previous: str) -> str:
    columns = {**_columns(look), "at": look.at.astimezone(UTC).isoformat(timespec="microseconds")}
    text_form = json.dumps([previous, columns], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text_form.encode()).hexdigest()


def _columns(look: Look) -> dict[str, object]:
    return {
        "at": look.at,
        "camera_id": look.camera_id,
        "user_id": look.user_id,
        "user_name": look.user_name,
        "kind": look.kind.value,
        "incident_id": look.incident_id,
        "purpose": look.purpose,
        "allowed": look.allowed,
        "because": look.because,
    }


def _look(row: RowMapping) -> Look:
    return Look(
        at=row["at"],
        camera_id=CameraId(row["camera_id"]),
        user_id=UserId(row["user_id"]),
        user_name=row["user_name"],
        kind=LookKind(row["kind"]),
        incident_id=None if row["incident_id"] is None else IncidentId(row["incident_id"]),
        purpose=row["purpose"],
        allowed=row["allowed"],
        because=row["because"],
    )


def _entry(row: RowMapping) -> LookEntry:
    look = _look(row)
    return LookEntry(
        look_id=row["id"],
        look=look,
        incident_no=row["incident_no"],
        ended_at=row["ended_at"],
        intact=row["previous_hash"] == row["hash_before"] and row["hash"] == _hash(look, row["previous_hash"]),
    )
