"""The mark by which a list names one record of this inventory, and of no other: `R17-9f3a2c11`.

A bare number would name another camera in every other inventory, and the next one where a spreadsheet counts it on.
"""

import hashlib
import re
from datetime import UTC, datetime

_MARK = re.compile(r"[Rr]([1-9][0-9]{0,17})-[0-9A-Fa-f]{8}")
LONGEST = 40


def record_mark(camera_id: int, created_at: datetime) -> str:
    """`created_at`: of the record; nothing else of it stays the same for good."""
    made = f"{camera_id} {created_at.astimezone(UTC).isoformat(timespec='microseconds')}"
    return f"R{camera_id}-{hashlib.sha256(made.encode()).hexdigest()[:8]}"


def marked_id(mark: str) -> int | None:
    """Which record it would be; whether it is, only its own mark tells. None: no mark."""
    found = _MARK.fullmatch(mark)
    return int(found[1]) if found else None
