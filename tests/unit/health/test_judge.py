"""What one reading says, layer by layer."""

from dataclasses import replace

import pytest

from tests.builders.health import (
    ANSWERED,
    CONNECTED,
    DEAD,
    GOOD,
    NO_ANSWER,
    NO_LOGIN,
    PLAYING,
    POLICY,
    REFUSED,
    SILENT,
    UNREACHABLE,
    a_picture,
    a_reading,
)
from vms.health.fault import LAYER_OF, FaultKind, Severity
from vms.health.judge import kinds_looked_at, name_faults
from vms.health.layer import Layer
from vms.health.picture.as_faults import GRAVE, told_by_still
from vms.health.picture.baseline import Light
from vms.health.policy import USUAL_VOTES
from vms.health.reading import PictureReading, Reading, StreamReading


def kinds(reading: Reading) -> set[FaultKind]:
    return {fault.kind for fault in name_faults(reading, POLICY)}


def severity(reading: Reading) -> Severity:
    (fault,) = name_faults(reading, POLICY)
    return fault.severity


def test_a_camera_that_answers_has_no_fault():
    assert kinds(GOOD) == set()


def test_an_empty_reading_says_nothing():
    assert kinds(a_reading()) == set()
    assert kinds_looked_at(a_reading()) == frozenset()


def test_behind_a_closed_door_only_the_door_is_blamed():
    reading = a_reading(network=REFUSED, control=SILENT, stream=DEAD, picture=PictureReading(fetched=False))
    assert kinds(reading) == {FaultKind.UNREACHABLE}
    assert kinds_looked_at(reading) == {FaultKind.UNREACHABLE}


def test_a_closed_control_port_weighs_less_while_video_plays():
    assert severity(UNREACHABLE) is Severity.CRITICAL
    assert severity(a_reading(network=REFUSED, stream=PLAYING)) is Severity.MAJOR


def test_a_device_that_connects_but_stays_silent_does_not_answer():
    assert kinds(NO_ANSWER) == {FaultKind.NO_ANSWER}


@pytest.mark.parametrize(
    ("offset_s", "expected"),
    [(4.9, None), (-4.9, None), (6.0, Severity.MINOR), (-59.0, Severity.MINOR), (61.0, Severity.MAJOR)],
)
def test_a_clock_is_warned_about_at_5_s_and_fails_at_60_s(offset_s, expected):
    faults = name_faults(a_reading(control=replace(ANSWERED, clock_offset_s=offset_s)), POLICY)
    assert [fault.severity for fault in faults] == ([expected] if expected else [])


def test_a_slow_answer_is_not_taken_for_a_wrong_clock():
    slow = replace(ANSWERED, clock_offset_s=6.0, clock_uncertainty_s=1.5)
    assert kinds(a_reading(control=slow)) == set()


def test_a_device_that_tells_no_time_is_not_accused_of_a_wrong_clock():
    reading = a_reading(control=replace(ANSWERED, clock_offset_s=None))
    assert FaultKind.CLOCK_OFF not in kinds_looked_at(reading)


def test_a_stream_without_key_frames_is_dead():
    assert kinds(a_reading(network=CONNECTED, control=ANSWERED, stream=DEAD)) == {FaultKind.STREAM_DEAD}


def test_a_refused_login_is_not_a_dead_stream():
    reading = a_reading(stream=NO_LOGIN)
    assert kinds(reading) == {FaultKind.LOGIN_REFUSED}
    assert FaultKind.STREAM_DEAD not in kinds_looked_at(reading)


@pytest.mark.parametrize("because", ["busy", "budget", "h265"])
def test_a_stream_we_could_not_see_for_our_own_reasons_says_nothing(because):
    reading = a_reading(stream=StreamReading(playing=False, because=because))
    assert kinds(reading) == set()
    assert kinds_looked_at(reading) == frozenset()


def test_a_picture_gets_the_name_of_what_was_found_in_it():
    assert kinds(a_reading(picture=a_picture())) == set()
    (fault,) = name_faults(a_reading(picture=a_picture(FaultKind.BLUR, score=0.7, because="1.9 px")), POLICY)
    assert (fault.kind, fault.severity, fault.because, fault.score) == (FaultKind.BLUR, Severity.MAJOR, "1.9 px", 0.7)


@pytest.mark.parametrize(
    ("kind", "score", "severity"),
    [
        (FaultKind.SIGNAL_LOST, 0.5, Severity.CRITICAL),
        (FaultKind.OCCLUSION, 0.5, Severity.MAJOR),
        (FaultKind.NOISE, 0.6, Severity.MINOR),
        (FaultKind.NOISE, 0.9, Severity.MAJOR),
        (FaultKind.MONO, 1.0, Severity.MINOR),
    ],
)
def test_how_grave_a_picture_fault_is_depends_on_what_one_still_sees(kind, score, severity):
    (fault,) = name_faults(a_reading(picture=a_picture(kind, score=score)), POLICY)
    assert fault.severity is severity


def test_every_kind_of_picture_fault_has_its_severity_and_its_votes():
    of_pictures = {kind for kind in FaultKind if LAYER_OF[kind] is Layer.PICTURE} - {FaultKind.NO_PICTURE}
    assert set(GRAVE) == of_pictures
    assert of_pictures <= set(USUAL_VOTES)


def test_at_night_a_look_does_not_tell_whether_colour_is_lost_nor_without_a_normal_whether_the_view_is():
    by_night = told_by_still(Light.NIGHT, turns=False)
    assert FaultKind.MONO not in by_night
    assert FaultKind.SCENE_CHANGE in by_night
    unknown = told_by_still(None, turns=False)
    assert {FaultKind.MONO, FaultKind.SCENE_CHANGE, FaultKind.OCCLUSION}.isdisjoint(unknown)
    assert FaultKind.TOO_DARK in unknown


def test_a_missing_still_weighs_less_while_the_stream_plays():
    missing = PictureReading(fetched=False, because="not_found")
    assert severity(a_reading(picture=missing)) is Severity.MAJOR
    assert severity(a_reading(picture=missing, stream=PLAYING)) is Severity.MINOR


def test_a_still_refused_for_the_login_is_a_refused_login():
    assert kinds(a_reading(picture=PictureReading(fetched=False, because="login_refused"))) == {FaultKind.LOGIN_REFUSED}


def test_every_named_fault_was_looked_at():
    for reading in (GOOD, UNREACHABLE, NO_ANSWER, a_reading(stream=DEAD), a_reading(stream=NO_LOGIN)):
        assert kinds(reading) <= kinds_looked_at(reading)


def test_every_kind_has_a_layer():
    assert set(LAYER_OF) == set(FaultKind)
