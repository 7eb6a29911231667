"""One budget per device, whoever asks it: paid before, refused in the order of reasons, told by reason."""

from datetime import UTC, datetime

import pytest

from tests.builders.stored_cameras import store_device
from vms.core.ids import DeviceId
from vms.health.spending import DayBudget, Price, Reason
from vms.services.polling.ledger import Ledger
from vms.services.spending import OverBudget, Purse
from vms.store import device_costs

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HUNDRED = DayBudget(requests=100, sign_ins=20)


def a_device(database, channels: int = 1) -> DeviceId:
    return store_device(database, NOON, address="127.0.0.9", port=80, channels=channels).device_id


async def test_what_is_paid_is_kept_by_reason_and_the_least_urgent_give_way_first(database):
    device_id = a_device(database)
    purse = Purse(database, HUNDRED, clock=lambda: NOON)
    ten = Price(requests=10, sign_ins=1)
    for _ in range(7):
        await purse.pay(device_id, ten, Reason.DIAGNOSIS)
    with pytest.raises(OverBudget):
        await purse.pay(device_id, ten, Reason.DIAGNOSIS)
    for _ in range(2):
        await purse.pay(device_id, ten, Reason.WALL)
    with pytest.raises(OverBudget):
        await purse.pay(device_id, ten, Reason.WALL)
    await purse.pay(device_id, Price(requests=30), Reason.INCIDENT)
    with database.reading() as tx:
        (cost,) = device_costs.of_device(tx, device_id, NOON.date())
    assert (cost.requests, cost.sign_ins) == (120, 9)
    assert (cost.for_incident, cost.for_wall, cost.for_poll, cost.for_diagnosis) == (30, 20, 0, 70)


async def test_a_recorder_has_the_budget_of_its_channels(database):
    device_id = a_device(database, channels=3)
    purse = Purse(database, HUNDRED, clock=lambda: NOON)
    assert await purse.spend(device_id, Price(requests=180), Reason.WALL)
    assert not await purse.may(device_id, Price(requests=20), Reason.WALL)


async def test_the_poller_learns_what_others_have_spent_when_it_writes_its_own_down(database):
    device_id = a_device(database)
    ledger = Ledger(HUNDRED)
    ledger.open_day(NOON)
    ledger.account(device_id, NOON).requests += 30
    await Purse(database, HUNDRED, clock=lambda: NOON).pay(device_id, Price(requests=50), Reason.WALL)
    assert ledger.may(device_id, 1, Price(requests=40), Reason.POLL, NOON), "nobody has told it yet"
    with database.writing() as tx:
        device_costs.add_many(tx, ledger.take([device_id]))
        ledger.learn(ledger.day, device_costs.spent_by(tx, [device_id], ledger.day))
    assert ledger.account(device_id, NOON).requests_today == 80
    assert not ledger.may(device_id, 1, Price(requests=11), Reason.POLL, NOON)
    assert ledger.may(device_id, 1, Price(requests=10), Reason.POLL, NOON)
