"""The poller against a pretend city, on real sockets."""

import asyncio
from datetime import timedelta

import pytest

from tests.builders.polled_city import PolledCity, polled_city, running_poller, until
from vms.access.consent import Consent, ConsentMode
from vms.core.clock import system_clock
from vms.core.ids import CameraId
from vms.health import fault as health_fault
from vms.health.fault import FaultKind
from vms.health.layer import Layer
from vms.health.status import Status
from vms.inventory.camera import LifeCycle
from vms.services.poll_once import poll_once
from vms.services.polling.roster import latest_news, news_of_inventory
from vms.services.watch_health import run_poller
from vms.sim.faults import Fault
from vms.store import cameras, consents, credentials, daily_numbers, devices, fault_list, stills
from vms.store.fault_list import FaultFilter
from vms.store.faults import OpenedFault, open_faults
from vms.store.watch_sessions import latest_session, poller_figures, start_session
from vms.store.watching import flips_of

ALL = (Status.UP, Status.SUSPECT, Status.DOWN)


def open_kinds(polled: PolledCity, camera_id: CameraId) -> set[FaultKind]:
    with polled.database.reading() as tx:
        found = fault_list.page(tx, FaultFilter(camera_id=camera_id), now=system_clock())
        return {item.row.kind for item in found.items}


async def everything_is_up(polled: PolledCity) -> None:
    await until(lambda: polled.with_status(Status.UP) == polled.everything, 15, "every camera is up")


async def test_ten_of_forty_switched_off_are_down_within_three_intervals_and_no_other(sqlite_database, tmp_path):
    async with (
        polled_city(sqlite_database, tmp_path, first_address="127.23.1.1", cameras=40) as polled,
        running_poller(polled),
    ):
        await everything_is_up(polled)
        dark = polled.addresses[::4][:10]
        off_at = system_clock()
        for address in dark:
            await polled.city.set_fault(address, Fault.OFF, True)
        broken = polled.cameras_at(dark)
        await until(lambda: polled.with_status(Status.DOWN) >= broken, 10, "what was switched off is down")
        assert polled.with_status(Status.DOWN) == broken
        assert polled.with_status(Status.UP) == polled.everything - broken
        with polled.database.reading() as tx:
            falls = [flips_of(tx, camera_id, off_at, system_clock())[-1].at - off_at for camera_id in broken]
        assert max(falls) < timedelta(seconds=3 * polled.settings.interval_s + 0.5), "within three intervals"
        for address in dark:
            await polled.city.set_fault(address, Fault.OFF, False)
        await everything_is_up(polled)
        with polled.database.reading() as tx:
            assert fault_list.page(tx, FaultFilter(), now=system_clock()).total == 0


async def test_a_restart_shows_unknown_and_never_down(sqlite_database, tmp_path):
    async with polled_city(sqlite_database, tmp_path, first_address="127.23.2.1", cameras=6, interval_s=0.5) as polled:
        dark = polled.addresses[0]
        await polled.city.set_fault(dark, Fault.OFF, True)
        async with running_poller(polled):
            await until(lambda: polled.with_status(Status.DOWN) == polled.cameras_at([dark]), 10, "one is down")
        assert polled.with_status(*ALL) == set(), "a poller that stopped vouches for nothing"
        await polled.city.set_fault(dark, Fault.OFF, False)
        seen_down: set[CameraId] = set()

        def all_up() -> bool:
            seen_down.update(polled.with_status(Status.DOWN))
            return polled.with_status(Status.UP) == polled.everything

        async with running_poller(polled):
            await until(all_up, 10, "all are up again")
        assert seen_down == set()


async def test_a_dead_stream_takes_a_camera_down_though_its_control_answers(sqlite_database, tmp_path):
    async with (
        polled_city(
            sqlite_database, tmp_path, first_address="127.23.4.1", cameras=3, stream_every=1, interval_s=0.5
        ) as polled,
        running_poller(polled),
    ):
        await everything_is_up(polled)
        address = polled.addresses[0]
        camera_id = polled.camera_ids[address][0]
        await polled.city.set_fault(address, Fault.STREAM_DEAD, True)
        await until(lambda: polled.with_status(Status.DOWN) == {camera_id}, 15, "the one without video is down")
        assert polled.statuses()[camera_id].layers["control"] == "ok"
        assert open_kinds(polled, camera_id) == {FaultKind.STREAM_DEAD}
        await polled.city.set_fault(address, Fault.STREAM_DEAD, False)
        await everything_is_up(polled)


