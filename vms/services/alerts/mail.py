"""One mail by the settings' server; blocking, bounded in time."""

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from vms.core.errors import BadInput
from vms.services.alerts.bounded_smtp import BoundedSmtp, TimeLimit
from vms.services.alerts.trusted import trusted, what_is_wrong
from vms.services.alerts.webhook import Told

OK = 250


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
    within_s: float = 20.0
    """For everything together: name, connection, TLS, login and letter."""


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
    with TimeLimit(server.within_s) as limit:
        told = _asked(server, work, limit)
        if limit.is_over and not told.arrived:
            return Told(arrived=False, answer=f"no answer within {server.within_s:g} s")
        return told


def _asked(server: MailServer, work: Callable[[smtplib.SMTP], str], limit: TimeLimit) -> Told:
    try:
        tls = trusted(server.authority) if server.security == "tls" else None
        with BoundedSmtp(server.host, server.port, limit, tls) as connection:
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
    except TimeoutError:
        return Told(arrived=False, answer=f"no answer within {server.within_s:g} s")
    except OSError as problem:
        return Told(arrived=False, answer=f"cannot be reached: {problem.strerror or problem}")


def _said(problem: smtplib.SMTPResponseException) -> str:
    said = problem.smtp_error
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return f"{problem.smtp_code} {text}"
