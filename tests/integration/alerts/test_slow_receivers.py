"""Who answers a byte at a time holds up nobody: neither the thread that waits, nor other channels, nor the next try."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_network
from zoneinfo import ZoneInfo

import pytest
from cryptography.fernet import Fernet

from tests.builders.access import a_person
from tests.builders.dripping import running_drip
from tests.builders.orders import Town
from tests.builders.receivers import running_post, running_receiver
from vms.access.roles import Role
from vms.maintenance.alert import Moment, Pace, Wants
from vms.services.alerts.mail import MailServer, send_mail
from vms.services.alerts.put_channel import ChannelAsked, put_channel
from vms.services.alerts.run_alerts import AlertPolicy, run_alerts
from vms.services.alerts.send_trial import put_trial
from vms.store import alerts
from vms.store.alert_trouble import ChannelTrouble, channel_trouble
from vms.store.alerts import Alert, AlertState, ChannelKind
from vms.store.database import Database
from vms.store.secret_box import SecretBox

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
ADMIN = a_person(Role.ADMIN, name="admin")
BOX = SecretBox(Fernet.generate_key())
HERE = (ip_network("127.79.0.0/16"),)
DEADLINE_S = 20.0


def a_letter() -> EmailMessage:
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = "1 条新工单", "vms@town.test", "li@town.test"
    letter.set_content("…")
    return letter


async def until(holds: Callable[[], bool], what: str) -> None:
    ends = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < ends, f"not within {DEADLINE_S} s: {what}"
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
async def test_a_mail_server_that_drips_is_left_after_so_long_and_its_line_is_closed(security: str) -> None:
    async with running_drip("127.79.1.1") as drip:
        server = MailServer(host=drip.address, port=drip.port, security=security, sender="vms@town.test", within_s=0.4)
        begun = time.monotonic()
        told = await asyncio.to_thread(send_mail, server, a_letter())
        assert time.monotonic() - begun < DEADLINE_S / 4
        if security != "tls":  # a byte that is no TLS is told as what it is
            assert told.answer == "no answer within 0.4 s"
        assert not told.arrived
        assert drip.begun == 1
        await until(lambda: drip.open == 0, "the line is closed")


async def test_a_letter_that_was_taken_has_arrived_whatever_becomes_of_the_farewell() -> None:
    async with running_post("127.79.1.2") as post:
        post.is_silent_at_quit = True
        server = MailServer(host=post.address, port=post.port, security="none", sender="vms@town.test", within_s=0.4)
        assert (await asyncio.to_thread(send_mail, server, a_letter())).arrived
        assert len(post.letters) == 1


def the_channels(database: Database, hook: str) -> None:
    for name, kind, target in (("people", ChannelKind.MAIL, "li@town.test"), ("hook", ChannelKind.WEBHOOK, hook)):
        asked = ChannelAsked(
            name=name,
            kind=kind,
            target=target,
            secret="a secret of the receiver" if kind is ChannelKind.WEBHOOK else None,
            wants=Wants(moments=(Moment.OPENED,)),
            pace=Pace(zone=ZoneInfo("Asia/Shanghai")),
            enabled=True,
        )
        put_channel(database, BOX, HERE, asked, ADMIN, NOON)


def page(database: Database) -> list[Alert]:
    with database.reading() as tx:
        return list(alerts.page(tx).items)


def trouble(database: Database, now: datetime) -> dict[str, ChannelTrouble]:
    with database.reading() as tx:
        names = {one.channel_id: one.name for one in alerts.channels(tx)}
        return {names[channel_id]: one for channel_id, one in channel_trouble(tx, now).items()}


async def test_webhooks_go_out_while_a_letter_hangs_and_the_channel_says_so(database: Database) -> None:
    town = Town(database=database, now=NOON)
    async with running_drip("127.79.1.3") as drip, running_receiver("127.79.1.4") as receiver:
        the_channels(database, receiver.url)
        mail = MailServer(host=drip.address, port=drip.port, security="none", sender="vms@town.test", within_s=60)
        policy = AlertPolicy(networks=HERE, mail=mail, look_every_s=0.02)
        stop = asyncio.Event()
        for name in ("people", "people", "hook"):
            put_trial(database, name, ADMIN, town.now)
        sending = asyncio.create_task(run_alerts(database, lambda: BOX, policy, stop, clock=lambda: town.now))
        await until(lambda: drip.begun == 1 and len(receiver.calls) == 1, "the webhook while the letter hangs")
        put_trial(database, "hook", ADMIN, town.now)
        await until(lambda: len(receiver.calls) == 2, "the next webhook")
        assert (drip.begun, drip.open) == (1, 1)  # one letter of a channel at a time
        drip.is_over = True
        stop.set()
        await sending
    first, second = sorted(
        (one for one in page(database) if one.state is AlertState.SENDING), key=lambda one: one.tries
    )
    assert (first.tries, second.tries) == (0, 1)
    found = trouble(database, town.now + timedelta(minutes=3))
    assert found == {"people": ChannelTrouble(since=NOON, messages=2, tries=1, answer=second.answer)}
    assert second.answer.startswith("2")  # what it had said when the line was cut


async def test_a_channel_is_well_again_once_a_message_arrives(sqlite_database: Database) -> None:
    town = Town(database=sqlite_database, now=NOON)
    async with running_receiver("127.79.1.5") as receiver:
        the_channels(sqlite_database, receiver.url)
        policy = AlertPolicy(networks=HERE, look_every_s=0.02)
        receiver.answer = b"HTTP/1.1 410 Gone\r\n\r\n"
        put_trial(sqlite_database, "hook", ADMIN, town.now)
        stop = asyncio.Event()
        sending = asyncio.create_task(run_alerts(sqlite_database, lambda: BOX, policy, stop, clock=lambda: town.now))
        await until(lambda: page(sqlite_database)[0].state is AlertState.GIVEN_UP, "given up")
        assert trouble(sqlite_database, town.now)["hook"].answer == "410"
        receiver.answer = b"HTTP/1.1 204 No Content\r\n\r\n"
        town.later(seconds=1)
        put_trial(sqlite_database, "hook", ADMIN, town.now)
        await until(lambda: page(sqlite_database)[0].state is AlertState.SENT, "sent")
        stop.set()
        await sending
    assert trouble(sqlite_database, town.now) == {}
