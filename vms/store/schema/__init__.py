"""The tables. Units stand in the names; instants are UTC; declared and observed are separate columns."""

from vms.store.schema.archive import (
    accepted_differences,
    camera_changes,
    code_entries,
    column_mappings,
    edits,
    imports,
    photographs,
    views,
)
from vms.store.schema.columns import BigId, UtcInstant, metadata
from vms.store.schema.consent import access_requests, consents, looks, registrations
from vms.store.schema.health import daily_numbers, faults, flips, stills, watch_sessions, watches
from vms.store.schema.incidents import incident_feeds, incidents
from vms.store.schema.inventory import (
    camera_devices,
    camera_paths,
    cameras,
    credential_uses,
    credentials,
    device_keys,
    devices,
    identity_actions,
    identity_conflicts,
    regions,
    streams,
)
from vms.store.schema.news import events, maps, settings
from vms.store.schema.people import owners, sign_in_refusals, sign_ins, users
from vms.store.schema.work import device_task_steps, device_tasks, sweep_blocks, sweep_findings, sweeps

__all__ = [
    "BigId",
    "UtcInstant",
    "accepted_differences",
    "access_requests",
    "camera_changes",
    "camera_devices",
    "camera_paths",
    "cameras",
    "code_entries",
    "column_mappings",
    "consents",
    "credential_uses",
    "credentials",
    "daily_numbers",
    "device_keys",
    "device_task_steps",
    "device_tasks",
    "devices",
    "edits",
    "events",
    "faults",
    "flips",
    "identity_actions",
    "identity_conflicts",
    "imports",
    "incident_feeds",
    "incidents",
    "looks",
    "maps",
    "metadata",
    "owners",
    "photographs",
    "regions",
    "registrations",
    "settings",
    "sign_in_refusals",
    "sign_ins",
    "stills",
    "streams",
    "sweep_blocks",
    "sweep_findings",
    "sweeps",
    "users",
    "views",
    "watch_sessions",
    "watches",
]
