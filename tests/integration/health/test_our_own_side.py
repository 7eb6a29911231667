"""Our own side is cut off: nobody is blamed, what is shown is unknown, and it is over by itself."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from tests.builders.cable import Cable
from tests.builders.polled_city import PolledCity, polled_city, running_poller, until
from vms.core.clock import system_clock
from vms.core.intervals import Interval
from vms.health.our_side import OurSidePolicy
from vms.health.status import Status
from vms.health.uptime import uptime
from vms.services.watch_health import run_poller
from vms.sim.faults import Fault
from vms.store import camera_board, device_costs
from vms.store.blind_spells import blind_of
from vms.store.schema import blind_spells, faults, flips
from vms.store.watch_sessions import sessions_between, start_session
from vms.store.watching import all_flips


def rows(polled: PolledCity, table):
    with polled.database.reading() as tx:
        return tx.execute(select(table)).mappings().all()


def counted(polled: PolledCity) -> dict[str, int]:
    with polled.database.reading() as tx:
        return {str(status): number for status, number in camera_board.counts_by_status(tx, system_clock()).items()}


def wired(polled: PolledCity, cable: Cable, least: int = 10) -> PolledCity:
    return replace(
        polled, settings=replace(polled.settings, wire=cable.wire, our_side=OurSidePolicy(least_looks=least))
    )


async def test_while_everything_is_silent_at_once_every_camera_is_unknown_and_nobody_is_to_blame(database, tmp_path):
    cable = Cable()
    async with polled_city(database, tmp_path, first_address="127.64.1.1", cameras=30) as city:
        polled = wired(city, cable)
        async with running_poller(polled):
            await until(lambda: polled.with_status(Status.UP) == polled.everything, 15, "every camera is up")
            before = len(rows(polled, flips))
            cable.pulled = True
            await until(lambda: polled.with_status(Status.UNKNOWN) == polled.everything, 15, "all are unknown")
            assert all("our own side is cut off since" in row.because for row in polled.statuses().values())
            assert counted(polled)["unknown"] == len(polled.everything), "the same is counted"
            (spell,) = rows(polled, blind_spells)
            assert (spell["whole"], spell["until_at"]) == (True, None)
            assert "cannot be told apart" in spell["because"]
            cable.pulled = False
            await until(lambda: polled.with_status(Status.UP) == polled.everything, 15, "every camera is up again")
        assert (len(rows(polled, flips)), len(rows(polled, faults))) == (before, 0), "no flip, no fault"
        (spell,) = rows(polled, blind_spells)
        assert spell["until_at"] > spell["from_at"]
        now, ids = system_clock(), sorted(polled.everything)
        with polled.database.reading() as tx:
            period = Interval(spell["from_at"] - timedelta(seconds=0.2), now)
            sessions, said = sessions_between(tx, period.start, now), all_flips(tx, ids, period.start, now)
            blind = blind_of(tx, ids, period.start, now)
            told = device_costs.of_device(tx, polled.device_ids[polled.addresses[0]], now.date() - timedelta(days=1))
        fared = uptime(said[ids[0]], sessions, period, blind[ids[0]])
        assert fared.down == fared.suspect == timedelta()
        assert fared.unknown >= spell["until_at"] - spell["from_at"], "the time was not watched"
        cost = told[0]
        assert cost.requests >= 2
        assert cost.bytes_in > 0
        assert (cost.most_at_once, cost.refused) == (1, 0)


async def test_a_switch_that_takes_a_third_of_them_is_not_our_side(sqlite_database, tmp_path):
    async with polled_city(sqlite_database, tmp_path, first_address="127.64.2.1", cameras=30) as city:
        polled = wired(city, Cable())
        async with running_poller(polled):
            await until(lambda: polled.with_status(Status.UP) == polled.everything, 15, "every camera is up")
            dark = polled.addresses[::3]
            for address in dark:
                await polled.city.set_fault(address, Fault.OFF, True)
            broken = polled.cameras_at(dark)
            await until(lambda: polled.with_status(Status.DOWN) == broken, 15, "they are down")
        assert rows(polled, blind_spells) == []


async def test_a_poller_that_starts_while_the_line_is_cut_blames_nobody_either(sqlite_database, tmp_path):
    async with polled_city(sqlite_database, tmp_path, first_address="127.64.3.1", cameras=30) as city:
        polled = wired(city, Cable(pulled=True))
        async with running_poller(polled):
            await until(lambda: rows(polled, blind_spells), 15, "the spell is told")
        assert rows(polled, flips) == []
        assert rows(polled, faults) == []


async def test_a_spell_that_a_killed_poller_left_open_ends_with_its_last_heartbeat(database, tmp_path):
    cable = Cable()
    async with polled_city(database, tmp_path, first_address="127.64.4.1", cameras=30) as city:
        polled = wired(city, cable)
        stop = asyncio.Event()
        poller = asyncio.create_task(run_poller(polled.database, polled.settings, stop=stop))
        await until(lambda: polled.with_status(Status.UP) == polled.everything, 15, "every camera is up")
        cable.pulled = True
        await until(lambda: rows(polled, blind_spells), 15, "the spell is told")
        poller.cancel()
        await asyncio.gather(poller, return_exceptions=True)
        with polled.database.writing() as tx:
            start_session(tx, 1.0, system_clock())
        (spell,) = rows(polled, blind_spells)
        assert spell["until_at"] is not None
        assert polled.with_status(Status.DOWN) == set()
