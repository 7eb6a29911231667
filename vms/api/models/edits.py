"""Edits of many cameras: the question, the preview, what came of it."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from vms.api.models.shape import Answer, Asked, IdNumber, LongText

FieldValue = (
    Annotated[bool, Field(strict=True)]
    | Annotated[int, Field(strict=True)]
    | float
    | Annotated[str, Field(max_length=1000)]
    | Annotated[list[int], Field(max_length=50)]
    | None
)
"""As the archive's fields take it; null empties the field."""


class EditQuestion(Asked):
    filter: str = Field(default="", max_length=4000, description="which cameras; or ids")
    q: str = Field(default="", max_length=200, description="with the filter: words in anything that names a camera")
    ids: list[IdNumber] = Field(default_factory=list, max_length=100_000)
    changes: dict[Annotated[str, Field(max_length=80)], FieldValue] = Field(
        min_length=1, max_length=50, description="{field of the archive: new value, null: empty}"
    )


class NewEdit(EditQuestion):
    why: LongText = Field(min_length=1)
    token: str = Field(max_length=64, description="of the preview: what was previewed is what is done")
    expected_count: int | None = Field(default=None, ge=0, description="`will_change` of the preview")


class EditPreviewRow(Answer):
    camera_id: int
    name: str
    before: dict[str, Any]
    after: dict[str, Any]


class EditRefusal(Answer):
    camera_id: int
    name: str
    reason: str
    code: str = Field(description="retired, follows_registration, bad_input")


class BeforeValueNow(Answer):
    value: Any
    cameras: int


class EditFieldSummary(Answer):
    field: str
    changes: int
    before: list[BeforeValueNow] = Field(description="the most frequent values now")
    other_values: int = Field(description="cameras with a value that is not listed")


class EditPreview(Answer):
    cameras: int = Field(description="how many are meant")
    will_change: int
    unchanged: int
    refused: int
    fields: list[EditFieldSummary]
    rows: list[EditPreviewRow] = Field(description="the first 100 that change")
    refusals: list[EditRefusal] = Field(description="the first 100")
    token: str


class EditLeft(Answer):
    camera_id: int
    name: str
    field: str
    reason: str


class EditNow(Answer):
    id: int
    at: datetime
    who: str
    why: str
    changes: dict[str, Any]
    state: str = Field(description="running, done, undoing, undone")
    cameras: int
    position: int = Field(description="so many of them are done, or undone")
    changed: int
    refused: int
    refusals: list[EditRefusal]
    restored: int
    left: int = Field(description="cameras in which the undo left a field alone, since somebody changed it")
    left_fields: list[EditLeft] = Field(description="the first 1,000")
    undone_at: datetime | None
    undone_by: str | None


class EditList(Answer):
    total: int
    items: list[EditNow] = Field(description="the newest first")


class EditedCameras(Answer):
    total: int
    items: list[EditPreviewRow]
