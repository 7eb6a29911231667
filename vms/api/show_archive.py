"""Records, their fields and their history as models: words beside codes, personal data and addresses masked."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from vms.access.sight import Reads
from vms.api.models.archive import (
    ChangeRow,
    CodeLabel,
    CompletenessNow,
    FailedRule,
    FieldAbout,
    RecordField,
    RecordNow,
    StepNow,
    Value,
)
from vms.inventory.archive.codes import CodeTables
from vms.inventory.archive.conformity import Failed
from vms.inventory.archive.facts import OBSERVED_AS, Facts
from vms.inventory.archive.fields import FIELDS, ArchiveField, Kind, field_of_column, required_for
from vms.inventory.archive.judgement import Judgement
from vms.inventory.archive.rules import DISCREET
from vms.inventory.camera import LifeCycle
from vms.inventory.life_cycle import Step
from vms.store.camera_changes import KeptChange

_OTHER_COLUMNS = {
    "life_cycle": ("状态", "life-cycle"),
    "device_id": ("设备", "device"),
    "pose_check": ("视野核验", "check of the view"),
    "channel": ("设备通道", "channel of its device"),
    "entered_x": ("录入经度", "longitude as entered"),
    "entered_y": ("录入纬度", "latitude as entered"),
    "observed_name": ("设备画面名称", "name told by the device"),
    "observed_lon": ("设备报告经度", "longitude told by the device"),
    "observed_lat": ("设备报告纬度", "latitude told by the device"),
    "observed_bearing_deg": ("设备报告方位", "bearing told by the device"),
    "observed_elevation_m": ("设备报告海拔", "elevation told by the device"),
    "ptz": ("云台", "pan and tilt"),
    "preset_view": ("预置位朝向", "view of a preset"),
    "sensors": ("多镜头", "sensors"),
    "snapshot_uri": ("抓图地址", "still address"),
}
_ADDRESS_COLUMNS = frozenset({field.column for field in FIELDS if field.network} | {"snapshot_uri"})
_WHOSE_COLUMNS = frozenset({"owner_id", "serial_no"})
_PERSONAL_COLUMNS = frozenset(field.column for field in FIELDS if field.personal)


def show_field(field: ArchiveField) -> FieldAbout:
    return FieldAbout(
        name=field.name,
        kind=field.kind,
        group=field.group,
        label_zh=field.zh,
        label_en=field.en,
        unit=field.unit,
        table=field.table,
        required_for=sorted(field.required),
        least=field.least,
        most=field.most,
        longest=field.longest if field.kind in (Kind.TEXT, Kind.CODE) and not _is_number(field) else None,
        must=field.must,
    )


def _is_number(field: ArchiveField) -> bool:
    return field.kind is Kind.CODE and field.numeric


def masked(text: str) -> str:
    """138****5678 → enough to recognise, not to call."""
    return "" if not text else "***" if len(text) < 8 else f"{text[:3]}****{text[-2:]}"


def show_record(
    row: Mapping[str, Any],
    facts: Facts,
    found: Judgement,
    *,
    owner: str,
    codes: CodeTables,
    last: Mapping[str, KeptChange],
    revision: int,
    steps: Sequence[Step],
    reads: Reads,
) -> RecordNow:
    """`row`: the camera's columns; `last`: by column its latest change."""
    filled = found.completeness
    return RecordNow(
        camera_id=facts.id,
        life_cycle=LifeCycle(facts.life_cycle),
        revision=revision,
        point_class=filled.point_class,
        entered_lon=facts.entered_x,
        entered_lat=facts.entered_y,
        completeness=CompletenessNow(
            share=filled.share, filled=filled.filled, required=filled.required, missing=list(filled.missing)
        ),
        failed=[_failed(one, reads) for one in found.failed],
        next_steps=[StepNow(to=step.after, send_back=step.reverts, needs_reason=step.needs_reason) for step in steps],
        fields=[_record_field(field, row, facts, found, owner, codes, last, reads) for field in FIELDS],
    )


def _failed(one: Failed, reads: Reads) -> FailedRule:
    en, zh = (one.en, one.zh)
    if one.field in _ADDRESS_COLUMNS and not reads.addresses:
        en, zh = DISCREET.get(one.code, (en, zh))
    return FailedRule(code=one.code, field=one.field, sentence_en=en, sentence_zh=zh)


