"""Is the poller itself kept from running? Then silence proves nothing: the answer may lie here unread.

On a machine that has more to do than it can, a process that waits for answers wakes up late. How late, beyond what it
worked meanwhile itself, is time in which it wanted to run and was not let.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldUpPolicy:
    share: float = 0.25
    """Of the time of a look, or of one time-out where the look was shorter, in which the poller was not let run …"""
    told_s: float = 30.0
    """… and of the time over which it is told."""
    over_share: float = 0.1
    """It is over when less was lost of that time."""


@dataclass(frozen=True, slots=True)
class Beat:
    """The poller woke up at `at_s`, after so much waiting for its turn."""

    at_s: float
    held_s: float


def held_of(late_s: float, worked_s: float) -> float:
    """`late_s`: beyond the wanted moment; `worked_s`: processor time of its own since it went to sleep."""
    return max(0.0, late_s - worked_s)


def share_held(beats: Iterable[Beat], since_s: float, now_s: float) -> float:
    """Of the time since then. `beats`: newest first."""
    held_s = 0.0
    for beat in beats:
        if beat.at_s <= since_s:
            break
        held_s += min(beat.held_s, beat.at_s - since_s)
    return held_s / (now_s - since_s) if now_s > since_s else 0.0


def in_words(share: float) -> str:
    return (
        f"our own side: the poller was kept waiting for the processor {share:.0%} of the time; silence proves nothing"
    )
