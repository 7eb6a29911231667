"""A sweep is run block by block, stopped, taken up again, compared with the last; nobody is asked or stored twice."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders.polled_city import until
from vms.core.clock import system_clock
from vms.core.errors import BadInput, Conflict
from vms.devices.discovery import blocks
from vms.devices.discovery.request import Limits
from vms.inventory.camera import LifeCycle
from vms.inventory.networks import Network, NetworkPlan
from vms.inventory.sweep import SweepRequest, SweepState
from vms.inventory.sweep_differences import Kind
from vms.inventory.tier import Tier
from vms.services.sweeping import waiting_sweeps
from vms.services.sweeping.compare_sweeps import compared_ground
from vms.services.sweeping.run_sweep import RunSettings, give_back, run_sweep, runner_name
from vms.services.sweeping.start_sweep import (
    Taker,
    cancel_sweep,
    last_scheduled,
    pause_sweep,
    resume_sweep,
    start_scheduled,
    start_sweep,
)
from vms.services.sweeping.waiting_sweeps import run_waiting_sweeps, take_sweep
from vms.sim.city import running_city
from vms.sim.personality import Personality, SignIn
from vms.sim.plan import USERNAME, CityPlan, PretendDevice, plan_city
from vms.store import cameras, credential_uses, credentials, devices, events, login_attempts, sweep_findings, sweeps
from vms.store.login_attempts import Attempt, AttemptState
from vms.store.secret_box import SecretBox

BOX = SecretBox("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
QUICK = RunSettings(limits=Limits(round_s=0.1, listen_s=0.2, connect_s=0.3, per_subnet_per_s=5000), finish_s=5.0)
BLOCK = "127.32.{}.0"


def request_for(third: int, prefix: int = 24, **changes) -> SweepRequest:
    cidr = f"{BLOCK.format(third)}/{prefix}"
    known = SweepRequest(
        cidrs=(cidr,), ports=(8080,), methods=("unicast", "sweep"), allow=("127.32.0.0/16",), pace_per_s=5000
    )
    return replace(known, **changes)


def networks(*names: str) -> NetworkPlan:
    return NetworkPlan([Network(cidr="127.32.0.0/16", tier=Tier.UNIT, owner="银行", credentials=names)])


@asynccontextmanager
async def a_town(devices: Sequence[PretendDevice]):
    plan = plan_city(1)
    async with running_city(CityPlan(seed=plan.seed, town=plan.town, devices=tuple(devices))) as city:
        yield city


def devices_at(third: int, count: int, over: int = 1) -> list[PretendDevice]:
    """Well-behaved ones with the password `right`, spread over so many networks."""
    plan = plan_city(count, first_address="127.32.0.1", personalities=False, seed=third + 1)
    single = [one for one in plan.devices if len(one.channels) == 1]
    return [
        replace(one, address=f"127.32.{third + number % over}.{number // over + 1}", password="right")
        for number, one in enumerate(single)
    ]


def enter(database, **passwords: str) -> None:
    with database.writing() as tx:
        for name, password in passwords.items():
            credentials.put(tx, BOX, name, USERNAME, password, system_clock())


def started(database, request, **changes):
    sweep = start_sweep(database, request, "tester", system_clock(), **changes)
    taken = take_sweep(database, runner_name(), QUICK, sweep_id=sweep.sweep_id)
    assert taken is not None
    return taken


async def swept(database, request, plan, *, stop=None, settings=QUICK, **more):
    sweep = started(database, request)
    state = await run_sweep(database, BOX, plan, sweep, stop=stop or asyncio.Event(), settings=settings, **more)
    assert state is SweepState.DONE
    return sweep.sweep_id


def findings(database, sweep_id):
    with database.reading() as tx:
        return list(sweep_findings.every(tx, sweep_id))


def stored(database, sweep_id):
    with database.reading() as tx:
        return sweeps.get(tx, sweep_id)


def refused_in_all(city):
    return {address: site.device.login.refused_in_all for address, site in city.sites.items()}


def codes(finding):
    return {problem.code for problem in finding.problems}


async def test_everybody_is_found_once_arrives_pending_and_the_report_says_how(database) -> None:
    enter(database, bank="right")
    request = request_for(0, 23, interfaces=("lo",), methods=("multicast", "unicast", "sweep"))
    ours = devices_at(0, 24, over=2)
    async with a_town(ours):
        sweep_id = await swept(database, request, networks("bank"))
    addresses = sorted(device.address for device in ours)
    found = [one for one in findings(database, sweep_id) if one.told["answered"]]
    assert sorted(one.address for one in found) == addresses
    assert {one.outcome for one in found} == {"new"}
    assert all("multicast:lo" in one.heard_by and "unicast" in one.heard_by for one in found), "both heard it"
    with database.reading() as tx:
        known = list(devices.every(tx))
        kept = list(cameras.every(tx))
        kinds = Counter(event.kind for event in events.after(tx, 0, 10_000) if event.kind.startswith("sweep."))
    assert sorted(one.observed.address for one in known) == addresses
    assert len(kept) == len(ours)
    assert {one.life_cycle for one in kept} == {LifeCycle.PENDING}
    sweep = stored(database, sweep_id)
    assert (sweep.state, sweep.blocks_done) == (SweepState.DONE, sweep.blocks_total)
    assert sweep.counts["outcomes"]["new"] == len(addresses)
    assert sweep.counts["heard"]["unicast"] == len(addresses)
    assert sweep.counts["addresses"] == sweep.counts["addresses_total"] == 510
    assert sweep.counts["sent"]["unicast"] >= 510
    assert sweep.counts["answered"]["unicast"] >= len(addresses)
    assert kinds["sweep.waiting"] == kinds["sweep.running"] == kinds["sweep.done"] == 1


async def test_a_stopped_sweep_goes_on_where_it_was_and_asks_nobody_again(sqlite_database) -> None:
    database = sqlite_database
    enter(database, bank="right")
    stop = asyncio.Event()
    ours = devices_at(4, 12, over=4)
    async with a_town(ours):
        sweep = started(database, request_for(4, 22))
        slow = replace(QUICK, blocks_at_once=1, batch=1)

        def after_some(book) -> None:
            if len(book.places) >= 4:
                stop.set()

        state = await run_sweep(
            database, BOX, networks("bank"), sweep, stop=stop, settings=slow, on_progress=after_some
        )
        assert state is SweepState.RUNNING
        await give_back(database, sweep, SweepState.PAUSED)
        assert 4 <= len(findings(database, sweep.sweep_id)) < len(ours)
        assert 1 <= stored(database, sweep.sweep_id).blocks_done < 4
        again = resume_sweep(database, sweep.sweep_id, "tester", system_clock(), taker=Taker(runner="b", lease_s=20))
        done = await run_sweep(database, BOX, networks("bank"), again, stop=asyncio.Event(), settings=QUICK)
    assert done is SweepState.DONE
    found = findings(database, sweep.sweep_id)
    assert sorted(one.address for one in found) == sorted(device.address for device in ours)
    assert {one.outcome for one in found} == {"new"}, "nobody was taken in a second time"
    with database.reading() as tx:
        uses = credential_uses.of_credential(tx, credentials.by_name(tx, "bank").credential_id).items
    assert {use.count for use in uses} == {1}, "each device was signed in to once"
    assert stored(database, sweep.sweep_id).counts["findings"] == len(ours)


async def test_a_slow_sweep_that_is_interrupted_more_often_than_its_network_takes_comes_to_its_end(
    sqlite_database, monkeypatch
) -> None:
    monkeypatch.setattr(blocks, "LONGEST_BLOCK_S", 0.1)
    settings = replace(QUICK, limits=replace(QUICK.limits, listen_s=0.1))
    sweep = started(sqlite_database, request_for(56, 27, pace_per_s=150))
    assert sweep.blocks_total == 8 + 1
    state, interruptions = SweepState.RUNNING, -1
    while state is not SweepState.DONE and interruptions < 60:
        stop = asyncio.Event()
        asyncio.get_running_loop().call_later(0.5, stop.set)
        state = await run_sweep(sqlite_database, BOX, networks(), sweep, stop=stop, settings=settings)
        interruptions += 1
    assert state is SweepState.DONE
    assert interruptions >= 1, "it takes longer than half a second"


async def test_who_pauses_a_running_sweep_stops_its_runner_and_the_lease_stops_a_second_one(sqlite_database) -> None:
    database = sqlite_database
    enter(database, bank="right")
    async with a_town(devices_at(8, 8, over=4)):
        sweep = started(database, request_for(8, 22))
        assert take_sweep(database, "another", QUICK) is None, "the first one's lease holds"

        def after_some(book) -> None:
            if len(book.places) >= 2 and stored(database, sweep.sweep_id).state is SweepState.RUNNING:
                pause_sweep(database, sweep.sweep_id, "a person", system_clock())

        slow = replace(QUICK, blocks_at_once=1, batch=1, renew_s=0.1)
        state = await run_sweep(
            database, BOX, networks("bank"), sweep, stop=asyncio.Event(), settings=slow, on_progress=after_some
        )
    assert state is SweepState.PAUSED
    assert stored(database, sweep.sweep_id).blocks_done < 4
    with pytest.raises(Conflict, match="paused"):
        pause_sweep(database, sweep.sweep_id, "a person", system_clock())
    cancel_sweep(database, sweep.sweep_id, "a person", system_clock())
    with pytest.raises(Conflict, match="cancelled"):
        resume_sweep(database, sweep.sweep_id, "a person", system_clock())


async def test_a_sweep_whose_runner_is_gone_is_taken_over_by_the_jobs_process(sqlite_database, monkeypatch) -> None:
    monkeypatch.setattr(waiting_sweeps, "LOOK_EVERY_S", 0.1)
    database = sqlite_database
    enter(database, bank="right")
    ours = devices_at(12, 2)
    async with a_town(ours):
        sweep = start_sweep(database, request_for(12), "tester", system_clock())
        assert take_sweep(database, "killed", replace(QUICK, lease_s=0.2), sweep_id=sweep.sweep_id) is not None
        stop = asyncio.Event()
        loop = asyncio.create_task(run_waiting_sweeps(database, lambda: BOX, networks("bank"), stop, settings=QUICK))
        await until(lambda: stored(database, sweep.sweep_id).state is SweepState.DONE, 20, "taken over and done")
        stop.set()
        await asyncio.wait_for(loop, 10)
    assert len(findings(database, sweep.sweep_id)) == len(ours)


async def test_sets_are_tried_in_order_once_each_and_a_device_that_counts_is_left_alone(sqlite_database) -> None:
    database = sqlite_database
    enter(database, old="was right", older="was right long ago", bank="right")
    plain, counting, digest, changed = devices_at(16, 4)
    counting = replace(counting, personality=Personality(label="locks", locks_after=5))
    digest = replace(digest, personality=Personality(label="digest", auth=SignIn.DIGEST, refusal_status=401))
    changed = replace(changed, password="nobody knows")
    plan = networks("old", "older", "bank")
    async with a_town([plain, counting, digest, changed]) as city:
        first = {one.address: one for one in findings(database, await swept(database, request_for(16), plan))}
        tried = {plain.address: 2, counting.address: 1, digest.address: 2, changed.address: 3}
        assert refused_in_all(city) == tried
        assert "lock_warning" in codes(first[counting.address])
        assert [bool(first[one.address].told["serial_no"]) for one in (plain, counting, digest, changed)] == [
            True, False, True, False,
        ]  # fmt: skip
        again = await swept(database, request_for(16), plan)
        assert refused_in_all(city) == tried, "no set was shown again that was refused, none after the warning"
        assert {one.outcome for one in findings(database, again)} == {"same"}
        enter(database, older="right")
        await swept(database, request_for(16), plan)
        tried[changed.address] += 1
        assert refused_in_all(city) == tried, "a set that changed may be tried once more, and nothing else"
    with database.reading() as tx:
        known = {one.observed.address: one for one in devices.every(tx)}
        older = credentials.by_name(tx, "older").credential_id
    assert known[counting.address].credential_id == older
    assert known[counting.address].observed.serial_no == counting.serial_no


async def test_a_login_of_which_nobody_knows_how_it_went_is_not_shown_again(sqlite_database) -> None:
    database = sqlite_database
    enter(database, bank="right", other="wrong")
    (device,) = devices_at(20, 1)
    with database.writing() as tx:
        bank = credentials.by_name(tx, "bank")
        sent = Attempt(device=f"{device.address}:8080", login=f"{bank.credential_id}:1", state=AttemptState.SENT)
        login_attempts.put(tx, [sent], system_clock())
    async with a_town([device]) as city:
        (found,) = findings(database, await swept(database, request_for(20), networks("bank", "other")))
        assert {"login_unsettled", "login_refused_before"} <= codes(found)
        assert refused_in_all(city) == {device.address: 0}, "nor any other: the device may have warned"
        assert not found.told["serial_no"]
        with database.writing() as tx:
            (known,) = devices.every(tx)
            assert login_attempts.of_device(tx, sent.device) == [], "it is kept with the device now"
            devices.set_login(tx, known.device_id, known.credential_id, {})
        (again,) = findings(database, await swept(database, request_for(20), networks("bank", "other")))
    assert again.told["serial_no"] == device.serial_no, "a person said that it may be tried"


async def test_a_device_that_moved_takes_its_refusals_with_it(sqlite_database) -> None:
    database = sqlite_database
    enter(database, bank="wrong")
    (device,) = devices_at(24, 1)
    async with a_town([device]) as city:
        await swept(database, request_for(24), networks("bank"))
        assert refused_in_all(city) == {device.address: 1}
    elsewhere = replace(device, address="127.32.24.77")
    async with a_town([elsewhere]) as city:
        sweep_id = await swept(database, request_for(24), networks("bank"))
        assert refused_in_all(city) == {elsewhere.address: 0}
    (found,) = findings(database, sweep_id)
    assert (found.address, "login_refused_before" in codes(found)) == (elsewhere.address, True)


async def test_the_difference_to_last_time_is_new_gone_moved_and_changed(database) -> None:
    enter(database, bank="right")
    steady, leaving, moving, updated, coming = devices_at(28, 5)
    async with a_town([steady, leaving, moving, updated]):
        first = await swept(database, request_for(28), networks("bank"))
    assert stored(database, first).compared_with is None
    moved = replace(moving, address="127.32.28.200")
    async with a_town([steady, moved, replace(updated, firmware="99.9"), coming]):
        second = await swept(database, request_for(28), networks("bank"))
    with database.reading() as tx:
        told = {one.kind: one for one in sweep_findings.differences(tx, second).items}
        news = [event.content for event in events.after(tx, 0, 1000) if event.kind == "sweep.differences"]
    assert {kind: one.address for kind, one in told.items()} == {
        Kind.NEW: coming.address,
        Kind.GONE: leaving.address,
        Kind.MOVED: moved.address,
        Kind.CHANGED: updated.address,
    }
    (field,) = told[Kind.CHANGED].fields
    assert (field.name, field.before, field.now) == ("firmware", updated.firmware, "99.9")
    assert news == [{"new": 1, "gone": 1, "moved": 1, "changed": 1, "compared_with": first}]


async def test_a_smaller_sweep_is_compared_where_both_looked_and_says_where(sqlite_database) -> None:
    database = sqlite_database
    enter(database, bank="right")
    leaving, elsewhere = devices_at(64, 2, over=2)
    coming, outside = devices_at(66, 2, over=2)
    coming, outside = replace(coming, address="127.32.64.9"), replace(outside, address="127.32.65.9")
    async with a_town([leaving, elsewhere]):
        whole = await swept(database, request_for(64, 23), networks("bank"))
    async with a_town([coming]):
        part = await swept(database, request_for(64, 24), networks("bank"))
    async with a_town([coming, outside]):
        again = await swept(database, request_for(64, 23), networks("bank"))
    with database.reading() as tx:
        of_part = [(one.kind, one.address) for one in sweep_findings.differences(tx, part).items]
        of_whole = [(one.kind, one.address) for one in sweep_findings.differences(tx, again).items]
        common = compared_ground(tx, sweeps.get(tx, part))
        assert compared_ground(tx, sweeps.get(tx, whole)) is None
    assert (stored(database, part).compared_with, stored(database, again).compared_with) == (whole, whole)
    assert of_part == [(Kind.NEW, coming.address), (Kind.GONE, leaving.address)], "the other half is not gone"
    assert {kind for kind, _ in of_whole} == {Kind.NEW, Kind.GONE}
    assert {address for kind, address in of_whole if kind is Kind.GONE} == {leaving.address, elsewhere.address}
    assert common is not None
    assert ([str(one) for one in common.networks], common.whole) == (["127.32.64.0/24"], False)


async def test_who_did_not_answer_at_first_is_asked_once_more_before_he_is_gone(sqlite_database) -> None:
    """This time the sweep does not knock at his port; only the second look can find him."""
    database = sqlite_database
    enter(database, bank="right")
    (device,) = devices_at(32, 1)
    request = request_for(32, methods=("sweep",))
    async with a_town([device]):
        await swept(database, request, networks("bank"))
        second = await swept(database, replace(request, ports=(9,)), networks("bank"))
    (found,) = findings(database, second)
    assert found.heard_by == ("second look",)
    with database.reading() as tx:
        assert sweep_findings.differences(tx, second).total == 0
    third = await swept(database, request, networks("bank"))
    with database.reading() as tx:
        (gone,) = sweep_findings.differences(tx, third).items
    assert (gone.kind, gone.address) == (Kind.GONE, device.address)
    assert findings(database, third) == [], "who was asked once more and kept silent is no finding"


async def test_neighbours_outside_the_allowed_networks_are_told_and_never_asked(sqlite_database) -> None:
    database = sqlite_database
    enter(database, bank="right")
    ours, theirs = devices_at(36, 1), devices_at(40, 1)
    request = request_for(36, interfaces=("lo",), methods=("multicast",), allow=("127.32.36.0/24",))
    async with a_town([*ours, *theirs]):
        sweep_id = await swept(database, request, networks("bank"))
        found = {one.address: one for one in findings(database, sweep_id)}
        assert codes(found[theirs[0].address]) >= {"not_allowed"}
        assert found[theirs[0].address].device_id is None
        assert not found[theirs[0].address].told["manufacturer"]
    assert found[ours[0].address].told["serial_no"] == ours[0].serial_no
    with database.reading() as tx:
        assert [one.observed.address for one in devices.every(tx)] == [ours[0].address]


def test_the_schedule_does_not_start_a_sweep_before_the_last_one_is_over(sqlite_database) -> None:
    now = system_clock()
    first = start_scheduled(sqlite_database, request_for(44), now)
    assert first is not None
    assert first.scheduled
    assert start_scheduled(sqlite_database, request_for(44), now + timedelta(hours=1)) is None
    assert start_scheduled(sqlite_database, request_for(45), now) is not None, "other networks"
    cancel_sweep(sqlite_database, first.sweep_id, "a person", now)
    assert start_scheduled(sqlite_database, request_for(44), now + timedelta(hours=2)) is not None
    assert last_scheduled(sqlite_database) == now + timedelta(hours=2)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"cidrs": ("10.0.0.0/8",)}, "cidrs"),
        ({"cidrs": ("127.32.0.0/15",)}, "cidrs"),
        ({"cidrs": (), "hosts": ()}, "cidrs"),
        ({"ports": ()}, "ports"),
        ({"ports": (70_000,)}, "ports"),
        ({"methods": ("prayer",)}, "methods"),
        ({"pace_per_s": 0.0}, "pace_per_s"),
        ({"pace_per_s": -3.0}, "pace_per_s"),
        ({"hosts": ("x",) * 10_001}, "hosts"),
        ({"hosts": ("127.32.48.9:80", "1.1.1.1:80")}, "hosts"),
        ({"hosts": ("[2001:db8::1]:80",)}, "hosts"),
    ],
)
def test_a_sweep_that_cannot_be_is_refused_with_the_field_that_is_wrong(sqlite_database, changes, where) -> None:
    with pytest.raises(BadInput) as refused:
        start_sweep(sqlite_database, request_for(48, **changes), "tester", system_clock())
    assert refused.value.where == where


def test_old_sweeps_go_with_what_they_found_and_others_stay(database) -> None:
    now = system_clock()
    old, new, running = (start_sweep(database, request_for(52), "tester", now) for _ in range(3))
    with database.writing() as tx:
        for sweep, days in ((old, 100), (new, 1)):
            finished = now - timedelta(days=days)
            sweeps.change_state(tx, sweep.sweep_id, [SweepState.WAITING], SweepState.DONE, finished_at=finished)
        sweeps.set_compared(tx, new.sweep_id, old.sweep_id)
        assert sweeps.forget(tx, now - timedelta(days=90)) == 1
        assert {one.sweep_id: one.compared_with for one in sweeps.page(tx).items} == {
            new.sweep_id: None,
            running.sweep_id: None,
        }
