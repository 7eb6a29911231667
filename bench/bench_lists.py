"""Promise: in 100,000 cameras a first page comes in ≤ 30 ms, a deep one by cursor and a search in ≤ 50 ms (p95).

Peers in the same run, on the same rows: the plain way (all columns with their joins, ORDER BY … LIMIT … OFFSET, a
count, a search by LIKE over seven columns) and for the search SQLite's FTS5 with trigrams, which cannot find what is
shorter than three characters, such as 北门, and tells ids alone. SQLite works in our thread: its times are CPU time, so
that neighbours on the machine do not count; `wall` is by the clock on the wall, and for PostgreSQL everything is.

    python bench/bench_lists.py [--cameras 100000] [--rounds 30] [--url postgresql://…] [--json]
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, or_, select, text

from vms.core.geo import Wgs84
from vms.inventory.camera import Declared, LifeCycle, Pose
from vms.inventory.filters.expression import parse_filter
from vms.inventory.tier import Tier
from vms.store import camera_board, camera_groups, camera_pages, cameras, owners, watch_sessions
from vms.store.camera_filter import CameraFilter
from vms.store.camera_groups import GroupBy
from vms.store.database import Database
from vms.store.migrate import upgrade
from vms.store.schema import cameras as camera_table
from vms.store.schema import devices, faults, streams, watches
from vms.store.schema import owners as owner_table

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = 50
EVERYBODY = CameraFilter(sees_addresses=True)
STREETS = [a + b + c for a in ("人民", "中山", "解放", "建设", "长江", "重庆") for b in "东西南北中" for c in "路街巷"]
SEARCHES = ("bmzk", "北门", "rmdl12", "10.0.3.7", "P0000777", "人民东路 北门", "renminxi", "DS-42")
FILTERS = (
    *("tier=unit and status=down", "region in 410102 and not maker~hik", 'name~"北门"', "installed_on<2020"),
    *("address in 10.0.3.0/24", "owner~商店 and has:fault", "model=DS-5", "层级 在（单位，住户） 且 状态=离线"),
)


def fill(database: Database, count: int) -> None:
    chance = random.Random(1)
    with database.writing() as tx:
        session = watch_sessions.start_session(tx, 60.0, NOW)
        names = [f"{chance.choice(STREETS)}第{number}商店" for number in range(2000)]
        owner_ids = [owners.ensure(tx, name, Tier.UNIT, NOW) for name in names]
    for start in range(0, count, 1000):
        with database.writing() as tx:
            numbers = range(start + 1, min(start + 1000, count) + 1)
            tx.execute(insert(devices), [_device(number) for number in numbers])
            rows = [
                cameras.new_columns(
                    _declared(number, chance),
                    life_cycle=LifeCycle.APPROVED if number % 50 else LifeCycle.PENDING,
                    owner_id=chance.choice(owner_ids) if number % 2 else None,
                    now=NOW + timedelta(seconds=chance.randrange(10**6)),
                )
                | {"device_id": number, "channel": "v0"}
                for number in numbers
            ]
            ids = cameras.add_many(tx, rows, NOW)
            tx.execute(insert(watches), [_watch(one, session, chance) for one in ids])
            tx.execute(insert(streams), [_stream(one, role) for one in ids for role in ("main", "sub")])
            tx.execute(insert(faults), [_fault(one) for one in ids if one % 25 == 0])
    if not database.is_sqlite:
        with database.writing() as tx:
            tx.execute(text("ANALYZE"))


def _device(number: int) -> dict[str, Any]:
    nothing: dict[str, Any] = {"scopes": [], "heard_by": [], "problems": [], "quirks": {}, "refused_logins": {}}
    return nothing | {
        "id": number,
        "address": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}",
        "port": 80,
        "manufacturer": ("Hikvision", "Dahua", "Uniview", "Axis")[number % 4],
        "model": f"DS-{number % 97}",
        "firmware": f"V5.{number % 11}",
        "serial_no": f"SN{number:09d}",
        "macs": [f"44:19:b6:{number >> 16:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"],
        "first_seen_at": NOW,
        "last_seen_at": NOW,
    }


def _declared(number: int, chance: random.Random) -> Declared:
    street = chance.choice(STREETS)
    return Declared(
        name=f"{street}{number % 999}号{chance.choice(('北门', '南门', '路口', '大厅', '停车场'))}{number}",
        tier=chance.choice(list(Tier)),
        region_code=f"4101{chance.randrange(2, 10):02d}{chance.randrange(20):03d}{chance.randrange(30):03d}",
        install_address=f"金水区{street}{number % 999}号",
        pole_code=f"P{number:07d}",
        gb_device_id=f"4101020000132{number:07d}",
        model=f"DS-{number % 97}" if number % 3 else "",
        installed_on=date(2015, 1, 1) + timedelta(days=chance.randrange(3800)),
        pose=Pose(position=Wgs84(113.6 + chance.random() / 5, 34.7 + chance.random() / 5)),
    )


def _watch(camera_id: int, session: int, chance: random.Random) -> dict[str, Any]:
    status = chance.choices(("up", "down", "suspect"), (94, 4, 2))[0]
    since = NOW - timedelta(seconds=chance.randrange(10**6))
    row = {"camera_id": camera_id, "session_id": session, "status": status, "since": since, "because": ""}
    return row | {"layers": {}, "updated_at": NOW}


def _stream(camera_id: int, role: str) -> dict[str, Any]:
    row = {"camera_id": camera_id, "profile": role, "role": role, "encoding": "H264"}
    return row | {"width": 1920, "height": 1080, "uri": "rtsp://camera/"}


def _fault(camera_id: int) -> dict[str, Any]:
    row = {"camera_id": camera_id, "kind": "unreachable", "layer": "network", "severity": "critical"}
    return row | {"because": "", "opened_at": NOW}


def timed(database: Database, rounds: int, *questions: Callable[[Any], object]) -> dict[str, float]:
    """Each question is asked `rounds` times in turn, after one that does not count."""
    cpu, wall = [], []
    for number in range(rounds + 1):
        for question in questions:
            began, started = time.perf_counter(), time.thread_time()
            with database.reading() as tx:
                question(tx)
            if number:
                cpu.append((time.thread_time() - started) * 1000.0)
                wall.append((time.perf_counter() - began) * 1000.0)
    counted = sorted(cpu if database.is_sqlite else wall)
    late = int(len(counted) * 0.95)
    return {
        "p50_ms": round(counted[len(counted) // 2], 1),
        "p95_ms": round(counted[late], 1),
        "wall_p95_ms": round(sorted(wall)[late], 1),
    }


def our_page(wanted: CameraFilter, **more: Any) -> Callable[[Any], object]:
    """What GET cameras reads: the page's ids and the count, the records with streams, status, owner, device."""

    def ask(tx: Any) -> object:
        page = camera_pages.id_page(tx, wanted, now=NOW, limit=PAGE, **more)
        return page, cameras.by_ids(tx, page.ids), camera_board.boards(tx, page.ids, NOW)

    return ask


