"""Who is there? Runs the ways of looking side by side and tells of everybody once per way, as they are heard."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from typing import Protocol

from vms.devices.discovery.listener import Packet
from vms.devices.discovery.messages import Match, read_matches
from vms.devices.discovery.multicast import ask_by_multicast
from vms.devices.discovery.request import DiscoveryRequest, Heard, Method, not_allowed, split_host
from vms.devices.discovery.shared import Shared, shared_by
from vms.devices.discovery.sweep import sweep
from vms.devices.discovery.unicast import ask_by_unicast
from vms.devices.onvif.addresses import named_port, place, plain_address
from vms.devices.onvif.xml import BadXml
from vms.inventory.device import Problem

log = logging.getLogger(__name__)
_DEFAULT_PORT = 80


class Progress(Protocol):
    def __call__(self, stage: str, done: int, total: int) -> None:
        """`stage` is a method's name; `total` 0 where nobody knows."""
        ...


async def find(
    request: DiscoveryRequest,
    progress: Progress | None = None,
    *,
    shared: Shared | None = None,
    heard_before: Callable[[str], bool] = lambda address: False,
) -> AsyncGenerator[Heard, None]:
    """Everybody who was heard: one Heard per address, port and way. Explicit hosts come first, whether they answer or
    not.

    The address is always the packet's source. One outside `request.allow` is told with the problem `not_allowed` and
    is never contacted. Malformed answers are told as problems of their source. At the doors of an address that was
    `heard_before` nobody knocks again.
    """
    search = _Search(request, progress, shared or shared_by(request.limits), heard_before)
    runner = asyncio.create_task(search.run())
    try:
        while (heard := await search.queue.get()) is not None:
            yield heard
        await runner
    finally:
        runner.cancel()
        await asyncio.gather(runner, return_exceptions=True)


class _Search:
    def __init__(
        self,
        request: DiscoveryRequest,
        progress: Progress | None,
        shared: Shared,
        heard_before: Callable[[str], bool],
    ) -> None:
        self._shared = shared
        self._heard_before = heard_before
        self.queue: asyncio.Queue[Heard | None] = asyncio.Queue()
        self._request = request
        self._progress = progress
        self._told: set[tuple[str, int, str]] = set()
        self._addresses: set[str] = set()
        self._portless: list[str] = []
        self._packets: asyncio.Queue[tuple[str, Packet] | None] = asyncio.Queue(maxsize=request.limits.max_heard)
        self._counts: dict[str, tuple[int, int]] = {}

    async def run(self) -> None:
        try:
            await self._hosts()
            reader = asyncio.create_task(self._read_packets())
            try:
                await self._udp()
            finally:
                await self._packets.put(None)
                await reader
            if Method.SWEEP in self._request.methods:
                await self._sweep()
            for address in self._portless:
                if address not in self._addresses and not self._heard_before(address):
                    self._tell(Heard(address=address, port=_DEFAULT_PORT, by="host"))
        finally:
            self.queue.put_nowait(None)

    async def _hosts(self) -> None:
        """Hosts with a port are told at once; those without are asked on the usual ports first."""
        loop = asyncio.get_running_loop()
        for host in dict.fromkeys(self._request.hosts):
            name, told_port = split_host(host)
            port = told_port or _DEFAULT_PORT
            address = name
            if plain_address(name) is None:
                try:
                    async with asyncio.timeout(5.0):
                        resolved = await loop.getaddrinfo(name, port)
                except (OSError, TimeoutError, UnicodeError) as error:
                    problem = Problem(code="name_unknown", message=f"{name} has no address: {error}")
                    self._tell(Heard(address=name, port=port, by="host", problems=(problem,)))
                    continue
                address = str(resolved[0][4][0])
            if not self._request.allows(address):
                self._tell(Heard(address=address, port=port, by="host", problems=(not_allowed(address),)))
            elif told_port is None:
                self._portless.append(address)
            else:
                self._tell(Heard(address=address, port=port, by="host"))

    async def _udp(self) -> None:
        request = self._request
        async with asyncio.TaskGroup() as group:
            if Method.MULTICAST in request.methods and (request.interfaces or request.all_interfaces):
                group.create_task(ask_by_multicast(request, self._hear, self._shared.traffic))
            if Method.UNICAST in request.methods:
                addresses = list(dict.fromkeys([*self._portless, *request.addresses()]))
                if addresses:
                    self._expect("unicast", len(addresses))
                    group.create_task(
                        ask_by_unicast(
                            request,
                            addresses,
                            lambda packet: self._hear("unicast", packet),
                            silent=lambda address: address not in self._addresses,
                            sent=lambda count: self._advance("unicast", count),
                            pace=self._shared.pace,
                            traffic=self._shared.traffic,
                        )
                    )

    async def _sweep(self) -> None:
        addresses = list(dict.fromkeys([*self._portless, *self._request.addresses()]))
        if not addresses:
            return
        self._expect("sweep", len(addresses))
        await sweep(
            self._request,
            addresses,
            lambda address, port: self._tell(Heard(address=address, port=port, by="sweep")),
            silent=lambda address: address not in self._addresses and not self._heard_before(address),
            done=lambda count: self._advance("sweep", count),
            shared=self._shared,
        )

    def _hear(self, by: str, packet: Packet) -> None:
        self._shared.traffic.answered[by] += 1
        try:
            self._packets.put_nowait((by, packet))
        except asyncio.QueueFull:
            log.warning("more than %d answers wait to be read; one was dropped", self._packets.maxsize)

    async def _read_packets(self) -> None:
        count = 0
        while (entry := await self._packets.get()) is not None:
            by, (data, source) = entry
            for heard in interpret(data, source, by, self._request):
                self._tell(heard)
            count += 1
            if count % 64 == 0:
                await asyncio.sleep(0)

    def _tell(self, heard: Heard) -> None:
        key = (heard.address, heard.port, heard.by)
        if key in self._told or len(self._told) >= self._request.limits.max_heard:
            return
        self._told.add(key)
        if heard.by != "host" and not any(problem.code == "answer_unreadable" for problem in heard.problems):
            self._addresses.add(heard.address)
        self.queue.put_nowait(heard)

    def _expect(self, stage: str, total: int) -> None:
        self._counts[stage] = (0, total)
        self._advance(stage, 0)

    def _advance(self, stage: str, count: int) -> None:
        done, total = self._counts[stage]
        done = min(done + count, total)
        self._counts[stage] = (done, total)
        if self._progress is not None:
            self._progress(stage, done, total)


