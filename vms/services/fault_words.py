"""Why something is wrong, English and Chinese, by the catalogues that the console reads too: mails have no browser."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from vms.core.said import Said, Signs
from vms.health.words import WORDS, in_words

ABOUT = "picture"
"""Under which code the catalogue of sentences keeps what is said of faults."""
_REASON = "because."
_FAULT = "fault."
_SIGNS = {"; ": "word.semicolon", ": ": "word.colon", ", ": "word.comma", " or ": "word.or"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Catalogues:
    reasons: Mapping[str, tuple[str, str]]
    said: Said


def fault_in_words(because: str) -> tuple[str, str]:
    """(English, Chinese) of a cause: `occlusion: 61% of the picture lost …; unreachable: refused`."""
    known = _catalogues()
    return in_words(because, known.reasons, lambda sentence: known.said.in_words(sentence, ABOUT))


@cache
def _catalogues() -> _Catalogues:
    english, chinese = _words_of("en"), _words_of("zh")
    sentences: dict[str, dict[str, str]] = json.loads(_text("said.zh"))
    reasons = dict(WORDS) | {
        key.removeprefix(_REASON): (word, chinese[key]) for key, word in english.items() if key.startswith(_REASON)
    }
    names = {ABOUT: {key.removeprefix(_FAULT): word for key, word in chinese.items() if key.startswith(_FAULT)}}
    signs = Signs(joints={sign: chinese[key] for sign, key in _SIGNS.items()}, brackets=chinese["word.brackets"])
    return _Catalogues(reasons=MappingProxyType(reasons), said=Said(sentences, names, signs))


def _words_of(language: str) -> dict[str, str]:
    words: dict[str, str] = json.loads(_text(language))
    return words


def _text(name: str) -> str:
    return files("vms.console").joinpath(f"static/i18n/{name}.json").read_text("utf-8")
