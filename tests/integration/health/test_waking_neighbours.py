"""When a switch comes back, the devices behind it that were left in peace are found again soon: on real sockets."""

from datetime import timedelta

from sqlalchemy import delete

from tests.builders.polled_city import PolledCity, polled_city, running_poller, until
from vms.core.clock import system_clock
from vms.health.status import Status
from vms.sim.faults import Fault
from vms.store.schema import streams

INTERVAL_S = 0.05
TURN = timedelta(seconds=INTERVAL_S)


def down_for(polled: PolledCity, addresses: list[str]) -> timedelta:
    rows = [polled.statuses()[camera_id] for camera_id in polled.cameras_at(addresses)]
    shortest = min(system_clock() - row.since for row in rows)
    return shortest if all(row.status is Status.DOWN for row in rows) else timedelta(0)


async def test_one_that_is_heard_again_wakes_its_neighbours(sqlite_database, tmp_path):
    """It fell later than the others and is asked more often; they would be asked a hundred turns later."""
    city = polled_city(
        sqlite_database,
        tmp_path,
        first_address="127.63.1.1",
        cameras=4,
        interval_s=INTERVAL_S,
        backoff_max_s=500 * INTERVAL_S,
    )
    async with city as polled:
        with polled.database.writing() as tx:
            tx.execute(delete(streams))
        await the_switch_fails_and_comes_back(polled)


async def the_switch_fails_and_comes_back(polled: PolledCity) -> None:
    async with running_poller(polled):
        await until(lambda: polled.with_status(Status.UP) == polled.everything, 15, "every camera is up")
        late, *early = polled.addresses
        for address in early:
            await polled.city.set_fault(address, Fault.OFF, True)
        await until(lambda: down_for(polled, early) > 115 * TURN, 30, "they are asked once in 64 turns")
        await polled.city.set_fault(late, Fault.OFF, True)
        await until(lambda: down_for(polled, early) > 142 * TURN, 30, "they are asked once in 128 turns")
        assert down_for(polled, [late]) > 5 * TURN
        back_at = system_clock()
        for address in polled.addresses:
            await polled.city.set_fault(address, Fault.OFF, False)
        await until(lambda: polled.with_status(Status.UP) == polled.everything, 15, "all are found again")
        assert max(row.since for row in polled.statuses().values()) - back_at < 60 * TURN
