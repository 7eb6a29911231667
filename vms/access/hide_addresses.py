"""Network addresses taken out of text that people read who may not know them."""

import re
from ipaddress import ip_network

from vms.access.roles import Person, sees_addresses

NETWORK = "one network"
ADDRESS = "an address"
_LIKELY = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)(?:/\d{1,3})?(?![\w:])")
_PART = re.compile(r"\d+\.\d+\.|[0-9A-Fa-f]+:[0-9A-Fa-f]*:|/\d")


def for_person(text: str, person: Person) -> str:
    return text if sees_addresses(person) else without_addresses(text)


def without_addresses(text: str) -> str:
    """`10.1.2.0/24 (9 of 9)` → `one network (9 of 9)`."""
    return _LIKELY.sub(lambda found: _word(found[0]), text)


def asks_for_address(text: str) -> bool:
    """Is it an address or a part of one? Who may not read them cannot find them letter by letter either."""
    return _PART.search(text) is not None or without_addresses(text) != text


def _word(likely: str) -> str:
    try:
        ip_network(likely, strict=False)
    except ValueError:
        return likely
    return NETWORK if "/" in likely else ADDRESS
