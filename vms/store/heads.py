"""Where cameras that turn stand and look, their presets, and what people said of these."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, select, update

from vms.core.errors import NotFound
from vms.core.ids import CameraId
from vms.coverage.head_aim import Aim, AimSource, ToldView, aim_at
from vms.health.turning import Position, Preset, is_at, where_it_stands
from vms.store import events
from vms.store.existing import existing_cameras
from vms.store.schema import camera_heads, camera_presets
from vms.store.upsert import Excluded, upsert

TURNED = "camera.turned"
"""It looks elsewhere now, or more is known of where it looks."""
_BATCH = 500
h, p = camera_heads.c, camera_presets.c


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadSeen:
    """What a device said of one head."""

    camera_id: CameraId
    at: datetime
    position: Position | None
    moving: bool
    presets: tuple[Preset, ...] | None = None
    """None: it was not asked for them this time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetTold:
    bearing_deg: float
    tilt_deg: float | None
    h_fov_deg: float | None
    who: str
    at: datetime
    lost_at: datetime | None = None
    """The device has moved the preset since: it holds no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPreset:
    preset: Preset
    told: PresetTold | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    camera_id: CameraId
    read_at: datetime
    position: Position | None
    moving: bool
    preset: str
    """Empty: between presets."""
    presets_read_at: datetime | None
    aim: Aim | None


def of_camera(tx: Connection, camera_id: int) -> Head | None:
    return of_cameras(tx, [camera_id]).get(CameraId(camera_id))


def of_cameras(tx: Connection, camera_ids: Iterable[int]) -> dict[CameraId, Head]:
    wanted, found = sorted(set(camera_ids)), {}
    for start in range(0, len(wanted), _BATCH):
        statement = select(camera_heads).where(h.camera_id.in_(wanted[start : start + _BATCH]))
        found.update({CameraId(row["camera_id"]): _head(row) for row in tx.execute(statement).mappings()})
    return found


def aims_of(tx: Connection, camera_ids: Iterable[int]) -> dict[CameraId, Aim]:
    """Of those of which enough was said to know where they look now."""
    return {camera_id: head.aim for camera_id, head in of_cameras(tx, camera_ids).items() if head.aim is not None}


def presets_of(tx: Connection, camera_id: int) -> list[KeptPreset]:
    """In the device's order."""
    return presets_of_cameras(tx, [camera_id]).get(CameraId(camera_id), [])


def presets_of_cameras(tx: Connection, camera_ids: Iterable[int]) -> dict[CameraId, list[KeptPreset]]:
    wanted = sorted(set(camera_ids))
    found: dict[CameraId, list[KeptPreset]] = {}
    for start in range(0, len(wanted), _BATCH):
        statement = select(camera_presets).where(p.camera_id.in_(wanted[start : start + _BATCH]))
        for row in tx.execute(statement.order_by(p.camera_id, p.place, p.token)).mappings():
            found.setdefault(CameraId(row["camera_id"]), []).append(_kept(row))
    return found


def put_many(tx: Connection, seen: Sequence[HeadSeen], now: datetime) -> dict[CameraId, list[str]]:
    """With the news of those that look elsewhere. Answers the presets that their devices have moved or dropped: what
    was learnt of them is of another view. Cameras deleted meanwhile are left out."""
    there = existing_cameras(tx, (one.camera_id for one in seen))
    last = {one.camera_id: one for one in seen if one.camera_id in there}
    listed = {camera_id: one for camera_id, one in last.items() if one.presets is not None}
    known = presets_of_cameras(tx, listed)
    gone = {camera_id: _put_presets(tx, one, known.get(camera_id, [])) for camera_id, one in listed.items()}
    _reckon(tx, last, now)
    return {camera_id: tokens for camera_id, tokens in gone.items() if tokens}


def tell(tx: Connection, camera_id: CameraId, token: str, told: PresetTold | None, now: datetime) -> KeptPreset:
    """What a person says of where a preset looks; None: it is taken back. Answers what was said before. Raises
    NotFound."""
    before = next((one for one in presets_of(tx, camera_id) if one.preset.token == token), None)
    if before is None:
        raise NotFound(f"camera {camera_id} has no preset {token}", code="no_preset")
    values: dict[str, Any] = dict.fromkeys(("told_bearing_deg", "told_tilt_deg", "told_h_fov_deg", "told_at"))
    values |= {"told_by": "", "lost_at": None}
    if told is not None:
        values |= {
            "told_bearing_deg": told.bearing_deg,
            "told_tilt_deg": told.tilt_deg,
            "told_h_fov_deg": told.h_fov_deg,
            "told_by": told.who[:80],
            "told_at": told.at,
        }
    tx.execute(update(camera_presets).where(p.camera_id == camera_id, p.token == token).values(**values))
    _reckon(tx, {camera_id: None}, now)
    return before


def views_told(presets: Iterable[KeptPreset]) -> list[ToldView]:
    """Those that hold."""
    return [
        ToldView(
            at=one.preset.at,
            bearing_deg=one.told.bearing_deg,
            tilt_deg=one.told.tilt_deg,
            h_fov_deg=one.told.h_fov_deg,
        )
        for one in presets
        if one.preset.at is not None and one.told is not None and one.told.lost_at is None
    ]


