"""The filter language for people: `tier=unit and status=down`, `名称~"北门" 且 有:坐标`. Text in, a tree out.

    expression  = and-part { or and-part }
    and-part    = factor { and factor }
    factor      = not factor | ( expression ) | has:field | field operator value | field [not] in values
    values      = value | ( value {, value} )
    operator    = =  !=  <  <=  >  >=  ~ (contains)  !~

Whole words or `&& || !`, or 且 或 非 在 有. `*` in a value without quotes stands for anything; `field=""` means empty.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from vms.inventory.filters.fields import FieldKind, FilterField, UnknownField, all_names, field_of
from vms.inventory.filters.tokens import FilterError, Token, TokenKind, tokens
from vms.inventory.filters.values import Value, read_filter_value

__all__ = ["Both", "Comparison", "Either", "Expression", "FilterError", "Has", "Operator", "Without", "parse_filter"]

DEEPEST = 20
MOST_PARTS = 100
MOST_VALUES = 500


class Operator(StrEnum):
    EQUAL = "="
    UNEQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    CONTAINS = "~"
    LACKS = "!~"
    IN = "in"
    NOT_IN = "not in"


@dataclass(frozen=True, slots=True)
class Comparison:
    field: FilterField
    operator: Operator
    values: tuple[Value, ...]
    """One, but for IN and NOT_IN. An empty text: not filled in."""


@dataclass(frozen=True, slots=True)
class Has:
    field: FilterField


@dataclass(frozen=True, slots=True)
class Without:
    """Not."""

    part: "Expression"


@dataclass(frozen=True, slots=True)
class Both:
    """And."""

    parts: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    """Or."""

    parts: "tuple[Expression, ...]"


Expression = Comparison | Has | Without | Both | Either

_AND = frozenset({"and", "&&", "且", "并且", "而且"})
_OR = frozenset({"or", "||", "或", "或者"})
_NOT = frozenset({"not", "非", "不"})
_IN = frozenset({"in", "在", "属于"})
_HAS = frozenset({"has", "有"})
_EQUALITY = (Operator.EQUAL, Operator.UNEQUAL)
_ORDER = (*_EQUALITY, Operator.LESS, Operator.AT_MOST, Operator.MORE, Operator.AT_LEAST)
_SEARCH = (*_EQUALITY, Operator.CONTAINS, Operator.LACKS)
_OPERATORS = {
    FieldKind.TEXT: _SEARCH,
    FieldKind.CODE: _SEARCH,
    FieldKind.REGION: _SEARCH,
    FieldKind.NETWORK: _SEARCH,
    FieldKind.WHOLE: _ORDER,
    FieldKind.NUMBER: _ORDER,
    FieldKind.DATE: _ORDER,
    FieldKind.INSTANT: _ORDER,
    FieldKind.CHOICE: _EQUALITY,
    FieldKind.YES_NO: _EQUALITY,
    FieldKind.CODES: _EQUALITY,
    FieldKind.MARK: (),
}
_SIGNS = frozenset(operator.value for operator in _ORDER + _SEARCH)
_LISTED = frozenset(FieldKind) - {FieldKind.MARK, FieldKind.DATE, FieldKind.INSTANT, FieldKind.YES_NO}


def operators_of(item: FilterField) -> tuple[Operator, ...]:
    """What it can be asked with, besides `has:`."""
    return _OPERATORS[item.kind] + ((Operator.IN, Operator.NOT_IN) if item.kind in _LISTED else ())


def parse_filter(text: str) -> Expression | None:
    """None for an empty text: everything fits. Raises FilterError."""
    found = tokens(text)
    if found[0].kind is TokenKind.END:
        return None
    reader = _Reader(found)
    expression = reader.either(0)
    reader.require_end()
    return expression


def restricted_fields(expression: Expression | None) -> tuple[str, ...]:
    """Names of the fields in it that not everybody may read; `field=value` where that is so for a value."""
    return tuple(dict.fromkeys(name for one in _asked(expression) for name in _restricted(one)))


def whose_fields(expression: Expression | None) -> tuple[str, ...]:
    """Names of the fields in it that tell whose a camera is, or which piece."""
    return tuple(dict.fromkeys(one.field.name for one in _asked(expression) if one.field.whose))


def is_judged(expression: Expression | None) -> bool:
    """Does it ask for what is judged of records?"""
    return any(one.field.judged for one in _asked(expression))


def asked_names(expression: Expression | None) -> frozenset[str]:
    """Names of the fields in it."""
    return frozenset(one.field.name for one in _asked(expression))


def _asked(expression: Expression | None) -> Iterator[Comparison | Has]:
    if isinstance(expression, (Comparison, Has)):
        yield expression
    elif isinstance(expression, Without):
        yield from _asked(expression.part)
    elif expression is not None:
        for part in expression.parts:
            yield from _asked(part)


def _restricted(asked: Comparison | Has) -> Iterator[str]:
    if asked.field.restricted:
        yield asked.field.name
    if isinstance(asked, Comparison):
        yield from (f"{asked.field.name}={value}" for value in asked.values if value in asked.field.restricted_values)


class _Reader:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._place = 0
        self._parts = 0

    def either(self, depth: int) -> Expression:
        parts = [self._both(depth)]
        while self._word(_OR):
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def require_end(self) -> None:
        token = self._now
        if token.kind is not TokenKind.END:
            raise FilterError(
                f"not understood: {token.shown}", position=token.position, expected=("and", "or", "the end")
            )

    def _both(self, depth: int) -> Expression:
        parts = [self._factor(depth)]
        while self._word(_AND):
            parts.append(self._factor(depth))
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _factor(self, depth: int) -> Expression:
        token = self._now
        if depth >= DEEPEST:
            raise FilterError(f"more than {DEEPEST} levels deep", position=token.position)
        if self._word(_NOT) or self._operator("!"):
            return Without(self._factor(depth + 1))
        if self._take(TokenKind.OPEN):
            inner = self.either(depth + 1)
            self._require_close(token, "and", "or", ")")
            return inner
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise FilterError(f"more than {MOST_PARTS} conditions", position=token.position)
        if token.text.lower() in _HAS and self._tokens[self._place + 1].kind is TokenKind.COLON:
            self._place += 2
            return Has(self._field())
        return self._comparison(self._field())

    def _comparison(self, item: FilterField) -> Expression:
        token = self._now
        allowed = operators_of(item)
        if not allowed:
            raise FilterError(
                f"{item.name} can only be asked for", position=token.position, expected=(f"has:{item.name}",)
            )
        operator = self._any_operator(item, allowed)
        if operator in (Operator.IN, Operator.NOT_IN):
            return Comparison(item, operator, self._values(item))
        return Comparison(item, operator, (self._value(item, operator),))

    def _any_operator(self, item: FilterField, allowed: tuple[Operator, ...]) -> Operator:
        token = self._now
        if self._word(_IN):
            operator = Operator.IN
        elif token.text.lower() in _NOT and self._tokens[self._place + 1].text.lower() in _IN:
            self._place += 2
            operator = Operator.NOT_IN
        elif token.kind is TokenKind.OPERATOR and token.text in _SIGNS:
            self._place += 1
            operator = Operator(token.text)
        else:
            raise FilterError(f"{token.shown} after {item.name}", position=token.position, expected=allowed)
        if operator not in allowed:
            raise FilterError(f"{item.name} has no {operator}", position=token.position, expected=allowed)
        return operator

    def _values(self, item: FilterField) -> tuple[Value, ...]:
        bracket = self._now
        if not self._take(TokenKind.OPEN):
            return (self._value(item, Operator.IN),)
        found = [self._value(item, Operator.IN)]
        while self._take(TokenKind.COMMA):
            if len(found) == MOST_VALUES:
                raise FilterError(f"more than {MOST_VALUES} values", position=self._now.position)
            found.append(self._value(item, Operator.IN))
        self._require_close(bracket, ",", ")")
        return tuple(found)

    def _value(self, item: FilterField, operator: Operator) -> Value:
        token = self._now
        if token.kind not in (TokenKind.WORD, TokenKind.QUOTED):
            raise FilterError(f"{token.shown} where a value should be", position=token.position, expected=("a value",))
        self._place += 1
        if token.kind is TokenKind.QUOTED and not token.text and operator in _EQUALITY:
            return ""
        if operator in (Operator.CONTAINS, Operator.LACKS):
            return token.text
        return read_filter_value(item, token)

    def _field(self) -> FilterField:
        token = self._now
        if token.kind is not TokenKind.WORD:
            raise FilterError(f"{token.shown} where a field should be", position=token.position, expected=("a field",))
        try:
            item = field_of(token.text)
        except UnknownField:
            near = get_close_matches(token.text.lower(), all_names(), n=3, cutoff=0.6)
            if not near and self._tokens[self._place + 1].kind is TokenKind.END:
                near = [f'name~"{token.text}"']
            raise FilterError(f"there is no field {token.shown}", position=token.position, near=tuple(near)) from None
        self._place += 1
        return item

    @property
    def _now(self) -> Token:
        return self._tokens[self._place]

    def _take(self, kind: TokenKind) -> bool:
        if self._now.kind is not kind:
            return False
        self._place += 1
        return True

    def _word(self, words: frozenset[str]) -> bool:
        if self._now.kind is not TokenKind.WORD or self._now.text.lower() not in words:
            return False
        self._place += 1
        return True

    def _operator(self, sign: str) -> bool:
        if self._now.kind is not TokenKind.OPERATOR or self._now.text != sign:
            return False
        self._place += 1
        return True

    def _require_close(self, bracket: Token, *expected: str) -> None:
        token = self._now
        if not self._take(TokenKind.CLOSE):
            raise FilterError(
                f"the bracket at character {bracket.position} is not closed before {token.shown}",
                position=token.position,
                expected=expected,
            )
