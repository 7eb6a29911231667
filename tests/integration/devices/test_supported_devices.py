"""The page of supported devices says what the code does; a recording that nobody has seen before is a line too."""

import asyncio
from pathlib import Path

import pytest

from tests.builders.devices import clock_answer, plain_answers, soap, soap_fault
from tests.builders.recordings import recordings
from tests.builders.supported_devices import all_that_works, current_page, rows_of, what_is_stale, what_works

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "supported-devices.md"


def test_the_page_is_what_the_recordings_and_the_tests_say(shared_fixtures: Path) -> None:
    stale = what_is_stale(PAGE.read_text(encoding="utf-8"), shared_fixtures / "onvif", ROOT / "tests")
    assert stale == [], "make docs"


async def test_every_recorded_device_is_a_line(shared_fixtures: Path) -> None:
    lines = await all_that_works(shared_fixtures / "onvif")
    assert len(lines) == len(recordings(shared_fixtures / "onvif"))
    assert all(line.count("|") == 13 for line in lines.values())


def test_without_recordings_the_table_stays_as_it_is(tmp_path: Path) -> None:
    kept = PAGE.read_text(encoding="utf-8")
    assert len(rows_of(kept)) >= 10
    page = current_page(tmp_path / "nowhere", ROOT / "tests", kept)
    assert rows_of(page) == rows_of(kept)
    assert what_is_stale(page, tmp_path / "nowhere", ROOT / "tests") == []


def test_a_line_that_is_not_true_is_seen(tmp_path: Path, shared_fixtures: Path) -> None:
    page = PAGE.read_text(encoding="utf-8").replace("DS-2CD2012-I", "DS-9999")
    stale = what_is_stale(page, shared_fixtures / "onvif", ROOT / "tests")
    assert "hikvision-fixed" in stale[0]


@pytest.mark.parametrize("layout", ["flat", "rooms", "numbered"])
def test_the_recording_of_an_unknown_maker_is_a_line(tmp_path: Path, layout: str) -> None:
    answers = plain_answers() | {
        "GetSystemDateAndTime": clock_answer("2026 11 22 1 2 3"),
        "GetNTP": soap_fault("ter:ActionNotSupported"),
        "GetSomethingOfItsOwn": soap("<x:GetSomethingOfItsOwnResponse xmlns:x='urn:x'/>"),
    }
    home = tmp_path / "recorded" / "unheard-of"
    for number, (operation, body) in enumerate(answers.items(), 1):
        folder, name = {
            "flat": (home, f"{operation}.xml"),
            "rooms": (home / "core", f"{operation}.Response.xml"),
            "numbered": (home, f"{number:03}_op.xml"),
        }[layout]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(body, encoding="utf-8")
    lines = asyncio.run(all_that_works(tmp_path / "recorded"))
    assert list(lines) == ["unheard-of"]
    assert lines["unheard-of"].startswith("| `unheard-of` | Pretend | P-1 |")
    stale = what_is_stale(PAGE.read_text(encoding="utf-8"), tmp_path / "recorded", ROOT / "tests")
    assert not [reason for reason in stale if "unheard-of" in reason]


async def test_a_recording_of_rubbish_is_a_line_of_dashes(tmp_path: Path) -> None:
    (tmp_path / "rubbish").mkdir()
    for name, body in {
        "a.xml": b"\xff\xfe\x00",
        "b.xml": b"<html>404</html>",
        "c.xml": b"",
        "d.xml": b"<a><b>",
    }.items():
        (tmp_path / "rubbish" / name).write_bytes(body)
    (recording,) = recordings(tmp_path)
    assert (await what_works(recording)).count("| – ") >= 8
