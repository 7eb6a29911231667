"""From which score on each camera reports each kind of picture fault, as staff's verdicts have moved it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Connection, delete, select

from vms.core.ids import CameraId
from vms.health.fault import FaultKind
from vms.health.picture.finding import Thresholds
from vms.store.schema import picture_thresholds
from vms.store.upsert import upsert

_BATCH = 500
_NONE: Mapping[FaultKind, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class KindThreshold:
    """One kind at one camera."""

    kind: FaultKind
    score: float | None
    """None: the usual one."""
    accepted_at: datetime | None
    """None: it is not accepted."""
    accepted_by: str
    changed_at: datetime


def thresholds_of(tx: Connection, camera_ids: Iterable[int]) -> dict[CameraId, Thresholds]:
    """Cameras that nobody has judged are left out: theirs are the usual ones. One query for each 500 cameras."""
    scores: dict[CameraId, dict[FaultKind, float]] = {}
    accepted: dict[CameraId, set[FaultKind]] = {}
    t = picture_thresholds.c
    for some in _batches(camera_ids):
        for row in tx.execute(select(t.camera_id, t.kind, t.content).where(t.camera_id.in_(some))):
            camera_id, kind = CameraId(row.camera_id), FaultKind(row.kind)
            if row.content.get("score") is not None:
                scores.setdefault(camera_id, {})[kind] = float(row.content["score"])
            if row.content.get("accepted_at"):
                accepted.setdefault(camera_id, set()).add(kind)
    return {
        camera_id: Thresholds(
            scores=MappingProxyType(scores.get(camera_id, {})), accepted=frozenset(accepted.get(camera_id, ()))
        )
        for camera_id in scores.keys() | accepted.keys()
    }


def of_camera(tx: Connection, camera_id: int) -> list[KindThreshold]:
    """For people, by kind."""
    t = picture_thresholds.c
    rows = tx.execute(select(t.kind, t.content, t.changed_at).where(t.camera_id == camera_id).order_by(t.kind))
    return [_kind(row.kind, row.content, row.changed_at) for row in rows]


def keep(
    tx: Connection, before: Mapping[CameraId, Thresholds], after: Mapping[CameraId, Thresholds], who: str, now: datetime
) -> None:
    """What has changed from one to the other. The caller is alone with these cameras (`alone_with`)."""
    rows, gone = [], []
    known = _rows(tx, after)
    for camera_id, wanted in after.items():
        was = before.get(camera_id, Thresholds())
        for kind in was.scores.keys() | wanted.scores.keys() | was.accepted | wanted.accepted:
            if _state(was, kind) == _state(wanted, kind):
                continue
            score, accepted = _state(wanted, kind)
            if score is None and not accepted:
                gone.append((camera_id, kind))
                continue
            content: dict[str, object] = {} if score is None else {"score": score}
            if accepted and kind in was.accepted:
                content |= {name: known[camera_id, kind][name] for name in ("accepted_at", "accepted_by")}
            elif accepted:
                content |= {"accepted_at": now.isoformat(), "accepted_by": who[:80]}
            rows.append({"camera_id": camera_id, "kind": kind.value, "content": content, "changed_at": now})
    upsert(tx, picture_thresholds, rows, lambda new: {"content": new["content"], "changed_at": new["changed_at"]})
    t = picture_thresholds.c
    for camera_id, kind in gone:
        tx.execute(delete(picture_thresholds).where(t.camera_id == camera_id, t.kind == kind.value))


def _rows(tx: Connection, camera_ids: Iterable[int]) -> dict[tuple[int, FaultKind], dict[str, str]]:
    t = picture_thresholds.c
    found: dict[tuple[int, FaultKind], dict[str, str]] = {}
    for some in _batches(camera_ids):
        for row in tx.execute(select(t.camera_id, t.kind, t.content).where(t.camera_id.in_(some))):
            found[row.camera_id, FaultKind(row.kind)] = row.content
    return found


def _state(thresholds: Thresholds, kind: FaultKind) -> tuple[float | None, bool]:
    return thresholds.scores.get(kind), kind in thresholds.accepted


def _kind(kind: str, content: Mapping[str, object], changed_at: datetime) -> KindThreshold:
    score, at = content.get("score"), content.get("accepted_at")
    return KindThreshold(
        kind=FaultKind(kind),
        score=float(score) if isinstance(score, int | float) else None,
        accepted_at=datetime.fromisoformat(at) if isinstance(at, str) else None,
        accepted_by=str(content.get("accepted_by", "")),
        changed_at=changed_at,
    )


def _batches(wanted: Iterable[int]) -> list[list[int]]:
    ordered = sorted(set(wanted))
    return [ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH)]
