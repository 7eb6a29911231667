"""How fast packets may go out: a bucket of tokens for each small network, and one for all of them together."""

from dataclasses import dataclass

BURST_S = 0.02
"""So much of a second's packets may go at once after a pause."""
KEPT = 4096


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at_s: float


class Pace:
    """Shared by everything that sends in one search. The clock does not go back, and is read by the caller."""

    def __init__(self, *, per_subnet_per_s: float, total_per_s: float) -> None:
        self._per_subnet_per_s = per_subnet_per_s
        self._total_per_s = total_per_s
        self._subnets: dict[str, _Bucket] = {}
        self._all = _Bucket(_burst(total_per_s), 0.0)

    def __len__(self) -> int:
        """How many subnets are remembered."""
        return len(self._subnets)

    def allow(self, subnet: str, wanted: int, now_s: float) -> int:
        """How many of the `wanted` packets may go into this subnet now; they count as sent."""
        bucket = self._subnets.get(subnet)
        if bucket is None:
            self._forget(now_s)
            bucket = self._subnets[subnet] = _Bucket(_burst(self._per_subnet_per_s), now_s)
        _fill(bucket, self._per_subnet_per_s, now_s)
        _fill(self._all, self._total_per_s, now_s)
        granted = min(wanted, int(bucket.tokens), int(self._all.tokens))
        bucket.tokens -= granted
        self._all.tokens -= granted
        return granted

    def _forget(self, now_s: float) -> None:
        """Subnets that are full again start anew without a difference."""
        if len(self._subnets) >= KEPT:
            self._subnets = {name: one for name, one in self._subnets.items() if now_s - one.at_s < BURST_S}


def subnet_of(address: str) -> str:
    """A /24; in IPv6 all but the last group of the address, which is no smaller than a /120."""
    return address.rpartition(":" if ":" in address else ".")[0]


def _fill(bucket: _Bucket, per_s: float, now_s: float) -> None:
    waited_s = max(0.0, now_s - bucket.at_s)
    bucket.tokens = min(_burst(per_s), bucket.tokens + waited_s * per_s)
    bucket.at_s = max(bucket.at_s, now_s)


def _burst(per_s: float) -> float:
    return max(1.0, per_s * BURST_S)
