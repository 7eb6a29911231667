"""The cause of an order in Chinese holds no English: orders, the crew's phone, mails and webhooks read it alike."""

import ast
import json
import re
from pathlib import Path

import pytest

from vms.health.fault import FaultKind
from vms.media.trouble import Trouble
from vms.services.fault_words import fault_in_words

ROOT = Path(__file__).resolve().parents[3]
CODES = (
    *Trouble,
    "refused", "timeout", "unreachable", "closed", "not_http", "too_large", "truncated",
    "tls", "tls_legacy", "still", "stream", "control", "not_ended", "no_head", "login_needed", "not_onvif",
    "answer_doctype", "answer_not_soap", "answer_too_deep", "answer_too_large", "answer_truncated", "time_zone",
    "another_device", "budget", "no_login", "never_reached", "key frame", "answers",
)  # fmt: skip
OF_UNITS = re.compile(r"(?<=\d )(h|d|s)\b|H\.265|\b(ONVIF|HTTP|TLS|SOAP)\b")


def english_in(chinese: str) -> list[str]:
    return re.findall(r"[A-Za-z_]{2,}", OF_UNITS.sub("", chinese))


def sentences() -> list[str]:
    """Every reason that is measured, with a number or a word wherever one stands."""
    rooms = [*(ROOT / "vms/health/picture").glob("*.py"), ROOT / "vms/health/flapping.py"]
    return [
        told
        for source in sorted(rooms)
        if source.name != "area.py"  # of outages, which have words of their own
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["because"]
        if (told := text_of(node.value))
    ]


def text_of(value: ast.expr) -> str:
    parts = value.values if isinstance(value, ast.JoinedStr) else [value] if isinstance(value, ast.Constant) else []
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in parts)


@pytest.mark.parametrize("sentence", sentences())
def test_what_was_measured_is_said_in_chinese_behind_its_fault(sentence: str) -> None:
    english, chinese = fault_in_words(f"occlusion: {sentence}")
    assert english == f"view covered: {sentence}"
    assert (chinese.startswith("画面遮挡："), english_in(chinese)) == (True, [])


@pytest.mark.parametrize(
    "measured",
    [
        "it is 0.81 like the normal view shifted by 12% of the width, 3% of the height; 0.20 like it where it was, "
        "limit 0.2 more",
        "it is 0.81 like the normal view mirrored; 0.20 like it where it was, limit 0.2 more",
        "it is 0.81 like the normal view enlarged 1.2 times; 0.20 like it where it was, limit 0.2 more",
        "horizontal stripes of 12 levels, limit 6, 95% equal from side to side",
        "two pictures in a row are the same to the last pixel; its clock stands still too",
    ],
)
def test_what_is_put_together_of_parts_is_said_in_chinese_wholly(measured: str) -> None:
    assert english_in(fault_in_words(f"scene_change: {measured}")[1]) == []


@pytest.mark.parametrize("code", CODES)
def test_what_a_device_did_is_said_in_chinese(code: str) -> None:
    english, chinese = fault_in_words(f"no_picture: {code}")
    assert (chinese.startswith("取不到画面："), english_in(chinese)) == (True, [])
    assert "_" not in english


def test_causes_stand_side_by_side_and_what_explains_one_stays_behind_it() -> None:
    told = "61% of the picture is bare and of one tone, limit 50%; 12% is usual"
    assert fault_in_words(f"unreachable: refused; occlusion: {told}; the device itself says: blur, too_dark")[1] == (
        "网络不通：连接被拒绝，画面遮挡：61% 的画面空白且为同一色调，限值 50%；平时为 12%；设备自报：画面模糊、画面过暗"
    )


def test_a_refused_login_says_which_access_was_refused() -> None:
    assert fault_in_words("login_refused: still") == (
        "login refused: its stills refuse this login", "登录被拒：抓图接口拒绝该账号"
    )  # fmt: skip


def test_the_words_of_a_person_or_a_device_stay() -> None:
    assert fault_in_words("no_answer: fault: Sender busy")[1] == "控制无应答：设备报错：Sender busy"
    assert fault_in_words("clock_off: +28800 s: time_zone")[1] == "时钟偏差：+28800 s：疑似时区设置错误"
    assert fault_in_words("") == ("", "")


def test_every_kind_is_called_in_the_catalogue() -> None:
    words = json.loads((ROOT / "vms/console/static/i18n/zh.json").read_text(encoding="utf-8"))
    assert [kind for kind in FaultKind if f"fault.{kind}" not in words] == []
