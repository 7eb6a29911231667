"""What a search by anything looks through: a camera's words in small letters, and how the Chinese ones are typed.

北门主口 is found by 北门, by `beimenzhukou` and by `bmzk`. A character that is read in several ways is taken as its
phrase reads it; where another usual reading begins with another letter, those initials are kept beside (重庆: cq, zq).
"""

import importlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from vms.core.errors import BadInput
from vms.core.visible import without_format
from vms.inventory.identity.keys import tidy_mac

WHOSE = "\x1f"
"""Stands in each text before what only those look through who read whose the camera is."""
MOST_TERMS = 8
LONGEST_TERM = 100
_MOST_READINGS = 4
_LONGEST = 600
"""Characters of one text that are looked through."""
_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SIGNS = re.compile(r"[^\x21-\x7e]+")
_BETWEEN = re.compile(r"[\s,，、;；]+")
_TONES = re.compile(r"[\u0300\u0301\u0304\u030c]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchText:
    """Told apart so that a search reads only what can hold its term: letters are in `letters`, all else in `words`."""

    words: str
    """As written, where that is not plain ASCII; the name first; after `WHOSE` what tells the owner."""
    letters: str
    """Numbers, makers, pinyin: plain ASCII, the name first; after `WHOSE` what tells the owner."""
    network: str
    """IP addresses, host names, MACs: looked through only for those who may read network addresses."""


def search_text(
    *,
    names: Iterable[str],
    places: Iterable[str],
    written: Iterable[str],
    network: Iterable[str],
    whose: Iterable[str] = (),
) -> SearchText:
    """`names` are found by every reading, `places` by their initials, `written` (numbers, makers) as they stand.

    `whose`: the owner and the serial numbers, found as places and what is written are.
    """
    own = _words_and_letters((names, slice(None)), (places, slice(1, 2)), (written, slice(1, 2)))
    told = _words_and_letters((whose, slice(1, 2)))
    return SearchText(
        words=f"{own[0]} {WHOSE} {told[0]}",
        letters=f"{own[1]} {WHOSE} {told[1]}",
        network=" ".join(dict.fromkeys(filter(None, map(_plain, filter(None, network))))),
    )


def _words_and_letters(*given: tuple[Iterable[str], slice]) -> tuple[str, str]:
    words: dict[str, None] = {}
    letters: dict[str, None] = {}
    for texts, ways in given:
        for plain in filter(None, map(_plain, filter(None, texts))):
            if plain.isascii():
                letters[plain] = None
            else:
                words[plain] = None
                letters.update(dict.fromkeys(_typed(plain)[ways]))
    return " ".join(words), " ".join(letters)


def search_terms(query: str) -> tuple[str, ...]:
    """What must all be found. Raises BadInput for what is no text."""
    if not query.isascii() and _SURROGATE.search(query):
        raise BadInput("this is not Unicode text", where="text")
    terms = [_plain(term)[:LONGEST_TERM] for term in _BETWEEN.split(_plain(without_format(query))) if term]
    return tuple(dict.fromkeys(terms))[:MOST_TERMS]


def network_term(term: str) -> str:
    """As it stands in `network`: a MAC counts however it is written."""
    return tidy_mac(term) or term


def _plain(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text[:_LONGEST].lower().strip()
    return _CONTROL.sub(" ", unicodedata.normalize("NFKC", text[:_LONGEST]).casefold()).strip()


@lru_cache(maxsize=8_192)
def _typed(plain: str) -> tuple[str, ...]:
    """Of what is not ASCII: full pinyin, initials, other initials, in ASCII. Units and streets come again and again."""
    full, initials, place = "", [""], 0
    for run in _CHINESE.finditer(plain):
        between = _SIGNS.sub("", plain[place : run.start()])
        whole, firsts = _reading(run.group())
        full += between + whole
        initials = [known + between + first for first in firsts for known in initials][:_MOST_READINGS]
        place = run.end()
    rest = _SIGNS.sub("", plain[place:])
    return tuple(way for way in (full + rest, *(known + rest for known in initials)) if way)


@lru_cache(maxsize=65_536)
def _reading(run: str) -> tuple[str, tuple[str, ...]]:
    """Of some Chinese characters in a row: the full pinyin; the initials, the likeliest first."""
    syllables = _library().lazy_pinyin(run, errors=list)
    likeliest = [syllable[:1] for syllable in syllables]
    found = {"".join(likeliest): None}
    for place, letter in enumerate(run[: len(likeliest)]):
        for other in _initials(letter):
            found["".join((*likeliest[:place], other, *likeliest[place + 1 :]))] = None
    return "".join(syllables), tuple(found)[:_MOST_READINGS]


@lru_cache(maxsize=32_768)
def _initials(letter: str) -> tuple[str, ...]:
    """Of the two usual readings of a character."""
    readings = str(_library().pinyin_dict.pinyin_dict.get(ord(letter), "")).split(",")[:2]
    bare = (_TONES.sub("", unicodedata.normalize("NFD", reading))[:1] for reading in readings if reading)
    return tuple(dict.fromkeys(bare))


@lru_cache(maxsize=1)
def _library() -> Any:
    """Its dictionaries take a quarter of a second: loaded when the first Chinese text comes."""
    return importlib.import_module("pypinyin")
