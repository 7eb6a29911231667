"""What a look at a head may cost, and to whom no login is shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from tests.builders.harmless_town import FAULT, NEW_YEAR, SIGNED
from tests.builders.harmless_year import a_device
from vms.core.ids import CameraId, SessionId
from vms.devices.http_answer import HttpAnswer
from vms.devices.who_answers import Certainty
from vms.health.spending import HEAD_AND_PRESETS, Price
from vms.health.watch import Watch
from vms.inventory.device import AuthScheme
from vms.services.polling.heads import Heads
from vms.services.polling.pictures import Look
from vms.services.polling.wire import Wire

PTZ = "<Capabilities><PTZ><XAddr>http://device/onvif/ptz</XAddr></PTZ></Capabilities>"


class AlwaysStale:
    """Wants each question twice: its nonce is used up by one answer. It knows no GetServices."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._wants_a_nonce = True

    async def __call__(self, address: str, port: int, request: bytes, **_: object) -> HttpAnswer:
        names = ("GetSystemDateAndTime", "GetServices", "GetCapabilities", "GetPresets", "GetStatus")
        name = next(one for one in names if one.encode() in request.split(b"Body>", 1)[1])
        self.asked.append(name)
        if name != "GetSystemDateAndTime":
            self._wants_a_nonce, told = not self._wants_a_nonce, self._wants_a_nonce
            if told:
                nonce = f'Digest realm="r", nonce="{len(self.asked)}", qop="auth", stale=true'
                return HttpAnswer(status=401, headers=(("www-authenticate", nonce),), body=b"")
        if name == "GetServices":
            return HttpAnswer(status=500, headers=(), body=FAULT.format(code="ActionNotSupported").encode())
        inner = PTZ if name == "GetCapabilities" else ""
        return HttpAnswer(status=200, headers=(), body=SIGNED.format(name=name, inner=inner).encode())


class Generous:
    """A budget without end, that keeps why looks came to nothing."""

    def __init__(self) -> None:
        self.because: list[str] = []

    async def may_look(self, look: Look, price: Price) -> bool:
        return True

    @contextmanager
    def paid_look(self, look: Look, price: Price) -> Iterator[None]:
        yield

    async def was_looked(self, look: Look, because: str) -> None:
        self.because.append(because)


def a_look(auth: AuthScheme) -> Look:
    device = a_device(2, 1, 1, forgotten=False)
    target = device.target
    device.target = replace(target, quirks=replace(target.quirks, auth=auth))
    watch = Watch(camera_id=CameraId(20), session_id=SessionId(1), since=NEW_YEAR)
    return Look(
        device=device, camera=target.cameras[0], watch=watch,
        stored=device.login, login=None, certainty=Certainty.SURE, stream=None,
    )  # fmt: skip


async def test_a_device_that_wants_everything_twice_costs_no_more_than_was_paid_and_is_asked_again_tomorrow():
    now, device, till = NEW_YEAR, AlwaysStale(), Generous()
    heads = Heads(clock=lambda: now, timeout_s=1.0, keep=lambda seen: None, wire=Wire(carry=device))
    assert await heads.stands(a_look(AuthScheme.DIGEST), till) is None
    assert len(device.asked) == HEAD_AND_PRESETS.requests
    assert "GetStatus" in device.asked and till.because == ["budget"]
    now += timedelta(hours=23)
    await heads.stands(a_look(AuthScheme.DIGEST), till)
    assert len(device.asked) == HEAD_AND_PRESETS.requests, "not at the next still"
    now += timedelta(hours=2)
    await heads.stands(a_look(AuthScheme.DIGEST), till)
    assert len(device.asked) > HEAD_AND_PRESETS.requests


async def test_nobody_guesses_how_a_device_is_signed_in_to():
    device, till = AlwaysStale(), Generous()
    heads = Heads(clock=lambda: NEW_YEAR, timeout_s=1.0, keep=lambda seen: None, wire=Wire(carry=device))
    assert await heads.stands(a_look(AuthScheme.UNKNOWN), till) is None
    assert (device.asked, till.because) == ([], []), "a good login, shown the wrong way, would be refused"
