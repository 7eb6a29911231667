"""What is normal for each camera's picture, by preset and light: read for a batch of stills, written as it is learnt.

Whoever writes says when what it began with was written: an older normal never takes the place of a newer one,
nor of one that was forgotten meanwhile.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from vms.core.errors import BadInput
from vms.core.ids import CameraId
from vms.health.picture.baseline import Baseline, Light, LightBaseline, from_json, to_json
from vms.health.picture.learning import LEAST_PICTURES, is_known
from vms.health.picture.settled import doubts_about, part_of_day
from vms.store.existing import existing_cameras
from vms.store.schema import picture_baselines

HOME = ""
"""The preset of a fixed camera."""
_BATCH = 500
c = picture_baselines.c


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBaseline:
    """Of one camera, preset and light."""

    camera_id: CameraId
    preset: str = HOME
    light: Light
    normal: LightBaseline | None
    """None: another version of the program wrote what cannot be read now; it is learnt anew."""
    written_at: datetime | None
    """When this, or what it was learnt on, was written; None: never, it begins anew."""
    days: int = 0
    """Different days of which it had learnt a picture when it was read; `day_parts`: a bit for each quarter of one."""
    day_parts: int = 0


def of_cameras(tx: Connection, camera_ids: Iterable[int], preset: str = HOME) -> dict[CameraId, list[KeptBaseline]]:
    """Cameras of which nothing has been learnt are left out. One query for each 500 cameras."""
    wanted = sorted(set(camera_ids))
    found: dict[CameraId, list[KeptBaseline]] = {}
    for start in range(0, len(wanted), _BATCH):
        for kept in kept_where(tx, c.camera_id.in_(wanted[start : start + _BATCH]), c.preset == preset):
            found.setdefault(kept.camera_id, []).append(kept)
    return found


def at_presets(tx: Connection, camera_ids: Iterable[int]) -> dict[CameraId, dict[str, dict[Light, KeptBaseline]]]:
    """Of cameras that turn, but the home view. One query for each 500 cameras."""
    wanted = sorted(set(camera_ids))
    found: dict[CameraId, dict[str, dict[Light, KeptBaseline]]] = {}
    for start in range(0, len(wanted), _BATCH):
        for kept in kept_where(tx, c.camera_id.in_(wanted[start : start + _BATCH]), c.preset != HOME):
            found.setdefault(kept.camera_id, {}).setdefault(kept.preset, {})[kept.light] = kept
    return found


def kept_where(tx: Connection, *chosen: ColumnElement[bool]) -> list[KeptBaseline]:
    """One query."""
    columns = (c.camera_id, c.preset, c.light, c.content, c.updated_at, c.days, c.day_parts)
    return [
        KeptBaseline(
            camera_id=CameraId(row.camera_id),
            preset=row.preset,
            light=Light(row.light),
            normal=_normal(row.content, Light(row.light)),
            written_at=row.updated_at,
            days=row.days,
            day_parts=row.day_parts,
        )
        for row in tx.execute(select(*columns).where(*chosen))
    ]


def all_of(tx: Connection, camera_id: CameraId) -> list[KeptBaseline]:
    """At every preset and by every light."""
    home = of_cameras(tx, [camera_id]).get(camera_id, [])
    turned = at_presets(tx, [camera_id]).get(camera_id, {})
    return [*home, *(kept for by_light in turned.values() for kept in by_light.values())]


def with_known_normal(tx: Connection, camera_ids: Iterable[int], light: Light) -> set[int]:
    """Of fixed cameras, whose normal of that light has been learnt. One query for each 500 cameras."""
    wanted = sorted(set(camera_ids))
    found: set[int] = set()
    for start in range(0, len(wanted), _BATCH):
        chosen = (c.camera_id.in_(wanted[start : start + _BATCH]), c.preset == HOME, c.light == light.value)
        found.update(tx.execute(select(c.camera_id).where(*chosen, c.pictures >= LEAST_PICTURES)).scalars())
    return found


def put_many(tx: Connection, learnt: Sequence[KeptBaseline], now: datetime) -> None:
    """Cameras deleted meanwhile, and normals that somebody else has written or forgotten meanwhile, are left out."""
    there = existing_cameras(tx, (one.camera_id for one in learnt))
    rows = [(one, _row(one, one.normal, now)) for one in learnt if one.normal is not None and one.camera_id in there]
    _insert_new(tx, [row for one, row in rows if one.written_at is None])
    known = [{**row, "was": one.written_at} for one, row in rows if one.written_at is not None]
    if known:
        same = (c.camera_id == bindparam("of"), c.preset == bindparam("at_preset"), c.light == bindparam("in_light"))
        statement = (
            update(picture_baselines)
            .where(*same, c.updated_at == bindparam("was"))
            .values(
                pictures=bindparam("seen"),
                content=bindparam("learnt"),
                updated_at=bindparam("now"),
                doubts=bindparam("doubted"),
                days=c.days + case((c.last_day == bindparam("today"), 0), else_=1),
                day_parts=c.day_parts.bitwise_or(bindparam("part")),
                last_day=bindparam("today"),
            )
        )
        tx.execute(statement, [_as_parameters(row) for row in known])


def forget(tx: Connection, camera_id: int, light: Light | None = None, preset: str | None = None) -> None:
    """The camera's normal is learnt anew: of one light and preset, or of all."""
    chosen = [c.camera_id == camera_id]
    if light is not None:
        chosen.append(c.light == light.value)
    if preset is not None:
        chosen.append(c.preset == preset)
    tx.execute(delete(picture_baselines).where(*chosen))


def _insert_new(tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    insert = sqlite.insert if tx.dialect.name == "sqlite" else postgresql.insert
    tx.execute(insert(picture_baselines).on_conflict_do_nothing(), list(rows))


def _normal(content: object, light: Light) -> LightBaseline | None:
    try:
        return from_json(json.dumps(content)).lights.get(light)
    except BadInput:
        return None


def _row(kept: KeptBaseline, normal: LightBaseline, now: datetime) -> dict[str, Any]:
    alone = Baseline(lights=MappingProxyType({kept.light: normal}))
    return {
        "camera_id": kept.camera_id,
        "preset": kept.preset,
        "light": kept.light.value,
        "pictures": normal.seen,
        "content": json.loads(to_json(alone)),
        "updated_at": now,
        "days": 1,
        "day_parts": part_of_day(now.hour),
        "last_day": now.date().isoformat(),
        "doubts": len(doubts_about(normal, kept.light)) if is_known(normal) else 0,
    }


def _as_parameters(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "of": row["camera_id"],
        "at_preset": row["preset"],
        "in_light": row["light"],
        "was": row["was"],
        "seen": row["pictures"],
        "learnt": row["content"],
        "now": row["updated_at"],
        "doubted": row["doubts"],
        "part": row["day_parts"],
        "today": row["last_day"],
    }
