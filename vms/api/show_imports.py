"""Lists and mappings between the models of /api/v1 and the domain."""

from datetime import datetime

from vms.api.models.exports import ExportSummary, NotInCatalogueRow
from vms.api.models.imports import ImportRow, MappingRow, PreviewedRow, PreviewNow, RejectedRow
from vms.inventory.lists.camera_entry import RowError
from vms.inventory.lists.column_mapping import ColumnMapping, mapping_as_json
from vms.services.export_cameras import Exported
from vms.services.preview_list import ListPreview
from vms.store.imports import StoredImport

MOST_NAMED = 10_000
_FIGURES = ("rows", "created", "updated", "unchanged", "rejected_rows")


def show_import(found: StoredImport, now: datetime) -> ImportRow:
    return ImportRow(
        id=found.import_id,
        file_name=found.what.file_name,
        mapping=found.what.mapping,
        dry_run=found.what.dry_run,
        who=found.what.who,
        state=found.state(now),
        started_at=found.started_at,
        finished_at=found.finished_at,
        last_row=found.last_row,
        problem=found.problem,
        **{name: found.result.get(name, 0) for name in _FIGURES},
    )


def show_rejected(error: RowError) -> RejectedRow:
    return RejectedRow(row=error.row, field=error.field, value=error.value, reason=error.reason)


def show_mapping(
    name: str, mapping: ColumnMapping, changed_at: datetime | None = None, changed_by: str = ""
) -> MappingRow:
    return MappingRow(name=name, changed_at=changed_at, changed_by=changed_by, **mapping_as_json(mapping))


def show_preview(found: ListPreview) -> PreviewNow:
    return PreviewNow(
        format=found.file_format,
        sheet=found.sheet,
        heading_row=found.heading.row,
        headings=list(found.heading.cells),
        proposal=show_mapping("", found.proposal),
        rows=[
            PreviewedRow(
                row=row.row,
                as_written=dict(row.as_written),
                columns=dict(row.columns),
                errors=[show_rejected(error) for error in row.errors],
            )
            for row in found.rows
        ],
        problem=found.problem,
    )


def show_export(found: Exported) -> ExportSummary:
    return ExportSummary(
        cameras=found.written,
        registered=found.left_out,
        retired=found.retired,
        not_entered=found.not_entered,
        not_in_catalogue=len(found.not_in_catalogue),
        named=[
            NotInCatalogueRow(camera_id=one.camera_id, name=one.name, gb_device_id=one.gb_device_id, reason=one.reason)
            for one in found.not_in_catalogue[:MOST_NAMED]
        ],
    )
