"""Which declared camera is this channel? Decided among the declared cameras that name the device."""

from collections.abc import Callable, Sequence

from vms.inventory.camera import Camera
from vms.inventory.device import ObservedChannel


def find_declared(
    channel: ObservedChannel, channels: Sequence[ObservedChannel], declared: Sequence[Camera]
) -> Camera | None:
    """`declared` are the cameras that somebody entered for this device and that are no channel of it yet.

    The channel is named by its token, else by its number counted from 1; of a device with one channel nobody needs to
    name it. None where nothing fits or two fit equally.
    """
    number = channels.index(channel) + 1
    rules: tuple[Callable[[str], bool], ...] = (
        lambda entered: entered == channel.token,
        lambda entered: entered.isdecimal() and int(entered) == number,
        lambda entered: len(channels) == 1 and entered == "",
    )
    for fits in rules:
        found = [camera for camera in declared if fits(camera.declared.channel)]
        if found:
            return found[0] if len(found) == 1 else None
    return None
