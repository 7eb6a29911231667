"""Which devices send live pictures to the gateway just now: the poller opens no further stream where one more might
take the place of somebody who looks."""

from collections.abc import Awaitable, Callable, Mapping

from vms.core.errors import TryAgain

AskPulls = Callable[[], Awaitable[Mapping[str, int]]]
"""How many streams of each host are pulled. Raises TryAgain where the gateway is away: then it pulls none."""
USUALLY_PER_CHANNEL = 2


class LivePulls:
    def __init__(self, ask: AskPulls | None = None) -> None:
        self._ask = ask
        self._by_host: Mapping[str, int] = {}

    async def follow(self) -> None:
        if self._ask is None:
            return
        try:
            self._by_host = await self._ask()
        except TryAgain:
            self._by_host = {}

    def leaves_room(self, address: str, channels: int, session_limit: int) -> bool:
        """For one more stream, and one that somebody opens meanwhile. `session_limit`: 0 where it is not known."""
        pulled = self._by_host.get(address, 0)
        borne = session_limit or USUALLY_PER_CHANNEL * channels
        return not pulled or pulled + 2 <= borne
