"""Which looks get lost in each neighbourhood, of the last minutes: in memory, a few numbers for each network of 256."""

from collections.abc import Callable, Hashable

from vms.health.lost_looks import LookedAround, looks_until_down, patient, share_lost
from vms.health.policy import Policy

WINDOW_S = 600.0
"""Two of them count: the one that fills and the one before."""


class _Place:
    __slots__ = ("before", "began_s", "looks", "losers", "lost")

    def __init__(self, began_s: float) -> None:
        self.began_s = began_s
        self.before = LookedAround()
        self.looks = self.lost = 0
        self.losers: set[Hashable] = set()

    def now(self) -> LookedAround:
        return LookedAround(looks=self.looks, lost=self.lost, losers=len(self.losers))

    def turn(self, now_s: float) -> None:
        if now_s - self.began_s >= WINDOW_S:
            self.before = self.now() if now_s - self.began_s < 2 * WINDOW_S else LookedAround()
            self.looks = self.lost = 0
            self.losers = set()
            self.began_s = now_s


class LostAround:
    def __init__(self, policy: Policy, now_s: Callable[[], float]) -> None:
        """`now_s`: a steady clock."""
        self._policy = policy
        self._patient = patient(policy)
        self._now_s = now_s
        self._places: dict[tuple[str, str], _Place] = {}

    def saw(self, ground: str, address: str, device: Hashable, *, lost: int) -> None:
        """A look at a device was answered, after so many that were not. Who was silent for long was away: that tells
        nothing of the looks between."""
        place = self._place(ground, address)
        place.looks += 1
        if 0 < lost < self._policy.down_after:
            place.looks += lost
            place.lost += lost
            place.losers.add(device)

    def policy(self, ground: str, address: str) -> Policy:
        place = self._places.get(_key(ground, address))
        if place is None or not (place.lost or place.before.lost):
            return self._policy
        place.turn(self._now_s())
        share = share_lost(place.now() + place.before, self._policy)
        return self._patient[looks_until_down(share, self._policy)]

    def _place(self, ground: str, address: str) -> _Place:
        key, now_s = _key(ground, address), self._now_s()
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = _Place(now_s)
        place.turn(now_s)
        return place


def _key(ground: str, address: str) -> tuple[str, str]:
    """A /24; of IPv6 what stands before the last colon."""
    return ground, address.rpartition(":" if ":" in address else ".")[0]
