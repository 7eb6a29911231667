"""Reads a device's events by pull point: small, opt-in, and so that the device is left as it was found.

    subscription ──► pull … pull … pull ──► Unsubscribe (always, also on errors)
         ▲              │ ResourceUnknown (it rebooted, or forgot): subscribe again, a bounded number of times
         └──────────────┘

Between two pulls lies a floor of time, since some devices answer at once instead of waiting. A device that has no pull
point left says so in words of its own; that is a named problem and not tried again here.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from vms.core.errors import TryAgain
from vms.devices.http import ExchangeFailed
from vms.devices.onvif.addresses import place
from vms.devices.onvif.client import CallRefused, NotOnvif, OnvifClient, Reply, SignInRefused
from vms.devices.onvif.faults import Fault
from vms.devices.onvif.operations import Operation, Service
from vms.devices.onvif.xml import Element, anywhere, attribute, child, everywhere, local, namespace, text

LIFE_S = 60
"""Of a subscription: one that we could not end is gone soon."""
MOST_SUBSCRIPTIONS = 3
"""In one reading: a device that forgets them faster is left alone."""
MAX_MESSAGES = 500
_MAX_TEXT = 256
_MAX_ITEMS = 32
_NOTIFY = "http://docs.oasis-open.org/wsn/b-2"
_ADDRESSING = "http://www.w3.org/2005/08/addressing"
_EVENTS = Service.EVENTS.value
_RESOURCE_GONE = ("ResourceUnknown", "InvalidArgVal", "InvalidToken")
_NONE_LEFT = ("BlockedThreadUpperLimit", "SubscribeCreationFailed", "MaximumNumberOfPullPoints")


class NoEvents(TryAgain):
    """`code`: events_unsupported, events_refused (this user may not), events_exhausted (no pull point left),
    events_forgotten (it loses its subscriptions), events_unreadable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    at: datetime | None
    """By the device's clock; None where it told no usable instant."""
    topic: str
    """With the device's own prefixes, e.g. `tns1:VideoSource/ImageTooDark/ImagingService`."""
    operation: str = ""
    """`Initialized`: how it stands; `Changed`; `Deleted`."""
    source: tuple[tuple[str, str], ...] = ()
    data: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    address: str
    """As the device named it; it goes into the message, and never into a connection."""
    parameters: str = ""
    """Header lines that tell the device which of its subscriptions is meant."""


class EventReader:
    """Events of one device, for as long as somebody iterates. The client carries the login, budget and dialect.

    Hikvision lets some users do everything but this: a refusal here says nothing about the login as such.
    """

    def __init__(self, client: OnvifClient, xaddr: str, *, wait_s: float = 5.0, floor_s: float = 1.0) -> None:
        self._client = client
        self._path, self._port = _where(client, xaddr, "/onvif/event_service")
        self._wait_s = wait_s
        self._floor_s = floor_s
        self._subscribed: Subscription | None = None
        self._subscriptions = 0
        self.pulls = 0

    async def notifications(self) -> AsyncGenerator[Notification, None]:
        """Close it with `aclosing`: that ends the subscription. Raises NoEvents and ExchangeFailed."""
        loop = asyncio.get_running_loop()
        try:
            while True:
                began_s = loop.time()
                for one in await self._pull():
                    yield one
                left_s = self._floor_s - (loop.time() - began_s)
                if left_s > 0:
                    await asyncio.sleep(left_s)
        finally:
            await self._unsubscribe()

    async def _pull(self) -> tuple[Notification, ...]:
        while True:
            subscribed = self._subscribed or await self._subscribe()
            self.pulls += 1
            try:
                reply = await self._call(_pull_messages(subscribed, self._wait_s), subscribed)
            except CallRefused as refused:
                if not _says(refused.fault, _RESOURCE_GONE):
                    raise NoEvents(f"PullMessages: {refused}", code="events_refused") from None
                self._subscribed = None
            except SignInRefused as refused:
                raise NoEvents(f"PullMessages: {refused.message}", code="events_refused") from None
            except NotOnvif as odd:
                raise NoEvents(f"PullMessages: {odd.message}", code="events_unreadable") from None
            else:
                return read_notifications(reply.answer)

    async def _call(self, operation: Operation, subscribed: Subscription) -> Reply:
        path, port = _where(self._client, subscribed.address, self._path)
        return await self._client.call(operation, path=path, port=port)

    async def _subscribe(self) -> Subscription:
        if self._subscriptions == MOST_SUBSCRIPTIONS:
            raise NoEvents("the device forgets its subscriptions as soon as they are made", code="events_forgotten")
        self._subscriptions += 1
        try:
            reply = await self._client.call(_CREATE, path=self._path, port=self._port)
        except SignInRefused as refused:
            raise NoEvents(f"its events are not for this user: {refused.message}", code="events_refused") from None
        except CallRefused as refused:
            code = "events_exhausted" if _says(refused.fault, _NONE_LEFT) else "events_unsupported"
            raise NoEvents(f"CreatePullPointSubscription: {refused}", code=code) from None
        except NotOnvif as odd:
            raise NoEvents(f"it has no events where it should: {odd.message}", code="events_unsupported") from None
        self._subscribed = read_subscription(reply.answer)
        return self._subscribed

    async def _unsubscribe(self) -> None:
        """Also when the task was cancelled: the device has few pull points, and others want them."""
        if self._subscribed is None:
            return
        goodbye = asyncio.ensure_future(self._say_goodbye(self._subscribed))
        self._subscribed = None
        try:
            await asyncio.shield(goodbye)
        except asyncio.CancelledError:
            await goodbye
            raise

    async def _say_goodbye(self, subscribed: Subscription) -> None:
        with contextlib.suppress(ExchangeFailed, NotOnvif, CallRefused, SignInRefused):
            await self._call(_unsubscribe(subscribed), subscribed)


