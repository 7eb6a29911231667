"""A simulated year of random answers and kills, driven through the poller's own wheel, visits, accounts and notes.

Only the wire is another one: behind it stand devices that keep count of what they are asked, with a clock of their own.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from tests.builders.harmless_town import SCHEMES, Seen, Time, Town
from vms.core.ids import CameraId, CredentialId, DeviceId, SessionId
from vms.health.fault import FaultKind
from vms.health.picture.sequence import Step
from vms.health.policy import Policy
from vms.health.reading import PictureReading
from vms.health.spending import DayBudget
from vms.health.turning import Stands
from vms.inventory.device import AuthScheme, Quirks
from vms.media.still import Still
from vms.services.credentials.first_showing import login_key
from vms.services.credentials.note_use import UseBook
from vms.services.polling.book import WatchBook
from vms.services.polling.fell_together import FellTogether
from vms.services.polling.followed import Followed
from vms.services.polling.heads import Heads
from vms.services.polling.ledger import Ledger
from vms.services.polling.lost_around import LostAround
from vms.services.polling.own_side import OwnSide
from vms.services.polling.picture_memory import PictureMemory
from vms.services.polling.pictures import STANDS, Pictures
from vms.services.polling.poller import LOST_PER_KILL
from vms.services.polling.punctuality import Punctuality
from vms.services.polling.roster import PolledDevice
from vms.services.polling.round import Rounds
from vms.services.polling.settings import PollerSettings
from vms.services.polling.showings import Showings, learn_how_it_went
from vms.services.polling.sleepers import Sleepers
from vms.services.polling.stills import StillTaker, TakenStill
from vms.services.polling.visits import Visit, Visits
from vms.services.polling.wheel import PollWheel
from vms.services.polling.wire import Wire
from vms.store.credentials import StoredLogin
from vms.store.device_costs import DeviceCost
from vms.store.login_attempts import AttemptState, of_device_key
from vms.store.picture_knowledge import PictureKnowledge
from vms.store.poll_targets import PollCamera, PollTarget

INTERVAL_S = 1800.0
TIGHT = DayBudget(requests=75, sign_ins=20)
"""A third of what it would be asked without a budget."""


class Stills(StillTaker):
    """Nobody measures them: each looks as the one before, so that bursts are taken."""

    async def judge(
        self,
        camera: PollCamera,
        fetched: Still,
        *,
        is_whole: bool,
        doubted: frozenset[FaultKind] = frozenset(),
        stands: Stands | None = None,
    ) -> TakenStill:
        reading = PictureReading(fetched=True)
        return TakenStill(reading=reading, fetched=fetched, looks_as_before=True, known=PictureKnowledge())


async def compared(stills: Sequence[bytes]) -> tuple[tuple[Step, ...], bool]:
    return (STANDS, STANDS), False


def a_device(number: int, channels: int, version: int, *, refused: int | None = None, forgotten: bool) -> PolledDevice:
    address = f"device-{number}"
    cameras = tuple(
        PollCamera(
            camera_id=CameraId(number * 10 + channel),
            channel=f"{channel}",
            sub_uri=f"rtsp://{address}/{channel}",
            snapshot_uri=f"http://{address}/{channel}",
            turns=channel == 0,
            profile=f"{channel}",
        )
        for channel in range(channels)
    )
    target = PollTarget(
        device_id=DeviceId(number),
        address=address,
        port=80,
        quirks=Quirks(forgotten=forgotten, auth=SCHEMES.get(address, AuthScheme.WSSE)),
        credential_id=CredentialId(number),
        login_refused_version=refused,
        cameras=cameras,
    )
    told = f"{version}"
    login = StoredLogin(credential_id=CredentialId(number), username=told, password=told, version=version)
    return PolledDevice(target=target, login=login, ground="eth0")


class KeptNotes:
    """What would be in the store: committed at once."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.states: dict[tuple[str, str], tuple[AttemptState, datetime]] = {}
        self._clock = clock

    def note(self, device: str, login: str, state: AttemptState | None) -> asyncio.Future[None]:
        if state is None:
            self.states.pop((device, login), None)
        else:
            self.states[device, login] = (state, self._clock())
        done = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    def state_of(self, device: PolledDevice) -> AttemptState | None:
        login = device.login
        known = self.states.get((of_device_key(device.target.device_id), login_key(login))) if login else None
        return known and known[0]


