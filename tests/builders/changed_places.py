"""Pairs of pretend cameras that are known to a store and then change places."""

import itertools
from contextlib import asynccontextmanager
from dataclasses import replace

from vms.core.clock import system_clock
from vms.devices.discovery.request import DiscoveryRequest, Limits, Method
from vms.inventory.networks import Network, NetworkPlan
from vms.inventory.tier import Tier
from vms.services.discover_cameras import discover_cameras
from vms.sim.city import running_city
from vms.sim.personality import PLAIN
from vms.sim.plan import USERNAME, CityPlan, plan_city
from vms.store import credentials, devices
from vms.store.secret_box import SecretBox

BOX = SecretBox("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
TELLS_NOTHING = {"endpoint_reference": ""}
_numbers = itertools.count(1)


def two_cameras(block=0, **changes):
    """On addresses that no other test uses; the passwords are `one` and `two`."""
    plan = plan_city(30, first_address="127.63.255.1", personalities=False)
    single = [one for one in plan.devices if len(one.channels) == 1][:2]
    habits = {"personality": PLAIN, **changes}
    return [
        replace(device, address=f"127.63.{block}.{next(_numbers)}", password=password, **habits)
        for device, password in zip(single, ("one", "two"), strict=True)
    ]


def swapped(first, second):
    """Each at the other's address."""
    return [replace(first, address=second.address), replace(second, address=first.address)]


@asynccontextmanager
async def standing(*some):
    plan = plan_city(1)
    async with running_city(CityPlan(seed=plan.seed, town=plan.town, devices=tuple(some))) as city:
        yield city


def enter(database, **passwords):
    with database.writing() as tx:
        for name, password in passwords.items():
            credentials.put(tx, BOX, name, USERNAME, password, system_clock())


async def take_in(database, *some, sets):
    """As a sweep does; gives what is known, in the order of the cameras."""
    network = Network(cidr="127.63.0.0/16", tier=Tier.GOVERNMENT, credentials=sets, trusted=True)
    request = DiscoveryRequest(
        cidrs=tuple(f"{one.address}/32" for one in some),
        ports=(8080,),
        methods=(Method.UNICAST,),
        limits=Limits(listen_s=0.2),
    )
    await discover_cameras(database, BOX, request, NetworkPlan([network]))
    with database.reading() as tx:
        return [devices.at_address(tx, one.address, one.onvif_port)[0] for one in some]


def login_for(database, known):
    with database.reading() as tx:
        found = credentials.login_of(tx, BOX, devices.get(tx, known.device_id).credential_id)
    assert found is not None
    return found


def refused_at(city, *some):
    return [city.device(one.address).login.refused_in_all for one in some]
