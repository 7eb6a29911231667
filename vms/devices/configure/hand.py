"""One device that is to be configured: finds its services, asks, changes, and says how a change went.

A question may be put again; a change is sent once. What is not known after it is said by AnswerLost and found out by
reading back.
"""

from lxml import etree

from vms.core.errors import TryAgain
from vms.devices.http import ExchangeFailed
from vms.devices.onvif.addresses import place
from vms.devices.onvif.client import CallRefused, NotOnvif, OnvifClient, Reply, SignInRefused
from vms.devices.onvif.clock import read_clock
from vms.devices.onvif.compose import compose
from vms.devices.onvif.device_messages import read_capabilities, read_services
from vms.devices.onvif.operations import (
    GET_CAPABILITIES,
    GET_SERVICES,
    GET_SYSTEM_DATE_AND_TIME,
    Operation,
    Service,
)
from vms.devices.onvif.xml import Element, local
from vms.inventory.device import AuthScheme

_USUAL_PATHS = {Service.MEDIA: "/onvif/media_service", Service.MEDIA2: "/onvif/media2_service"}
_SCHEMA = "http://www.onvif.org/ver10/schema"
_NEVER_SENT = frozenset({"refused", "unreachable", "tls", "tls_legacy", "tls_certificate_changed"})


class AnswerLost(TryAgain):
    """The change may have reached the device: the connection broke, or the answer makes no sense."""

    code = "answer_lost"


class NotSent(TryAgain):
    """The change did not leave this house."""

    code = "not_sent"


class ChangeRefused(TryAgain):
    """The device said no; it is as it was."""

    code = "refused"

    def __init__(self, message: str, *, signed_in: bool = True) -> None:
        super().__init__(message)
        self.signed_in = signed_in
        """False: it refused the login."""


class Hand:
    """Not shared: one change after the other."""

    def __init__(self, client: OnvifClient, services: dict[str, str] | None = None) -> None:
        """`services`: as the same device named them before; None: it is asked when they are needed."""
        self.client = client
        self._services = services

    @property
    def services(self) -> dict[str, str]:
        """As far as it was asked for them."""
        return self._services or {}

    async def meet(self) -> Reply | None:
        """The device's clock, which signing needs. None: it tells its time to nobody.

        Raises ExchangeFailed, NotOnvif, SignInRefused."""
        client = self.client
        if client.scheme is AuthScheme.UNKNOWN and client.login is not None:
            client.learn(auth=AuthScheme.WSSE)
        try:
            told = await client.call(GET_SYSTEM_DATE_AND_TIME, signed=client.quirks.needs_login_for_clock)
        except CallRefused:
            return None
        client.signing_offset_s = read_clock(told.root, now=told.middle).signing_offset_s
        return told

    async def ask(self, operation: Operation) -> Element:
        """Raises what OnvifClient.call raises."""
        path, port = await self._place(operation.service)
        return (await self.client.call(operation, path=path, port=port)).answer

    async def change(self, service: Service, name: str, parameters: dict[str, object] | None = None) -> Element:
        """A message that onvif-zeep builds. Raises ChangeRefused, NotSent, AnswerLost; BadInput for parameters that
        are none."""
        return await self.send(await compose(service, name, parameters))

    async def send(self, operation: Operation) -> Element:
        """Raises ChangeRefused, NotSent, AnswerLost."""
        try:
            path, port = await self._place(operation.service)
        except (ExchangeFailed, NotOnvif, CallRefused, SignInRefused) as failed:
            raise NotSent(str(failed)) from failed
        try:
            return (await self.client.call(operation, path=path, port=port)).answer
        except CallRefused as refused:
            raise ChangeRefused(refused.message) from refused
        except SignInRefused as refused:
            raise ChangeRefused(refused.message, signed_in=False) from refused
        except NotOnvif as odd:
            raise AnswerLost(f"the answer makes no sense: {odd.message}") from odd
        except ExchangeFailed as failed:
            if failed.connect_s is None and failed.code in {*_NEVER_SENT, "timeout"}:
                raise NotSent(failed.message) from failed
            raise AnswerLost(failed.message) from failed

    async def offers(self, service: Service) -> bool:
        """By its own word; where it names no services, by what was learnt. Raises what OnvifClient.call raises."""
        if self._services is None:
            self._services = await self._find_services()
        if not self._services:
            return service is Service.MEDIA2 and self.client.quirks.media_version == 2
        return service.value in self._services

    async def _place(self, service: Service) -> tuple[str | None, int | None]:
        if service is Service.DEVICE:
            return None, None
        if self._services is None:
            self._services = await self._find_services()
        placed = place(self._services.get(service.value, ""), self.client.address, self.client.port)
        if placed is None:
            return _USUAL_PATHS.get(service), None
        return placed.path, placed.port

    async def _find_services(self) -> dict[str, str]:
        for operation, read in ((GET_SERVICES, read_services), (GET_CAPABILITIES, read_capabilities)):
            try:
                found = read((await self.client.call(operation)).answer)
            except CallRefused:
                continue
            if found:
                return found
        return {}


def written_again(element: Element, name: str, namespace: str, changed: dict[tuple[str, ...], str]) -> str:
    """An element as the device told it, under another name, with the texts at some paths changed: whatever else it
    says (position, font, multicast, a maker's own) goes back as it came. A path that begins with @ is an attribute.
    KeyError where a path is not there."""
    copy = _copied(element)
    copy.tag = f"{{{namespace}}}{name}"
    for path, value in changed.items():
        at = copy
        if path[0].startswith("@"):
            if path[0][1:] not in copy.attrib:
                raise KeyError(path[0][1:])
            copy.set(path[0][1:], value)
            continue
        for step in path:
            found = next((one for one in at if local(one) == step), None)
            if found is None:
                raise KeyError("/".join(path))
            at = found
        at.text = value
    written: str = etree.tostring(copy, encoding="unicode")
    return written


def _copied(element: Element) -> etree._Element:
    tag = str(element.tag)
    space = tag[1:].partition("}")[0] if tag.startswith("{") else _SCHEMA
    copy = etree.Element(f"{{{space}}}{local(element)}")
    copy.text = (element.text or "").strip() or None
    for key, value in element.attrib.items():
        if ":" not in str(key).rpartition("}")[2]:
            copy.set(str(key), str(value))
    for one in element:
        if isinstance(one.tag, str):
            copy.append(_copied(one))
    return copy
