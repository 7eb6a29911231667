"""Who used which credential when: discovery, the poller, and which set is tried first at a device."""

from tests.builders.polled_city import polled_city, running_poller, until
from tests.builders.tasks import a_plan
from vms.core.clock import system_clock
from vms.devices.discovery.request import DiscoveryRequest
from vms.inventory.networks import Network, NetworkPlan
from vms.inventory.tier import Tier
from vms.services.discover_cameras import discover_cameras
from vms.sim.city import running_city
from vms.sim.personality import PLAIN, habit
from vms.store import credential_uses, credentials, devices, owners
from vms.store.secret_box import SecretBox, new_key


def uses(database):
    """(set, purpose, who) → (count, refused)."""
    with database.reading() as tx:
        return {
            (one.name, use.purpose.value, use.who): (use.count, use.refused)
            for one in credentials.every(tx)
            for use in credential_uses.of_credential(tx, one.credential_id).items
        }


async def test_discovery_tries_the_owners_sets_and_keeps_what_each_device_said(sqlite_database):
    plan = a_plan("127.37.50.1", PLAIN, habit("digest"))
    box, now = SecretBox(new_key()), system_clock()
    with sqlite_database.writing() as tx:
        owner = owners.ensure(tx, "Amt", Tier.GOVERNMENT, now)
        credentials.put(tx, box, "wrong", "admin", "not this one", now)
        credentials.put(tx, box, "of the owner", "admin", plan.devices[0].password, now, owner_id=owner)
    network = Network(cidr="127.37.50.0/24", tier=Tier.GOVERNMENT, owner="Amt", credentials=("wrong",))
    request = DiscoveryRequest(hosts=tuple(f"{device.address}:{device.onvif_port}" for device in plan.devices))
    async with running_city(plan):
        await discover_cameras(sqlite_database, box, request, NetworkPlan([network]))
        assert set(uses(sqlite_database).items()) == {
            (("wrong", "discovery", "discovery"), (1, 1)),
            (("of the owner", "discovery", "discovery"), (1, 0)),
        }
        with sqlite_database.reading() as tx:
            found = list(devices.every(tx))
            right = credentials.by_name(tx, "of the owner").credential_id
            per_device = credential_uses.of_credential(tx, right).items
        assert {device.credential_id for device in found} == {right}
        assert {use.device_id for use in per_device} == {device.device_id for device in found}
        await discover_cameras(sqlite_database, box, request, NetworkPlan([network]))
        with sqlite_database.reading() as tx:
            wrong = credential_uses.of_credential(tx, credentials.by_name(tx, "wrong").credential_id).items
        assert [(use.count, use.refused) for use in wrong] == [(1, 1)] * 2, "what was refused is not shown again"


async def test_the_poller_counts_its_sign_ins_in_memory_and_writes_them_when_it_ends(sqlite_database, tmp_path):
    async with polled_city(
        sqlite_database, tmp_path, first_address="127.37.51.1", cameras=2, interval_s=0.3, still_every=1
    ) as polled:
        async with running_poller(polled):
            await until(lambda: len(list((tmp_path / "stills").glob("*.jpg"))) == 2, 15, "both were looked at")
            assert uses(sqlite_database) == {}
        found = uses(sqlite_database)
    assert found
    assert {(purpose, who) for _, purpose, who in found} == {("still", "poller")}
    assert all(count >= 1 and refused == 0 for count, refused in found.values())
