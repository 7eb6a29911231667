"""Photographs of a camera's point: near, far, its picture, its box. Rows here, files in the data folder."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from vms.core.errors import NotFound
from vms.core.ids import CameraId
from vms.store import events
from vms.store.schema import photographs

_BATCH = 500


class PhotographKind(StrEnum):
    NEAR = "near"
    FAR = "far"
    PICTURE = "picture"
    """What the camera shows: to look at it is to look at the camera's picture."""
    BOX = "box"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPhotograph:
    camera_id: CameraId
    kind: PhotographKind
    file: str
    """Below the folder of photographs."""
    sha256: str
    """Of the file."""
    width: int
    height: int
    size_bytes: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Photograph:
    photograph_id: int
    content: NewPhotograph
    added_at: datetime
    added_by: str
    removed_at: datetime | None
    removed_by: str | None


def add(tx: Connection, new: NewPhotograph, who: str, now: datetime) -> Photograph:
    """The file is there before the row."""
    values = {
        "camera_id": new.camera_id,
        "kind": new.kind.value,
        "added_at": now,
        "added_by": who[:80],
        "file": new.file,
        "sha256": new.sha256,
        "width": new.width,
        "height": new.height,
        "size_bytes": new.size_bytes,
        "note": new.note,
    }
    number = tx.execute(insert(photographs).values(values).returning(photographs.c.id)).scalar_one()
    events.append(tx, "camera.changed", new.camera_id, {"fields": ["photographs"]}, now)
    return get(tx, new.camera_id, number)


def get(tx: Connection, camera_id: int, photograph_id: int) -> Photograph:
    """Also one that was removed. Raises NotFound."""
    c = photographs.c
    statement = select(photographs).where(c.camera_id == camera_id, c.id == photograph_id)
    row = tx.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound(f"camera {camera_id} has no photograph {photograph_id}")
    return _photograph(row)


def of_camera(tx: Connection, camera_id: int) -> list[Photograph]:
    """Those that are not removed, the newest first."""
    c = photographs.c
    statement = select(photographs).where(c.camera_id == camera_id, c.removed_at.is_(None)).order_by(c.id.desc())
    return [_photograph(row) for row in tx.execute(statement).mappings()]


def count(tx: Connection, camera_id: int) -> int:
    c = photographs.c
    statement = select(func.count()).select_from(photographs).where(c.camera_id == camera_id, c.removed_at.is_(None))
    return tx.execute(statement).scalar_one()


def remove(tx: Connection, camera_id: int, photograph_id: int, who: str, now: datetime) -> None:
    """The row stays, with who took it out; its file goes with the next clearing up. Raises NotFound."""
    c = photographs.c
    chosen = update(photographs).where(c.camera_id == camera_id, c.id == photograph_id, c.removed_at.is_(None))
    if tx.execute(chosen.values(removed_at=now, removed_by=who[:80])).rowcount == 0:
        raise NotFound(f"camera {camera_id} has no photograph {photograph_id}")
    events.append(tx, "camera.changed", camera_id, {"fields": ["photographs"]}, now)


def remove_pictures_of(tx: Connection, camera_ids: Iterable[int], who: str, now: datetime) -> int:
    """What these cameras show, of which nothing may be kept any more. Returns how many."""
    c = photographs.c
    wanted = sorted(set(camera_ids))
    gone = 0
    for start in range(0, len(wanted), _BATCH):
        chosen = (c.camera_id.in_(wanted[start : start + _BATCH]), c.kind == PhotographKind.PICTURE.value)
        statement = update(photographs).where(*chosen, c.removed_at.is_(None))
        gone += tx.execute(statement.values(removed_at=now, removed_by=who)).rowcount
    return gone


def files(tx: Connection) -> set[str]:
    """Every file that a photograph in force names; others below the folder are left over."""
    return set(tx.execute(select(photographs.c.file).where(photographs.c.removed_at.is_(None))).scalars())


def _photograph(row: RowMapping) -> Photograph:
    return Photograph(
        photograph_id=row["id"],
        content=NewPhotograph(
            camera_id=CameraId(row["camera_id"]),
            kind=PhotographKind(row["kind"]),
            file=row["file"],
            sha256=row["sha256"],
            width=row["width"],
            height=row["height"],
            size_bytes=row["size_bytes"],
            note=row["note"],
        ),
        added_at=row["added_at"],
        added_by=row["added_by"],
        removed_at=row["removed_at"],
        removed_by=row["removed_by"],
    )
