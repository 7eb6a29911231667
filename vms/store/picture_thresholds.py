"""From which score on each camera reports each kind of picture fault, as staff's verdicts have moved it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, delete, select

from vms.core.ids import CameraId
from vms.health.fault import FaultKind
from vms.health.picture.finding import Rest, Thresholds
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
    rests_until: datetime | None
    """It was called false although it is beyond doubt: it is not reported until then."""
    changed_at: datetime


def thresholds_of(tx: Connection, camera_ids: Iterable[int]) -> dict[CameraId, Thresholds]:
    """Cameras that nobody has judged are left out: theirs are the usual ones. One query for each 500 cameras."""
    scores: dict[CameraId, dict[FaultKind, float]] = {}
    accepted: dict[CameraId, set[FaultKind]] = {}
    rests: dict[CameraId, dict[FaultKind, Rest]] = {}
    t = picture_thresholds.c
    for some in _batches(camera_ids):
        for row in tx.execute(select(t.camera_id, t.kind, t.content).where(t.camera_id.in_(some))):
            camera_id, kind = CameraId(row.camera_id), FaultKind(row.kind)
            if row.content.get("score") is not None:
                scores.setdefault(camera_id, {})[kind] = float(row.content["score"])
            if row.content.get("accepted_at"):
                accepted.setdefault(camera_id, set()).add(kind)
            rest = _rest(row.content)
            if rest is not None:
                rests.setdefault(camera_id, {})[kind] = rest
    return {
        camera_id: Thresholds(
            scores=MappingProxyType(scores.get(camera_id, {})),
            accepted=frozenset(accepted.get(camera_id, ())),
            rests=MappingProxyType(rests.get(camera_id, {})),
        )
        for camera_id in scores.keys() | accepted.keys() | rests.keys()
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
        kinds = was.scores.keys() | was.accepted | was.rests.keys()
        for kind in kinds | wanted.scores.keys() | wanted.accepted | wanted.rests.keys():
            if _state(was, kind) == _state(wanted, kind):
                continue
            score, accepted, rest = _state(wanted, kind)
            if score is None and not accepted and rest is None:
                gone.append((camera_id, kind))
                continue
            content: dict[str, object] = {} if score is None else {"score": score}
            if rest is not None:
                content |= {"rests_until": rest.until.isoformat(), "rests_s": rest.lasts.total_seconds()}
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


def _state(thresholds: Thresholds, kind: FaultKind) -> tuple[float | None, bool, Rest | None]:
    return thresholds.scores.get(kind), kind in thresholds.accepted, thresholds.rests.get(kind)


def _rest(content: Mapping[str, Any]) -> Rest | None:
    until = content.get("rests_until")
    return Rest(datetime.fromisoformat(until), timedelta(seconds=content["rests_s"])) if until else None


def _kind(kind: str, content: Mapping[str, Any], changed_at: datetime) -> KindThreshold:
    score, at, rest = content.get("score"), content.get("accepted_at"), _rest(content)
    return KindThreshold(
        kind=FaultKind(kind),
        score=float(score) if isinstance(score, int | float) else None,
        accepted_at=datetime.fromisoformat(at) if isinstance(at, str) else None,
        accepted_by=str(content.get("accepted_by", "")),
        rests_until=None if rest is None else rest.until,
        changed_at=changed_at,
    )


def _batches(wanted: Iterable[int]) -> list[list[int]]:
    ordered = sorted(set(wanted))
    return [ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH)]
