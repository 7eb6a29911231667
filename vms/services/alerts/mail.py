"""One mail by the settings' server; blocking, bounded in time."""

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from vms.core.errors import BadInput
from vms.services.alerts.trusted import trusted, what_is_wrong
from vms.services.alerts.webhook import Told

TIMEOUT_S = 20.0
OK = 250
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
    authority: Path | None = None
    """The office's own, see `trusted`."""


def send_mail(server: MailServer, mail: EmailMessage) -> Told:
    """Never raises for a bad server."""

    def send(connection: smtplib.SMTP) -> str:
        refused = connection.send_message(mail)
        return f"refused for {', '.join(refused)}" if refused else "250"

    return _with_server(server, send)


def try_server(server: MailServer) -> Told:
    """Everything but a letter: reached, trusted, signed in to."""

    def ask(connection: smtplib.SMTP) -> str:
        code, said = connection.noop()
        if code != OK:
            raise smtplib.SMTPResponseException(code, said)
        return str(code)

    return _with_server(server, ask)


def _with_server(server: MailServer, work: Callable[[smtplib.SMTP], str]) -> Told:
    try:
        with _connected(server) as connection:
            if server.security == "starttls":
                connection.starttls(context=trusted(server.authority))
            if server.username:
                connection.login(server.username, server.password)
            return Told(arrived=True, answer=work(connection))
    except BadInput as problem:
        return Told(arrived=False, answer=str(problem))
    except smtplib.SMTPRecipientsRefused as problem:
        return Told(arrived=False, answer=f"refused: {', '.join(problem.recipients)}")
    except smtplib.SMTPAuthenticationError as problem:
        return Told(arrived=False, answer=f"the login was refused: {_said(problem)}")
    except smtplib.SMTPResponseException as problem:
        return Told(arrived=False, answer=_said(problem))
    except smtplib.SMTPException as problem:
        return Told(arrived=False, answer=str(problem) or type(problem).__name__)
    except ssl.SSLError as problem:
        return Told(arrived=False, answer=what_is_wrong(problem))
    except OSError as problem:
        return Told(arrived=False, answer=f"cannot be reached: {problem.strerror or problem}")


def _said(problem: smtplib.SMTPResponseException) -> str:
    said = problem.smtp_error
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return f"{problem.smtp_code} {text}"


def _connected(server: MailServer) -> smtplib.SMTP:
    if server.security == "tls":
        context = trusted(server.authority)
        return smtplib.SMTP_SSL(server.host, server.port, local_hostname=NAME, timeout=TIMEOUT_S, context=context)
    return smtplib.SMTP(server.host, server.port, local_hostname=NAME, timeout=TIMEOUT_S)
