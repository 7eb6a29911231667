"""What people write as a filter, and what they are told when it is not understood."""

from datetime import UTC, datetime
from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vms.core.errors import BadInput
from vms.health.status import Status
from vms.inventory.camera import LifeCycle
from vms.inventory.filters.expression import (
    Both,
    Comparison,
    Either,
    Expression,
    FilterError,
    Has,
    Operator,
    Without,
    operators_of,
    parse_filter,
    restricted_fields,
)
from vms.inventory.filters.fields import FIELDS, all_names, field_of
from vms.inventory.filters.values import Pattern, Span
from vms.inventory.tier import Tier


def is_(name: str, operator: str, *values: object) -> Comparison:
    return Comparison(field_of(name), Operator(operator), values)  # type: ignore[arg-type]


def failing(text: str) -> FilterError:
    with pytest.raises(FilterError) as caught:
        parse_filter(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tier=unit", is_("tier", "=", "unit")),
        ("tier = unit and status=down", Both((is_("tier", "=", "unit"), is_("status", "=", "down")))),
        ("层级=单位 且 状态=离线", Both((is_("tier", "=", "unit"), is_("status", "=", "down")))),
        ("层级＝单位　或　层级＝住户", Either((is_("tier", "=", "unit"), is_("tier", "=", "household")))),
        (
            "region=3101* and not maker~hik",
            Both((is_("region", "=", Pattern("3101*")), Without(is_("manufacturer", "~", "hik")))),
        ),
        ('name~"北门"', is_("name", "~", "北门")),
        ("（名称～“北门”）", is_("name", "~", "北门")),
        ('name="3101*"', is_("name", "=", "3101*")),
        ('name="say ""yes"""', is_("name", "=", 'say "yes"')),
        ("has:position", Has(field_of("position"))),
        ("has:problems or open_faults=blind", Either((Has(field_of("problem")), is_("fault", "=", "blind")))),
        ("有：坐标", Has(field_of("position"))),
        ("tier in (unit, household)", is_("tier", "in", "unit", "household")),
        ("层级 在（单位，住户）", is_("tier", "in", "unit", "household")),
        ("tier not in (unit)", is_("tier", "not in", "unit")),
        ("address in 10.1.0.0/16", is_("address", "in", IPv4Network("10.1.0.0/16"))),
        ("mac=44-19-B6-0A-1B-2C", is_("mac", "=", "44:19:b6:0a:1b:2c")),
        ("indoor=是", is_("indoor", "=", True)),
        ("retention_days≥30", is_("retention_days", ">=", 30)),
        ("mount_height_m<6.5", is_("mount_height_m", "<", 6.5)),
        ('owner=""', is_("owner", "=", "")),
        (
            "id=1 or id=2 and id=3",
            Either((is_("id", "=", 1), Both((is_("id", "=", 2), is_("id", "=", 3))))),
        ),
        ("(id=1 || id=2) && !id=3", Both((Either((is_("id", "=", 1), is_("id", "=", 2))), Without(is_("id", "=", 3))))),
    ],
)
def test_it_means_what_people_mean(text: str, meant: Expression) -> None:
    assert parse_filter(text) == meant


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2024", (2024, 1, 1), (2025, 1, 1)),
        ("2024-12", (2024, 12, 1), (2025, 1, 1)),
        ("2024-02-29", (2024, 2, 29), (2024, 3, 1)),
        ("2024年5月1日", (2024, 5, 1), (2024, 5, 2)),
    ],
)
def test_a_date_may_be_a_day_a_month_or_a_year(
    text: str, start: tuple[int, int, int], end: tuple[int, int, int]
) -> None:
    span = Span(datetime(*start, tzinfo=UTC), datetime(*end, tzinfo=UTC))
    assert parse_filter(f"installed_on<{text}") == is_("installed_on", "<", span)


