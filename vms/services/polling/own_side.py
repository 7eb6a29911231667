"""Keeps count per ground of who fell silent together, and lets no silence be judged while our own side is cut off."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from vms.core.clock import Clock
from vms.health.our_side import Cohort, Cut, OurSidePolicy, cut_off, enough_to_judge, in_words, is_back
from vms.health.reading import NetworkReading
from vms.store.blind_spells import OpenSpell

REFUSED = "refused"
"""Whoever refuses is there, and so is the way to it."""


class Tally:
    """A cohort while it fills."""

    __slots__ = ("began_s", "begun", "fell", "stood")

    def __init__(self, began_s: float) -> None:
        self.began_s = began_s
        self.begun = self.fell = self.stood = 0

    def as_cohort(self) -> Cohort:
        return Cohort(self.began_s, self.begun, self.fell, self.stood)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A silent look that waits to see whether it is in company."""

    ended_s: float
    began_s: float
    is_cut: asyncio.Future[bool]


class _Ground:
    __slots__ = ("devices", "ended_s", "spell", "tallies", "waiting")

    def __init__(self) -> None:
        self.tallies: deque[Tally] = deque()
        self.waiting: list[Waiting] = []
        self.spell: OpenSpell | None = None
        self.ended_s = float("-inf")
        """When the last spell ended."""
        self.devices = 0


@dataclass(frozen=True, slots=True)
class SpellNews:
    """A spell began, or ended at `until_at`."""

    spell: OpenSpell
    until_at: datetime | None = None


class OwnSide:
    """`now_s`: a steady clock; `link_problem`: what is wrong with the link of a ground, empty where nothing is."""

    def __init__(
        self,
        policy: OurSidePolicy,
        *,
        interval_s: float,
        tick_s: float,
        clock: Clock,
        now_s: Callable[[], float],
        link_problem: Callable[[str], str],
    ) -> None:
        self._policy = policy
        self._interval_s = interval_s
        self._tick_s = tick_s
        self._clock = clock
        self._now_s = now_s
        self._link_problem = link_problem
        self._grounds: dict[str, _Ground] = {}
        self._news: list[SpellNews] = []
        self.cut_off_in_all = 0

    def follow(self, grounds: Counter[str]) -> None:
        """How many devices stand on which ground."""
        for name in grounds:
            self._grounds.setdefault(name, _Ground())
        for name, ground in self._grounds.items():
            ground.devices = grounds.get(name, 0)
            if not ground.devices and ground.spell is not None:
                self._end(ground, self._now_s())

    def is_cut(self, name: str) -> bool:
        ground = self._grounds.get(name)
        return ground is not None and ground.spell is not None

    def may_try(self, name: str, *, was_heard: bool) -> bool:
        """While a ground is cut off only some are asked whether it is back, of those that were there before."""
        ground = self._grounds.get(name)
        if ground is None or ground.spell is None:
            return True
        return was_heard and self._tally(ground).begun < self._policy.least_looks

    def begin(self, name: str) -> Tally:
        """A look begins at a device that was heard before; told later with `end`."""
        tally = self._tally(self._grounds.setdefault(name, _Ground()))
        tally.begun += 1
        return tally

    @staticmethod
    def end(tally: Tally, *, silent: bool) -> None:
        if silent:
            tally.fell += 1
        else:
            tally.stood += 1

    async def is_ours(self, name: str, began_s: float) -> bool:
        """Whether a silence is our own: waits for what others behind the same ground say, half an interval at most."""
        ground = self._grounds[name]
        if ground.spell is not None or began_s <= ground.ended_s:
            return True
        if ground.devices < self._policy.least_looks and not self._link_problem(name):
            return False
        waiting = Waiting(self._now_s(), began_s, asyncio.get_running_loop().create_future())
        ground.waiting.append(waiting)
        return await waiting.is_cut

    def turn(self) -> None:
        """Once a tick: spells begin and end, and those that wait hear what they wait for."""
        now_s = self._now_s()
        for name, ground in self._grounds.items():
            if not (ground.waiting or ground.spell):
                continue
            cohorts = [tally.as_cohort() for tally in ground.tallies if tally.began_s > now_s - self._interval_s]
            if ground.spell is not None:
                if is_back(cohorts, self._policy) and not self._link_problem(name):
                    self._end(ground, now_s)
            else:
                self._look_for_a_cut(name, ground, cohorts)
            self._tell(ground, cohorts, now_s)

    def news(self) -> list[SpellNews]:
        """What began and ended since; forgotten here."""
        told, self._news = self._news, []
        return told

    def put_back(self, news: Iterable[SpellNews]) -> None:
        self._news = [*news, *self._news]

    def release(self) -> None:
        """The poller ends: what still waits was not judged."""
        for ground in self._grounds.values():
            for waiting in ground.waiting:
                if not waiting.is_cut.done():
                    waiting.is_cut.set_result(True)
            ground.waiting = []

    @property
    def has_news(self) -> bool:
        return bool(self._news)

    @property
    def cut_grounds(self) -> int:
        return sum(ground.spell is not None for ground in self._grounds.values())

    def _look_for_a_cut(self, name: str, ground: _Ground, cohorts: list[Cohort]) -> None:
        cut = cut_off(cohorts, self._policy)
        link = self._link_problem(name)
        if cut is None and not link:
            return
        whole = all(other.devices == 0 for other in self._grounds.values() if other is not ground)
        now_s = self._now_s()
        since_s = min([cut.since_s] if cut else [waiting.began_s for waiting in ground.waiting] or [now_s])
        ground.spell = OpenSpell(
            ground=name,
            from_at=self._clock() - timedelta(seconds=now_s - since_s),
            because=in_words(name, cut or Cut(since_s, len(ground.waiting), len(ground.waiting)), link, whole),
            whole=whole,
        )
        self.cut_off_in_all += 1
        self._news.append(SpellNews(ground.spell))

    def _end(self, ground: _Ground, now_s: float) -> None:
        assert ground.spell is not None
        self._news.append(SpellNews(ground.spell, self._clock()))
        ground.spell, ground.ended_s = None, now_s
        ground.tallies.clear()

    def _tell(self, ground: _Ground, cohorts: list[Cohort], now_s: float) -> None:
        waiting, ground.waiting = ground.waiting, []
        for one in waiting:
            if one.is_cut.done():
                continue
            if ground.spell is not None or one.began_s <= ground.ended_s:
                one.is_cut.set_result(True)
            elif now_s - one.ended_s > self._interval_s / 2 or enough_to_judge(cohorts, one.began_s, self._policy):
                one.is_cut.set_result(False)
            else:
                ground.waiting.append(one)

    def _tally(self, ground: _Ground) -> Tally:
        now_s = self._now_s()
        if not ground.tallies or now_s - ground.tallies[-1].began_s >= self._tick_s:
            ground.tallies.append(Tally(now_s))
            while ground.tallies[0].began_s < now_s - self._interval_s:
                ground.tallies.popleft()
        return ground.tallies[-1]


def is_silence(network: NetworkReading) -> bool:
    """Nothing came back: that is what a cut line looks like, and a dead camera too."""
    return not network.connected and network.because != REFUSED
