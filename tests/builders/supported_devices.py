"""The page docs/supported-devices.md: what works with each recorded device, and which test shows which habit.

`what_works` plays a recording over a real socket to the client that talks to real cameras, and writes down what came
out.
"""

import ast
import asyncio
import re
from collections.abc import Iterable
from pathlib import Path

from tests.builders.devices import a_camera
from tests.builders.recordings import Recording, recordings
from vms.devices.http import ExchangeFailed
from vms.devices.identify import identify
from vms.devices.onvif.client import OnvifClient
from vms.devices.onvif.events import NoEvents, read_events, read_notifications
from vms.devices.onvif.xml import read_xml
from vms.devices.poll import probe_control, probe_target
from vms.inventory.device import ObservedDevice

HABITS = {
    1: "the clock asked without a login, and with one only where refused",
    2: "clock skew: signed by the camera's clock",
    3: "dates missing, impossible, or local time in the UTC field",
    4: "`Created` with Z, a new nonce every time",
    5: "HTTP Digest only; MD5, SHA-256, stale nonces, an empty 200 instead of a challenge",
    6: "accounts that lock: one refused login and no second",
    7: "no users, empty passwords, PasswordText (by policy, over TLS only)",
    8: "NotAuthorized with any HTTP status; on events alone",
    9: "`action=` in the Content-Type, needed or refused",
    10: "SOAP 1.1",
    11: "wrong Content-Length, HTTP/1.0, chunks, web pages with status 200",
    12: "any prefix, undeclared prefixes, a false encoding, XML in MIME",
    13: "few connections: one request in flight, one more try where it hung up",
    14: "https only: the first certificate pinned, old TLS by policy",
    15: "addresses behind a NAT, link-local ones, several: only the one that answered is used",
    16: "IPv6 from discovery to picture; fe80 without its scope",
    17: "no GetServices, services at other paths",
    18: "Media2 only, H.265 left out of Media1",
    19: "fake serial numbers and MACs, a new endpoint reference at each start",
    20: "names that say nothing",
    21: "probes with line breaks ignored, probe matches without their wrapper",
    22: "pull points: few, lost at a reboot, always ended",
    23: "pulls that are answered at once",
    24: "event topics kept",
    25: "a slow clock: the cheapest question is learnt for the poll",
}
NO = "–"
HEAD = """# Supported devices

Any ONVIF camera or recorder with Media 1 or 2 is meant to work; habits that break other clients are met by name below.
This page is generated (`make docs`): the first table by playing recorded answers of real devices over a socket to our
client (`tests/builders/supported_devices.py`), the second from the tests' marks. A dash: the recording has no such
answer.

## Recorded devices

| recording | maker | model | firmware | identified | clock | profiles | streams | still | PTZ | events | what was odd |
|---|---|---|---|---|---|---|---|---|---|---|---|
"""
MIDDLE = """
Without the recordings (`VMS_SHARED_FIXTURES`) this table is kept as it is.

## Habits of real devices and the tests that show them

| no. | habit | tests |
|---|---|---|
"""
_MARK = re.compile(r"^\| `([^`]+)` \|")


async def what_works(recording: Recording) -> str:
    """The recording's line of the table."""
    has = recording.operations
    async with a_camera(recording.answer) as camera:
        told = await identify(camera.address, camera.port, timeout_s=20, request_timeout_s=3)
        _, control = await probe_control(probe_target(camera.address, camera.port, told.quirks), timeout_s=3)
        client = OnvifClient(camera.address, camera.port, quirks=told.quirks, timeout_s=3)
        events = await _events(client) if "CreatePullPointSubscription" in has else _recorded_events(recording)
    streams = [stream for channel in told.channels for stream in channel.streams]
    cells = [
        f"`{recording.name}`",
        told.manufacturer or NO,
        told.model or NO,
        told.firmware or NO,
        _yes(bool(told.model and told.channels)) if "GetDeviceInformation" in has else NO,
        _yes(control.clock_offset_s is not None) if "GetSystemDateAndTime" in has else NO,
        f"Media{told.quirks.media_version}" if told.channels else NO,
        ", ".join(dict.fromkeys(f"{one.encoding} {one.width}×{one.height}" for one in streams)) or NO,
        _yes(any(channel.snapshot_uri for channel in told.channels)) if "GetSnapshotUri" in has else NO,
        _yes(any(channel.ptz for channel in told.channels)) if told.channels else NO,
        events,
        _odd(told) if has & {"GetSystemDateAndTime", "GetDeviceInformation"} else NO,
    ]
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