def plain_page(order: Any, offset: int = 0, *where: Any) -> Callable[[Any], object]:
    joined = (
        camera_table.outerjoin(devices, devices.c.id == camera_table.c.device_id)
        .outerjoin(owner_table, owner_table.c.id == camera_table.c.owner_id)
        .outerjoin(watches, watches.c.camera_id == camera_table.c.id)
    )
    page = select(camera_table, devices.c.address, owner_table.c.name, watches.c.status).select_from(joined)

    def ask(tx: Any) -> object:
        total = tx.execute(select(func.count()).select_from(joined).where(*where)).scalar_one()
        return total, tx.execute(page.where(*where).order_by(order).limit(PAGE).offset(offset)).mappings().all()

    return ask


def plain_search(term: str) -> Callable[[Any], object]:
    c = camera_table.c
    columns = (c.name, c.common_name, c.install_address, c.pole_code, c.gb_device_id, c.serial_no, devices.c.address)
    return plain_page(c.id, 0, *(or_(*(one.icontains(word) for one in columns)) for word in term.split()))


def trigram_search(term: str) -> Callable[[Any], object]:
    wanted = " ".join(f'"{word}"' for word in term.split())
    statement = text("SELECT rowid FROM trigrams WHERE trigrams MATCH :wanted")
    return lambda tx: tx.execute(statement, {"wanted": wanted}).all()[:PAGE]