def _put_presets(tx: Connection, seen: HeadSeen, known: Sequence[KeptPreset]) -> list[str]:
    """Those that are gone or elsewhere."""
    now_there = {one.token: one for one in seen.presets or ()}
    before = {one.preset.token: one for one in known}
    dropped = sorted(before.keys() - now_there.keys())
    moved = [token for token, one in before.items() if token in now_there and _has_moved(one.preset, now_there[token])]
    mine = p.camera_id == seen.camera_id
    for start in range(0, len(dropped), _BATCH):
        tx.execute(delete(camera_presets).where(mine, p.token.in_(dropped[start : start + _BATCH])))
    rows = [
        {"camera_id": seen.camera_id, "token": one.token, "place": place, "name": one.name, **_at(one.at)}
        for place, one in enumerate(now_there.values())
    ]
    upsert(tx, camera_presets, rows, _of_the_device)
    if moved:
        still_told = (mine, p.token.in_(moved), p.told_bearing_deg.is_not(None), p.lost_at.is_(None))
        tx.execute(update(camera_presets).where(*still_told).values(lost_at=seen.at))
    return dropped + moved


def _reckon(tx: Connection, seen: Mapping[CameraId, HeadSeen | None], now: datetime) -> None:
    """Where each stands and looks by all that is known now; a value of None: nothing new of its head."""
    before, presets = of_cameras(tx, seen), presets_of_cameras(tx, seen)
    rows, news = [], []
    for camera_id, one in seen.items():
        head, mine = before.get(camera_id), presets.get(camera_id, [])
        if one is None and head is None:
            continue
        position, moving, read_at = _latest(one, head, now)
        stands = "" if position is None else where_it_stands(position, moving, [kept.preset for kept in mine]).preset
        aim = None if position is None else aim_at(position, views_told(mine))
        presets_read_at = None if head is None else head.presets_read_at
        if one is not None and one.presets is not None:
            presets_read_at = one.at
        rows.append(
            {
                "camera_id": camera_id,
                "read_at": read_at,
                "moving": moving,
                "preset": stands,
                "presets_read_at": presets_read_at,
                **_at(position),
                "aim_bearing_deg": None if aim is None else aim.bearing_deg,
                "aim_tilt_deg": None if aim is None else aim.tilt_deg,
                "aim_h_fov_deg": None if aim is None else aim.h_fov_deg,
                "aim_source": "" if aim is None else aim.source.value,
            }
        )
        if head is None or head.aim != aim or head.preset != stands:
            news.append((camera_id, {"preset": stands, "source": "" if aim is None else aim.source.value}))
    upsert(tx, camera_heads, rows, _all_but_key)
    events.append_many(tx, TURNED, news, now)


def _latest(one: HeadSeen | None, head: Head | None, now: datetime) -> tuple[Position | None, bool, datetime]:
    if one is not None:
        return one.position, one.moving, one.at
    return (None, False, now) if head is None else (head.position, head.moving, head.read_at)


def _has_moved(before: Preset, now: Preset) -> bool:
    if before.at is None or now.at is None:
        return before.at is not now.at
    return not is_at(before.at, now.at)


def _at(position: Position | None) -> dict[str, float | str | None]:
    if position is None:
        return {"pan": None, "tilt": None, "zoom": None, "space": ""}
    return {"pan": position.pan, "tilt": position.tilt, "zoom": position.zoom, "space": position.space}


def _of_the_device(new: Excluded) -> Mapping[str, Any]:
    return {name: new[name] for name in ("place", "name", "pan", "tilt", "zoom", "space")}


def _all_but_key(new: Excluded) -> Mapping[str, Any]:
    return {column.name: new[column.name] for column in camera_heads.c if not column.primary_key}


def _position(row: RowMapping) -> Position | None:
    if row["pan"] is None or row["tilt"] is None:
        return None
    return Position(pan=row["pan"], tilt=row["tilt"], zoom=row["zoom"], space=row["space"])


def _head(row: RowMapping) -> Head:
    aim = None
    if row["aim_bearing_deg"] is not None and row["aim_source"]:
        aim = Aim(
            bearing_deg=row["aim_bearing_deg"],
            tilt_deg=row["aim_tilt_deg"],
            h_fov_deg=row["aim_h_fov_deg"],
            source=AimSource(row["aim_source"]),
        )
    return Head(
        camera_id=CameraId(row["camera_id"]),
        read_at=row["read_at"],
        position=_position(row),
        moving=row["moving"],
        preset=row["preset"],
        presets_read_at=row["presets_read_at"],
        aim=aim,
    )


def _kept(row: RowMapping) -> KeptPreset:
    told = None
    if row["told_bearing_deg"] is not None:
        told = PresetTold(
            bearing_deg=row["told_bearing_deg"],
            tilt_deg=row["told_tilt_deg"],
            h_fov_deg=row["told_h_fov_deg"],
            who=row["told_by"],
            at=row["told_at"],
            lost_at=row["lost_at"],
        )
    return KeptPreset(preset=Preset(token=row["token"], name=row["name"], at=_position(row)), told=told)
