"""The words of a filter expression: names, values, operators, brackets, each with its place in the text."""

import re
from dataclasses import dataclass
from enum import StrEnum

from vms.core.errors import BadInput

LONGEST = 4000
"""Characters."""


class FilterError(BadInput):
    """Says at which character (from 1), what was expected, and what comes near."""

    def __init__(
        self, reason: str, *, position: int, expected: tuple[str, ...] = (), near: tuple[str, ...] = ()
    ) -> None:
        sentence = f"at character {position}: {reason}"
        if expected:
            sentence += f"; expected {', '.join(expected)}"
        if near:
            sentence += f"; did you mean {' or '.join(near)}?"
        super().__init__(sentence, where="filter", code="bad_filter")
        self.position = position
        self.expected = expected
        self.near = near


class TokenKind(StrEnum):
    WORD = "word"
    QUOTED = "quoted"
    OPERATOR = "operator"
    OPEN = "("
    CLOSE = ")"
    COMMA = ","
    COLON = ":"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    kind: TokenKind
    text: str
    position: int
    """From 1."""

    @property
    def shown(self) -> str:
        if self.kind is TokenKind.END:
            return "the end"
        return f"{self.text!r}" if len(self.text) <= 40 else f"{self.text[:40]!r}…"


_PLAIN = str.maketrans("（）＝＜＞～！：，、＊　≠≤≥", "()=<>~!:,,* ≠≤≥")
"""Full-width signs, one for one, so that places stay what they are."""
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_OPERATORS = ("!=", "<>", "<=", ">=", "!~", "==", "=", "<", ">", "~", "≠", "≤", "≥", "!")
_SAME = {"<>": "!=", "==": "=", "≠": "!=", "≤": "<=", "≥": ">="}
_SINGLE = {"(": TokenKind.OPEN, ")": TokenKind.CLOSE, ",": TokenKind.COMMA}
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "「": "」"}
_ENDS_WORD = frozenset("()=<>~!,≠≤≥&|") | frozenset(_QUOTES)


def tokens(text: str) -> list[Token]:
    """Ends with END. Raises FilterError."""
    if len(text) > LONGEST:
        raise FilterError(f"the filter is longer than {LONGEST} characters", position=LONGEST + 1)
    if "\x00" in text:
        raise FilterError("a NUL character", position=text.index("\x00") + 1)
    if not text.isascii() and (broken := _SURROGATE.search(text)):
        raise FilterError("this is not Unicode text", position=broken.start() + 1)
    plain, found, place = text.translate(_PLAIN), list[Token](), 0
    while place < len(plain):
        if plain[place].isspace():
            place += 1
            continue
        token, place = _next(text, plain, place)
        found.append(token)
    return [*found, Token(kind=TokenKind.END, text="", position=len(text) + 1)]


def _next(text: str, plain: str, place: int) -> tuple[Token, int]:
    sign = plain[place]
    if sign in _SINGLE:
        return Token(kind=_SINGLE[sign], text=sign, position=place + 1), place + 1
    if sign in _QUOTES:
        return _quoted(text, place)
    for operator in _OPERATORS:
        if plain.startswith(operator, place):
            kept = _SAME.get(operator, operator)
            return Token(kind=TokenKind.OPERATOR, text=kept, position=place + 1), place + len(operator)
    for pair in ("&&", "||"):
        if plain.startswith(pair, place):
            return Token(kind=TokenKind.WORD, text=pair, position=place + 1), place + 2
    if sign in "&|":
        raise FilterError(f"{sign!r} alone", position=place + 1, expected=(sign * 2, "and", "or"))
    end = place
    while end < len(plain) and not plain[end].isspace() and plain[end] not in _ENDS_WORD:
        end += 1
    if plain[place:end].lower().startswith(("has:", "有:")):
        end = plain.index(":", place)
    if plain[place] == ":":
        return Token(kind=TokenKind.COLON, text=":", position=place + 1), place + 1
    return Token(kind=TokenKind.WORD, text=plain[place:end], position=place + 1), end


def _quoted(text: str, place: int) -> tuple[Token, int]:
    """A quote inside is doubled."""
    closing, read, end = _QUOTES[text[place]], list[str](), place + 1
    while end < len(text):
        if text[end] != closing:
            read.append(text[end])
            end += 1
        elif closing == text[place] and text[end : end + 2] == closing * 2:
            read.append(closing)
            end += 2
        else:
            return Token(kind=TokenKind.QUOTED, text="".join(read), position=place + 1), end + 1
    raise FilterError("this quotation has no end", position=place + 1, expected=(closing,))