def interpret(data: bytes, source: str, by: str, request: DiscoveryRequest) -> list[Heard]:
    """What a packet from `source` tells: its devices, or the problem with it. Nothing for other people's probes."""
    try:
        matches = read_matches(data)
    except BadXml as bad:
        problem = Problem(code="answer_unreadable", message=f"the discovery answer of {source} cannot be read: {bad}")
        problems = (problem,) if request.allows(source) else (problem, not_allowed(source))
        return [Heard(address=source, port=_DEFAULT_PORT, by=by, problems=problems)]
    return [_heard(match, source, by, request) for match in matches]


def _heard(match: Match, source: str, by: str, request: DiscoveryRequest) -> Heard:
    problems = [Problem(code=oddity, message=f"discovery answer: {oddity}") for oddity in match.oddities]
    if not request.allows(source):
        problems.append(not_allowed(source))
    chosen = _best_xaddr(match.xaddrs, source)
    placed = place(chosen, source, _DEFAULT_PORT)
    if placed is not None and placed.moved:
        told = f"{source} says that it is at {chosen[:200]}; it is asked where it answered"
        problems.append(Problem(code="xaddr_rewritten", message=told))
    return Heard(
        address=source,
        port=named_port(chosen) or _DEFAULT_PORT,
        path=placed.path if placed else "",
        tls=placed is not None and placed.scheme == "https",
        endpoint_reference=match.endpoint_reference,
        scopes=match.scopes,
        xaddrs=match.xaddrs,
        by=by,
        problems=tuple(problems),
    )


def _best_xaddr(xaddrs: tuple[str, ...], source: str) -> str:
    """The one at the address that answered, in the clear; else any that is not link-local (Axis names that one
    first)."""

    def worth(xaddr: str) -> tuple[bool, bool, bool]:
        placed = place(xaddr, source, _DEFAULT_PORT)
        usable = placed is not None and placed.scheme in ("http", "https")
        return (
            usable and placed is not None and not placed.moved,
            usable and placed is not None and placed.scheme == "http",
            usable and "//169.254." not in xaddr,
        )

    return max(xaddrs, key=worth, default="")
