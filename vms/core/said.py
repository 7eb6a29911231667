"""Sentences that this program says in English, in another language: found by their pattern, as the console does it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

DEEPEST = 4
ANY_CODE = "*"
_LONGER_THAN_ANY = 1000
_BETWEEN_SENTENCES = "; "
_JOINTS = (": ", ", ", " or ")
_LETTER = re.compile("[A-Za-z]")
_NAME = re.compile(r"\{(\w+)\}")
_BRACKETED = re.compile(r"(.+) \(([^()]+)\)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    shape: re.Pattern[str]
    words: str
    weight: int
    """What begins with its own words is looked for before what may begin with anything, the longer one first."""
    several: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What stands for `; `, `: `, `, `, ` or ` and, with {text}, for brackets."""

    joints: Mapping[str, str]
    brackets: str


class Said:
    """`sentences`: code or '*' → English with {names} → words; `names`: code → what things
    are called in sentences of it. What nothing knows stays as it was said."""

    def __init__(
        self, sentences: Mapping[str, Mapping[str, str]], names: Mapping[str, Mapping[str, str]], signs: Signs
    ) -> None:
        self._names = names
        self._signs = signs
        self._patterns: dict[str, list[Pattern]] = {
            code: sorted((_pattern(told, words) for told, words in known.items()), key=lambda one: -one.weight)
            for code, known in sentences.items()
        }

    def in_words(self, text: str, code: str = ANY_CODE, depth: int = 0) -> str:
        """`text` as it was said; `code`: what it is about."""
        if depth > DEEPEST or not _LETTER.search(text):
            return text
        name = self._names.get(code, {}).get(text)
        if name is not None:
            return name
        parts = sentences_of(text)
        together = len(parts) > 1
        for pattern in (*self._patterns.get(code, ()), *self._patterns.get(ANY_CODE, ())):
            found = pattern.shape.fullmatch(text) if pattern.several is together else None
            if found is not None:
                named = found.groupdict()
                pieces = _NAME.split(pattern.words)
                pieces[1::2] = (self.in_words(named[name], code, depth + 1) for name in pieces[1::2])
                return "".join(pieces)
        if together:
            return self._joined(text, parts, code, _BETWEEN_SENTENCES, depth)
        return self._in_parts(text, code, depth)

    def _in_parts(self, text: str, code: str, depth: int) -> str:
        bracketed = _BRACKETED.fullmatch(text)
        if bracketed is not None:
            outside, inside = (self.in_words(part, code, depth + 1) for part in bracketed.groups())
            if (outside, inside) != bracketed.groups():
                return outside + self._signs.brackets.replace("{text}", inside)
        for sign in _JOINTS:
            if sign in text:
                told = self._joined(text, text.split(sign), code, sign, depth)
                if told != text:
                    return told
        return text

    def _joined(self, text: str, parts: Sequence[str], code: str, sign: str, depth: int) -> str:
        words = [self.in_words(part, code, depth + 1) for part in parts]
        return text if words == list(parts) else self._signs.joints[sign].join(words)


def sentences_of(text: str) -> list[str]:
    """What stands between `; `, but not inside brackets."""
    found, opened, begin, at = [], 0, 0, 0
    while at < len(text):
        opened = max(0, opened + (text[at] == "(") - (text[at] == ")"))
        if not opened and text.startswith(_BETWEEN_SENTENCES, at):
            found.append(text[begin:at])
            begin = at + len(_BETWEEN_SENTENCES)
        at += 1
    return [*found, text[begin:]]


def _pattern(told: str, words: str) -> Pattern:
    pieces = _NAME.split(told)
    shape = "".join(re.escape(piece) if n % 2 == 0 else f"(?P<{piece}>.+?)" for n, piece in enumerate(pieces))
    weight = len(_NAME.sub("", told)) + (0 if told.startswith("{") else _LONGER_THAN_ANY)
    return Pattern(shape=re.compile(shape, re.DOTALL), words=words, weight=weight, several=len(sentences_of(told)) > 1)
