"""Edits as models."""

from vms.api.models.edits import (
    BeforeValueNow,
    EditFieldSummary,
    EditLeft,
    EditNow,
    EditPreview,
    EditPreviewRow,
    EditRefusal,
)
from vms.services.edits.preview_edit import FieldSummary, Preview, PreviewRow
from vms.store.edits import Edit


def show_preview(preview: Preview) -> EditPreview:
    return EditPreview(
        cameras=preview.cameras,
        will_change=preview.will_change,
        unchanged=preview.unchanged,
        refused=preview.refused,
        fields=[_field(one) for one in preview.fields],
        rows=[show_row(row) for row in preview.rows],
        refusals=[
            EditRefusal(camera_id=one.camera_id, name=one.name, reason=one.reason, code=one.code)
            for one in preview.refusals
        ],
        token=preview.token,
    )


def show_row(row: PreviewRow) -> EditPreviewRow:
    return EditPreviewRow(camera_id=row.camera_id, name=row.name, before=dict(row.before), after=dict(row.after))


def _field(summary: FieldSummary) -> EditFieldSummary:
    return EditFieldSummary(
        field=summary.field,
        changes=summary.changes,
        before=[BeforeValueNow(value=one.value, cameras=one.cameras) for one in summary.before],
        other_values=summary.other_values,
    )


def show_edit(edit: Edit) -> EditNow:
    result = edit.result
    return EditNow(
        id=edit.edit_id,
        at=edit.at,
        who=edit.who,
        why=edit.why,
        changes=dict(edit.changes),
        state=edit.state.value,
        cameras=edit.cameras,
        position=edit.position,
        changed=result.get("changed", 0),
        refused=result.get("refused", 0),
        refusals=[EditRefusal(**one) for one in result.get("refusals", [])],
        restored=result.get("restored", 0),
        left=result.get("left", 0),
        left_fields=[EditLeft(**one) for one in result.get("left_fields", [])],
        undone_at=edit.undone_at,
        undone_by=edit.undone_by,
    )
