"""What an answer to the poll's one question says."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.builders.devices import clock_answer, soap_fault
from vms.devices.http_answer import HttpAnswer
from vms.devices.poll import pick_utc, probe_target, read_control
from vms.inventory.device import Quirks

ASKED_AT = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


def answer(body: str | bytes, *, status: int = 200) -> HttpAnswer:
    raw = body.encode() if isinstance(body, str) else body
    return HttpAnswer(status=status, headers=(), body=raw, connect_s=0.1, total_s=0.5)


def test_the_offset_counts_from_the_middle_of_the_exchange() -> None:
    reading = read_control(answer(clock_answer("2026 11 21 12 0 10")), ASKED_AT)
    assert reading.answered
    assert reading.clock_offset_s == pytest.approx(10.5 - 0.3)
    assert reading.clock_uncertainty_s == pytest.approx(0.2 + 0.5)
    assert reading.answer_s == 0.5


@pytest.mark.parametrize("zone", ["CST-8", "UTC5:0"])
def test_a_zone_mistake_is_no_drift(zone: str) -> None:
    shift = timedelta(hours=8 if zone == "CST-8" else -5)
    told = ASKED_AT + shift
    words = f"{told.year} {told.month} {told.day} {told.hour} {told.minute} {told.second}"
    reading = read_control(answer(clock_answer(words, zone=zone, local=words)), ASKED_AT)
    assert reading.because == "utc_is_local_time"
    assert abs(reading.clock_offset_s or 99) < 1


@pytest.mark.parametrize(
    ("body", "status", "answered", "because"),
    [
        (soap_fault("ter:NotAuthorized"), 400, True, "login_needed"),
        (soap_fault("ter:NotAuthorized"), 200, True, "login_needed"),
        ("", 401, True, "login_needed"),
        ("<html>401</html>", 401, True, "login_needed"),
        ("<html>welcome</html>", 200, False, "not_onvif"),
        ("", 200, False, "not_onvif"),
        ("<a><b>", 200, False, "answer_truncated"),
        (clock_answer(""), 200, True, "clock_missing"),
        (clock_answer("2485 13 13 1 1 1"), 200, True, "clock_impossible"),
    ],
)
def test_what_counts_as_an_answer(body: str, status: int, answered: bool, because: str) -> None:
    reading = read_control(answer(body, status=status), ASKED_AT)
    assert (reading.answered, reading.because, reading.clock_offset_s) == (answered, because, None)


def test_a_fault_of_another_kind_is_an_answer() -> None:
    reading = read_control(answer(soap_fault("ter:ActionNotSupported", "not here")), ASKED_AT)
    assert reading.answered
    assert reading.because.startswith("fault: ")


def test_the_quick_look_finds_what_the_full_reader_finds() -> None:
    spread = clock_answer("2026 11 21 1 2 3", local="2026 11 21 9 2 3").replace("><", ">\r\n   <").encode()
    assert pick_utc(spread) == datetime(2026, 11, 21, 1, 2, 3, 500_000, tzinfo=UTC)
    assert pick_utc(clock_answer("", local="2026 11 21 9 2 3").encode()) is None
    assert pick_utc(b"UTCDateTime" * 2) is None


def test_the_request_speaks_the_dialect_that_was_learnt() -> None:
    target = probe_target("127.0.0.1", 81, Quirks(soap_version="1.1", device_path="/onvif/x"))
    assert target.request.startswith(b"POST /onvif/x HTTP/1.1\r\nHost: 127.0.0.1:81\r\n")
    assert b"SOAPAction" in target.request
    assert b"UsernameToken" not in target.request