async def test_a_clock_that_is_an_hour_off_is_a_fault_but_not_a_fall(sqlite_database, tmp_path):
    async with (
        polled_city(sqlite_database, tmp_path, first_address="127.23.5.1", cameras=2, interval_s=0.5) as polled,
        running_poller(polled),
    ):
        await everything_is_up(polled)
        address = polled.addresses[0]
        camera_id = polled.camera_ids[address][0]
        await polled.city.set_fault(address, Fault.CLOCK_SKEWED, True)
        await until(lambda: open_kinds(polled, camera_id) == {FaultKind.CLOCK_OFF}, 10, "the clock is off")
        assert polled.with_status(Status.UP) == polled.everything
        assert polled.statuses()[camera_id].clock_offset_s == pytest.approx(3600, abs=2)


async def test_a_refused_login_is_not_tried_again_until_the_credential_changes(sqlite_database, tmp_path):
    async with polled_city(
        sqlite_database, tmp_path, first_address="127.23.6.1", cameras=1, stream_every=1, reload_every_s=0.2
    ) as polled:
        (address,) = polled.addresses
        camera_id = polled.camera_ids[address][0]
        await polled.city.set_fault(address, Fault.LOGIN_CHANGED, True)
        async with running_poller(polled):
            await until(lambda: open_kinds(polled, camera_id) == {FaultKind.LOGIN_REFUSED}, 10, "the login is refused")
            with polled.database.reading() as tx:
                assert devices.get(tx, polled.device_ids[address]).login_refused_version == 1
            assert polled.with_status(Status.UP) == {camera_id}
            with polled.database.reading() as tx:
                before = daily_numbers.of_camera(tx, camera_id, system_clock().date())
            assert before == []
            device = polled.city.device(address)
            with polled.database.writing() as tx:
                credentials.put(
                    tx, polled.box, str(device.plan.tier), device.plan.username, device.plan.password + "-changed",
                    system_clock(),
                )  # fmt: skip
            await until(lambda: open_kinds(polled, camera_id) == set(), 10, "the new login works")


async def test_a_camera_that_is_taken_out_is_not_watched_any_more_and_a_new_one_is(sqlite_database, tmp_path):
    async with polled_city(sqlite_database, tmp_path, first_address="127.23.7.1", cameras=4) as polled:
        gone, late = sorted(polled.everything)[:2]
        with polled.database.writing() as tx:
            cameras.set_life_cycle(tx, late, LifeCycle.PENDING, system_clock())
        async with running_poller(polled):
            await until(lambda: polled.with_status(Status.UP) == polled.everything - {late}, 10, "the approved are up")
            with polled.database.writing() as tx:
                cameras.set_life_cycle(tx, late, LifeCycle.APPROVED, system_clock())
                cameras.set_life_cycle(tx, gone, LifeCycle.RETIRED, system_clock())
            await until(
                lambda: polled.with_status(Status.UP) == polled.everything - {gone}, 10, "the change is followed"
            )


async def test_no_still_is_taken_against_an_owners_word_nor_kept_after_it(sqlite_database, tmp_path):
    async with polled_city(
        sqlite_database, tmp_path, first_address="127.23.12.1", cameras=3, still_every=1, stream_every=1
    ) as polled:
        never, later, open_to_all = sorted(polled.everything)

        def says(camera_id: CameraId, mode: ConsentMode) -> None:
            now = system_clock()
            with polled.database.writing() as tx:
                consents.put(tx, Consent(camera_id=camera_id, mode=mode, given_at=now), now)

        def kept() -> set[str]:
            return {file.name for file in (tmp_path / "stills").glob("*.jpg")}

        says(never, ConsentMode.NEAR_INCIDENT)
        says(later, ConsentMode.ALWAYS)
        async with running_poller(polled):
            await until(lambda: kept() == {f"{later}.jpg", f"{open_to_all}.jpg"}, 10, "two may be kept")
            await everything_is_up(polled)
            assert polled.statuses()[never].layers["stream"] == "ok", "that it lives is seen without a picture"
            says(later, ConsentMode.NEVER)
            await until(lambda: kept() == {f"{open_to_all}.jpg"}, 10, "the picture went with the consent")
            with polled.database.reading() as tx:
                assert stills.of_camera(tx, later) is None


async def test_a_newer_poller_takes_over_and_the_older_one_stops(sqlite_database, tmp_path):
    async with polled_city(sqlite_database, tmp_path, first_address="127.23.8.1", cameras=2) as polled:
        older = asyncio.create_task(run_poller(polled.database, polled.settings, stop=asyncio.Event()))
        await everything_is_up(polled)
        async with running_poller(polled):
            await asyncio.wait_for(older, 10)
            await everything_is_up(polled)
            with polled.database.reading() as tx:
                assert latest_session(tx).session_id == 2


