"""Answers made to harm: named, in bounded memory and time."""

import resource
import time

import pytest

from tests.builders.devices import Asked, a_camera, http, plain_answers, says, soap
from vms.devices.identify import identify
from vms.devices.poll import probe_control, probe_target

LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
GOOD = plain_answers()["GetSystemDateAndTime"].encode()
HOSTILE = {
    "truncated": (http(GOOD[: len(GOOD) // 2]), "answer_truncated"),
    "hundred_megabytes": (http(b"<a>" + b"x" * 100_000_000), "too_large"),
    "deep": (http(b"<a>" * 300_000), "answer_too_deep"),
    "laughs": (http(f'<!DOCTYPE a [<!ENTITY a0 "ha">{LAUGHS}]><a>&a9;</a>'), "answer_doctype"),
    "outside_entity": (http('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'), "answer_doctype"),
    "wrong_encoding": (http(b'<?xml version="1.0" encoding="martian"?><a/>'), "not_onvif"),
    "binary": (http(bytes(range(256)) * 64), "not_onvif"),
    "not_http": (b"\x16\x03\x01" + b"\x00" * 200, "not_http"),
    "endless_head": (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000, "too_large"),
}


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.parametrize("kind", HOSTILE)
async def test_a_hostile_first_answer_is_a_named_problem(kind: str) -> None:
    raw, code = HOSTILE[kind]
    before_mb, began = peak_mb(), time.perf_counter()
    async with a_camera(lambda asked: raw) as camera:
        device = await identify(camera.address, camera.port, timeout_s=30, request_timeout_s=6)
    assert code in {problem.code for problem in device.problems}
    assert time.perf_counter() - began < 5.0
    assert peak_mb() - before_mb < 32


@pytest.mark.parametrize("kind", HOSTILE)
async def test_the_poll_survives_it(kind: str) -> None:
    raw, _ = HOSTILE[kind]
    async with a_camera(lambda asked: raw) as camera:
        network, control = await probe_control(probe_target(camera.address, camera.port), timeout_s=2)
    assert network.connected
    assert not control.answered
    assert control.because


@pytest.mark.parametrize("operation", ["GetDeviceInformation", "GetServices", "GetProfiles", "GetNetworkInterfaces"])
@pytest.mark.parametrize("kind", ["truncated", "deep", "laughs", "binary"])
async def test_a_hostile_later_answer_costs_that_answer_only(operation: str, kind: str) -> None:
    plain = says(plain_answers())

    def answer(asked: Asked) -> bytes | None:
        return HOSTILE[kind][0] if asked.operation == operation else plain(asked)

    async with a_camera(answer) as camera:
        device = await identify(camera.address, camera.port, timeout_s=30, request_timeout_s=6)
    assert device.clock_offset_s is not None
    assert device.macs or operation == "GetNetworkInterfaces"
    assert device.channels or operation == "GetProfiles"


async def test_thousands_of_profiles_do_not_cost_thousands_of_requests() -> None:
    profiles = "".join(
        f'<trt:Profiles token="p{n}"><tt:VideoSourceConfiguration token="c"><tt:SourceToken>VS{n % 3}</tt:SourceToken>'
        "</tt:VideoSourceConfiguration></trt:Profiles>"
        for n in range(2000)
    )
    answers = plain_answers() | {"GetProfiles": soap(f"<trt:GetProfilesResponse>{profiles}</trt:GetProfilesResponse>")}
    async with a_camera(says(answers)) as camera:
        device = await identify(camera.address, camera.port)
    assert len(device.channels) == 3
    assert camera.operations.count("GetStreamUri") == 18
