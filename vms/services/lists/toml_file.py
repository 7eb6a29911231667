"""A list as TOML: one [[cameras]] table each, with the columns' own names as keys."""

import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from vms.core.errors import BadInput
from vms.inventory.lists.camera_entry import RowError
from vms.inventory.lists.entry_columns import BESIDE, COLUMNS, SEVERAL_CODES
from vms.services.lists.table import Heading, Row
from vms.services.lists.text_files import require_text

MAX_BYTES = 64_000_000
MAX_DOTS = 200
_KEYS = (*COLUMNS, *BESIDE)


class TomlFile:
    """Read whole: it is what people write by hand. Raises BadInput."""

    def __init__(self, path: Path) -> None:
        require_text(path, max_bytes=MAX_BYTES, encoding="utf-8", max_dots=MAX_DOTS)
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except tomllib.TOMLDecodeError as problem:
            raise BadInput(f"not TOML: {problem}", where=str(path)) from None
        except RecursionError:
            raise BadInput("nested too deeply", where=str(path)) from None
        if strange := sorted(set(content) - {"cameras"}):
            raise BadInput(f"unknown: {', '.join(strange)[:200]}; cameras stand in [[cameras]]", where=str(path))
        cameras = content.get("cameras")
        if not isinstance(cameras, list):
            raise BadInput("there is no [[cameras]]", where=str(path))
        self._cameras = cameras
        self.heading = Heading(row=0, cells=_KEYS, known=len(_KEYS))

    def rows(self) -> Iterator[Row | RowError]:
        """The first camera is row 1."""
        for number, camera in enumerate(self._cameras, start=1):
            found = _cells(number, camera)
            yield found if isinstance(found, RowError) else Row(number, found)


def _cells(number: int, camera: object) -> list[str | None] | RowError:
    if not isinstance(camera, dict):
        return RowError(row=number, field="", value=str(camera)[:100], reason="not a [[cameras]] table")
    if unknown := next((key for key in camera if key not in _KEYS), None):
        reason = f"unknown; known are {', '.join(_KEYS)}"
        return RowError(row=number, field=unknown[:80], value="", reason=reason)
    for key, value in camera.items():
        if _text(value) is None or (isinstance(value, list) and key not in SEVERAL_CODES):
            reason = "must be a text, a number, a date, true or false, or a list of codes"
            return RowError(row=number, field=key, value=type(value).__name__, reason=reason)
    return [_text(camera[column]) if column in camera else None for column in _KEYS]


def _text(value: object) -> str | None:
    """None: nothing that a field can be."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list) and all(isinstance(code, str | int) for code in value):
        return "/".join(str(code) for code in value)
    return str(value) if isinstance(value, str | int | float) else None
