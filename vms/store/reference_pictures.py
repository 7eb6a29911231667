"""The picture of each camera that later ones are compared with: one for each preset and light. Rows here, files in
their folder."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, func, or_, select, update

from vms.core.errors import NotFound
from vms.core.ids import CameraId
from vms.health.picture.baseline import Light
from vms.health.picture.finding import PICTURE_FINDINGS
from vms.inventory.camera import IN_SERVICE_VALUES
from vms.store.schema import cameras, faults, reference_pictures, stills
from vms.store.stills import Still, still_of
from vms.store.upsert import upsert

PROGRAM = "program"
HOME = ""
"""The preset of a camera that does not move, or its home."""
_BATCH = 500
_PICTURE = sorted(kind.value for kind in PICTURE_FINDINGS)
r = reference_pictures.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    camera_id: CameraId
    preset: str
    light: Light
    at: datetime
    """When the picture was taken."""
    file: str
    """Below the folder of references."""
    chosen_by: str
    confirmed_by: str | None = None
    """The person who said that this is how it should look: whoever chose it, or looked at what the program chose."""
    confirmed_at: datetime | None = None

    @property
    def by_program(self) -> bool:
        return self.chosen_by == PROGRAM


def of_camera(tx: Connection, camera_id: int) -> list[Reference]:
    statement = select(reference_pictures).where(r.camera_id == camera_id).order_by(r.preset, r.light)
    return [_reference(row) for row in tx.execute(statement).mappings()]


def get(tx: Connection, camera_id: int, preset: str, light: Light) -> Reference:
    """Raises NotFound."""
    chosen = (r.camera_id == camera_id, r.preset == preset, r.light == light.value)
    row = tx.execute(select(reference_pictures).where(*chosen)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"camera {camera_id} has no reference picture by {light}", code="no_picture")
    return _reference(row)


def put(tx: Connection, new: Reference) -> None:
    """The file is there before the row."""
    row = {
        "camera_id": new.camera_id,
        "preset": new.preset,
        "light": new.light.value,
        "at": new.at,
        "file": new.file,
        "chosen_by": new.chosen_by[:80],
        "confirmed_by": new.confirmed_by and new.confirmed_by[:80],
        "confirmed_at": new.confirmed_at,
    }
    changed = ("at", "file", "chosen_by", "confirmed_by", "confirmed_at")
    upsert(tx, reference_pictures, [row], lambda now: {name: now[name] for name in changed})


def confirm(tx: Connection, known: Reference, who: str, now: datetime) -> bool:
    """False: another picture has taken its place meanwhile."""
    chosen = (r.camera_id == known.camera_id, r.preset == known.preset, r.light == known.light.value)
    done = update(reference_pictures).where(*chosen, r.file == known.file)
    return tx.execute(done.values(confirmed_by=who[:80], confirmed_at=now)).rowcount > 0


def confirmed_views(tx: Connection, camera_ids: Iterable[int]) -> dict[CameraId, set[tuple[str, Light]]]:
    """Of which preset and light a person has confirmed the reference picture. One query for each 500 cameras."""
    wanted = sorted(set(camera_ids))
    found: dict[CameraId, set[tuple[str, Light]]] = {}
    for start in range(0, len(wanted), _BATCH):
        chosen = (r.camera_id.in_(wanted[start : start + _BATCH]), r.confirmed_at.is_not(None))
        for row in tx.execute(select(r.camera_id, r.preset, r.light).where(*chosen)):
            found.setdefault(CameraId(row.camera_id), set()).add((row.preset, Light(row.light)))
    return found


def remove(tx: Connection, camera_id: int, preset: str, light: Light) -> None:
    """Raises NotFound."""
    get(tx, camera_id, preset, light)
    chosen = (r.camera_id == camera_id, r.preset == preset, r.light == light.value)
    tx.execute(delete(reference_pictures).where(*chosen))


def forget(tx: Connection, camera_ids: Iterable[int]) -> list[str]:
    """All of these cameras. Returns the files that nobody names any more."""
    wanted = sorted(set(camera_ids))
    gone: list[str] = []
    for start in range(0, len(wanted), _BATCH):
        chosen = r.camera_id.in_(wanted[start : start + _BATCH])
        gone += tx.execute(delete(reference_pictures).where(chosen).returning(r.file)).scalars()
    return gone


def forget_preset(tx: Connection, camera_id: int, preset: str) -> None:
    tx.execute(delete(reference_pictures).where(r.camera_id == camera_id, r.preset == preset))


def cameras_with_any(tx: Connection) -> set[CameraId]:
    return {CameraId(number) for number in tx.execute(select(r.camera_id).distinct()).scalars()}


def files(tx: Connection) -> set[str]:
    """Every file that a row names; others below the folder are left over."""
    return set(tx.execute(select(r.file)).scalars())


def wanting(tx: Connection, after: int, taken_since: datetime, window: int) -> tuple[list[Still], int | None]:
    """Among the next `window` cameras after an id that have a still: the fresh ones of cameras that have no open fault
    of the picture, and not a reference of that view for each light yet; none that was taken between presets. And the
    last id of the window; None: there are no more."""
    ahead = select(stills.c.camera_id).where(stills.c.camera_id > after).order_by(stills.c.camera_id)
    until = tx.execute(ahead.offset(window - 1).limit(1)).scalar_one_or_none()
    here = func.coalesce(stills.c.stands, HOME)
    have = select(func.count()).where(r.camera_id == stills.c.camera_id, r.preset == here).scalar_subquery()
    ill = (
        select(faults.c.id)
        .where(faults.c.camera_id == stills.c.camera_id, faults.c.closed_at.is_(None), faults.c.kind.in_(_PICTURE))
        .exists()
    )
    statement = (
        select(stills)
        .select_from(stills.join(cameras, cameras.c.id == stills.c.camera_id))
        .where(
            stills.c.camera_id > after,
            stills.c.at >= taken_since,
            cameras.c.life_cycle.in_(IN_SERVICE_VALUES),
            or_(stills.c.stands.is_(None), stills.c.stands != ""),
            have < len(Light),
            ~ill,
        )
        .order_by(stills.c.camera_id)
    )
    if until is not None:
        statement = statement.where(stills.c.camera_id <= until)
    return [still_of(row) for row in tx.execute(statement).mappings()], until


def kept_of(tx: Connection, camera_ids: Iterable[int]) -> set[tuple[CameraId, str, Light]]:
    """Who has which: camera, preset, light."""
    wanted, found = sorted(set(camera_ids)), set()
    for start in range(0, len(wanted), _BATCH):
        chosen = r.camera_id.in_(wanted[start : start + _BATCH])
        rows = tx.execute(select(r.camera_id, r.preset, r.light).where(chosen))
        found |= {(CameraId(row.camera_id), row.preset, Light(row.light)) for row in rows}
    return found


def _reference(row: RowMapping) -> Reference:
    return Reference(
        camera_id=CameraId(row["camera_id"]),
        preset=row["preset"],
        light=Light(row["light"]),
        at=row["at"],
        file=row["file"],
        chosen_by=row["chosen_by"],
        confirmed_by=row["confirmed_by"],
        confirmed_at=row["confirmed_at"],
    )
