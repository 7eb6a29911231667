"""What the office does before the day begins: take in the map and the list, look what is on the network."""

import asyncio
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from vms.app.stage import network_plan, open_box, open_database, prepare
from vms.config import Settings
from vms.core.clock import system_clock
from vms.devices.discovery.request import DiscoveryRequest
from vms.inventory.tier import Tier
from vms.places.town import Town
from vms.services.discover_cameras import discover_cameras
from vms.services.import_cameras import import_cameras
from vms.services.maps.import_map import import_map
from vms.sim.plan import NETWORKS

ONVIF_PORT = 8080
LOOPBACK = "lo"


def take_in_map(settings: Settings, town: Town) -> None:
    database = open_database(settings)
    try:
        import_map(database, town, now=system_clock())
    finally:
        database.close()


def take_in_archive(settings: Settings, archive: Path) -> dict[str, Any]:
    database = open_database(settings)
    try:
        result = import_cameras(database, archive)
    finally:
        database.close()
    return {
        "rows": result.rows,
        "created": result.created,
        "updated": result.updated,
        "rejected": [f"row {item.row}: {item.field} {item.reason}" for item in result.rejected],
    }


def discover_city(settings: Settings, devices: int) -> dict[str, Any]:
    """Multicast on the loopback interface and unicast over the part of each tier's network that can be in use."""
    prepare(settings)
    prefix = 32 - max(5, (devices + 1).bit_length())
    request = DiscoveryRequest(
        cidrs=tuple(NETWORKS[tier].replace("/16", f"/{prefix}") for tier in Tier),
        interfaces=(LOOPBACK,),
        ports=(ONVIF_PORT,),
        allow=tuple(ip_network(NETWORKS[tier]) for tier in Tier),
    )
    database = open_database(settings)
    try:
        summary = asyncio.run(discover_cameras(database, open_box(settings), request, network_plan(settings)))
    finally:
        database.close()
    return {
        "devices": len(summary.found),
        "new_cameras": summary.new_cameras,
        "with_problems": sum(bool(found.observed.problems) for found in summary.found),
        "seconds": round(summary.elapsed_s, 2),
    }
