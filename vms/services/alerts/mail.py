"""One mail by the settings' server; blocking, bounded in time."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage

from vms.services.alerts.webhook import Told

TIMEOUT_S = 20.0
NAME = "[127.0.0.1]"
"""What we call ourselves: the machine's own name would have to be asked of a name server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    host: str
    port: int = 25
    security: str = "starttls"
    """none, starttls, tls."""
    username: str = ""
    password: str = ""
    sender: str = ""


def send_mail(server: MailServer, mail: EmailMessage) -> Told:
    """Never raises for a bad server."""
    try:
        with _connected(server) as connection:
            if server.security == "starttls":
                connection.starttls(context=ssl.create_default_context())
            if server.username:
                connection.login(server.username, server.password)
            refused = connection.send_message(mail)
    except smtplib.SMTPRecipientsRefused as problem:
        return Told(arrived=False, answer=f"refused: {', '.join(problem.recipients)}")
    except smtplib.SMTPResponseException as problem:
        said = problem.smtp_error
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        return Told(arrived=False, answer=f"{problem.smtp_code} {text}")
    except smtplib.SMTPException as problem:
        return Told(arrived=False, answer=str(problem) or type(problem).__name__)
    except ssl.SSLError as problem:
        return Told(arrived=False, answer=f"TLS: {problem.reason or problem}")
    except OSError as problem:
        return Told(arrived=False, answer=f"cannot be reached: {problem.strerror or problem}")
    return Told(arrived=True, answer=f"refused for {', '.join(refused)}" if refused else "250")


def _connected(server: MailServer) -> smtplib.SMTP:
    if server.security == "tls":
        return smtplib.SMTP_SSL(
            server.host, server.port, local_hostname=NAME, timeout=TIMEOUT_S, context=ssl.create_default_context()
        )
    return smtplib.SMTP(server.host, server.port, local_hostname=NAME, timeout=TIMEOUT_S)
