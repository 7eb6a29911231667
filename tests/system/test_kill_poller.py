"""`kill -9` of the poller while cameras come and go: the store stays whole, and no fall is invented."""

import asyncio
import json
import random
import subprocess
from collections import Counter
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.builders.forked_python import Forked, fork_program
from tests.builders.polled_city import PolledCity, polled_city, until
from vms.core.clock import system_clock
from vms.health.picture.learning import LEAST_PICTURES
from vms.health.status import Status
from vms.sim.faults import Fault
from vms.store import credentials, picture_baselines
from vms.store.schema import blind_spells, devices, events, faults, flips, login_attempts, stills, watches
from vms.store.watch_sessions import latest_session

POLLER = """
import json
import sys
from pathlib import Path
from vms.devices.http import ExchangeFailed
from vms.devices.quick_exchange import quick_exchange
from vms.health.our_side import OurSidePolicy
from vms.services.polling.settings import PollerSettings
from vms.services.polling.wire import Wire
from vms.services.watch_health import run_poller_process
from vms.store.credentials import StoredLogin
from vms.store.database import Database

pulled = Path(sys.argv[3])

async def exchange(*asked, timeout_s):
    if pulled.exists():
        raise ExchangeFailed("unreachable", "no route to host")
    return await quick_exchange(*asked, timeout_s=timeout_s)

logins = {int(key): StoredLogin(**login) for key, login in json.loads(sys.stdin.readline()).items()}
run_poller_process(
    Database(sys.argv[1]),
    PollerSettings(
        interval_s=0.5, stream_every=1000, still_every=2, timeout_s=2.0, backoff_max_s=0.5, save_after_s=0.05,
        normals_every_s=0.1,
        stills_folder=Path(sys.argv[2]), login_of=logins.get, wire=Wire(exchange=exchange),
        our_side=OurSidePolicy(least_looks=12),
    ),
)
"""
KILLS = 5
CABLE_PULLED_AT = (1, 3)


