"""The counts of a sweep, which grow with every transaction: how much was asked, who was heard how, what was odd."""

from collections.abc import Iterable, Mapping
from typing import Any

from vms.inventory.device import Problem


def count_finding(counts: dict[str, Any], outcome: str, heard_by: Iterable[str], problems: Iterable[Problem]) -> None:
    counts["findings"] = counts.get("findings", 0) + 1
    _below(counts, "outcomes", outcome)
    count_heard(counts, heard_by)
    for problem in problems:
        _below(counts, "problems", problem.code)


def count_heard(counts: dict[str, Any], by: Iterable[str]) -> None:
    for one in by:
        _below(counts, "heard", one)


def added(counts: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Number by number, into whatever depth."""
    total = dict(counts)
    for name, value in more.items():
        if isinstance(value, Mapping):
            total[name] = added(total.get(name, {}), value)
        else:
            total[name] = total.get(name, 0) + value
    return total


def _below(counts: dict[str, Any], area: str, name: str) -> None:
    inner = counts.setdefault(area, {})
    inner[name] = inner.get(name, 0) + 1
