"""What a camera is found by."""

import pytest

from vms.core.errors import BadInput
from vms.inventory.filters.search_text import WHOSE, SearchText, network_term, search_terms, search_text


def text_of(name: str, **more: list[str]) -> SearchText:
    given: dict[str, list[str]] = {"names": [name], "places": [], "written": [], "network": []} | more
    return search_text(**given)


def found(text: SearchText, query: str) -> bool:
    return all(term in (text.letters if term.isascii() else text.words) for term in search_terms(query))


@pytest.mark.parametrize(
    "query", ["北门", "主口", "beimenzhukou", "bmzk", "BMZK", "menzhu", "ＢＭ", "北门 zk", "北门，主口"]
)
def test_a_chinese_name_is_found_as_written_by_pinyin_and_by_initials(query: str) -> None:
    assert found(text_of("北门主口"), query)


@pytest.mark.parametrize("query", ["南门", "nanmen", "nmzk", "北门 南门"])
def test_what_is_not_in_the_name_does_not_find_it(query: str) -> None:
    assert not found(text_of("北门主口"), query)


@pytest.mark.parametrize("query", ["chongqing", "cq", "zq", "cqcll", "cqyh", "yinhang"])
def test_a_character_with_several_readings_is_found_by_its_phrase_and_by_its_other_initial(query: str) -> None:
    assert found(text_of("重庆长乐路"), query) or found(text_of("重庆银行"), query)


def test_numbers_between_chinese_characters_stay_where_they_are() -> None:
    text = text_of("人民路１２-3号 A门")
    assert found(text, "rml12-3h")
    assert found(text, "12-3")
    assert found(text, "人民路12-3号")


def test_places_are_found_by_initials_and_addresses_are_kept_apart() -> None:
    text = text_of("a", places=["金水区"], written=["DS-2CD", "宇视"], network=["10.1.2.3"])
    assert found(text, "jsq")
    assert found(text, "ds-2cd")
    assert found(text, "ys")
    assert "10.1.2.3" not in text.letters + text.words
    assert text.network == "10.1.2.3"


def test_a_mac_is_searched_however_it_is_written() -> None:
    for written in ("44-19-B6-0A-1B-2C", "4419b60a1b2c", "44:19:b6:0a:1b:2c"):
        assert [network_term(term) for term in search_terms(written)] == ["44:19:b6:0a:1b:2c"]
    assert search_terms("4419b60a1b2c") == ("4419b60a1b2c",), "a serial number may be written so"


def test_what_is_searched_is_bounded() -> None:
    assert len(search_terms(" ".join(map(str, range(50))))) == 8
    assert len(search_terms("x" * 1000)[0]) == 100
    assert text_of("北" * 10_000).words == f"{'北' * 600} {WHOSE} "
    assert "\x00" not in text_of("a\x00b").letters


def test_what_is_no_text_is_refused_before_it_reaches_the_store() -> None:
    with pytest.raises(BadInput, match="not Unicode text"):
        search_terms("a\udcff")
