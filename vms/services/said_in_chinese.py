"""What this program says in English, in Chinese, by the catalogues that the console reads: mails have no browser."""

import json
from functools import cache, lru_cache
from importlib.resources import files

from vms.core.said import ANY_CODE, Said, Signs

FAULTS = "picture"
"""Under which code the catalogue keeps what is said of faults."""
_FAULT = "fault."
_SIGNS = {"; ": "word.semicolon", ": ": "word.colon", ", ": "word.comma", " or ": "word.or"}


@lru_cache(maxsize=4096)
def in_chinese(sentence: str, code: str = ANY_CODE) -> str:
    """As it is where the catalogue does not know it."""
    return _said().in_words(sentence, code)


@cache
def words_of(language: str) -> dict[str, str]:
    """Key → words, `en` or `zh`."""
    words: dict[str, str] = json.loads(_text(language))
    return words


@cache
def _said() -> Said:
    sentences: dict[str, dict[str, str]] = json.loads(_text("said.zh"))
    words = words_of("zh")
    kinds = {key.removeprefix(_FAULT): word for key, word in words.items() if key.startswith(_FAULT)}
    signs = Signs(joints={sign: words[key] for sign, key in _SIGNS.items()}, brackets=words["word.brackets"])
    return Said(sentences, {FAULTS: kinds}, signs)


def _text(name: str) -> str:
    return files("vms.console").joinpath(f"static/i18n/{name}.json").read_text("utf-8")
