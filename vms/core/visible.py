"""Texts without what nobody sees: characters that show nothing and change how their neighbours are shown or compared.

Format characters (Unicode's Cf: zero-width spaces, byte-order marks, overrides of the direction of writing) come along
when a text is copied from a spreadsheet or a web page; with them two names that look alike differ, and one can be made
to look like another. They are left out wherever a text comes in.
"""

import re

_FORMAT = re.compile(
    "[\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001"
    "\U000e0020-\U000e007f]+"
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_UNSEEN = re.compile(f"{_CONTROL.pattern[:-1]}|{_FORMAT.pattern[:-1]}")
_NOT_WRITTEN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+")


def without_format(text: str) -> str:
    return text if text.isascii() else _FORMAT.sub("", text)


def has_control(text: str) -> bool:
    """Control characters, line breaks among them."""
    return _CONTROL.search(text) is not None


def one_line(text: str) -> str:
    """Of what a device says of itself: without format characters, a space for what breaks lines or controls."""
    return _CONTROL.sub(" ", without_format(text)).strip()


def with_escapes(text: str) -> str:
    """For a terminal: what would steer it, or turn the direction of writing, is written out as Python writes it."""
    return _UNSEEN.sub(lambda found: ascii(found[0])[1:-1], text)


def as_written(text: str) -> str:
    """Of what a person writes, lines and tabs included. NUL stays, to be refused."""
    return _NOT_WRITTEN.sub("", without_format(text))
