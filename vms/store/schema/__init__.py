"""The tables. Units stand in the names; instants are UTC; declared and observed are separate columns."""

from vms.store.schema.columns import BigId, UtcInstant, metadata
from vms.store.schema.consent import access_requests, consents, looks, registrations
from vms.store.schema.health import daily_numbers, faults, flips, stills, watch_sessions, watches
from vms.store.schema.incidents import incident_feeds, incidents
from vms.store.schema.inventory import cameras, credentials, device_keys, devices, identity_conflicts, regions, streams
from vms.store.schema.news import events, maps, settings
from vms.store.schema.people import owners, sign_in_refusals, sign_ins, users

__all__ = [
    "BigId",
    "UtcInstant",
    "access_requests",
    "cameras",
    "consents",
    "credentials",
    "daily_numbers",
    "device_keys",
    "devices",
    "events",
    "faults",
    "flips",
    "identity_conflicts",
    "incident_feeds",
    "incidents",
    "looks",
    "maps",
    "metadata",
    "owners",
    "regions",
    "registrations",
    "settings",
    "sign_in_refusals",
    "sign_ins",
    "stills",
    "streams",
    "users",
    "watch_sessions",
    "watches",
]
