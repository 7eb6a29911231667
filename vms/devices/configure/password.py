"""The password of a user on the device."""

from vms.core.errors import BadInput
from vms.devices.configure.hand import Hand
from vms.devices.onvif.compose import compose
from vms.devices.onvif.operations import Operation, Service
from vms.devices.onvif.xml import everywhere, text

GET_USERS = Operation(Service.DEVICE, "GetUsers", f'<o:GetUsers xmlns:o="{Service.DEVICE.value}"/>')
"""Told to administrators only, so that an answer proves that the login is right."""


async def read_users(hand: Hand) -> dict[str, str]:
    """Name → level. Raises what OnvifClient.call raises."""
    users = everywhere(await hand.ask(GET_USERS), "User")
    return {text(user, "Username")[:64]: text(user, "UserLevel")[:32] for user in users if text(user, "Username")}


async def write_password(hand: Hand, username: str, password: str, level: str) -> None:
    """Raises ChangeRefused, NotSent, AnswerLost."""
    user = {"Username": username, "Password": password, "UserLevel": level or "Administrator"}
    try:
        message = await compose(Service.DEVICE, "SetUser", {"User": [user]})
    except BadInput:
        raise BadInput("the message with the new password cannot be built", where="password") from None
    await hand.send(message)