async def read_events(
    client: OnvifClient, xaddr: str, *, within_s: float, wait_s: float = 2.0, floor_s: float = 1.0
) -> tuple[Notification, ...]:
    """What the device tells within that time, how things stand first. Raises NoEvents and ExchangeFailed."""
    found: list[Notification] = []
    reader = EventReader(client, xaddr, wait_s=min(wait_s, within_s), floor_s=floor_s)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within_s), contextlib.aclosing(reader.notifications()) as told:
            async for one in told:
                found.append(one)
                if len(found) == MAX_MESSAGES:
                    break
    return tuple(found)


def read_subscription(answer: Element) -> Subscription:
    """Some devices (Axis, Pelco) tell their subscriptions apart by parameters, which come back to them as headers."""
    reference = anywhere(answer, "SubscriptionReference")
    parameters = child(reference, "ReferenceParameters")
    named = list(parameters)[:8] if parameters is not None else []
    return Subscription(
        address=text(anywhere(reference, "Address"))[:2048], parameters="".join(_parameter(one) for one in named)
    )


def _parameter(element: Element) -> str:
    name, words = local(element), text(element)[:512]
    return (
        f"<p:{name} xmlns:p={quoteattr(namespace(element))} xmlns:a={quoteattr(_ADDRESSING)} "
        f'a:IsReferenceParameter="true">{escape(words)}</p:{name}>'
    )


def _says(fault: Fault, words: tuple[str, ...]) -> bool:
    """SOAP 1.1 puts the subcode among the words."""
    return any(word in told for word in words for told in (*fault.codes, fault.reason))


def read_notifications(answer: Element) -> tuple[Notification, ...]:
    found = [_notification(one) for one in everywhere(answer, "NotificationMessage")]
    return tuple(one for one in found if one.topic)[:MAX_MESSAGES]


def _notification(element: Element) -> Notification:
    message = anywhere(child(element, "Message"), "Message")
    inner = next((one for one in everywhere(message, "Message") if attribute(one, "UtcTime")), message)
    return Notification(
        at=_instant(attribute(inner, "UtcTime")),
        topic=text(child(element, "Topic"))[:_MAX_TEXT],
        operation=attribute(inner, "PropertyOperation")[:32],
        source=_items(child(inner, "Source")),
        data=_items(child(inner, "Data")),
    )


def _items(holder: Element | None) -> tuple[tuple[str, str], ...]:
    items = ((attribute(one, "Name"), attribute(one, "Value")) for one in everywhere(holder, "SimpleItem"))
    return tuple((name[:_MAX_TEXT], value[:_MAX_TEXT]) for name, value in items if name)[:_MAX_ITEMS]


def _instant(told: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(told)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _where(client: OnvifClient, xaddr: str, otherwise: str) -> tuple[str, int]:
    """Path and port at the host that answered, whatever host the device names."""
    placed = place(xaddr, client.address, client.port) if xaddr else None
    if placed is None:
        return otherwise, client.port
    as_we_speak = (placed.scheme == "https") is client.speaks_tls
    return placed.path, placed.port if as_we_speak else client.port


def _pull_messages(subscribed: Subscription, wait_s: float) -> Operation:
    asked = f"<o:Timeout>PT{max(1, round(wait_s))}S</o:Timeout><o:MessageLimit>100</o:MessageLimit>"
    body = f'<o:PullMessages xmlns:o="{_EVENTS}">{asked}</o:PullMessages>'
    return _addressed("PullMessages", body, f"{_EVENTS}/PullPointSubscription/PullMessagesRequest", subscribed)


def _unsubscribe(subscribed: Subscription) -> Operation:
    action = "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/UnsubscribeRequest"
    return _addressed("Unsubscribe", f'<b:Unsubscribe xmlns:b="{_NOTIFY}"/>', action, subscribed)


def _addressed(name: str, body: str, action: str, subscribed: Subscription | None = None) -> Operation:
    header = f'<a:Action xmlns:a="{_ADDRESSING}">{action}</a:Action>'
    if subscribed is not None:
        to = escape(subscribed.address)
        header += f'<a:To xmlns:a="{_ADDRESSING}">{to}</a:To>{subscribed.parameters}'
    return Operation(Service.EVENTS, name, body, header, action)


_CREATE = _addressed(
    "CreatePullPointSubscription",
    f'<o:CreatePullPointSubscription xmlns:o="{_EVENTS}">'
    f"<o:InitialTerminationTime>PT{LIFE_S}S</o:InitialTerminationTime></o:CreatePullPointSubscription>",
    f"{_EVENTS}/EventPortType/CreatePullPointSubscriptionRequest",
)
