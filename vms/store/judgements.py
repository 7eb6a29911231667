"""What was judged of each record, kept beside it: lists and figures ask for it, nobody edits it.

One row tells how far the judgements are: up to which news, and on what they stand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, select, update

from vms.core.errors import TryAgain
from vms.inventory.camera import LifeCycle
from vms.store.schema import cameras, judgements, judging
from vms.store.upsert import upsert

_BATCH = 500
_ROW = 1


class Judged(NamedTuple):
    """In the order of the table's columns."""

    camera_id: int
    point_class: int
    filled: int
    required: int
    completeness_pct: float
    broken: str
    """`,id_unique,filing,`; empty: none. Without what hangs on the watch."""
    differing: str
    gb_device_id: str
    lon: float | None
    lat: float | None
    pole_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    event_id: int
    standing: str
    """Of what every judgement hangs on; empty: not every record was judged yet."""
    day: date | None
    judged_at: datetime | None
    lease_until: datetime | None


def listed(names: Iterable[str]) -> str:
    """As `broken` and `differing` keep them."""
    joined = ",".join(dict.fromkeys(names))
    return f",{joined}," if joined else ""


def names_in(kept: str) -> tuple[str, ...]:
    return tuple(kept.strip(",").split(",")) if kept else ()


def of_cameras(tx: Connection, camera_ids: Iterable[int]) -> dict[int, Judged]:
    wanted = sorted(set(camera_ids))
    found: dict[int, Judged] = {}
    for start in range(0, len(wanted), _BATCH):
        chosen = judgements.c.camera_id.in_(wanted[start : start + _BATCH])
        found.update((row[0], Judged._make(row)) for row in tx.execute(select(*_COLUMNS).where(chosen)))
    return found


def put(tx: Connection, found: Sequence[Judged]) -> None:
    rows = [one._asdict() for one in found]
    upsert(tx, judgements, rows, lambda new: {name: new[name] for name in Judged._fields[1:]})


def remove(tx: Connection, camera_ids: Iterable[int]) -> None:
    wanted = sorted(set(camera_ids))
    for start in range(0, len(wanted), _BATCH):
        tx.execute(delete(judgements).where(judgements.c.camera_id.in_(wanted[start : start + _BATCH])))


def remove_retired(tx: Connection) -> None:
    retired = select(cameras.c.id).where(cameras.c.life_cycle == LifeCycle.RETIRED.value)
    tx.execute(delete(judgements).where(judgements.c.camera_id.in_(retired)))


def progress(tx: Connection, *, lock: bool = False) -> Progress | None:
    """None: nothing was judged ever. `lock`: until the end of the transaction nobody else goes on."""
    statement = select(judging).where(judging.c.id == _ROW)
    row = tx.execute(statement.with_for_update() if lock else statement).mappings().one_or_none()
    if row is None:
        return None
    return Progress(
        event_id=row["event_id"],
        standing=row["standing"],
        day=row["day"],
        judged_at=row["judged_at"],
        lease_until=row["lease_until"],
    )


def require(tx: Connection) -> None:
    """Raises TryAgain where not every record was judged yet."""
    known = progress(tx)
    if known is None or not known.standing:
        raise TryAgain("the archive is being judged for the first time; ask again in a moment")


def advance(tx: Connection, event_id: int, now: datetime) -> None:
    """The news up to this one are in."""
    tx.execute(update(judging).where(judging.c.id == _ROW).values(event_id=event_id, judged_at=now))


def take(tx: Connection, runner: str, now: datetime, until: datetime) -> bool:
    """To judge every record. False: somebody else is at it."""
    upsert(tx, judging, [{"id": _ROW, "event_id": 0, "standing": ""}], lambda _: {"id": _ROW})
    known = tx.execute(select(judging.c.runner, judging.c.lease_until).where(judging.c.id == _ROW).with_for_update())
    row = known.one()
    if row.runner not in ("", runner) and row.lease_until is not None and row.lease_until > now:
        return False
    tx.execute(update(judging).where(judging.c.id == _ROW).values(runner=runner, lease_until=until))
    return True


def keep_lease(tx: Connection, runner: str, until: datetime) -> bool:
    """False: it ran out and somebody else has it."""
    mine = (judging.c.id == _ROW, judging.c.runner == runner)
    return tx.execute(update(judging).where(*mine).values(lease_until=until)).rowcount == 1


def finish(tx: Connection, runner: str, *, event_id: int, standing: str, day: date, now: datetime) -> bool:
    """Every record was judged. False: somebody else has taken it over."""
    mine = (judging.c.id == _ROW, judging.c.runner == runner)
    values = {"event_id": event_id, "standing": standing, "day": day, "judged_at": now}
    statement = update(judging).where(*mine).values(**values, runner="", lease_until=None)
    return tx.execute(statement).rowcount == 1


def give_up(tx: Connection, runner: str) -> None:
    tx.execute(update(judging).where(judging.c.runner == runner).values(runner="", lease_until=None))


_COLUMNS = tuple(judgements.c[name] for name in Judged._fields)