def run(database: Database, count: int, rounds: int) -> dict[str, dict[str, float]]:
    c, deep = camera_table.c, int(count * 0.9)
    found: dict[str, dict[str, float]] = {}
    for sort in ("id", "name", "region", "manufacturer", "address", "-changed_at", "status", "-since"):
        found[f"first page by {sort}"] = timed(database, rounds, our_page(EVERYBODY, sort=sort))
    for sort in ("name", "region", "status"):
        with database.reading() as tx:
            after = camera_pages.id_page(tx, EVERYBODY, now=NOW, sort=sort, limit=PAGE, offset=deep).next
        found[f"deep page by {sort}, offset"] = timed(database, rounds, our_page(EVERYBODY, sort=sort, offset=deep))
        found[f"deep page by {sort}, cursor"] = timed(database, rounds, our_page(EVERYBODY, sort=sort, after=after))
    found["search"] = timed(database, rounds, *(our_page(CameraFilter(sees_addresses=True, text=q)) for q in SEARCHES))
    narrow = [CameraFilter(sees_addresses=True, expression=parse_filter(one)) for one in FILTERS]
    found["filter"] = timed(database, rounds, *(our_page(wanted, sort="name") for wanted in narrow))
    few = max(3, rounds // 5)
    for by in (GroupBy.REGION, GroupBy.MANUFACTURER, GroupBy.STATUS):
        found[f"groups by {by}"] = timed(database, few, lambda tx, by=by: camera_groups.groups(tx, by, EVERYBODY, NOW))
    found["region tree"] = timed(database, few, lambda tx: camera_groups.region_tree(tx, EVERYBODY, NOW))
    found["peer, plain: first page by name"] = timed(database, few, plain_page(c.name))
    found["peer, plain: first page by maker"] = timed(database, few, plain_page(devices.c.manufacturer))
    found["peer, plain: first page by status"] = timed(database, few, plain_page(watches.c.status))
    found["peer, plain: deep page by name"] = timed(database, few, plain_page(c.name, deep))
    found["peer, plain: deep page by status"] = timed(database, few, plain_page(watches.c.status, deep))
    found["peer, plain: search"] = timed(database, few, *(plain_search(q) for q in SEARCHES))
    if database.is_sqlite:
        with database.writing() as tx:
            tx.execute(text("CREATE VIRTUAL TABLE trigrams USING fts5(all_of_it, tokenize='trigram')"))
            joined = "words || ' ' || letters || ' ' || network"
            tx.execute(text(f"INSERT INTO trigrams (rowid, all_of_it) SELECT camera_id, {joined} FROM search_texts"))
        searches = [trigram_search(q.lower()) for q in SEARCHES]
        found["peer, FTS5 trigrams: search, ids only"] = timed(database, few, *searches)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cameras", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--url", default="", help="an empty database; a file of its own where none is named")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(asked.url or f"sqlite:///{Path(folder) / 'lists.db'}")
        upgrade(database)
        fill(database, asked.cameras)
        found = run(database, asked.cameras, asked.rounds)
        database.close()
    if asked.json:
        print(json.dumps({"cameras": asked.cameras, **found}, indent=2, ensure_ascii=False))
        return
    for name, times in found.items():
        print(
            f"{name:40s} p50 {times['p50_ms']:7.1f} ms  p95 {times['p95_ms']:7.1f} ms  wall {times['wall_p95_ms']:.1f}"
        )


if __name__ == "__main__":
    main()
