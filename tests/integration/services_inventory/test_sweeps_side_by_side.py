"""Two sweeps of one ground do not run at once, and an interface that is not there is told, not passed over."""

import asyncio
from dataclasses import replace

import pytest

from vms.core.clock import system_clock
from vms.core.errors import BadInput, Conflict
from vms.devices.discovery.request import Limits
from vms.inventory.networks import NetworkPlan
from vms.inventory.sweep import SweepRequest, SweepState
from vms.services.sweeping.report import report_of
from vms.services.sweeping.run_sweep import RunSettings, run_sweep
from vms.services.sweeping.start_sweep import Taker, pause_sweep, resume_sweep, start_sweep
from vms.services.sweeping.waiting_sweeps import take_sweep
from vms.store import sweeps
from vms.store.secret_box import SecretBox

BOX = SecretBox("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
QUICK = RunSettings(limits=Limits(round_s=0.05, listen_s=0.1, connect_s=0.2))
GROUND = SweepRequest(cidrs=("127.32.60.0/24",), ports=(9,), methods=("unicast", "sweep"), allow=("127.32.0.0/16",))
OTHER = replace(GROUND, cidrs=("127.32.61.0/24",))


def start(database, request, runner: str = ""):
    taker = Taker(runner=runner, lease_s=20) if runner else None
    return start_sweep(database, request, "bob", system_clock(), taker=taker)


def test_a_second_sweep_of_the_same_ground_is_refused_by_the_name_of_the_first_and_not_kept(database) -> None:
    first = start(database, GROUND, "one")
    with pytest.raises(Conflict, match=f"sweep {first.sweep_id} of bob") as refused:
        start(database, replace(GROUND, cidrs=("127.32.60.128/25",), pace_per_s=20), "two")
    assert refused.value.code == "ground_taken"
    elsewhere = start(database, OTHER, "two")
    with database.reading() as tx:
        assert {one.sweep_id for one in sweeps.page(tx).items} == {first.sweep_id, elsewhere.sweep_id}
    pause_sweep(database, first.sweep_id, "bob", system_clock())
    third = start(database, GROUND, "three")
    with pytest.raises(Conflict, match=f"sweep {third.sweep_id} "):
        resume_sweep(database, first.sweep_id, "bob", system_clock(), taker=Taker(runner="one", lease_s=20))
    with database.reading() as tx:
        assert sweeps.get(tx, first.sweep_id).state is SweepState.PAUSED


def test_in_the_queue_it_waits_for_its_ground_and_others_go_before_it(database) -> None:
    first = start(database, GROUND, "one")
    waiting, elsewhere = start(database, GROUND), start(database, OTHER)
    taken = take_sweep(database, "jobs", QUICK)
    assert taken is not None
    assert taken.sweep_id == elsewhere.sweep_id
    assert take_sweep(database, "jobs", QUICK) is None
    pause_sweep(database, first.sweep_id, "bob", system_clock())
    taken = take_sweep(database, "jobs", QUICK)
    assert taken is not None
    assert taken.sweep_id == waiting.sweep_id


async def test_an_interface_that_is_not_there_is_refused_at_once_and_told_by_a_sweep_in_the_background(
    sqlite_database,
) -> None:
    database = sqlite_database
    request = SweepRequest(interfaces=("eth99",), ports=(9,), allow=("127.32.0.0/16",))
    with pytest.raises(BadInput, match=r"no interface eth99; it has .*lo") as refused:
        start(database, request, "one")
    assert refused.value.where == "interfaces"
    sweep_id = start(database, request).sweep_id
    sweep = take_sweep(database, "jobs", QUICK, sweep_id=sweep_id)
    assert sweep is not None
    state = await run_sweep(database, BOX, NetworkPlan([]), sweep, stop=asyncio.Event(), settings=QUICK)
    with database.reading() as tx:
        report = report_of(sweeps.get(tx, sweep_id))
    assert state is report.state is SweepState.DONE
    assert "eth99" in report.problem
