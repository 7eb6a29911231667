"""What the server says in codes and in English sentences has words in the console."""

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest
from pydantic_core import PydanticKnownError

from vms.inventory.archive.conformity import rule_codes
from vms.inventory.archive.rule_names import RULE_NAMES
from vms.inventory.identity.conflict_kind import ConflictKind, Decision, answers_to
from vms.inventory.identity.reason import ReasonCode

ROOT = Path(__file__).resolve().parents[3]
I18N = ROOT / "vms" / "console" / "static" / "i18n"
SAID = json.loads((I18N / "said.zh.json").read_text(encoding="utf-8"))
SENTENCES = [sentence for of_code in SAID.values() for sentence in of_code]
NAME = re.compile(r"\{\w+\}")


def catalogue(language: str) -> dict[str, str]:
    return json.loads((I18N / f"{language}.json").read_text(encoding="utf-8"))


def shape(literal: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(literal, ast.Constant):
        return NAME.sub("{}", str(literal.value))
    return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in literal.values)


def sentences_of_the_border() -> list[str]:
    """What pydantic says of a value that does not fit."""
    kinds: dict[str, dict[str, object]] = {
        "string_too_short": {"min_length": 3}, "string_too_long": {"max_length": 3},
        "string_pattern_mismatch": {"pattern": "x"}, "enum": {"expected": "a"}, "missing": {}, "extra_forbidden": {},
        "greater_than_equal": {"ge": 1}, "less_than_equal": {"le": 1}, "greater_than": {"gt": 1},
        "less_than": {"lt": 1}, "int_parsing": {}, "float_parsing": {}, "int_type": {}, "string_type": {},
    }  # fmt: skip
    errors = [PydanticKnownError(kind, given or None) for kind, given in kinds.items()]  # type: ignore[arg-type]
    return [NAME.sub("{}", error.message_template) for error in errors]


@cache
def every_sentence_of_the_server() -> str:
    found = sentences_of_the_border()
    for source in sorted((ROOT / "vms").rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
                found.append(shape(node))
    return "\n".join(found)


@cache
def problems_of_devices() -> tuple[set[str], set[str]]:
    """Codes and sentences that the program writes down about devices, where they are written in one place."""
    codes, sentences = set(), set()
    for source in sorted((ROOT / "vms" / "devices").rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                named = {each.arg: each.value for each in node.keywords}
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                given = node.args if called in ("note", "ExchangeFailed", "BadAnswer", "BadXml") else []
                given = [named["code"], named["message"]] if called == "Problem" and "message" in named else given
                codes |= {shape(one) for one in given[:1] if isinstance(one, ast.Constant) and called != "BadXml"}
                sentences |= {shape(one) for one in given[1:] if isinstance(one, ast.Constant | ast.JoinedStr)}
    return codes, sentences


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_translated_sentence_is_one_that_the_server_says(sentence: str) -> None:
    assert NAME.sub("{}", sentence) in every_sentence_of_the_server()


@pytest.mark.parametrize("code", SAID)
def test_a_translation_names_what_the_sentence_names(code: str) -> None:
    unlike = [
        sentence
        for sentence, words in SAID[code].items()
        if not set(NAME.findall(words)) <= set(NAME.findall(sentence))
    ]
    assert unlike == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_evidence_questions_and_answers_about_identity_have_words(language: str) -> None:
    words = catalogue(language)
    answers = {answer for kind in ConflictKind for answer in answers_to(kind)}
    asked = [f"evidence.{code}" for code in ReasonCode]
    asked += [f"conflict.kind.{kind}" for kind in ConflictKind]
    asked += [f"conflict.answer.{answer}" for answer in answers]
    asked += [f"conflict.answer.{answer}.hint" for answer in answers]
    assert Decision.WITHDRAWN not in answers
    assert [key for key in asked if key not in words] == []


@pytest.mark.parametrize(("place", "language"), [(0, "en"), (1, "zh")])
def test_every_rule_of_the_archive_is_called_as_filters_call_it(place: int, language: str) -> None:
    words = catalogue(language)
    assert {code: words.get(f"rule.{code}") for code in RULE_NAMES} == {
        code: names[place] for code, names in RULE_NAMES.items()
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_odd_about_devices_or_records_and_why_somebody_may_look_has_words(language: str) -> None:
    words, (codes, _) = catalogue(language), problems_of_devices()
    decide = (ROOT / "vms" / "access" / "decide.py").read_text(encoding="utf-8")
    decisions = re.findall(r'_(?:allowed|refused)\(\s*"([a-z_]+)"', decide)
    assert {"login_refused", "no_snapshot"} <= codes
    assert {"withdrawn", "by_role", "too_far"} <= set(decisions)
    asked = [f"oddity.{code}" for code in codes] + [f"decided.{code}" for code in decisions]
    asked += [f"rule.{code}" for code in rule_codes()]
    assert [key for key in asked if key not in words] == []


def test_sentences_about_devices_are_translated() -> None:
    _, sentences = problems_of_devices()
    known = {NAME.sub("{}", sentence) for sentence in SENTENCES}
    told = {sentence for sentence in sentences if re.search("[a-z]", sentence)}
    assert len(told) > 30
    assert sorted(told - known) == []
