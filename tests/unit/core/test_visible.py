"""Characters that nobody sees are left out of texts."""

import sys
import unicodedata

import pytest

from vms.core.visible import as_written, has_control, one_line, with_escapes, without_format


def test_every_format_character_of_unicode_is_left_out_and_nothing_else() -> None:
    every = [chr(point) for point in range(sys.maxunicode + 1)]
    hidden = {one for one in every if unicodedata.category(one) == "Cf"}
    left_out = {one for one in every if not without_format(one)}
    assert hidden <= left_out
    assert {unicodedata.category(one) for one in left_out - hidden} <= {"Cn"}, "places that Unicode keeps for more"


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("人民\u202e路口", "人民路口"),
        ("\ufeff北门\u200b", "北门"),
        ("a\u2066b\u2069c", "abc"),
        ("葛󠄀城", "葛󠄀城"),
        ("plain", "plain"),
    ],
)
def test_a_name_keeps_what_is_seen(told: str, kept: str) -> None:
    assert without_format(told) == kept


def test_what_a_device_says_is_one_line() -> None:
    assert one_line(" Cam\x00era\x85 01\r\n\u202e") == "Cam era  01"
    assert one_line("\u2028\u200f") == ""


def test_what_a_person_writes_keeps_its_lines() -> None:
    assert as_written("第一行\n第二行\tx\x07\x9b\u202e") == "第一行\n第二行\tx"


def test_control_characters_are_known_in_both_ranges() -> None:
    assert [has_control(one) for one in ("a", "a\n", "a\x9b", "a\u2028", "路 口")] == [False, True, True, True, False]


def test_what_steers_a_terminal_is_written_out():
    assert with_escapes("口 \x1b[31m红\x07\r\n\x9b2J") == r"口 \x1b[31m红\x07\r\n\x9b2J"
    assert with_escapes("a\u202egnp.exe") == r"a\u202egnp.exe"
    assert with_escapes("东城 1 号 · ok") == "东城 1 号 · ok"