def what_is_wrong(polled: PolledCity, folder: Path) -> list[str]:
    wrong: list[str] = []
    with polled.database.reading() as tx:
        wrong += [row[0] for row in tx.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
        wrong += [f"foreign key: {row}" for row in tx.exec_driver_sql("PRAGMA foreign_key_check")]
        lives: dict[tuple[int, int], list[tuple[str, str]]] = {}
        for row in tx.execute(select(flips).order_by(flips.c.id)):
            lives.setdefault((row.session_id, row.camera_id), []).append((row.from_status, row.to_status))
        for key, steps in lives.items():
            if steps[0][0] != "unknown" or any(a[1] != b[0] for a, b in pairwise(steps)):
                wrong.append(f"the flips of {key} do not join up: {steps}")
        for row in tx.execute(select(watches)):
            if lives[row.session_id, row.camera_id][-1][1] != row.status:
                wrong.append(f"watch {row.camera_id} says {row.status}, its last flip does not")
        told = tx.execute(select(events.c.id).where(events.c.kind == "camera.flip")).scalars().all()
        if len(told) != sum(map(len, lives.values())):
            wrong.append("not every flip was told as an event")
        standing = tx.execute(select(faults.c.camera_id, faults.c.kind).where(faults.c.closed_at.is_(None)))
        left = tx.execute(
            select(blind_spells.c.session_id, blind_spells.c.ground).where(blind_spells.c.until_at.is_(None))
        )
        wrong += [f"open spells twice: {key}" for key, n in Counter(map(tuple, left)).items() if n > 1]
        wrong += [f"open twice: {key}" for key, n in Counter(map(tuple, standing)).items() if n > 1]
        for file in tx.execute(select(stills.c.file)).scalars():
            content = (folder / file).read_bytes()
            if not (content.startswith(b"\xff\xd8") and content.rstrip(b"\0").endswith(b"\xff\xd9")):
                wrong.append(f"still {file} is not whole")
    return wrong


async def start_poller(polled: PolledCity, folder: Path, pulled: Path) -> Forked:
    told = (polled.database.url, str(folder), str(pulled))
    poller = await asyncio.to_thread(fork_program, POLLER, *told, stdin=subprocess.PIPE)
    with polled.database.reading() as tx:
        logins = {item.credential_id: asdict(polled.login_of(item.credential_id)) for item in credentials.every(tx)}
    poller.stdin.write(json.dumps(logins).encode() + b"\n")
    return poller


def pictures_learnt(polled: PolledCity) -> Counter[tuple[int, str]]:
    """By camera and light; every normal that is kept can be read."""
    learnt: Counter[tuple[int, str]] = Counter()
    with polled.database.reading() as tx:
        for found in picture_baselines.of_cameras(tx, polled.everything).values():
            for kept in found:
                assert kept.normal is not None, f"the normal of camera {kept.camera_id} is damaged"
                learnt[kept.camera_id, kept.light] = kept.normal.seen
    return learnt


def run_number(polled: PolledCity) -> int:
    with polled.database.reading() as tx:
        session = latest_session(tx)
    return session.session_id if session else 0


def open_spells(polled: PolledCity) -> list[int]:
    with polled.database.reading() as tx:
        return list(tx.execute(select(blind_spells.c.id).where(blind_spells.c.until_at.is_(None))).scalars())


@pytest.mark.system
async def test_killed_five_times_while_cameras_come_and_go_the_store_stays_whole(sqlite_database, tmp_path):
    rng = random.Random(5)
    folder, pulled = tmp_path / "stills", tmp_path / "pulled"
    """While that file is there, the cable is pulled."""
    async with polled_city(sqlite_database, tmp_path, first_address="127.23.20.1", cameras=24) as polled:
        steady = polled.cameras_at(polled.addresses[::2])
        learnt: Counter[tuple[int, str]] = Counter()
        for kill in range(KILLS):
            poller = await start_poller(polled, folder, pulled)
            try:
                await until(lambda kill=kill: run_number(polled) == kill + 1, 20, "a new run begins")
                assert polled.with_status(Status.DOWN) & steady == set(), "a restart invents no fall"
                await until(lambda: polled.with_status(Status.UP) >= steady, 20, "the steady ones are up")
                for address in rng.sample(polled.addresses[1::2], 5):
                    await polled.city.set_fault(address, Fault.OFF, rng.random() < 0.6)
                news_s = rng.uniform(0.0, 2.0)
                if kill in CABLE_PULLED_AT:
                    pulled.touch()
                    await until(lambda: open_spells(polled), 60, "our own side is cut off")
                await asyncio.sleep(news_s)  # killed at a moment by chance: that is the test
            finally:
                await asyncio.to_thread(poller.end)
                pulled.unlink(missing_ok=True)
            assert what_is_wrong(polled, folder) == []
            before, learnt = learnt, pictures_learnt(polled)
            assert before <= learnt, "what was learnt of a camera is not lost"
        assert polled.with_status(Status.DOWN) & steady == set()
        assert open_spells(polled) == [], "a killed run's spell ended with its last heartbeat"
        poller = await start_poller(polled, folder, pulled)
        await until(lambda: run_number(polled) == KILLS + 1, 20, "the last run begins")
        await until(lambda: polled.with_status(Status.UP) >= steady, 20, "the steady ones are up")
        poller.terminate()
        assert await asyncio.to_thread(poller.wait, 10) == 0
        with polled.database.reading() as tx:
            session = latest_session(tx)
            pictures = tx.execute(select(stills.c.camera_id)).scalars().all()
        assert len(pictures) > 0
        assert max(pictures_learnt(polled).values()) >= LEAST_PICTURES
        assert session is not None
        assert session.ended_at is not None, "told to stop, it ends in good order"
        assert what_is_wrong(polled, folder) == []


@pytest.mark.system
async def test_killed_in_the_moment_of_a_refused_login_no_device_is_shown_it_again(sqlite_database, tmp_path):
    folder, pulled = tmp_path / "stills", tmp_path / "pulled"
    async with polled_city(sqlite_database, tmp_path, first_address="127.65.1.1", cameras=6) as polled:
        with polled.database.writing() as tx:
            for known in credentials.every(tx):
                credentials.put(tx, polled.box, known.name, "admin", "not the password", system_clock())

        def refused() -> dict[str, int]:
            return {one: polled.city.device(one).login.refused_in_all for one in polled.addresses}

        for _ in range(3):
            before = sum(refused().values())
            poller = await start_poller(polled, folder, pulled)
            try:
                if before < len(polled.addresses):
                    await until(lambda before=before: sum(refused().values()) > before, 20, "one is refused")
                else:
                    await until(lambda: polled.with_status(Status.UP), 20, "they are polled")
            finally:
                await asyncio.to_thread(poller.end)
        assert set(refused().values()) <= {0, 1}
        with polled.database.reading() as tx:
            standing = tx.execute(select(login_attempts.c.state)).scalars().all()
            kept = tx.execute(select(devices.c.id).where(devices.c.login_refused_version.is_not(None))).scalars().all()
        assert len(standing) + len(kept) >= sum(refused().values()), "what was refused is known, or in doubt"
