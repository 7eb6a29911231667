"""One budget for the poller and for people who look: what really reaches the device stays within it, and is told."""

from dataclasses import replace

from sqlalchemy import delete, func, update

from tests.builders.counting_relay import counting_relay
from tests.builders.polled_city import polled_city, running_poller, until
from vms.app.edges import StillsNow
from vms.core.clock import system_clock
from vms.health.spending import PULL, DayBudget, Reason
from vms.health.status import Status
from vms.services.spending import OverBudget, Purse
from vms.services.who_answers import Doorkeeper
from vms.store import cameras, device_costs
from vms.store import devices as device_store
from vms.store.schema import cameras as camera_table
from vms.store.schema import devices, streams

RELAY = "127.65.2.200"
BUDGET = DayBudget(requests=80, sign_ins=60)


async def test_what_reaches_a_device_is_within_one_budget_for_all_who_ask_it(sqlite_database, tmp_path):
    async with polled_city(sqlite_database, tmp_path, first_address="127.65.2.1", cameras=1, still_every=1) as polled:
        (address,) = polled.addresses
        plan = polled.city.device(address).plan
        device_id, (camera_id,) = polled.device_ids[address], polled.camera_ids[address]
        with sqlite_database.writing() as tx:
            tx.execute(update(devices).values(address=RELAY))
            tx.execute(delete(streams))
            uri = camera_table.c.snapshot_uri
            tx.execute(update(camera_table).values(snapshot_uri=func.replace(uri, address, RELAY)))
            camera = cameras.get(tx, camera_id)
            credential_id = device_store.get(tx, device_id).credential_id
        polled = replace(polled, settings=replace(polled.settings, budget=BUDGET, interval_s=0.3, costs_every_s=0.2))
        purse = Purse(sqlite_database, BUDGET)
        look = StillsNow(sqlite_database, Doorkeeper(sqlite_database, purse=purse), purse)
        async with counting_relay(RELAY, plan.onvif_port, (address, plan.onvif_port)) as relay:
            async with running_poller(polled):
                await until(lambda: polled.with_status(Status.UP), 20, "it is polled")
                login = polled.login_of(credential_id)
                looks = 0
                try:
                    while looks < BUDGET.requests:
                        await look(camera, login)
                        looks += 1
                except OverBudget:
                    pass
                assert 10 < looks < BUDGET.requests / 2, "people look until it is used up"
                assert not await purse.may(device_id, PULL, Reason.DIAGNOSIS)
                assert await purse.spend(device_id, PULL, Reason.INCIDENT), "an incident goes on"
            reached = relay.requests
        with sqlite_database.reading() as tx:
            (cost,) = device_costs.of_device(tx, device_id, system_clock().date())
        assert looks <= reached <= cost.requests - PULL.requests
        assert reached <= BUDGET.requests
        assert cost.for_incident == PULL.requests
        assert cost.for_wall >= 2 * looks
        assert cost.for_poll > 0
        assert cost.for_diagnosis > 0
