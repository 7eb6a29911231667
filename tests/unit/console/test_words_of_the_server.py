"""What the server says in codes and in English sentences has words in the console."""

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest

from vms.inventory.archive.conformity import rule_codes
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


@cache
def every_sentence_of_the_server() -> str:
    found = []
    for source in sorted((ROOT / "vms").rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
                found.append(shape(node))
    return "\n".join(found)


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


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_rule_of_the_archive_has_words(language: str) -> None:
    words = catalogue(language)
    assert [code for code in rule_codes() if f"rule.{code}" not in words] == []
