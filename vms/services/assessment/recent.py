"""Assessments that took long are good for a minute: page, sheet and figures of one question are one work."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

LONG_S = 2.0
GOOD_FOR_S = 60.0
MOST = 8


@dataclass(slots=True)
class RecentAnswers:
    """Not for several threads at once: who makes assessments takes turns."""

    now_s: Callable[[], float] = time.monotonic
    _made: OrderedDict[Hashable, tuple[float, dict[str, Any]]] = field(default_factory=OrderedDict)

    def answer(self, question: Hashable, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        began_s = self.now_s()
        known = self._made.get(question)
        if known is not None and began_s < known[0]:
            return known[1]
        made = make()
        if self.now_s() - began_s > LONG_S:
            self._made[question] = self.now_s() + GOOD_FOR_S, made
            self._made.move_to_end(question)
            if len(self._made) > MOST:
                self._made.popitem(last=False)
        return made
