"""Photographs of a camera's point."""

from datetime import datetime

from pydantic import Field

from vms.api.models.shape import Answer
from vms.store.photographs import PhotographKind


class PhotographRow(Answer):
    id: int
    kind: PhotographKind
    note: str
    added_at: datetime
    added_by: str
    width: int
    height: int
    size_bytes: int
    sha256: str
    is_look: bool = Field(description="to look at it is decided and logged like a look at the camera's picture")


class PhotographList(Answer):
    items: list[PhotographRow]
