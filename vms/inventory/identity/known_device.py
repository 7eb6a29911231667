"""A device as the house knows it: what it last said of itself, and what we keep about it."""

from dataclasses import dataclass, field
from datetime import datetime

from vms.core.ids import CredentialId, DeviceId
from vms.inventory.device import DevicePolicy, ObservedDevice


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDevice:
    device_id: DeviceId
    observed: ObservedDevice
    """As last told, without the channels: those are cameras."""
    credential_id: CredentialId | None = None
    login_refused_version: int | None = None
    """The version of the credential that was refused; not tried again until there is a newer one."""
    refused_logins: dict[int, int] = field(default_factory=dict)
    """Every credential that was refused, by id, with the version that was."""
    policy: DevicePolicy = field(default_factory=DevicePolicy)
    first_seen_at: datetime
    last_seen_at: datetime
    displaced_at: datetime | None = None
    """Since when another device answers at its address."""
    replaced_by: DeviceId | None = None
    """The hardware that stands at its point now."""
    merged_into: DeviceId | None = None
    """The device that it really is; kept for an undo."""
