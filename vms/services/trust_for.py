"""Which TLS a camera's pictures get: what was learnt of its device, and what a person allows for it."""

from sqlalchemy import Connection

from vms.inventory.camera import Camera
from vms.inventory.device import DevicePolicy, Quirks
from vms.media.tls import TlsTrust
from vms.store import devices


def trust_for(tx: Connection, camera: Camera) -> TlsTrust:
    if camera.device_id is None:
        return TlsTrust()
    device = devices.get(tx, camera.device_id)
    return trust_of(device.observed.quirks, device.policy)


def trust_of(quirks: Quirks, policy: DevicePolicy) -> TlsTrust:
    """The certificate that a person has confirmed counts before the one that was shown first."""
    return TlsTrust(
        pinned_sha256=policy.tls_fingerprint or quirks.tls_fingerprint,
        stream_sha256=quirks.stream_tls_fingerprint,
        allow_legacy=policy.legacy_tls,
    )
