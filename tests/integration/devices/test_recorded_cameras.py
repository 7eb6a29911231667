"""Every recorded answer of a real camera is read or named; five recorded cameras are identified by replay."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.devices import a_camera, http, recorded, says
from tests.builders.readers import NOW, left_out, read_by_all
from vms.devices.identify import identify
from vms.devices.onvif.clock import read_clock
from vms.devices.onvif.faults import read_fault
from vms.devices.onvif.media_messages import read_profiles
from vms.devices.onvif.xml import BadXml, anywhere, read_xml


def bodies(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted((folder / "onvif").rglob("*.xml")):
        yield str(file.relative_to(folder)), file.read_bytes()
    for log in sorted((folder / "onvif" / "protect-event-listener").glob("*.jsonl")):
        for number, line in enumerate(log.read_text().splitlines()):
            if line.strip():
                yield f"{log.name}:{number}", str(json.loads(line).get("response") or "").encode()


def of_operation(folder: Path, operation: str) -> list[tuple[str, bytes]]:
    return [(name, body) for name, body in bodies(folder) if Path(name).name.split(".")[0].endswith(operation)]


def test_no_reader_is_left_out() -> None:
    assert left_out() == set()


@pytest.mark.habit(12)
def test_every_recorded_answer_is_read_or_named(shared_fixtures: Path) -> None:
    read = faults = 0
    oddities: set[str] = set()
    unreadable: dict[str, str] = {}
    for name, body in bodies(shared_fixtures):
        try:
            xml = read_xml(body)
        except BadXml as bad:
            unreadable[name] = bad.code
            continue
        read += 1
        oddities.update(xml.oddities)
        faults += read_fault(xml.root) is not None
        read_by_all(xml.root)
    assert read >= 495
    assert faults >= 50
    assert "encoding_misdeclared" in oddities
    assert set(unreadable.values()) <= {"html", "empty", "not_xml"}
    broken_templates = {"Error.xml", "PullMessages.xml"}
    assert {Path(name).name for name in unreadable if name.endswith(".xml")} <= broken_templates


@pytest.mark.habit(3)
def test_every_recorded_clock_is_told(shared_fixtures: Path) -> None:
    told = 0
    for name, body in of_operation(shared_fixtures, "GetSystemDateAndTime"):
        root = read_xml(body).root
        if anywhere(root, "UTCDateTime") is not None and b"{{" not in body:
            assert read_clock(root, now=NOW).offset_s is not None, name
            told += 1
    assert told >= 7


def test_every_recorded_profile_has_a_source_and_a_size(shared_fixtures: Path) -> None:
    cameras = 0
    for name, body in of_operation(shared_fixtures, "GetProfiles"):
        if b"{{" in body or b"Fault" in body:
            continue
        video = [profile for profile in read_profiles(read_xml(body).root) if profile.encoding]
        assert video, name
        assert all(profile.source_token and profile.width and profile.height for profile in video), name
        cameras += 1
    assert cameras >= 7


@pytest.mark.habit(15)
@pytest.mark.habit(17)
@pytest.mark.parametrize(
    ("folder", "maker", "model", "mac", "streams", "ptz"),
    [
        ("axis", "AXIS", "AXIS Q6045-E", "00:40:8c:fa:b7:54", 2, True),
        ("pelco", "Pelco", "D6230L", "00:04:7d:0e:b8:5c", 2, True),
        ("trendnet", "TRENDnet", "TV-IP320PI", "3c:8c:f8:a1:32:dc", 2, False),
        ("hikvision", "HIKVISION", "DS-2DF7276-AEL", "44:19:b6:3e:ba:a1", 3, True),
        ("hikvision-fixed", "HIKVISION", "DS-2CD2012-I", "c0:56:e3:f9:55:68", 2, False),
    ],
)
async def test_a_recorded_camera_is_identified(
    shared_fixtures: Path, folder: str, maker: str, model: str, mac: str, streams: int, ptz: bool
) -> None:
    answers = recorded(shared_fixtures / "onvif" / "onvif-nvt" / folder)
    async with a_camera(says(answers)) as camera:
        device = await identify(camera.address, camera.port)
    assert camera.most_at_once == 1
    assert (device.manufacturer, device.model, device.mac) == (maker, model, mac)
    assert device.serial_no
    (channel,) = device.channels
    assert (len(channel.streams), channel.ptz) == (streams, ptz)
    assert all(f"//{camera.address}" in stream.uri for stream in channel.streams)
    assert "xaddr_rewritten" in {problem.code for problem in device.problems}
    assert device.clock_offset_s is not None


@pytest.mark.habit(1)
@pytest.mark.habit(8)
async def test_the_recorded_camera_that_refuses_everybody_is_a_row(shared_fixtures: Path) -> None:
    (folder,) = (shared_fixtures / "onvif" / "onvif-go-captures").glob("unknown_device*")
    answers = {file.stem.partition("_")[2]: file.read_bytes() for file in folder.glob("*.xml")}
    refusal = answers["GetDeviceInformation"]
    async with a_camera(lambda asked: http(answers.get(asked.operation, refusal), status=400)) as camera:
        device = await identify(camera.address, camera.port)
    assert {problem.code for problem in device.problems} == {"clock_needs_login", "login_needed"}
    assert device.quirks.needs_login_for_clock


@pytest.mark.habit(11)
async def test_the_recorded_camera_that_shows_web_pages_is_no_camera(shared_fixtures: Path) -> None:
    log = shared_fixtures / "onvif" / "protect-event-listener" / "html_404_camera_20260321.jsonl"
    page = json.loads(log.read_text().splitlines()[0])["response"]
    async with a_camera(lambda asked: http(page)) as camera:
        device = await identify(camera.address, camera.port)
    assert {problem.code for problem in device.problems} == {"not_onvif"}
