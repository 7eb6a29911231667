"""Tasks on many devices over HTTP: what is asked, what would change, how far it is, what each device made of it."""

from datetime import datetime
from typing import Annotated, Any

from annotated_types import Len
from pydantic import Field, SecretStr

from vms.api.models.shape import Answer, Asked, IdNumber, LongText
from vms.services.device_tasks.kinds import TaskKind
from vms.store.device_tasks import StepState, TaskState

Values = dict[str, Any]
"""What a device told or shall have; the names are the kind's."""


class _Chosen(Asked):
    kind: TaskKind
    parameters: Values = Field(default_factory=dict, description="the kind's own; unknown ones are refused by name")
    camera_ids: Annotated[list[IdNumber], Len(max_length=20_000)] = Field(default_factory=list)
    filter: str = Field("", max_length=4000, description="instead of camera_ids, e.g. `tier=government`")


class TaskPreviewAsked(_Chosen):
    limit: int = Field(50, ge=1, le=200, description="devices that are read now; each takes some seconds")
    offset: int = Field(0, ge=0, le=1_000_000)


class NewTask(_Chosen):
    why: LongText = Field(min_length=3, description="for the record")
    password: SecretStr = Field(
        SecretStr(""), max_length=64, description="for change_password; empty: one is made and shown to nobody"
    )


class UndoAsked(Asked):
    why: LongText = ""


class PreviewedDevice(Answer):
    device_id: int
    address: str
    channel: str = Field(description="empty: the device as a whole")
    camera_id: int | None
    camera_name: str
    before: Values | None = Field(description="read just now; null: it could not be read")
    wanted: Values | None = Field(description="null: nothing would be sent; the message says why")
    message: str


class TaskPreview(Answer):
    kind: TaskKind
    parameters: Values
    devices: int = Field(description="steps that the task would have")
    left_out: dict[str, int] = Field(description="cameras that have none, by the reason")
    items: list[PreviewedDevice]


class TaskRow(Answer):
    id: int
    kind: TaskKind
    parameters: Values
    state: TaskState
    who: str
    why: str
    undo_of: int | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    counts: dict[StepState, int] = Field(description="steps by state; a state that none is in is missing")
    left_out: dict[str, int]
    undoable: bool = Field(description="of this kind; whether anything was changed the counts tell")


class TaskPage(Answer):
    items: list[TaskRow]
    total: int


class TaskStepRow(Answer):
    device_id: int
    address: str
    channel: str
    camera_id: int | None
    camera_name: str
    state: StepState
    before: Values | None
    wanted: Values | None
    after: Values | None
    message: str
    sent_at: datetime | None
    finished_at: datetime | None


class TaskStepPage(Answer):
    items: list[TaskStepRow]
    total: int
