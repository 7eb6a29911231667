"""Which of several ways to a camera is used: for its health, its stills, its live picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from vms.core.ids import DeviceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    device_id: DeviceId
    channel: str
    has_streams: bool
    is_direct: bool
    """The device is this camera and nothing else; a recorder shares its budget among all its channels."""
    displaced: bool = False
    """Nobody knows where the device is."""
    login_refused: bool = False


def preferred(ways: Sequence[Way]) -> Way:
    """The first of equals; put the one in use first."""
    return min(
        ways,
        key=lambda way: (
            way.displaced,
            way.login_refused and not way.has_streams,
            not way.has_streams,
            not way.is_direct,
        ),
    )