@pytest.mark.parametrize("text", ["", "   ", "　"])
def test_nothing_written_lets_everything_through(text: str) -> None:
    assert parse_filter(text) is None


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("staus=down", 1, "did you mean status?"),
        ("tier=unit and staus=down", 15, "did you mean status?"),
        ("tier=uint", 6, "did you mean unit?"),
        ("状态=掉线", 4, "expected up, suspect, down, unknown"),
        ("tier=unit status=down", 11, "expected and, or, the end"),
        ("tier", 5, "the end after tier; expected =, !=, in, not in"),
        ("(tier=unit", 11, "the bracket at character 1 is not closed before the end; expected and, or, )"),
        ("not (id in (1, 2 and id=3)", 18, "the bracket at character 12 is not closed before 'and'; expected ,, )"),
        ("name~a\udcff", 7, "not Unicode text"),
        ("tier=unit)", 10, "not understood: ')'"),
        ('name="北门', 6, "this quotation has no end"),
        ("id in (1, 2,", 13, "where a value should be"),
        ("id=1e9", 4, "a whole number is expected"),
        ("installed_on<2024-13", 14, "month must be in 1..12"),
        ("address in 10.1.0.0/40", 12, "a network such as 10.1.0.0/16 is expected"),
        ("name<3", 5, "name has no <"),
        ("position=1", 9, "expected has:position"),
        ("has:", 5, "where a field should be"),
        ("tier=unit &", 11, "expected &&, and, or"),
        ("北门", 1, 'did you mean name~"北门"?'),
        ("not", 4, "where a field should be"),
    ],
)
def test_what_is_not_understood_is_named_with_its_place_and_what_comes_near(
    text: str, position: int, said: str
) -> None:
    error = failing(text)
    assert error.position == position
    assert said in error.message
    assert (error.where, error.code) == ("filter", "bad_filter")


def test_length_depth_parts_and_values_are_bounded() -> None:
    assert "longer than" in failing("x" * 4001).message
    assert "levels deep" in failing("(" * 40 + "id=1" + ")" * 40).message
    assert "levels deep" in failing("not " * 40 + "id=1").message
    assert "conditions" in failing(" or ".join(["id=1"] * 101)).message
    assert "values" in failing(f"id in ({','.join(['1'] * 501)})").message
    assert "longer than" in failing(f'name="{"x" * 501}"').message


def test_it_says_which_of_its_fields_are_not_for_everybody() -> None:
    assert restricted_fields(parse_filter("tier=unit and not (has:address or port=80)")) == ("address", "port")
    assert restricted_fields(parse_filter("tier=unit")) == ()
    assert restricted_fields(None) == ()


def test_every_name_names_one_field_and_every_field_is_asked_for_somehow() -> None:
    for item in FIELDS:
        assert field_of(item.name) is item
        assert all(field_of(alias) is item for alias in item.aliases), item.name
        assert parse_filter(f"has:{item.name}") == Has(item)
        assert item.label_zh
        for operator in operators_of(item):
            assert operator in Operator
    assert len(all_names()) == len(set(all_names()))


def test_closed_choices_are_those_of_the_house() -> None:
    assert set(field_of("status").choices) == {status.value for status in Status}
    assert set(field_of("tier").choices) == {tier.value for tier in Tier}
    assert set(field_of("life_cycle").choices) == {state.value for state in LifeCycle}


_PIECES = st.sampled_from(
    ["(", ")", ",", "and", "or", "not", "in", "has:", "=", "~", "<", '"', "“", "tier", "unit", "id", "1", "状态",
     "离线", "address", "10.0.0.0/8", "*", "&&", "！", "\x00", "2024"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=25).map(" ".join)))
def test_whatever_is_written_is_understood_or_refused_with_a_place_in_it(text: str) -> None:
    try:
        parse_filter(text)
    except BadInput as problem:
        assert isinstance(problem, FilterError)
        assert 1 <= problem.position <= len(text) + 1