async def _events(client: OnvifClient) -> str:
    try:
        told = await read_events(client, "", within_s=0.15, floor_s=0.03)
    except NoEvents as none:
        return none.code
    except ExchangeFailed as failed:
        return failed.code
    topics = {one.topic for one in told}
    return f"yes, {len(topics)} topics" if topics else "yes"


def _recorded_events(recording: Recording) -> str:
    bodies = [one.body for one in recording.answers if one.operation == "PullMessages"]
    topics = {one.topic for body in bodies for one in read_notifications(read_xml(body).root)}
    return f"yes, {len(topics)} topics" if topics else NO


async def all_that_works(folder: Path) -> dict[str, str]:
    """A line for each recording below the folder, by its name."""
    return {one.name: await what_works(one) for one in recordings(folder)}


def rows_of(page: str) -> dict[str, str]:
    """The lines of the page's first table, by the recording's name."""
    table = page.partition("## Habits")[0].splitlines()
    return {found.group(1): line for line in table if (found := _MARK.match(line))}


def page_of(rows: Iterable[str], tests: Path) -> str:
    return HEAD + "".join(f"{row}\n" for row in rows) + MIDDLE + "".join(_habit_lines(tests))


def what_is_stale(page: str, recorded: Path, tests: Path) -> list[str]:
    """Why the page is not what the code says; recordings that it does not know, and those that are not here, are no
    reason: others' recordings may be tried without changing the page."""
    kept = rows_of(page)
    now = asyncio.run(all_that_works(recorded)) if recorded.is_dir() else {}
    stale = [
        f"{name} works otherwise: {now[name]}" for name in sorted(kept.keys() & now.keys()) if kept[name] != now[name]
    ]
    if page != page_of([kept[name] for name in sorted(kept)], tests):
        stale.append("the tests' marks or the page's words have changed")
    return stale


def current_page(recorded: Path, tests: Path, kept: str) -> str:
    """As it should be now; where the recordings are not here, the first table stays as `kept`."""
    rows = rows_of(kept)
    if recorded.is_dir():
        rows = asyncio.run(all_that_works(recorded))
    return page_of([rows[name] for name in sorted(rows)], tests)


def habit_tests(tests: Path) -> dict[int, list[str]]:
    """`file::test` by the habit's number, as the marks `pytest.mark.habit(number)` say."""
    found: dict[int, list[str]] = {}
    for file in sorted(tests.rglob("test_*.py")):
        source = file.read_text(encoding="utf-8")
        if "mark.habit(" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for number in _marks(node):
                    found.setdefault(number, []).append(f"{file.relative_to(tests)}::{node.name}")
    return found


def _marks(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[int]:
    called = [one for one in node.decorator_list if isinstance(one, ast.Call)]
    marks = [one for one in called if ast.unparse(one.func) == "pytest.mark.habit"]
    return [int(ast.literal_eval(argument)) for one in marks for argument in one.args]


def _habit_lines(tests: Path) -> Iterable[str]:
    claimed = habit_tests(tests)
    for number, words in HABITS.items():
        shown = "<br>".join(f"`{name.rpartition('/')[2]}`" for name in claimed.get(number, ()))
        yield f"| {number} | {words} | {shown} |\n"


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def _odd(told: ObservedDevice) -> str:
    return ", ".join(sorted(problem.code for problem in told.problems)) or NO