async def test_a_single_poll_tells_of_every_layer_and_its_statuses_stand(sqlite_database, tmp_path):
    async with polled_city(
        sqlite_database, tmp_path, first_address="127.23.9.1", cameras=12, interval_s=60.0
    ) as polled:
        dark, mute = polled.addresses[0], polled.addresses[1]
        await polled.city.set_fault(dark, Fault.OFF, True)
        await polled.city.set_fault(mute, Fault.STREAM_DEAD, True)
        told: list[tuple[int, int]] = []
        summary = await poll_once(polled.database, polled.settings, lambda done, of: told.append((done, of)))
        ill = polled.cameras_at([dark, mute])
        assert polled.with_status(Status.SUSPECT) == ill
        assert polled.with_status(Status.UP) == polled.everything - ill
        assert summary.stored
        assert summary.statuses == {Status.UP: 12 - len(ill), Status.SUSPECT: len(ill)}
        assert summary.layers["network"].good == 12 - len(polled.camera_ids[dark])
        assert summary.layers["stream"].good == 12 - len(ill)
        assert summary.layers["picture"].good == 12 - len(ill)
        assert summary.faults[FaultKind.UNREACHABLE] == len(polled.camera_ids[dark])
        assert (summary.judged, summary.not_stored_because) == ({}, "")
        assert told[-1] == (len(polled.addresses), len(polled.addresses))
        again = await poll_once(polled.database, polled.settings)
        assert again.stored, "a single poll does not stand in the way of the next"


async def test_a_single_poll_beside_a_running_poller_writes_nothing(sqlite_database, tmp_path):
    async with (
        polled_city(sqlite_database, tmp_path, first_address="127.23.10.1", cameras=2) as polled,
        running_poller(polled),
    ):
        await everything_is_up(polled)
        summary = await poll_once(polled.database, polled.settings)
        assert not summary.stored
        assert "a poller is running" in summary.not_stored_because
        assert summary.statuses == summary.judged == {Status.UP: 2}
        assert polled.with_status(Status.UP) == polled.everything


async def test_what_a_single_poll_is_refused_beside_a_running_poller_is_kept_and_told_to_it(sqlite_database, tmp_path):
    async with polled_city(sqlite_database, tmp_path, first_address="127.72.150.1", cameras=1) as polled:
        (address,) = polled.addresses
        device_id = polled.device_ids[address]
        with polled.database.writing() as tx:
            start_session(tx, 60.0, system_clock())  # as a poller that runs
        before = latest_news(polled.database)
        await polled.city.set_fault(address, Fault.LOGIN_CHANGED, True)
        summary = await poll_once(polled.database, polled.settings)
        assert not summary.stored
        with polled.database.reading() as tx:
            assert devices.get(tx, device_id).login_refused_version == 1
        assert news_of_inventory(polled.database, before).device_ids == {device_id}
        refused = health_fault.Fault(
            kind=FaultKind.LOGIN_REFUSED, layer=Layer.CONTROL, severity=health_fault.Severity.MAJOR
        )
        with polled.database.writing() as tx:
            now = system_clock()
            open_faults(tx, [OpenedFault(camera_id=min(polled.everything), fault=refused, at=now)], now)
        again = await poll_once(polled.database, polled.settings)
        assert polled.city.device(address).login.refused_in_all == 1, "nobody shows it again"
        assert FaultKind.LOGIN_REFUSED not in again.faults
        assert again.open_faults == {FaultKind.LOGIN_REFUSED: 1}, "what one look cannot name is told all the same"


async def test_the_poller_tells_how_punctual_it_is_and_keeps_the_numbers_of_the_day(sqlite_database, tmp_path):
    async with polled_city(sqlite_database, tmp_path, first_address="127.23.11.1", cameras=4) as polled:
        async with running_poller(polled):
            await everything_is_up(polled)

            def figures() -> object:
                with polled.database.reading() as tx:
                    found = poller_figures(tx)
                return found and found.figures.get("polls")

            await until(figures, 10, "the poller told its figures")
        with polled.database.reading() as tx:
            told = poller_figures(tx)
            numbers = daily_numbers.of_camera(tx, polled.camera_ids[polled.addresses[0]][0], system_clock().date())
        assert told.figures["cameras"] == 4
        assert 0 <= told.figures["lateness_max_s"] < 1.0
        assert told.session.ended_at is not None
        assert "answer_s" in {number.metric for number in numbers}