class KeptCosts:
    def __init__(self) -> None:
        self._spent: dict[tuple[DeviceId, date], tuple[int, int]] = {}

    def add(self, costs: Iterable[DeviceCost]) -> None:
        for cost in costs:
            requests, sign_ins = self._spent.get((cost.device_id, cost.day), (0, 0))
            self._spent[cost.device_id, cost.day] = (requests + cost.requests, sign_ins + cost.sign_ins)

    def of(self, day: date) -> dict[DeviceId, tuple[int, int]]:
        return {device_id: spent for (device_id, on), spent in self._spent.items() if on == day}


@dataclass(slots=True)
class Run:
    """One run of the poller, without its store."""

    visits: Visits
    wheel: PollWheel
    followed: Followed
    ledger: Ledger


def a_run(
    time: Time,
    town: Town,
    folder: Path,
    stored: Mapping[DeviceId, tuple[int, int]],
    notes: KeptNotes,
    *,
    lost: int = 0,
) -> Run:
    wire = Wire(exchange=town.exchange, carry=town.carry, prove=town.prove, relearn=town.relearn, pause=time.sleep)
    settings = PollerSettings(
        interval_s=INTERVAL_S, stream_every=3, still_every=4, stills_folder=folder, login_of=lambda _: None,
        budget=TIGHT, wire=wire, backoff_max_s=4 * INTERVAL_S,
    )  # fmt: skip
    book, ledger, uses = WatchBook(SessionId(1), Policy()), Ledger(settings.day_budget), UseBook("test")
    ledger.open_day(time.clock(), stored, lost)
    stills = Stills(folder, PictureMemory(lambda camera_ids: {}), fetch=town.fetch)
    pictures = Pictures(
        settings=settings,
        stills=stills,
        clock=time.clock,
        pause=wire.pause,
        burst=town.burst,
        key_frames=town.key_frames,
        compare=compared,
        heads=Heads(clock=time.clock, timeout_s=settings.timeout_s, keep=lambda seen: None, wire=wire),
    )
    rounds = Rounds(
        settings=settings, book=book, pictures=pictures, clock=time.clock, uses=uses, ledger=ledger, wire=wire,
        showings=Showings(notes),
    )  # fmt: skip
    own_side = OwnSide(
        settings.our_side, interval_s=INTERVAL_S, tick_s=1.0, clock=time.clock, now_s=lambda: time.now_s,
        link_problem=lambda ground: "",
    )  # fmt: skip
    visits = Visits(
        lost_around=LostAround(settings.policy, lambda: time.now_s),
        settings=settings, book=book, rounds=rounds, ledger=ledger, own_side=own_side, clock=time.clock,
        now_s=lambda: time.now_s, keep_still=lambda still: None, figures=Punctuality(),
        together=FellTogether(settings.our_side, tick_s=1.0, now_s=lambda: time.now_s),
        sleepers=Sleepers(INTERVAL_S),
    )  # fmt: skip
    wheel = PollWheel(INTERVAL_S, time.now_s)
    followed = Followed(book=book, wheel=wheel, pictures=pictures, ledger=ledger, now_s=lambda: time.now_s)
    return Run(visits, wheel, followed, ledger)


CHANNELS = {1: 1, 2: 3}
KILLED_PER_TURN = 0.004
"""Killed, or ended in good order where nothing is under way, about every third day."""


