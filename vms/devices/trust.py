"""Which TLS a device gets: by its port, what was learnt of it and what a person allows; one certificate for ever."""

from vms.devices.http import TLS_PORTS, TlsPolicy
from vms.inventory.device import DevicePolicy, Quirks


def tls_for(
    port: int, quirks: Quirks | None = None, policy: DevicePolicy | None = None, *, told: bool = False
) -> TlsPolicy | None:
    """None: in the clear. `told`: the device named https when it was heard.

    The certificate that a person has confirmed counts before the one that was shown first.
    """
    quirks, policy = quirks or Quirks(), policy or DevicePolicy()
    if not (told or quirks.tls or quirks.tls_fingerprint or policy.tls_fingerprint or port in TLS_PORTS):
        return None
    return TlsPolicy(pinned_sha256=policy.tls_fingerprint or quirks.tls_fingerprint, allow_legacy=policy.legacy_tls)
