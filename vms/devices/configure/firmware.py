"""Which firmware runs on the device."""

from vms.devices.configure.hand import Hand
from vms.devices.onvif.device_messages import DeviceInformation, read_device_information
from vms.devices.onvif.operations import GET_DEVICE_INFORMATION


async def read_information(hand: Hand) -> DeviceInformation:
    """Raises what OnvifClient.call raises."""
    return read_device_information(await hand.ask(GET_DEVICE_INFORMATION))
