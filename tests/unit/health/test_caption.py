"""What a device writes into its picture against what the record says."""

import pytest

from vms.health.caption import judge_caption


@pytest.mark.parametrize(
    ("names", "texts", "fits"),
    [
        (["人民路 与建设路 口东"], ["人民路与建设路口东"], True),
        (["ＡＢ路口-1"], ["ab路口1"], True),
        (["人民路与建设路口东"], ["城关分局", "人民路与建设", "路口东 01"], True),
        (["人民路与建设路口东"], ["人民路与"], True),
        (["人民路与建设路口东"], ["人民"], False),
        (["人民路与建设路口东", "老邮局"], ["老邮局门口"], True),
        (["人民路与建设路口东"], ["IPCamera 01"], False),
        (["人民路与建设路口东"], [], False),
        (["—"], ["anything"], None),
        ([], ["anything"], None),
    ],
)
def test_a_caption_fits_where_it_names_the_camera_in_whatever_spelling(names, texts, fits):
    verdict = judge_caption(names, texts, shows_clock=True)
    assert verdict.name_ok is fits
    assert verdict.is_wrong is (fits is False)
    assert bool(verdict.because) is verdict.is_wrong


def test_a_caption_without_a_clock_is_wrong_and_both_causes_are_said():
    verdict = judge_caption(["东门"], ["西门: a; b"], shows_clock=False)
    assert verdict.clock_ok is False
    assert verdict.because == "西门 a, b ≠ 东门; no_clock_shown"
    assert judge_caption(["东门"], [], shows_clock=False).because == "∅ ≠ 东门; no_clock_shown"
