"""Reasons as JSON and back; those that were kept before there were codes are plain sentences."""

from collections.abc import Iterable, Sequence
from typing import Any

from vms.inventory.identity.reason import Reason


def reasons_to_json(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    return [
        {
            "code": reason.code,
            "values": {name: list(value) if isinstance(value, tuple) else value for name, value in reason.values},
            "sentence": reason.sentence,
        }
        for reason in reasons
    ]


def reasons_from_json(kept: Sequence[Any]) -> tuple[Reason, ...]:
    return tuple(_reason(one) for one in kept)


def _reason(kept: Any) -> Reason:
    if isinstance(kept, str):
        return Reason("", (), kept)
    values = tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in kept["values"].items())
    return Reason(kept["code"], values, kept.get("sentence", ""))
