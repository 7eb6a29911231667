"""A device's imaging events as kinds of faults: of this channel, the last word on each topic."""

import pytest

from vms.health.fault import FaultKind
from vms.health.picture.witness import ToldEvent, hear

DARK = "tns1:VideoSource/ImageTooDark/ImagingService"
CHANGE = "tns1:VideoSource/tt:GlobalSceneChange/AnalyticsService"


def told(topic: str, state: str = "true", source: str = "src1") -> ToldEvent:
    return ToldEvent(topic=topic, sources=(source,) if source else (), state=state)


def test_what_it_tells_of_and_what_it_sees_are_two_things() -> None:
    heard = hear([told(DARK, "false"), told(CHANGE, "1")], "src1", alone=False)
    assert heard.offers == {FaultKind.TOO_DARK, FaultKind.SCENE_CHANGE, FaultKind.OCCLUSION}
    assert heard.says == {FaultKind.SCENE_CHANGE, FaultKind.OCCLUSION}


def test_the_last_word_counts() -> None:
    assert hear([told(DARK), told(DARK, "false")], "src1", alone=False).says == set()


def test_other_channels_of_a_recorder_say_nothing_about_this_one() -> None:
    assert hear([told(DARK, source="src2")], "src1", alone=False).offers == set()
    assert hear([told(DARK, source="VideoSource_1")], "src1", alone=True).says == {FaultKind.TOO_DARK}
    assert hear([told(DARK, source="")], "src1", alone=False).says == {FaultKind.TOO_DARK}


@pytest.mark.parametrize(
    ("topic", "state"),
    [("tns1:Device/ImageTooDark", "true"), ("tns1:VideoSource/MotionAlarm", "true"), (DARK, "perhaps"), (DARK, "")],
)
def test_what_is_about_something_else_or_not_understood_is_left_out(topic: str, state: str) -> None:
    assert hear([told(topic, state)], "src1", alone=True).offers == set()
