"""Why something is wrong, English and Chinese, in the words that the console has for it."""

from functools import cache
from types import MappingProxyType

from vms.health.words import WORDS, Reasons, in_words
from vms.services.said_in_chinese import FAULTS, in_chinese, words_of

_REASON = "because."


def fault_in_words(because: str) -> tuple[str, str]:
    """(English, Chinese) of a cause: `occlusion: 61% of the picture lost …; unreachable: refused`."""
    return in_words(because, _reasons(), lambda sentence: in_chinese(sentence, FAULTS))


@cache
def _reasons() -> Reasons:
    chinese = words_of("zh")
    told = {key: word for key, word in words_of("en").items() if key.startswith(_REASON)}
    return MappingProxyType(WORDS | {key.removeprefix(_REASON): (word, chinese[key]) for key, word in told.items()})
