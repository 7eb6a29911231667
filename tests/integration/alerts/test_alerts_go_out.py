"""Messages on real sockets: one for one switch, signed, tried again under the same id, never to a forbidden place."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cryptography.fernet import Fernet

from tests.builders.access import a_person
from tests.builders.orders import Town
from tests.builders.receivers import Receiver, running_post, running_receiver
from vms.access.roles import Role
from vms.health.fault import Severity
from vms.maintenance.alert import Moment, Pace, Wants
from vms.services.alerts.mail import MailServer
from vms.services.alerts.put_channel import ChannelAsked, put_channel
from vms.services.alerts.run_alerts import AlertPolicy, one_round
from vms.services.alerts.send_trial import put_trial
from vms.store import alerts
from vms.store.alerts import Alert, AlertState, ChannelKind
from vms.store.database import Database
from vms.store.secret_box import SecretBox

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
HERE = (ip_network("127.66.1.0/24"),)
SECRET = "a secret of the receiver"
ADMIN = a_person(Role.ADMIN, name="admin")
BOX = SecretBox(Fernet.generate_key())


class Office:
    """The town, its messages, and the one round after the other that sends them."""

    def __init__(self, database: Database, policy: AlertPolicy) -> None:
        self.town = Town(database=database, now=NOON)
        self.policy = policy

    def channel(self, target: str, name: str = "hook", kind: ChannelKind = ChannelKind.WEBHOOK, **pace: Any) -> None:
        wants = pace.pop("wants", Wants(moments=(Moment.OPENED,)))
        asked = ChannelAsked(
            name=name,
            kind=kind,
            target=target,
            secret=SECRET if kind is ChannelKind.WEBHOOK else None,
            wants=wants,
            pace=Pace(**{"zone": ZoneInfo("Asia/Shanghai"), **pace}),
            enabled=True,
        )
        put_channel(self.town.database, BOX, (ip_network("0.0.0.0/0"),), asked, ADMIN, self.town.now)

    async def rounds(self, **later: float) -> None:
        """Until there is nothing more to do at this moment."""
        self.town.later(**later)
        for _ in range(10):
            if not await one_round(self.town.database, lambda: BOX, self.policy, lambda: self.town.now):
                return
        raise AssertionError("it does not come to rest")

    async def faults(self, count: int) -> None:
        for number in range(count):
            self.town.fails(self.town.camera(f"camera {self.town.now:%H%M%S} {number}"))
        self.town.later(minutes=3)
        self.town.turn()
        await self.rounds()

    def sent(self) -> list[Alert]:
        with self.town.database.reading() as tx:
            return list(alerts.page(tx, limit=100).items)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with running_receiver("127.66.1.1") as found:
        yield found


@pytest.fixture
async def office(sqlite_database: Database) -> Office:
    found = Office(sqlite_database, AlertPolicy(networks=HERE, town="东城", console_url="https://console.test"))
    await found.rounds()  # from here on news are told
    return found


async def test_one_switch_is_one_message_that_is_signed(office: Office, receiver: Receiver) -> None:
    office.channel(receiver.url)
    town = office.town
    fallen = [town.camera(f"camera {n}") for n in range(30)]
    outage = town.outage(fallen[:28])
    for camera in fallen[:28]:
        town.fails(camera, outage_id=outage)
    town.later(minutes=3)
    town.turn()
    await office.rounds(seconds=1)
    assert receiver.calls == []
    town.joins(outage, fallen[28:])
    town.turn()
    await office.rounds(minutes=2)
    ((headers, body),) = receiver.calls
    told = receiver.told()
    assert (told["moments"], told["items"][0]["cameras"]) == ({"opened": 1}, 30)
    assert told["subject"] == "[东城] 1 条新工单（30 台摄像机） · 1 new"
    assert told["items"][0]["cause_zh"] == "switch 7（28 台设备中有 28 台在 40 秒内相继掉线）"
    assert told["items"][0]["link"] == "https://console.test/#/orders/1"
    signed = f"{headers['x-vms-timestamp']}.".encode() + body
    right = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["x-vms-signature"] == f"sha256={right}"
    assert office.sent()[0].state is AlertState.SENT


async def test_many_orders_within_the_batch_are_one_message(office: Office, receiver: Receiver) -> None:
    office.channel(receiver.url, batch_s=600)
    await office.faults(3)
    await office.faults(2)
    await office.rounds(minutes=11)
    assert [len(receiver.told(n)["items"]) for n in range(len(receiver.calls))] == [5]


async def test_beyond_so_many_an_hour_the_rest_is_one_digest(office: Office, receiver: Receiver) -> None:
    office.channel(receiver.url, batch_s=0, most_per_hour=2)
    for _ in range(5):
        await office.faults(1)
    assert len(receiver.calls) == 2
    await office.rounds(minutes=58)
    assert [len(receiver.told(n)["items"]) for n in range(len(receiver.calls))] == [1, 1, 3]


async def test_what_does_not_arrive_is_sent_again_under_the_same_id(office: Office, receiver: Receiver) -> None:
    office.channel(receiver.url, batch_s=0)
    receiver.answer = b"HTTP/1.1 500 Oh\r\n\r\nbroken"
    await office.faults(1)
    assert (office.sent()[0].state, office.sent()[0].answer) == (AlertState.SENDING, "500 broken")
    receiver.answer = b""
    await office.rounds(seconds=31)
    receiver.answer = b"HTTP/1.1 204 No Content\r\n\r\n"
    await office.rounds(seconds=121)
    assert office.sent()[0].state is AlertState.SENT
    ids = {headers["x-vms-delivery"] for headers, _ in receiver.calls}
    assert (len(receiver.calls), len(ids)) == (3, 1)


async def test_a_sender_that_died_is_followed_by_one_that_sends_it_again(office: Office, receiver: Receiver) -> None:
    office.channel(receiver.url, batch_s=3600)
    await office.faults(1)
    town = office.town
    town.later(hours=2)
    with town.database.writing() as tx:
        (alert,) = alerts.due(tx, town.now)
        assert alerts.take(tx, alert, town.now.replace(hour=23))  # and here it died
        assert not alerts.take(tx, alert, town.now)
    await office.rounds()
    assert receiver.calls == []
    town.now = town.now.replace(hour=23)
    await office.rounds(seconds=1)
    assert len(receiver.calls) == 1


@pytest.mark.parametrize(
    ("answer", "state", "word"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\n\r\n", AlertState.SENDING, "not followed"),
        (b"HTTP/1.1 410 Gone\r\n\r\n", AlertState.GIVEN_UP, "410"),
        (b"SSH-2.0-nothing\r\n\r\n", AlertState.SENDING, "no HTTP"),
        (b"x" * 40_000, AlertState.SENDING, "no HTTP"),
    ],
)
async def test_odd_receivers_do_no_harm(
    office: Office, receiver: Receiver, answer: bytes, state: AlertState, word: str
) -> None:
    office.channel(receiver.url, batch_s=0)
    receiver.answer = answer
    await office.faults(1)
    (alert,) = office.sent()
    assert (alert.state, word in alert.answer) == (state, True), alert.answer


async def test_no_message_goes_to_an_address_outside_whatever_the_name_says(office: Office) -> None:
    async with running_receiver("127.66.2.1") as outside:
        office.channel(outside.url, "literal", batch_s=0)
        office.channel(f"http://localhost:{outside.port}/", "by name", batch_s=0)
        await office.faults(1)
        assert outside.calls == []
    assert {"outside" in alert.answer for alert in office.sent()} == {True}


async def test_by_night_only_the_critical_is_told(office: Office, receiver: Receiver) -> None:
    town = office.town
    office.channel(receiver.url, batch_s=0, quiet=((0, 1380),))
    town.fails(town.camera("a"), severity=Severity.MAJOR)
    town.fails(town.camera("b"))
    town.later(minutes=3)
    town.turn()
    await office.rounds()
    assert [one["severity"] for one in receiver.told()["items"]] == ["critical"]
    town.now = NOON.replace(hour=15, minute=1)  # 23:01: the quiet hours are over
    await office.rounds()
    assert [one["severity"] for one in receiver.told()["items"]] == ["major"]


async def test_mail_says_it_in_both_languages(sqlite_database: Database) -> None:
    async with running_post("127.66.1.3") as post:
        mail = MailServer(host=post.address, port=post.port, security="none", sender="vms@town.test")
        office = Office(sqlite_database, AlertPolicy(mail=mail, town="东城"))
        await office.rounds()
        office.channel("li@town.test, wang@town.test", "people", ChannelKind.MAIL, batch_s=0)
        await office.faults(2)
        ((to, letter),) = post.letters
        assert to == ["li@town.test", "wang@town.test"]
        assert letter["Subject"] == "[东城] 2 条新工单 · 2 new"
        assert letter["Message-ID"].startswith("<vms-1-1-")
        text = letter.get_content()
        assert "20261122-0001 网络不通：连接被拒绝 · unreachable: connection refused" in text
        post.refuses = True
        await office.faults(1)
        assert office.sent()[0].answer.startswith("refused")


async def test_without_a_mail_server_the_message_says_so_and_a_trial_goes_at_once(
    office: Office, receiver: Receiver
) -> None:
    office.channel("li@town.test", "people", ChannelKind.MAIL, batch_s=0)
    put_trial(office.town.database, "people", ADMIN, office.town.now)
    await office.rounds()
    assert "no mail server" in office.sent()[0].answer
    office.channel(receiver.url, batch_s=86_400)
    put_trial(office.town.database, "hook", ADMIN, office.town.now)
    await office.rounds()
    assert receiver.told()["moments"] == {"trial": 1}
