"""How messages go out, from the settings."""

from ipaddress import ip_network

from vms.config import Settings
from vms.core.errors import BadInput
from vms.services.alerts.mail import MailServer
from vms.services.alerts.run_alerts import AlertPolicy
from vms.services.alerts.target import mail_addresses
from vms.services.take_in_settings import read_credential


def alert_policy(settings: Settings) -> AlertPolicy:
    """Raises BadInput for a mail server without a sender, or whose password cannot be read."""
    told = settings.alerts
    return AlertPolicy(
        networks=tuple(ip_network(cidr) for cidr in told.networks),
        authority=told.authority_file,
        mail=mail_server(settings),
        town=settings.town,
        console_url=told.console_url,
        zone=settings.zone,
    )


def mail_server(settings: Settings) -> MailServer | None:
    """None: no mail is sent. Raises BadInput as above."""
    told = settings.alerts
    if not told.smtp_host:
        return None
    if not told.sender or len(mail_addresses(told.sender)) != 1:
        raise BadInput("the address that mail comes from is wanted", where="alerts.sender")
    password = ""
    if told.smtp_password_file is not None:
        password = read_credential("alerts", told.smtp_username, told.smtp_password_file).password
    return MailServer(
        host=told.smtp_host,
        port=told.smtp_port,
        security=told.smtp_security,
        username=told.smtp_username,
        password=password,
        sender=told.sender,
        authority=told.authority_file,
        within_s=told.smtp_within_s,
    )
