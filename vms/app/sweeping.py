"""What the settings say about sweeps: everything that they call ours, at which pace, and when the next one is due."""

import resource
from dataclasses import replace
from datetime import datetime, timedelta

from vms.config import Settings
from vms.devices.discovery.request import Limits, Method
from vms.inventory.sweep import SweepRequest
from vms.services.sweeping.run_sweep import RunSettings
from vms.services.sweeping.start_sweep import last_scheduled
from vms.store.database import Database

FIRST_SWEEP_AFTER_S = 120.0
"""After the start, where one is due."""


def our_ground(settings: Settings) -> SweepRequest:
    """The networks of the settings and their interfaces, and nothing else."""
    cidrs = tuple(item.cidr for item in settings.networks)
    return SweepRequest(
        cidrs=cidrs,
        interfaces=settings.discovery.interfaces,
        ports=settings.discovery.ports,
        methods=tuple(method.value for method in Method),
        allow=cidrs,
        pace_per_s=settings.discovery.pace_per_s,
    )


def run_settings(settings: Settings) -> RunSettings:
    discovery = settings.discovery
    return RunSettings(
        blocks_at_once=discovery.blocks_at_once,
        devices_at_once=discovery.devices_at_once,
        limits=replace(Limits(), sweep_width=discovery.doors_at_once),
    )


def next_due(database: Database, settings: Settings, now: datetime) -> datetime | None:
    """Counted from the last scheduled sweep, so that a restart postpones nothing. None: there is no schedule."""
    if settings.discovery.every_h is None or not settings.networks:
        return None
    last = last_scheduled(database)
    soon = now + timedelta(seconds=FIRST_SWEEP_AFTER_S)
    return soon if last is None else max(soon, last + timedelta(hours=settings.discovery.every_h))


def allow_sockets() -> None:
    """As many open files as this process may have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
