"""Discovery and identification in one: everybody who can be heard, asked who they are, a bounded number at a time."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from vms.core.clock import Clock, system_clock
from vms.devices.budget import Login, LoginGuard, RequestBudget
from vms.devices.discovery.find import Progress, find
from vms.devices.discovery.request import DiscoveryRequest, Heard
from vms.devices.discovery.shared import Shared
from vms.devices.identify import identify
from vms.inventory.device import DevicePolicy, ObservedDevice, Problem, Quirks
from vms.inventory.identity.keys import usable_reference
from vms.inventory.identity.open_evidence import open_evidence


@dataclass(slots=True)
class _Row:
    """One address and port, and everybody who heard it."""

    first: Heard
    by: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, heard: Heard) -> None:
        if heard.by not in self.by:
            self.by.append(heard.by)
        for problem in heard.problems:
            if problem.code not in {known.code for known in self.problems}:
                self.problems.append(problem)
        if not self.first.endpoint_reference and heard.endpoint_reference:
            self.first = replace(heard, by=self.first.by)


async def _nothing_to_prepare(_heard: Heard) -> None:
    return None


async def discover(
    request: DiscoveryRequest,
    logins_for: Callable[[str, int], Sequence[Login]] = lambda address, port: (),
    *,
    known_for: Callable[[str, int], Quirks | None] = lambda address, port: None,
    policy_for: Callable[[str, int], DevicePolicy | None] = lambda address, port: None,
    prepare: Callable[[Heard], Awaitable[None]] = _nothing_to_prepare,
    wanted: Callable[[Heard], bool] = lambda heard: True,
    guard: LoginGuard | None = None,
    budget: RequestBudget | None = None,
    shared: Shared | None = None,
    heard_before: Callable[[str], bool] = lambda address: False,
    stopping: asyncio.Event | None = None,
    progress: Progress | None = None,
    turns: asyncio.Semaphore | None = None,
    width: int = 32,
    timeout_s: float = 30.0,
    request_timeout_s: float = 8.0,
    clock: Clock = system_clock,
) -> AsyncGenerator[ObservedDevice, None]:
    """Devices in the order in which they were identified. Each address and port is one row, however many ways heard
    it; a host
    that was named and does not answer, and one that may not be contacted, is a row with problems.

    `prepare` is awaited before anybody is asked, so that `logins_for`, `known_for` and `policy_for` know of him, and
    again before anybody signs in to one who tells another endpoint reference then. Who
    is not `wanted` is a row with nothing but who heard it. `progress` is told of the methods' stages and of
    `identify`. Nothing is asked twice, and no more than `width` at once, or as many as `turns` has where several
    searches share it. After `stopping`, what is being asked is finished and nothing more begun.
    """
    rows: dict[tuple[str, int], _Row] = {}
    results: asyncio.Queue[ObservedDevice | None] = asyncio.Queue()
    the_guard = guard if guard is not None else LoginGuard()
    the_budget = budget if budget is not None else RequestBudget()
    free = turns or asyncio.Semaphore(width)
    over = stopping or asyncio.Event()
    done = 0
    search_over = asyncio.Event()
    settled_at = asyncio.get_running_loop().time() + request.listening_s

    async def ask(row: _Row) -> None:
        nonlocal done
        heard = row.first
        async with free:
            if over.is_set():
                return
            if heard.may_be_contacted and wanted(heard):
                await prepare(heard)
                told_openly = False

                async def logins_of(reference: str) -> Sequence[Login]:
                    nonlocal told_openly
                    told_openly = True
                    if usable_reference(reference) != usable_reference(heard.endpoint_reference):
                        await prepare(replace(heard, endpoint_reference=reference))
                    return logins_for(heard.address, heard.port)

                told = await identify(
                    heard.address,
                    heard.port,
                    logins_for(heard.address, heard.port),
                    known=known_for(heard.address, heard.port) or _known(heard),
                    timeout_s=timeout_s,
                    request_timeout_s=request_timeout_s,
                    budget=the_budget,
                    guard=the_guard,
                    policy=policy_for(heard.address, heard.port),
                    told_tls=heard.tls,
                    logins_of=logins_of,
                    clock=clock,
                )
                if not told_openly and _disagree(told.endpoint_reference, heard.endpoint_reference):
                    told = replace(told, quirks=replace(told.quirks, reference_changes=True))
            else:
                told = ObservedDevice(address=heard.address, port=heard.port)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(settled_at):
                await search_over.wait()
        done += 1
        if progress is not None:
            progress("identify", done, len(rows))
        results.put_nowait(_merged(told, row))

    async def search(group: asyncio.TaskGroup) -> None:
        try:
            async with aclosing(find(request, progress, shared=shared, heard_before=heard_before)) as found:
                async for heard in found:
                    key = (heard.address, heard.port)
                    if key in rows:
                        rows[key].add(heard)
                        continue
                    rows[key] = row = _Row(first=heard)
                    row.add(heard)
                    group.create_task(ask(row))
        finally:
            search_over.set()

    async def run() -> None:
        try:
            async with asyncio.TaskGroup() as group:
                searching = group.create_task(search(group))
                ended = group.create_task(over.wait())
                searching.add_done_callback(lambda _: ended.cancel())
                ended.add_done_callback(lambda _: searching.cancel())
        finally:
            results.put_nowait(None)

    runner = asyncio.create_task(run())
    try:
        while (device := await results.get()) is not None:
            yield device
        await runner
    finally:
        runner.cancel()
        await asyncio.gather(runner, return_exceptions=True)


def _known(heard: Heard) -> Quirks | None:
    return Quirks(device_path=heard.path) if heard.path and heard.path != "/" else None


def _disagree(one: str, other: str) -> bool:
    """It tells one reference when it is heard and another one when it is asked."""
    return len({usable_reference(one), usable_reference(other)} - {""}) > 1


def _merged(told: ObservedDevice, row: _Row) -> ObservedDevice:
    codes = {problem.code for problem in told.problems}
    scopes = told.scopes or row.first.scopes
    announced = open_evidence("", scopes).mac
    return replace(
        told,
        heard_by=tuple(row.by),
        endpoint_reference=told.endpoint_reference or row.first.endpoint_reference,
        macs=told.macs or ((announced,) if announced else ()),
        scopes=scopes,
        problems=(*told.problems, *(problem for problem in row.problems if problem.code not in codes)),
    )
