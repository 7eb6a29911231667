"""Parameters of a task as people write them: text or JSON, each refused by its name."""

import re
from collections.abc import Mapping
from typing import Any

from vms.core.errors import BadInput

_YES = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_HOST = re.compile(r"(?!-)[A-Za-z0-9_:.-]{1,253}(?<!-)")


def only(parameters: Mapping[str, Any], *known: str) -> None:
    unknown = sorted(set(parameters) - set(known))
    if unknown:
        there = ", ".join(known) or "none"
        raise BadInput(f"unknown here; known are: {there}", where=f"parameters.{unknown[0]}")


def whole_number(parameters: Mapping[str, Any], name: str, least: int, most: int) -> int | None:
    """None where it is not given."""
    given = parameters.get(name)
    if given is None or given == "":
        return None
    text = str(given)
    if isinstance(given, bool) or not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise BadInput(f"a whole number from {least} to {most} is wanted", where=f"parameters.{name}")
    return int(text)


def number(parameters: Mapping[str, Any], name: str, least: float, most: float) -> float | None:
    given = parameters.get(name)
    if given is None or given == "":
        return None
    try:
        value = float(given)
    except (TypeError, ValueError):
        value = float("nan")
    if isinstance(given, bool) or not least <= value <= most:
        raise BadInput(f"a number from {least:g} to {most:g} is wanted", where=f"parameters.{name}")
    return value


def yes_or_no(parameters: Mapping[str, Any], name: str) -> bool:
    """False where it is not given."""
    given = parameters.get(name, False)
    found = given if isinstance(given, bool) else _YES.get(str(given).lower())
    if found is None:
        raise BadInput("true or false is wanted", where=f"parameters.{name}")
    return found


def words(parameters: Mapping[str, Any], name: str, longest: int, default: str = "") -> str:
    given = parameters.get(name, default)
    if not isinstance(given, str) or len(given) > longest or any(ord(sign) < 32 for sign in given):
        raise BadInput(f"a text of at most {longest} characters is wanted", where=f"parameters.{name}")
    return given.strip()


def hosts(parameters: Mapping[str, Any], name: str, most: int) -> list[str]:
    """Addresses or names: a list, or a text with commas."""
    given = parameters.get(name, [])
    listed = given.split(",") if isinstance(given, str) else given
    if not isinstance(listed, list | tuple) or not all(isinstance(one, str) for one in listed):
        raise BadInput("addresses or names are wanted", where=f"parameters.{name}")
    found = [one.strip() for one in listed if one.strip()]
    if len(found) > most or not all(_HOST.fullmatch(one) for one in found):
        raise BadInput(f"at most {most} addresses or names are wanted", where=f"parameters.{name}")
    return found
