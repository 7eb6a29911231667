"""From the bytes of a SOAP request to the bytes of the answer: which operation, may it, in which spelling."""

from collections.abc import Awaitable
from dataclasses import dataclass
from functools import cache

from vms.sim.device import LiveDevice
from vms.sim.makers import MAKERS, PREFIXES
from vms.sim.onvif_device import DEVICE
from vms.sim.onvif_events import (
    ACTION_OF_SUBSCRIPTION,
    EVENTS,
    SUBSCRIPTION_PATH,
    pull_messages,
    renew,
    unsubscribe,
)
from vms.sim.onvif_imaging import IMAGING
from vms.sim.onvif_media import MEDIA
from vms.sim.onvif_media2 import MEDIA2
from vms.sim.onvif_ptz import PTZ
from vms.sim.onvif_replay import REPLAY
from vms.sim.onvif_search import RECORDING, SEARCH
from vms.sim.operation import Operation, Table, not_supported
from vms.sim.personality import ChangeHabit
from vms.sim.soap import SoapFault, SoapRequest, Spelling, StaleNonce, read_request

TABLES: dict[str, tuple[str, Table]] = {
    PREFIXES["tds"]: ("device", DEVICE),
    PREFIXES["trt"]: ("media", MEDIA),
    PREFIXES["tr2"]: ("media2", MEDIA2),
    PREFIXES["tptz"]: ("ptz", PTZ),
    PREFIXES["timg"]: ("imaging", IMAGING),
    PREFIXES["tev"]: ("events", EVENTS),
    PREFIXES["tse"]: ("search", SEARCH),
    PREFIXES["trc"]: ("recording", RECORDING),
    PREFIXES["trp"]: ("replay", REPLAY),
}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    is_12: bool
    challenge: bool = False
    """A 401 wants its WWW-Authenticate."""
    stale: bool = False
    hangs_up: bool = False
    """The connection is closed instead of answering."""


@cache
def spelling(maker: int, is_12: bool) -> Spelling:
    """Of the maker at that place in MAKERS."""
    return Spelling(MAKERS[maker], is_12=is_12)


def _empty_yes(request: SoapRequest) -> str:
    prefix = next(prefix for prefix, uri in PREFIXES.items() if uri == request.namespace)
    inner = "<tds:Message>Rebooting</tds:Message>" if request.operation == "SystemReboot" else ""
    return f"<{prefix}:{request.operation}Response>{inner}</{prefix}:{request.operation}Response>"


class OnvifAnswers:
    """Answers for one device."""

    __slots__ = ("_device", "_maker")

    def __init__(self, device: LiveDevice) -> None:
        self._device = device
        self._maker = MAKERS.index(device.plan.maker)

    def answer(self, data: bytes, *, path: str, authorization: str | None) -> "Answer | Awaitable[Answer]":
        """Awaitable where the device waits (a long poll)."""
        habits = self._device.plan.personality
        only_11 = habits.soap11
        is_12 = not only_11
        try:
            request = read_request(data)
            if request.is_12 and only_11:
                raise SoapFault(500, "VersionMismatch", (), "only SOAP 1.1 is understood")
            is_12 = request.is_12
            name = path[len(SUBSCRIPTION_PATH) :] if path.startswith(SUBSCRIPTION_PATH) else ""
            operation = None if name else self._operation(request)
            if habits.no_events_for_anybody and request.operation == "CreatePullPointSubscription":
                raise SoapFault(habits.refusal_status, "Sender", ("ter:NotAuthorized",), "Sender not authorized")
            shows_login = request.token is not None or authorization is not None
            checks = habits.refuses_wrong_login_always and shows_login
            if operation is None or checks or not self._open(operation, request):
                self._device.login.check_soap(
                    request.token, authorization, clock=self._device.now(), now_s=self._device.steady_s()
                )
            if operation is None:
                return self._of_subscription(request, name)
            self._device.count(request.operation)
            habit = self._device.plan.personality.changes if operation.changes else ChangeHabit.OBEYS
            if habit is ChangeHabit.REFUSES:
                raise SoapFault(500, "Receiver", ("ter:Action", "ter:ActionFailed"), "this cannot be changed here")
            if habit is ChangeHabit.LIES:
                return Answer(200, spelling(self._maker, is_12).envelope(_empty_yes(request)), is_12)
            body = operation.handler(self._device, request)
            if isinstance(body, str):
                hangs_up = habit is ChangeHabit.HANGS_UP
                written = self._with_mistakes(spelling(self._maker, is_12).envelope(body))
                return Answer(200, written, is_12, hangs_up=hangs_up)
            return self._later(body, is_12)
        except SoapFault as fault:
            return self.refused(fault, is_12=is_12)

    def _with_mistakes(self, envelope: bytes) -> bytes:
        habits = self._device.plan.personality
        if habits.undeclared_prefix:
            envelope = envelope.replace(b"<tds:", b"<tdx:").replace(b"</tds:", b"</tdx:")
        if habits.declares_utf16:
            envelope = envelope.replace(b'encoding="UTF-8"', b'encoding="utf-16"', 1)
        return envelope

    def refused(self, fault: SoapFault, *, is_12: bool = True) -> Answer:
        body = spelling(self._maker, is_12).fault(fault)
        stale = isinstance(fault, StaleNonce)
        return Answer(fault.status, body, is_12, challenge=fault.status == 401, stale=stale)

    def _operation(self, request: SoapRequest) -> Operation:
        service, table = TABLES.get(request.namespace, ("", {}))
        operation = table.get(request.operation)
        habits = self._device.plan.personality
        missing = habits.no_get_services and request.operation == "GetServices"
        if operation is None or missing or service not in self._device.services:
            raise not_supported(request.operation)
        return operation

    def _open(self, operation: Operation, request: SoapRequest) -> bool:
        guarded = self._device.plan.personality.clock_needs_login and request.operation == "GetSystemDateAndTime"
        return operation.pre_auth and not guarded

    def _of_subscription(self, request: SoapRequest, name: str) -> "Answer | Awaitable[Answer]":
        asked = (request.namespace, request.operation)
        if asked not in ACTION_OF_SUBSCRIPTION:
            raise not_supported(request.operation)
        header = f"<wsa:Action>{ACTION_OF_SUBSCRIPTION[asked]}</wsa:Action>"
        if request.operation == "PullMessages":
            return self._later(pull_messages(self._device, request, name), request.is_12, header)
        body = (renew if request.operation == "Renew" else unsubscribe)(self._device, request, name)
        return Answer(200, spelling(self._maker, request.is_12).envelope(body, header=header), request.is_12)

    async def _later(self, body: Awaitable[str], is_12: bool, header: str = "") -> Answer:
        try:
            return Answer(200, spelling(self._maker, is_12).envelope(await body, header=header), is_12)
        except SoapFault as fault:
            return self.refused(fault, is_12=is_12)
