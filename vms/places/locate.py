"""Find the spot that somebody names: an address plate, a pole number, a crossing, the common name of a place.

The score says how much of the text and of the place's own words agree: 1.0 is word for word, below `WORTH_SHOWING` a
match is not shown. Numbers decide: "Main Street 5" is not "Main Street 52", however alike the letters are.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from vms.places.name_index import NameIndex
from vms.places.packed import PackedPlaces
from vms.places.town import Place, PlaceKind

WORTH_SHOWING = 0.3
MAX_TEXT = 200
_WRONG_NUMBER = 0.3
_WORD = re.compile(r"\d+|[^\W\d_]+")
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CROSSING_WORDS = re.compile(r"\s*(?:/|&|@|\band\b|\bcorner\b|交叉口|路口|交汇处?)\s*", re.IGNORECASE)


class Match(NamedTuple):
    place: Place
    score: float


@dataclass(frozen=True, slots=True)
class _Words:
    joined: str
    words: frozenset[str]
    numbers: frozenset[str]


def normalised(text: str) -> str:
    """Full width to half width, case folded, everything but letters and digits gone."""
    return "".join(_WORD.findall(unicodedata.normalize("NFKC", text[:MAX_TEXT]).casefold()))


class Gazetteer:
    """The places of a town, prepared for many questions; one given twice is found once.

    Of packed places only the names are held twice; a question looks at the few thousand whose names have something to
    do with it.
    """

    def __init__(self, places: Iterable[Place]) -> None:
        self._places: Sequence[Place] = places if isinstance(places, PackedPlaces) else tuple(places)
        self._index = NameIndex(_names(self._places))

    def locate(self, text: str, *, limit: int = 8) -> list[Match]:
        """Best first; equal scores: poles, addresses and crossings before the rest, then by name and position."""
        asked = _words(text)
        if not asked.joined:
            return []
        crossing = [part for part in (normalised(half) for half in _CROSSING_WORDS.split(text[:MAX_TEXT])) if part]
        rows = self._index.rows(asked.joined, [*crossing, *asked.words])
        matches = []
        for place in dict.fromkeys(self._places[row] for row in rows):
            labels = [_words(label) for label in sorted({*_labels(place), f"{place.address} {place.name}"})]
            score = max(_score(asked, label) for label in labels)
            if place.kind is PlaceKind.CROSSING and len(crossing) >= 2:
                halves = [normalised(half) for half in place.name.split(" / ")]
                if all(any(half in part or part in half for part in crossing) for half in halves):
                    score = max(score, 0.95)
            if place.kind is PlaceKind.POLE and normalised(place.name) in asked.numbers:
                score = max(score, 0.97)
            if score >= WORTH_SHOWING:
                matches.append(Match(place, round(score, 4)))
        return sorted(matches, key=_order)[:limit]


def _labels(place: Place) -> list[str]:
    return [label for label in (place.name, place.name_zh, place.name_en, place.address) if label]


def _names(places: Sequence[Place]) -> Iterator[tuple[int, str]]:
    """Row and name; of a crossing its halves too, which people name one by one."""
    if isinstance(places, PackedPlaces):
        columns = (places.names, places.names_zh, places.names_en, places.addresses)
        told: Iterable[tuple[str, ...]] = zip(*columns, strict=True)
    else:
        told = ((one.name, one.name_zh, one.name_en, one.address) for one in places)
    for row, labels in enumerate(told):
        for label in labels:
            if label:
                yield row, normalised(label)
        if " / " in labels[0]:
            for half in labels[0].split(" / "):
                yield row, normalised(half)


def locate(text: str, places: Iterable[Place], *, limit: int = 8) -> list[Match]:
    """One question over some places; for many questions keep a `Gazetteer`."""
    return Gazetteer(places).locate(text, limit=limit)


_EXACT_KINDS = (PlaceKind.POLE, PlaceKind.ADDRESS, PlaceKind.CROSSING)


def _order(match: Match) -> tuple[float, bool, str, float, float]:
    place = match.place
    return (-match.score, place.kind not in _EXACT_KINDS, place.name, place.position.lon, place.position.lat)


def _words(text: str) -> _Words:
    words = _WORD.findall(unicodedata.normalize("NFKC", text[:MAX_TEXT]).casefold())
    return _Words("".join(words), frozenset(words), frozenset(word for word in words if word.isdigit()))


def _score(asked: _Words, label: _Words) -> float:
    if not label.joined:
        return 0.0
    if asked.joined == label.joined:
        return 1.0
    shorter, longer = sorted((asked.joined, label.joined), key=len)
    if shorter in longer and (len(shorter) >= 2 or _EAST_ASIAN.match(shorter)):
        score = 0.5 + 0.4 * len(shorter) / len(longer)
    else:
        shared = sum(len(word) for word in asked.words & label.words if not word.isdigit())
        whole = sum(len(word) for word in asked.words if not word.isdigit()) or 1
        score = 0.6 * shared / whole
        if label.numbers & asked.numbers:
            score += 0.1 if shared else 0.0
    if label.numbers and asked.numbers and not (label.numbers <= asked.numbers or asked.numbers <= label.numbers):
        score *= _WRONG_NUMBER
    return score
