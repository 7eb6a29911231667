"""Messages by https and mail by TLS: only to whom the office trusts, with a login; else it is said why."""

import asyncio
from datetime import UTC, datetime
from email.message import EmailMessage
from ipaddress import ip_network
from pathlib import Path

import pytest

from tests.builders.authority import Authority
from tests.builders.receivers import Receiver, running_post, running_receiver
from vms.app.check_settings import check_mail
from vms.config import Settings
from vms.config_sections import AlertSettings
from vms.services.alerts.mail import MailServer, send_mail
from vms.services.alerts.target import webhook_target
from vms.services.alerts.webhook import Told, call_webhook

HERE, ELSEWHERE = "127.65.6.1", "127.65.6.2"
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LOGIN = ("vms", "a password")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("office"))


async def posted(receiver: Receiver, authority: Path | None) -> Told:
    networks = (ip_network("127.65.6.0/24"),)
    target = webhook_target(receiver.url)
    return await call_webhook(target, b"{}", "secret", "1", networks, NOON, authority=authority)


async def test_a_webhook_goes_by_https_to_whom_the_office_trusts_alone(office: Authority, tmp_path: Path) -> None:
    async with running_receiver(HERE, office.server([HERE])) as receiver:
        assert (await posted(receiver, office.file)).arrived
        assert len(receiver.calls) == 1
        strange = await posted(receiver, None)
        assert not strange.arrived
        assert strange.answer.startswith("its certificate is not trusted: ")
        unreadable = await posted(receiver, tmp_path / "absent.pem")
        assert unreadable.answer.endswith("absent.pem: No such file or directory")
    for address, server, word in (
        (HERE, office.server([ELSEWHERE]), "mismatch"),
        (HERE, office.server([HERE], days=-1), "expired"),
    ):
        async with running_receiver(address, server) as wrong:
            told = await posted(wrong, office.file)
            assert not told.arrived
            assert word in told.answer
            assert wrong.calls == []


def a_letter() -> EmailMessage:
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = "1 条新工单", "vms@town.test", "li@town.test"
    letter.set_content("…")
    return letter


async def sent(server: MailServer) -> Told:
    return await asyncio.to_thread(send_mail, server, a_letter())


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_mail_goes_by_tls_with_a_login_and_never_in_the_clear(office: Authority, security: str) -> None:
    context = office.server([HERE])
    by_tls = {"tls": context} if security == "tls" else {"starttls": context}
    async with running_post(HERE, login=LOGIN, **by_tls) as post:
        username, password = LOGIN
        usual = {"host": HERE, "port": post.port, "security": security, "authority": office.file}
        assert (await sent(MailServer(**usual, username=username, password=password))).answer == "250"
        ((to, _),) = post.letters
        assert to == ["li@town.test"]
        refused = await sent(MailServer(**usual, username=username, password="another"))
        assert refused.answer == "the login was refused: 535 who are you?"
        post.seen.clear()
        strange = await sent(MailServer(**{**usual, "authority": None}, username=username, password=password))
        assert strange.answer.startswith("its certificate is not trusted: ")
        assert "AUTH" not in post.seen, "no password is shown to who is not trusted"
        assert len(post.letters) == 1


async def test_a_server_that_offers_no_starttls_gets_no_mail(office: Authority) -> None:
    async with running_post(HERE) as post:
        told = await sent(MailServer(host=HERE, port=post.port, authority=office.file))
        assert told.answer == "STARTTLS extension not supported by server."
        assert post.letters == []


async def test_vms_check_says_whether_the_mail_server_takes_us(office: Authority, tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text(f"{LOGIN[1]}\n")
    password.chmod(0o600)

    async def found(**alerts: object) -> list[str]:
        usual = {"smtp_host": HERE, "smtp_username": "vms", "smtp_password_file": password, "sender": "vms@town.test"}
        settings = Settings(alerts=AlertSettings(**{**usual, "authority_file": office.file, **alerts}))
        return [f"{one.where}: {one.message}" for one in await asyncio.to_thread(check_mail, settings)]

    assert await found(smtp_host="") == []
    assert await found(sender="") == ["alerts: alerts.sender: the address that mail comes from is wanted"]
    async with running_post(HERE, starttls=office.server([HERE]), login=LOGIN) as post:
        assert await found(smtp_port=post.port) == []
        assert post.letters == []
        (wrong,) = await found(smtp_port=post.port, smtp_username="somebody")
        assert wrong.endswith("no mail goes out: the login was refused: 535 who are you?")
        (strange,) = await found(smtp_port=post.port, authority_file=None)
        assert "its certificate is not trusted" in strange
        port = post.port
    (away,) = await found(smtp_port=port)
    assert away == f"alerts.smtp_host {HERE}:{port}: no mail goes out: cannot be reached: Connection refused"
