"""A device as a row and back."""

from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import RowMapping

from vms.core.ids import CredentialId, DeviceId
from vms.inventory.device import AuthScheme, DevicePolicy, ObservedDevice, Problem, Quirks
from vms.inventory.identity.known_device import KnownDevice

_PLAIN = (
    "address",
    "port",
    "manufacturer",
    "model",
    "firmware",
    "serial_no",
    "endpoint_reference",
    "hardware",
    "clock_offset_s",
)


def device_columns(observed: ObservedDevice) -> dict[str, Any]:
    return {
        **{name: getattr(observed, name) for name in _PLAIN},
        "macs": list(observed.macs),
        "auth": observed.auth.value,
        "scopes": list(observed.scopes),
        "heard_by": list(observed.heard_by),
        "problems": [asdict(problem) for problem in observed.problems],
        "quirks": asdict(observed.quirks),
    }


def device_from_row(row: RowMapping) -> KnownDevice:
    observed = ObservedDevice(
        **{name: row[name] for name in _PLAIN},
        macs=tuple(row["macs"]),
        auth=AuthScheme(row["auth"]),
        scopes=tuple(row["scopes"]),
        heard_by=tuple(row["heard_by"]),
        problems=tuple(Problem(**problem) for problem in row["problems"]),
        quirks=quirks_from_json(row["quirks"]),
        login_refused=row["login_refused_version"] is not None,
    )
    return KnownDevice(
        device_id=DeviceId(row["id"]),
        observed=observed,
        credential_id=None if row["credential_id"] is None else CredentialId(row["credential_id"]),
        login_refused_version=row["login_refused_version"],
        refused_logins={int(key): version for key, version in row["refused_logins"].items()},
        policy=policy_from_json(row["policy"]),
        first_seen_at=row["first_seen_at"],
        last_seen_at=row["last_seen_at"],
        displaced_at=row["displaced_at"],
        replaced_by=None if row["replaced_by"] is None else DeviceId(row["replaced_by"]),
        merged_into=None if row["merged_into"] is None else DeviceId(row["merged_into"]),
    )


def quirks_from_json(kept: dict[str, Any]) -> Quirks:
    """What was learnt with an older or newer program is used as far as it is understood."""
    known = {field.name for field in fields(Quirks)}
    usable = {name: value for name, value in kept.items() if name in known}
    if not usable.get("session_evidence"):
        usable.pop("session_limit", None)  # older programs kept a 1 that nobody had learnt
    if "auth" in usable:
        usable["auth"] = AuthScheme(usable["auth"])
    return Quirks(**usable)


def policy_from_json(kept: dict[str, Any]) -> DevicePolicy:
    known = {field.name for field in fields(DevicePolicy)}
    return DevicePolicy(**{name: value for name, value in kept.items() if name in known})
