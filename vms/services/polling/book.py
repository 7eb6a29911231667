"""The poller's memory: the watch over each camera, what is to be written, and the numbers of the day."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from vms.core.ids import CameraId, SessionId
from vms.health.fault import Fault, FaultKind
from vms.health.judge import name_faults
from vms.health.policy import Policy
from vms.health.reading import Reading
from vms.health.steady import is_steady
from vms.health.watch import Step, Watch, forgive, forsake, step
from vms.store.daily_numbers import DailyNumber, Sum
from vms.store.watching import Transition, transition

FORSAKEN = "not watched any more"


class WatchBook:
    """Judges in memory; only transitions come out. Nothing is kept per poll."""

    def __init__(self, session_id: SessionId, policy: Policy) -> None:
        self.session_id = session_id
        self.policy = policy
        self._watches: dict[CameraId, Watch] = {}
        self._pending: list[Transition] = []
        self._numbers: dict[tuple[date, str], dict[CameraId, Sum]] = {}

    def __len__(self) -> int:
        return len(self._watches)

    @property
    def pending(self) -> int:
        return len(self._pending)

    def watch(self, camera_id: CameraId) -> Watch | None:
        return self._watches.get(camera_id)

    def watches(self) -> Iterable[Watch]:
        return self._watches.values()

    def follow(self, camera_ids: set[CameraId], standing: Mapping[CameraId, tuple[Fault, ...]], now: datetime) -> None:
        """From now on these cameras are watched too."""
        for camera_id in camera_ids:
            if camera_id not in self._watches:
                self._watches[camera_id] = Watch(
                    camera_id=camera_id,
                    session_id=self.session_id,
                    since=now,
                    open_faults=standing.get(camera_id, ()),
                )

    def leave(self, camera_ids: Iterable[CameraId], now: datetime) -> None:
        """Nobody watches these any more."""
        for camera_id in camera_ids:
            watch = self._watches.pop(camera_id, None)
            if watch is not None:
                self._keep(forsake(watch, now, FORSAKEN), now)

    def forgive(self, camera_id: CameraId, kinds: frozenset[FaultKind]) -> None:
        """Somebody said that there is no such fault; the store has closed it."""
        watch = self._watches.get(camera_id)
        if watch is not None:
            self._watches[camera_id] = forgive(watch, kinds)

    def take_in(self, reading: Reading, policy: Policy | None = None) -> Step | None:
        """`policy`: what holds around this camera now. None: nobody watches that camera any more."""
        policy = policy or self.policy
        watch = self._watches.get(reading.camera_id)
        if watch is None:
            return None
        self._count(reading)
        if is_steady(watch, reading, policy):
            return Step(watch, None, (), (), False)
        taken = step(watch, reading, name_faults(reading, policy), reading.at, policy)
        self._watches[reading.camera_id] = taken.watch
        self._keep(taken, reading.at)
        return taken

    def take_pending(self) -> list[Transition]:
        taken, self._pending = self._pending, []
        return taken

    def put_back(self, unsaved: list[Transition]) -> None:
        """What could not be written comes before what has come since."""
        self._pending = unsaved + self._pending

    @property
    def has_numbers(self) -> bool:
        return any(self._numbers.values())

    def take_numbers(self, most: int) -> list[DailyNumber]:
        """Some of the numbers that are not stored yet; forgotten here."""
        taken: list[DailyNumber] = []
        for (day, metric), sums in list(self._numbers.items()):
            while sums and len(taken) < most:
                camera_id, sum_ = sums.popitem()
                taken.append(DailyNumber(camera_id=camera_id, day=day, metric=metric, sum=sum_))
            if not sums:
                del self._numbers[day, metric]
        return taken

    def put_back_numbers(self, unsaved: Iterable[DailyNumber]) -> None:
        """They could not be written; they are added to what has come since."""
        for number in unsaved:
            sums = self._numbers.setdefault((number.day, number.metric), {})
            sums.setdefault(number.camera_id, Sum()).merge(number.sum)

    def _keep(self, taken: Step, at: datetime) -> None:
        if taken.is_news:
            self._pending.append(transition(taken, at))

    def _count(self, reading: Reading) -> None:
        day = reading.at.date()
        control, stream, picture = reading.control, reading.stream, reading.picture
        if control is not None and control.answered:
            self._add(reading.camera_id, day, "answer_s", control.answer_s)
            self._add(reading.camera_id, day, "clock_offset_s", control.clock_offset_s)
        if stream is not None and stream.playing:
            self._add(reading.camera_id, day, "first_key_frame_s", stream.first_key_frame_s)
        if picture is not None and picture.fetched:
            self._add(reading.camera_id, day, "mean_luma", picture.mean_luma)
            self._add(reading.camera_id, day, "detail", picture.detail)

    def _add(self, camera_id: CameraId, day: date, metric: str, value: float | None) -> None:
        if value is None:
            return
        sums = self._numbers.get((day, metric))
        if sums is None:
            sums = self._numbers[day, metric] = {}
        sum_ = sums.get(camera_id)
        if sum_ is None:
            sum_ = sums[camera_id] = Sum()
        sum_.add(value)
