"""A device as it was observed, whole and with its channels, as JSON and back."""

from dataclasses import asdict, fields
from typing import Any

from vms.inventory.device import (
    AuthScheme,
    ObservedChannel,
    ObservedDevice,
    ObservedPose,
    ObservedStream,
    Problem,
)
from vms.store.device_rows import quirks_from_json


def observed_to_json(observed: ObservedDevice) -> dict[str, Any]:
    return asdict(observed)


def observed_from_json(kept: dict[str, Any]) -> ObservedDevice:
    """What an older or newer program kept is read as far as it is understood."""
    known = {field.name for field in fields(ObservedDevice)}
    plain: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in kept.items() if name in known
    }
    return ObservedDevice(
        **plain
        | {
            "auth": AuthScheme(kept.get("auth", AuthScheme.UNKNOWN)),
            "quirks": quirks_from_json(kept.get("quirks", {})),
            "problems": tuple(Problem(**one) for one in kept.get("problems", ())),
            "channels": tuple(_channel(one) for one in kept.get("channels", ())),
        }
    )


def _channel(kept: dict[str, Any]) -> ObservedChannel:
    pose = kept.get("pose")
    return ObservedChannel(
        **kept
        | {
            "streams": tuple(ObservedStream(**stream) for stream in kept["streams"]),
            "pose": None if pose is None else ObservedPose(**pose),
        }
    )
