"""Entrances in a plan: how many have all the cameras that they want, how many only some of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.planning.links import NO_CHOICE
from vms.planning.wanted import Wanted

Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntranceCounts:
    """Whatever wants nothing more is whole, whatever has something of what it wants is half."""

    asked: int = 0
    whole_before: int = 0
    half_before: int = 0
    whole: int = 0
    """When the plan stands, those before included."""
    half: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrances:
    """Those inside a plan's area, while its cameras are counted one after the other."""

    of_target: Longs
    """Per target which of them it is of; -1: of none."""
    views: Longs
    """Per entrance how many are wanted; by day and by night apart where the plan tells them apart."""
    missing: Longs
    """Of these, now."""

    @classmethod
    def of(cls, wanted: Wanted) -> "Entrances":
        is_gate = wanted.links.choice != NO_CHOICE
        rows, number = np.unique(wanted.row[is_gate], return_inverse=True)
        of_target = np.full(len(wanted), -1, np.int64)
        of_target[is_gate] = number
        views, missing = (
            np.bincount(number, weights=each[is_gate], minlength=len(rows)).astype(np.int64)
            for each in (wanted.views, wanted.missing)
        )
        return cls(of_target=of_target, views=views, missing=missing)

    def serve(self, targets: Sequence[int]) -> tuple[int, int]:
        """One camera gives each of these targets a view that it wants: how many entrances are whole with it, and how
        many it serves and leaves half."""
        gates = self.of_target[np.asarray(targets, dtype=np.int64)]
        served, views = np.unique(gates[gates >= 0], return_counts=True)
        self.missing[served] -= views
        whole = int((self.missing[served] <= 0).sum())
        return whole, len(served) - whole

    def whole_and_half(self) -> tuple[int, int]:
        whole = self.missing <= 0
        return int(whole.sum()), int((~whole & (self.missing < self.views)).sum())


def entrance_counts(before: Entrances, after: Entrances) -> EntranceCounts:
    whole_before, half_before = before.whole_and_half()
    whole, half = after.whole_and_half()
    return EntranceCounts(
        asked=len(before.views), whole_before=whole_before, half_before=half_before, whole=whole, half=half
    )
