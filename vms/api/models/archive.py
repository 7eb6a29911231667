"""The archive record: its fields with codes and words, its state, its history, what is asked of it."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from vms.api.models.shape import Answer, Asked, IdNumber
from vms.inventory.archive.fields import Group, Kind
from vms.inventory.camera import LifeCycle
from vms.services.archive.accept_difference import Side

Value = str | int | float | bool | list[int | str] | None
"""Dates as text, several codes as a list."""
Why = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)]
FieldName = Annotated[str, StringConstraints(max_length=80)]
Given = Annotated[str, StringConstraints(max_length=1000)] | int | float | bool | list[int | str] | None
Changes = Annotated[dict[FieldName, Given], Field(max_length=60)]
Revision = Annotated[
    IdNumber | None, Field(description="of the record that the person saw; a change made since is a conflict")
]


class FieldAbout(Answer):
    """What a field is called, holds and must hold."""

    name: str
    kind: Kind
    group: Group
    label_zh: str
    label_en: str
    unit: str
    table: str = Field(description="its code table; empty: none")
    required_for: list[int] = Field(description="point classes whose record is incomplete without it")
    least: float | None
    most: float | None
    longest: int | None = Field(description="characters of a text")
    must: bool = Field(description="never empty")


class FieldList(Answer):
    items: list[FieldAbout]


class CodeLabel(Answer):
    code: str
    zh: str
    en: str
    known: bool = Field(description="false: no code table in use knows it")


class RecordField(Answer):
    about: FieldAbout
    value: Value
    labels: list[CodeLabel]
    observed: Value = Field(description="what the device says of the same; null: nothing")
    required: bool = Field(description="by this record's class")
    filled: bool
    masked: bool = Field(description="there is a value that your role does not see whole")
    source: str = Field(description="declared, observed or empty")
    changed_by: str
    changed_at: datetime | None


class CompletenessNow(Answer):
    share: float
    filled: int
    required: int
    missing: list[str]


class FailedRule(Answer):
    code: str = Field(description="stable, e.g. `id_unique`, `position_outside`")
    field: str
    sentence_en: str
    sentence_zh: str


class StepNow(Answer):
    """What you may do with the record now."""

    to: LifeCycle
    send_back: bool
    needs_reason: bool


class RecordNow(Answer):
    camera_id: int
    life_cycle: LifeCycle
    revision: int = Field(description="the number of the last change; give it back with an edit")
    point_class: int = Field(description="declared, else as is usual for its tier")
    entered_lon: float | None = Field(description="as it was entered, in `coordinate_system`")
    entered_lat: float | None
    completeness: CompletenessNow
    failed: list[FailedRule] = Field(description="empty: the record conforms")
    next_steps: list[StepNow]
    fields: list[RecordField]


class NewRecord(Asked):
    """A draft; name and tier at least."""

    fields: Changes
    why: Why = ""


class RecordEdit(Asked):
    changes: Changes
    why: Why = ""
    revision: Revision = None


class LifeCycleMove(Asked):
    to: LifeCycle
    why: Why = ""
    send_back: bool = Field(False, description="changing → approved: the fields get their approved values again")
    revision: Revision = None


class ChangeRow(Answer):
    id: int
    at: datetime
    who: str
    why: str
    edit_id: int | None = Field(description="the edit of many cameras that it belongs to")
    field: str
    label_zh: str
    label_en: str
    before: Value
    after: Value
    before_labels: list[CodeLabel]
    after_labels: list[CodeLabel]
    restorable: bool


class ChangePage(Answer):
    total: int
    items: list[ChangeRow]


class Restoration(Asked):
    why: Why = ""
    revision: Revision = None


class DifferenceAnswer(Asked):
    value: Side = Field(description="observed: the record takes the device's value; declared: let it stand")
    why: Why = ""
    declared: str | None = Field(None, max_length=1000, description="as shown; another by now is a conflict")
    observed: str | None = Field(None, max_length=1000)


class DifferenceSeen(Asked):
    camera_id: IdNumber
    field: str = Field(max_length=40)
    declared: str = Field(max_length=1000, description="as shown; another by now is refused")
    observed: str = Field(max_length=1000)


class ManyDifferences(Asked):
    value: Side
    why: Why = ""
    items: list[DifferenceSeen] = Field(min_length=1, max_length=500)


class DifferenceRefused(Answer):
    camera_id: int
    field: str
    reason: str
    code: str


class DifferencesAccepted(Answer):
    accepted: int
    refused: list[DifferenceRefused]


class DifferenceRow(Answer):
    camera_id: int
    camera_name: str
    field: str
    label_zh: str
    label_en: str
    declared: str
    observed: str
    sentence_en: str
    sentence_zh: str


class DifferencePage(Answer):
    total: int
    items: list[DifferenceRow]


class GbDeviceIdWanted(Asked):
    centre: str = Field("", pattern=r"^([0-9]{8})?$", description="empty: the camera's civil code and 00")
    industry: str = Field("", pattern=r"^([0-9]{2})?$", description="empty: as is usual for the tier")
    device_type: str = Field("132", pattern=r"^[0-9]{3}$")
    network: str = Field("", pattern=r"^[0-9]?$", description="empty: as is usual for the tier")
    replace: bool = Field(False, description="also where it has a valid id already")
    why: Why = ""


class GbDeviceIdNow(Answer):
    gb_device_id: str


class CodeRow(Answer):
    table: str
    edition: str
    code: str
    zh: str
    en: str
    in_use: bool
    position: int
    sure: bool = Field(description="false: from general knowledge; check it against the edition")
    shipped: bool = Field(description="false: this office put it in or replaced what came with the program")


class CodeTableList(Answer):
    items: list[CodeRow]


class CodeWanted(Asked):
    zh: str = Field(min_length=1, max_length=100)
    en: str = Field(min_length=1, max_length=100)
    in_use: bool = True
    position: int = Field(1000, ge=0, le=100_000, description="its place among the codes of the table")


class ArchiveGroup(Answer):
    key: str = Field(description="region code, tier, owner's id or class; empty: none")
    name: str
    filter: str = Field(description="for GET cameras: the cameras of this group")
    cameras: int
    complete: int = Field(description="cameras that hold all that their class requires")
    completeness: float | None = Field(description="filled required ÷ required")
    conforming: int
    conformity: float | None
    with_device: int
    consistent: int = Field(description="cameras with a device and without an open difference")
    consistency: float | None
    failed: dict[str, int] = Field(description="by rule, how many cameras break it")


class ArchiveFilters(Answer):
    """The filter of each number, joined to its group's with ` and `: GET cameras with both lists what it counts."""

    complete: str
    incomplete: str = Field(description="cameras - complete")
    conforming: str
    breaking: str = Field(description="cameras - conforming")
    with_device: str
    consistent: str
    differing: str = Field(description="with_device - consistent")
    failed: dict[str, str] = Field(description="by rule")


class ArchiveTargets(Answer):
    """Of the office's assessment; null: shown, not judged."""

    completeness: float | None
    conformity: float | None
    consistency: float | None


class ArchiveFiguresNow(Answer):
    as_of: datetime
    current: bool = Field(description="false: records have changed since as_of and are being judged; it takes seconds")
    filters: ArchiveFilters
    targets: ArchiveTargets
    total: ArchiveGroup
    items: list[ArchiveGroup]
