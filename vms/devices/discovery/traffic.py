"""What a search sent and what came back, counted per method: a report can say which way of looking was of use."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Traffic:
    """Packets per method: datagrams for `multicast:eth0` and `unicast`, knocks at doors for `sweep`, requests for
    `identify`."""

    sent: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    unsent: Counter[str] = field(default_factory=Counter)
    """What our own network refused to carry, by method."""

    def as_json(self) -> Mapping[str, Mapping[str, int]]:
        counted = (("sent", self.sent), ("answered", self.answered), ("unsent", self.unsent))
        return {name: dict(counter) for name, counter in counted if counter}