def _record_field(
    field: ArchiveField,
    row: Mapping[str, Any],
    facts: Facts,
    found: Judgement,
    owner: str,
    codes: CodeTables,
    last: Mapping[str, KeptChange],
    reads: Reads,
) -> RecordField:
    declared = _plain(owner if field.name == "owner" else row[field.column])
    observed = _plain(_observed(field, facts))
    change = last.get(field.column)
    required = field in required_for(found.completeness.point_class)
    said = _is_said(declared)
    shown, hidden = _hide(field, declared, reads)
    return RecordField(
        about=show_field(field),
        value=shown,
        labels=labels_of(field, declared, codes),
        observed=None if _is_hidden(field.column, reads) else observed,
        required=required,
        filled=field.name not in found.completeness.missing if required else said or _is_said(observed),
        masked=hidden,
        source="declared" if said else "observed" if _is_said(observed) else "",
        changed_by=change.author.who if change else "",
        changed_at=change.at if change else None,
    )


def _observed(field: ArchiveField, facts: Facts) -> object:
    column = OBSERVED_AS.get(field.name)
    value = getattr(facts, column) if column else None
    if field.name == "mac":
        return ", ".join(value or ()) or None
    return value


def _hide(field: ArchiveField, value: Value, reads: Reads) -> tuple[Value, bool]:
    if not _is_said(value):
        return value, False
    if field.personal and not reads.contacts:
        return masked(str(value)), True
    return (None, True) if _is_hidden(field.column, reads) else (value, False)


def labels_of(field: ArchiveField, value: Value, codes: CodeTables) -> list[CodeLabel]:
    if not field.table or not _is_said(value):
        return []
    several = value if isinstance(value, list) else [value]
    return [_label(field.table, code, codes) for code in several]


def _label(table: str, code: object, codes: CodeTables) -> CodeLabel:
    entry = codes.find(table, code)
    if entry is None:
        return CodeLabel(code=str(code), zh=str(code), en=str(code), known=False)
    return CodeLabel(code=entry.code, zh=entry.zh, en=entry.en, known=entry.in_use)


def show_change(
    kept: KeptChange, *, codes: CodeTables, owners: Mapping[int, str], reads: Reads, restores: bool
) -> ChangeRow:
    """`owners`: names by id; `restores`: this person may put a value back."""
    column = kept.change.field
    field = field_of_column(column) if column not in _OTHER_COLUMNS else None
    zh, en = (field.zh, field.en) if field else _OTHER_COLUMNS.get(column, (column, column))
    before, after = (_history_value(column, value, owners, reads) for value in (kept.change.before, kept.change.after))
    return ChangeRow(
        id=kept.change_id,
        at=kept.at,
        who=kept.author.who,
        why=kept.author.why,
        edit_id=kept.author.edit_id,
        field=field.name if field else column,
        label_zh=zh,
        label_en=en,
        before=before,
        after=after,
        before_labels=_history_labels(field, column, kept.change.before, codes),
        after_labels=_history_labels(field, column, kept.change.after, codes),
        restorable=restores and field_of_column(column) is not None and not _is_hidden(column, reads),
    )


def _history_value(column: str, value: Any, owners: Mapping[int, str], reads: Reads) -> Value:
    if _is_hidden(column, reads):
        return None
    if column == "owner_id" and isinstance(value, int):
        return owners.get(value, f"#{value}")
    if not _is_said(value):
        return _plain(value)
    if column in _PERSONAL_COLUMNS and not reads.contacts:
        return masked(str(value))
    return _plain(value)


def _history_labels(field: ArchiveField | None, column: str, value: Any, codes: CodeTables) -> list[CodeLabel]:
    if column == "life_cycle":
        return [_label("life_cycle", value, codes)] if value else []
    return [] if field is None else labels_of(field, _plain(value), codes)


def _is_hidden(column: str, reads: Reads) -> bool:
    hidden = column in _ADDRESS_COLUMNS and not reads.addresses
    return hidden or (column in _WHOSE_COLUMNS and not reads.whose)


def _is_said(value: object) -> bool:
    return bool(value) or value == 0


def _plain(value: Any) -> Value:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    plain: Value = value
    return plain
