"""Answers like the recorded ones, but spoilt: what comes out of a reader is what it read, or a named problem."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.builders.devices import Asked, a_camera, http, plain_answers
from tests.builders.readers import read_by_all
from tests.builders.recordings import every_answer, recordings
from vms.devices.budget import Login
from vms.devices.identify import identify
from vms.devices.onvif.xml import BadXml, read_xml
from vms.devices.poll import pick_utc

CODES = {"empty", "html", "not_xml", "truncated", "doctype", "too_large", "too_deep", "not_soap"}
Mutation = Callable[[bytes, int], bytes]


def read_by_everybody(body: bytes) -> bool:
    """Whether it could be read; anything but BadXml with a known code is a failure of the test."""
    pick_utc(body)
    try:
        root = read_xml(body).root
    except BadXml as bad:
        assert bad.code in CODES, bad.code
        return False
    read_by_all(root)
    return True


def prefixes_renamed(body: bytes, seed: int) -> bytes:
    """Every prefix another one, declarations and all."""
    prefixes = sorted(set(re.findall(rb"xmlns:([\w-]+)=", body)))
    for number, prefix in enumerate(prefixes):
        new = b"q%d" % (seed % 50 + number)
        body = re.sub(rb"(?<=[<\s/:])%s(?=[:=])" % re.escape(prefix), new, body)
    return body


def declarations_gone(body: bytes, seed: int) -> bytes:
    found = list(re.finditer(rb'\s+xmlns:[\w-]+="[^"]*"', body))
    if not found:
        return body
    gone = found[seed % len(found)]
    return body[: gone.start()] + body[gone.end() :]


def namespaces_added(body: bytes, seed: int) -> bytes:
    more = b"".join(b' xmlns:n%d="urn:%d"' % (number, number) for number in range(seed % 80 + 1))
    return re.sub(rb"(<[\w-]*:?Envelope)", rb"\1" + more, body, count=1)


def cut_off(body: bytes, seed: int) -> bytes:
    return body[: seed % (len(body) + 1)]


def turned_around(body: bytes, seed: int) -> bytes:
    """The children of some element in the opposite order."""
    try:
        root = etree.fromstring(body)
    except (etree.XMLSyntaxError, ValueError):
        return body
    elements = [one for one in root.iter() if len(one) > 1]
    if elements:
        chosen = elements[seed % len(elements)]
        chosen[:] = list(chosen)[::-1]
    return bytes(etree.tostring(root))


def an_element_gone(body: bytes, seed: int) -> bytes:
    try:
        root = etree.fromstring(body)
    except (etree.XMLSyntaxError, ValueError):
        return body
    inner = [one for one in root.iter() if one.getparent() is not None]
    if inner:
        chosen = inner[seed % len(inner)]
        chosen.getparent().remove(chosen)
    return bytes(etree.tostring(root))


def texts_replaced(body: bytes, seed: int) -> bytes:
    strange = ("", "-1", "99999999999999999999", "NaN", "\u202e漢字", "2485-13-13T25:61:00Z", "http://[::1", "a" * 5000)
    try:
        root = etree.fromstring(body)
    except (etree.XMLSyntaxError, ValueError):
        return body
    for number, one in enumerate(root.iter()):
        if one.text and (number + seed) % 3 == 0 and isinstance(one.tag, str):
            one.text = strange[(seed + number) % len(strange)]
    return bytes(etree.tostring(root))


def a_byte_flipped(body: bytes, seed: int) -> bytes:
    if not body:
        return body
    at = seed % len(body)
    return body[:at] + bytes([body[at] ^ (1 << seed % 8)]) + body[at + 1 :]


def twice(body: bytes, seed: int) -> bytes:
    return body + body[: seed % (len(body) + 1)]


MUTATIONS: tuple[Mutation, ...] = (
    prefixes_renamed,
    declarations_gone,
    namespaces_added,
    cut_off,
    turned_around,
    an_element_gone,
    texts_replaced,
    a_byte_flipped,
    twice,
)


@cache
def bodies(folder: Path) -> tuple[bytes, ...]:
    return tuple(one.body for one in every_answer(folder / "onvif") if one.body)


@cache
def readable_bodies(folder: Path) -> tuple[bytes, ...]:
    return tuple(body for body in bodies(folder) if read_by_everybody(body))


def spoilt(body: bytes, steps: list[tuple[int, int]]) -> bytes:
    for which, seed in steps:
        body = MUTATIONS[which](body, seed)
    return body


STEPS = st.lists(st.tuples(st.integers(0, len(MUTATIONS) - 1), st.integers(0, 100_000)), min_size=1, max_size=4)


@pytest.mark.habit(12)
@given(which=st.integers(0, 10_000), steps=STEPS)
@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_spoilt_recorded_answer_is_read_or_named(
    shared_fixtures: Path, which: int, steps: list[tuple[int, int]]
) -> None:
    every = bodies(shared_fixtures)
    read_by_everybody(spoilt(every[which % len(every)], steps))


@given(which=st.integers(0, 20), steps=STEPS)
@settings(max_examples=150)
def test_a_spoilt_answer_of_ours_is_read_or_named(which: int, steps: list[tuple[int, int]]) -> None:
    every = [body.encode() for body in plain_answers().values()]
    read_by_everybody(spoilt(every[which % len(every)], steps))


@pytest.mark.habit(12)
@pytest.mark.parametrize("mutation", [prefixes_renamed, namespaces_added, turned_around], ids=lambda one: one.__name__)
def test_what_only_looks_different_is_read_all_the_same(shared_fixtures: Path, mutation: Mutation) -> None:
    readable = readable_bodies(shared_fixtures)
    assert len(readable) >= 495
    assert sum(read_by_everybody(mutation(body, 7)) for body in readable) == len(readable)


@pytest.mark.parametrize("step", [(3, 777), (5, 40), (6, 1), (7, 1234)], ids=["cut_off", "gone", "texts", "flipped"])
async def test_a_recorded_camera_that_talks_rubbish_is_a_row(shared_fixtures: Path, step: tuple[int, int]) -> None:
    for recording in recordings(shared_fixtures / "onvif")[1:8]:

        def answer(asked: Asked, recording=recording) -> bytes:  # type: ignore[no-untyped-def]
            whole = recording.answer(asked)
            head, _, body = whole.partition(b"\r\n\r\n")
            return http(spoilt(body, [step]), status=int(head.split(b" ")[1]))

        async with a_camera(answer) as camera:
            told = await identify(
                camera.address, camera.port, [Login(username="a", password="b")], timeout_s=5, request_timeout_s=1
            )
        assert told.address == camera.address
        assert told.problems
