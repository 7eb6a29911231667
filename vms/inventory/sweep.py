"""A sweep: what is to be looked for and where, and how far it has come."""

from dataclasses import dataclass
from enum import StrEnum

SECOND_LOOK = "second look"
"""The last block of a sweep, and the way in which it hears: who was there last time is asked once more before he is
said to be gone."""


class SweepState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        return self in (SweepState.DONE, SweepState.FAILED, SweepState.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepRequest:
    """As it is kept: text that was checked when it came in."""

    cidrs: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()
    """For multicast."""
    ports: tuple[int, ...] = ()
    methods: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    """Networks; no address outside is ever contacted."""
    pace_per_s: float = 500.0
    """Packets into one /24 (IPv6: one /120)."""

    def same_ground(self, other: "SweepRequest") -> bool:
        """Would both hear the same devices, if nothing changed?"""
        return all(
            sorted(mine) == sorted(theirs)
            for mine, theirs in (
                (self.cidrs, other.cidrs),
                (self.hosts, other.hosts),
                (self.interfaces, other.interfaces),
                (self.methods, other.methods),
            )
        )
