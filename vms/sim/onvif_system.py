"""What can be set through the ONVIF device service: the clock, NTP, users; and the reboot."""

from datetime import UTC, datetime
from xml.sax.saxutils import escape

from vms.sim.device import LiveDevice
from vms.sim.operation import Operation, Table
from vms.sim.soap import SoapRequest, sender_fault, text_of

MOST_USERS = 8


def set_date_and_time(device: LiveDevice, request: SoapRequest) -> str:
    kind = text_of(request.body, "DateTimeType")
    if kind not in ("Manual", "NTP"):
        raise sender_fault(("ter:InvalidArgVal",), "DateTimeType is Manual or NTP")
    zone = text_of(request.body, "TZ")
    if len(zone) > 64:
        raise sender_fault(("ter:InvalidArgVal", "ter:InvalidTimeZone"), "that is no time zone")
    if kind == "Manual":
        names = ("Year", "Month", "Day", "Hour", "Minute", "Second")
        try:
            year, month, day, hour, minute, second = (int(text_of(request.body, name)) for name in names)
            device.set_clock(datetime(year, month, day, hour, minute, second, tzinfo=UTC))
        except ValueError as error:
            raise sender_fault(("ter:InvalidArgVal", "ter:InvalidDateTime"), "that is no date") from error
    device.settings.time_from = kind
    device.settings.zone = zone or device.settings.zone
    return "<tds:SetSystemDateAndTimeResponse/>"


def _get_ntp(device: LiveDevice, request: SoapRequest) -> str:
    settings = device.settings
    servers = "".join(f"<tds:NTPManual>{_host(server)}</tds:NTPManual>" for server in settings.ntp_servers)
    inner = f"<tt:FromDHCP>{str(settings.ntp_from_dhcp).lower()}</tt:FromDHCP>{servers.replace('tds:', 'tt:')}"
    return f"<tds:GetNTPResponse><tds:NTPInformation>{inner}</tds:NTPInformation></tds:GetNTPResponse>"


def _host(server: str) -> str:
    if server.replace(".", "").isdigit():
        return f"<tt:Type>IPv4</tt:Type><tt:IPv4Address>{escape(server)}</tt:IPv4Address>"
    if ":" in server:
        return f"<tt:Type>IPv6</tt:Type><tt:IPv6Address>{escape(server)}</tt:IPv6Address>"
    return f"<tt:Type>DNS</tt:Type><tt:DNSname>{escape(server)}</tt:DNSname>"


def _set_ntp(device: LiveDevice, request: SoapRequest) -> str:
    servers = [
        (element.text or "").strip()
        for name in ("IPv4Address", "IPv6Address", "DNSname")
        for element in request.body.iter(f"{{*}}{name}")
    ]
    from_dhcp = text_of(request.body, "FromDHCP") in ("true", "1")
    if not from_dhcp and not all(servers):
        raise sender_fault(("ter:InvalidArgVal",), "an empty address")
    if len(servers) > 2:
        raise sender_fault(("ter:InvalidArgVal",), "at most two NTP servers")
    device.settings.ntp_from_dhcp, device.settings.ntp_servers = from_dhcp, tuple(servers)
    return "<tds:SetNTPResponse/>"


def _get_users(device: LiveDevice, request: SoapRequest) -> str:
    listed = "".join(
        f"<tds:User><tt:Username>{escape(name)}</tt:Username><tt:UserLevel>{level}</tt:UserLevel></tds:User>"
        for name, level in device.settings.users.items()
    )
    return f"<tds:GetUsersResponse>{listed}</tds:GetUsersResponse>"


def _asked_users(request: SoapRequest) -> list[tuple[str, str, str]]:
    return [
        (text_of(user, "Username"), text_of(user, "Password"), text_of(user, "UserLevel"))
        for user in request.body.iter("{*}User")
    ]


def _set_user(device: LiveDevice, request: SoapRequest) -> str:
    asked = _asked_users(request)
    for name, password, _ in asked:
        if name not in device.settings.users:
            raise sender_fault(("ter:InvalidArgVal", "ter:UsernameMissing"), "no such user")
        if password and not device.plan.personality.shortest_password <= len(password) <= 64:
            raise sender_fault(("ter:InvalidArgVal", "ter:PasswordTooWeak"), "the password is too weak")
    for name, password, level in asked:
        device.settings.users[name] = level or device.settings.users[name]
        if password and name == device.plan.username:
            device.login.reset(password)
    return "<tds:SetUserResponse/>"


def _create_users(device: LiveDevice, request: SoapRequest) -> str:
    users = device.settings.users
    for name, _, level in _asked_users(request):
        if name in users or not name:
            raise sender_fault(("ter:OperationProhibited", "ter:UsernameClash"), "there is such a user already")
        if len(users) >= MOST_USERS:
            raise sender_fault(("ter:OperationProhibited", "ter:TooManyUsers"), "no more users")
        users[name] = level or "User"
    return "<tds:CreateUsersResponse/>"


def _reboot(device: LiveDevice, request: SoapRequest) -> str:
    device.settings.reboots += 1
    device.pull.close_all()
    if device.on_reboot is not None:
        device.on_reboot()
    return "<tds:SystemRebootResponse><tds:Message>Rebooting in 1 second</tds:Message></tds:SystemRebootResponse>"


SYSTEM: Table = {
    "SetSystemDateAndTime": Operation(set_date_and_time, changes=True),
    "GetNTP": Operation(_get_ntp),
    "SetNTP": Operation(_set_ntp, changes=True),
    "GetUsers": Operation(_get_users),
    "SetUser": Operation(_set_user, changes=True),
    "CreateUsers": Operation(_create_users, changes=True),
    "SystemReboot": Operation(_reboot, changes=True),
}
