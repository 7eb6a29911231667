"""Devices behind a wire without a network, and the poller's true visits to them, in a time of their own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from vms.core.ids import CameraId, DeviceId, SessionId
from vms.devices.http import ExchangeFailed
from vms.devices.http_answer import HttpAnswer
from vms.health.policy import Policy
from vms.health.reading import StreamReading
from vms.health.status import Status
from vms.inventory.device import Quirks
from vms.media.proof import StreamProof
from vms.services.credentials.note_use import UseBook
from vms.services.polling.book import WatchBook
from vms.services.polling.fell_together import FellTogether
from vms.services.polling.ledger import Ledger
from vms.services.polling.lost_around import LostAround
from vms.services.polling.own_side import OwnSide
from vms.services.polling.picture_memory import PictureMemory
from vms.services.polling.pictures import Pictures
from vms.services.polling.punctuality import Punctuality
from vms.services.polling.roster import PolledDevice
from vms.services.polling.round import Rounds
from vms.services.polling.settings import PollerSettings
from vms.services.polling.sleepers import Sleepers
from vms.services.polling.stills import StillTaker
from vms.services.polling.visits import Visits
from vms.services.polling.wire import Wire
from vms.store.poll_targets import PollCamera, PollTarget

START = datetime(2026, 5, 1, tzinfo=UTC)
INTERVAL_S = 60.0


@dataclass(slots=True)
class Behind:
    """`answers(address, question)` and `plays(camera_id)` say how they behave; each failure takes `timeout_s`."""

    answers: Callable[[str, int], bool] = lambda address, question: True
    plays: Callable[[int], bool] = lambda camera_id: True
    timeout_s: float = 5.0
    now_s: float = 0.0
    questions: dict[str, list[float]] = field(default_factory=dict)
    proofs: dict[int, list[float]] = field(default_factory=dict)

    def clock(self) -> datetime:
        return START + timedelta(seconds=self.now_s)

    async def pause(self, seconds: float) -> None:
        self.now_s += seconds

    async def exchange(self, address: str, port: int, request: bytes, *, timeout_s: float) -> HttpAnswer:
        asked = self.questions.setdefault(address, [])
        asked.append(self.now_s)
        if not self.answers(address, len(asked)):
            self.now_s += timeout_s
            raise ExchangeFailed("timeout", "no answer", connect_s=None)
        return HttpAnswer(status=401, headers=(), body=b"", connect_s=0.01, total_s=0.02)

    async def prove(self, uri: str, login: object, **_: object) -> StreamProof:
        camera_id = int(uri.rpartition("/")[2])
        self.proofs.setdefault(camera_id, []).append(self.now_s)
        if self.plays(camera_id):
            return StreamProof(reading=StreamReading(playing=True, first_key_frame_s=0.4))
        self.now_s += self.timeout_s
        return StreamProof(reading=StreamReading(playing=False, because="timeout"))

    async def relearn(self, *_: object, **__: object) -> Quirks | None:
        return None


@dataclass(frozen=True, slots=True)
class Visited:
    behind: Behind
    book: WatchBook
    visits: Visits
    devices: tuple[PolledDevice, ...]

    async def turn(self, number: int) -> float:
        """Everybody whose turn it is, one after the other. Returns the seconds that it took."""
        self.behind.now_s = began_s = max(self.behind.now_s, number * INTERVAL_S)
        for device in self.devices:
            visit = self.visits.begin(device, number)
            if visit is not None:
                await visit
        return self.behind.now_s - began_s

    def status(self, camera_id: int) -> Status:
        watch = self.book.watch(CameraId(camera_id))
        assert watch is not None
        return watch.status


def visited_devices(
    behind: Behind,
    folder: Path,
    *,
    devices: int = 1,
    channels: int = 1,
    streams: bool,
    was_held: Callable[[float], bool] = lambda began_s: False,
) -> Visited:
    """Cameras are numbered from 1 on, a device's channels one after the other."""
    wire = Wire(exchange=behind.exchange, prove=behind.prove, relearn=behind.relearn, pause=behind.pause)
    settings = PollerSettings(interval_s=INTERVAL_S, stills_folder=folder, login_of=lambda _: None, wire=wire)
    book, ledger = WatchBook(SessionId(1), Policy()), Ledger(settings.day_budget)
    ledger.open_day(behind.clock())
    stills = StillTaker(folder, PictureMemory(lambda camera_ids: {}))
    stills.private = frozenset(
        CameraId(one) for one in range(1, devices * channels + 1)
    )  # none is fetched from a network
    rounds = Rounds(
        settings=settings,
        book=book,
        pictures=Pictures(
            settings=settings,
            stills=stills,
            clock=behind.clock,
            pause=behind.pause,
        ),
        clock=behind.clock,
        uses=UseBook("test"),
        ledger=ledger,
        wire=wire,
    )
    own_side = OwnSide(
        settings.our_side,
        interval_s=INTERVAL_S,
        tick_s=1.0,
        clock=behind.clock,
        now_s=lambda: behind.now_s,
        link_problem=lambda ground: "",
    )
    visits = Visits(
        lost_around=LostAround(settings.policy, lambda: behind.now_s),
        settings=settings,
        book=book,
        rounds=rounds,
        ledger=ledger,
        own_side=own_side,
        together=FellTogether(settings.our_side, tick_s=1.0, now_s=lambda: behind.now_s),
        clock=behind.clock,
        now_s=lambda: behind.now_s,
        keep_still=lambda still: None,
        figures=Punctuality(),
        sleepers=Sleepers(INTERVAL_S),
        was_held=was_held,
    )
    polled = tuple(_device(number, channels, streams) for number in range(devices))
    cameras = {camera.camera_id for device in polled for camera in device.target.cameras}
    book.follow(cameras, {}, behind.clock())
    return Visited(behind, book, visits, polled)


def address_of(number: int) -> str:
    return f"10.0.{number // 250}.{number % 250 + 1}"


def _device(number: int, channels: int, streams: bool) -> PolledDevice:
    address = address_of(number)
    ids = range(number * channels + 1, (number + 1) * channels + 1)
    cameras = tuple(
        PollCamera(camera_id=CameraId(one), channel="", sub_uri=f"rtsp://{address}/{one}" if streams else None)
        for one in ids
    )
    target = PollTarget(device_id=DeviceId(number + 1), address=address, port=80, quirks=Quirks(), cameras=cameras)
    return PolledDevice(target=target, login=None)
