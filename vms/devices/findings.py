"""Collects what was odd about a device, each oddity once."""

from vms.inventory.device import Problem

_MEANING = {
    "content_length_wrong": "the device announces a wrong Content-Length",
    "chunking_broken": "the device's chunked encoding is broken",
    "undeclared_prefix": "the device's XML uses prefixes that it does not declare",
    "encoding_misdeclared": "the device's XML declares an encoding that its bytes do not have",
    "text_around_xml": "the device's XML comes wrapped in something else",
    "connections_limited": "the device hung up while others were connected, and answered a moment later",
    "clock_missing": "the device told no usable time",
    "clock_impossible": "the device told a date that cannot be",
    "clock_local_only": "the device told only its local time; its time zone was believed",
    "utc_is_local_time": "the device puts its local time where UTC belongs; the whole hours were taken off",
}


class Findings:
    def __init__(self) -> None:
        self._problems: dict[str, Problem] = {}

    def note(self, code: str, message: str = "") -> None:
        """The first message for a code stays."""
        self._problems.setdefault(code, Problem(code=code, message=message or _MEANING.get(code, code)))

    def __contains__(self, code: str) -> bool:
        return code in self._problems

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(self._problems.values())
