"""Devices as a list, and what a person allows for one, on both databases."""

from datetime import UTC, datetime

import pytest

from tests.builders.stored_cameras import store_device
from vms.core.errors import NotFound
from vms.inventory.camera import LifeCycle
from vms.inventory.device import DevicePolicy, ObservedDevice, Quirks
from vms.store import cameras, device_list, devices
from vms.store.camera_changes import Author
from vms.store.database import Database
from vms.store.device_list import DeviceFilter
from vms.store.poll_targets import poll_targets

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_devices_are_found_by_their_words_and_by_what_stands_on_them(database: Database) -> None:
    first = store_device(database, NOW, address="10.1.0.1", port=80, channels=2)
    second = store_device(database, NOW, address="10.1.0.2", port=80)
    with database.writing() as tx:
        observed = ObservedDevice(address="10.1.0.2", port=80, manufacturer="Dahe", model="DH_1%")
        devices.update_observed(tx, second.device_id, observed, NOW)
        cameras.set_life_cycle(tx, second.camera_ids[0], LifeCycle.RETIRED, NOW, author=Author(who="test"))
    with database.reading() as tx:
        assert [count for _, count in device_list.page(tx, DeviceFilter()).items] == [2, 1]
        assert device_list.page(tx, DeviceFilter(text="dahe")).total == 1
        assert device_list.page(tx, DeviceFilter(text="_1%")).total == 1
        assert device_list.page(tx, DeviceFilter(text="%")).total == 1
        assert device_list.page(tx, DeviceFilter(address="10.1.0.")).total == 2
        serving = device_list.page(tx, DeviceFilter(in_service_only=True))
        assert [(device.device_id, count) for device, count in serving.items] == [(first.device_id, 2)]
        assert len(device_list.cameras_of(tx, second.device_id, in_service_only=False)) == 1
        assert device_list.cameras_of(tx, second.device_id, in_service_only=True) == []
        past = device_list.page(tx, DeviceFilter(), limit=5, offset=9)
        assert (past.total, past.items) == (2, ())


def test_policy_and_what_was_learnt_reach_the_poller(database: Database) -> None:
    stored = store_device(database, NOW, address="10.1.0.3", port=443)
    policy, quirks = DevicePolicy(legacy_tls=True, tls_fingerprint="ab" * 32), Quirks(health_operation="GetHostname")
    with database.writing() as tx:
        devices.set_policy(tx, stored.device_id, policy)
        devices.set_quirks(tx, {stored.device_id: quirks})
        with pytest.raises(NotFound):
            devices.set_policy(tx, stored.device_id + 1, policy)
    with database.reading() as tx:
        (target,) = poll_targets(tx)
        assert devices.get(tx, stored.device_id).policy == policy
    assert (target.policy, target.quirks) == (policy, quirks)
