"""Texts that XML can hold: devices send names with bytes that it cannot."""

import re
from html import escape

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)


def element(tag: str, text: str) -> str:
    return f"<{tag}>{escape(legal(text), quote=False)}</{tag}>"
