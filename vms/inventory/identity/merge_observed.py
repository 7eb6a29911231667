"""What a device said now, on top of what it said before: silence takes nothing away."""

from dataclasses import replace

from vms.inventory.device import AuthScheme, ObservedDevice, Quirks
from vms.inventory.identity.keys import usable_reference

_TEXTS = ("manufacturer", "model", "firmware", "serial_no", "endpoint_reference", "hardware")


def merge_observed(before: ObservedDevice, now: ObservedDevice) -> ObservedDevice:
    """A device that was asked only in part (busy, refused, timed out) keeps what it told earlier."""
    kept = {name: getattr(now, name) or getattr(before, name) for name in _TEXTS}
    return replace(
        now,
        **kept,
        macs=now.macs or before.macs,
        scopes=now.scopes or before.scopes,
        quirks=_quirks(before, now),
        auth=before.auth if now.auth == AuthScheme.UNKNOWN else now.auth,
        clock_offset_s=before.clock_offset_s if now.clock_offset_s is None else now.clock_offset_s,
    )


def _quirks(before: ObservedDevice, now: ObservedDevice) -> Quirks:
    limit = now.quirks if now.quirks.session_evidence else before.quirks
    references = {usable_reference(one.endpoint_reference) for one in (before, now)} - {""}
    return replace(
        now.quirks,
        tls_fingerprint=now.quirks.tls_fingerprint or before.quirks.tls_fingerprint,
        stream_tls_fingerprint=now.quirks.stream_tls_fingerprint or before.quirks.stream_tls_fingerprint,
        session_limit=limit.session_limit,
        session_evidence=limit.session_evidence,
        reference_changes=before.quirks.reference_changes or now.quirks.reference_changes or len(references) > 1,
    )


def told_news(before: ObservedDevice, now: ObservedDevice) -> tuple[str, ...]:
    """Names of the fields worth telling that differ; the clock and who heard it vary all the time."""
    watched = (*_TEXTS, "address", "port", "macs", "auth")
    return tuple(name for name in watched if getattr(before, name) != getattr(now, name))