async def a_year(seed: int, folder: Path, *, channels: Mapping[int, int] = CHANNELS, days: int = 365) -> Town:
    """`channels`: of each device, by its number."""
    time, rng = Time(), random.Random(seed)
    town = Town(time, rng)
    version = dict.fromkeys(channels, 1)
    for number in channels:
        address = f"device-{number}"
        town.seen[address], town.mood[address], town.password[address] = Seen(), "answers", 1
    refused: dict[int, int | None] = dict.fromkeys(channels)
    """As the store would know it: written a moment after it happened."""
    notes, costs, kills = KeptNotes(time.clock), KeptCosts(), Counter[date]()

    def read() -> list[PolledDevice]:
        forgotten = rng.random() < 0.02
        found = [
            a_device(number, several, version[number], refused=refused[number], forgotten=forgotten)
            for number, several in channels.items()
        ]
        for device in found:
            state = notes.state_of(device)
            device.login_worked, device.login_in_doubt = state is AttemptState.WORKED, state is AttemptState.SENT
        return found

    run = a_run(time, town, folder, {}, notes)
    run.followed.take_over(read(), {}, frozenset(), time.now_s, time.clock())
    running: set[asyncio.Task[None]] = set()
    broken: list[BaseException] = []

    def ended(task: asyncio.Task[None]) -> None:
        running.discard(task)
        if not task.cancelled() and (problem := task.exception()) is not None:
            broken.append(problem)

    async def follow(device: PolledDevice, visit: Awaitable[Visit]) -> None:
        done = await visit
        if done.refused:
            number, was = device.target.device_id, device.login
            await time.sleep(rng.uniform(0.1, 5.0))
            keep_refused(number, was)

    def keep_refused(number: DeviceId, was: StoredLogin | None) -> None:
        if was is not None and version[number] == was.version:
            refused[number] = was.version
        if was is not None:
            notes.note(of_device_key(number), login_key(was), None)

    step_s = INTERVAL_S / 2
    read_before, read_s = read(), time.now_s
    for turn in range(int(days * 86_400 / step_s)):
        await time.go_on_to((turn + 1) * step_s)
        for slot in run.wheel.due(time.now_s):
            device = run.followed.get(slot.device_id)
            visit = run.visits.begin(device, slot.turn)
            if visit is not None:
                task = asyncio.get_running_loop().create_task(follow(device, visit))
                running.add(task)
                task.add_done_callback(ended)
        await asyncio.sleep(0)
        for device in run.followed:
            if device.login_in_doubt and learn_how_it_went(device, notes.states, time.clock()):
                keep_refused(device.target.device_id, device.login)
        if turn % 2 == 0:
            costs.add(run.ledger.take(run.ledger.asked()))
        chance = rng.random()
        if chance < 0.02:
            number = rng.choice(list(channels))
            town.mood[f"device-{number}"] = rng.choice(("answers", "answers", "silent", "refuses", "garbage", "moody"))
        elif chance < 0.023:  # somebody changes the password on the device
            town.password[f"device-{rng.choice(list(channels))}"] = rng.randrange(100, 10_000)
        elif chance < 0.026:  # the office enters another one, right or wrong
            number = rng.choice(list(channels))
            version[number] += 1
            refused[number] = None
            if rng.random() < 0.6:
                town.password[f"device-{number}"] = version[number]
        elif chance < 0.05:  # the inventory is read; what was read may be a few seconds old when it is taken over
            run.followed.take_over(read_before, {}, frozenset(), read_s, time.clock())
            read_before, read_s = read(), time.now_s
        elif chance < 0.05 + KILLED_PER_TURN:
            if rng.random() < 0.8:  # in the middle of something
                await time.go_on_to(time.now_s + rng.uniform(0.0, 12.0))
            killed = bool(running)
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            running.clear()
            if killed:
                town.kills += 1
                kills[time.clock().date()] += 1
            else:  # it ended in good order
                costs.add(run.ledger.take(run.ledger.asked()))
            today = time.clock().date()
            run = a_run(time, town, folder, costs.of(today), notes, lost=LOST_PER_KILL * kills[today])
            read_before, read_s = read(), time.now_s
            run.followed.take_over(read(), {}, frozenset(), time.now_s, time.clock())
        if turn % 9 == 0:
            read_before, read_s = read(), time.now_s
    for _ in range(60):
        await time.go_on_to(time.now_s + 60)
    assert not running, "every visit comes to its end within an hour"
    assert not broken, "no visit ends by an error of our own"
    return town


def harm_done(town: Town, channels: Mapping[int, int] = CHANNELS) -> list[str]:
    """Empty where every promise was kept."""
    harm: list[str] = []
    for number, several in channels.items():
        seen, budget = town.seen[f"device-{number}"], TIGHT.times(several)
        if seen.most_at_once > 1:
            harm.append(f"device {number} had {seen.most_at_once} connections at once")
        harm += [
            f"device {number} was asked {n} times on {day}, allowed {budget.requests}"
            for day, n in seen.requests.items()
            if n > budget.requests
        ]
        harm += [f"device {number} refused login {v} {n} times" for v, n in seen.refused.items() if n > 1]
    return harm
