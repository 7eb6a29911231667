"""The archive's memory: every change of a record, photographs, lists that were taken in, mappings, edits, views."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from vms.store.schema.columns import BigId, UtcInstant, id_column, metadata

camera_changes = Table(
    "camera_changes",
    metadata,
    id_column(),
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("who", String(80), nullable=False, comment="a person, or the program's part that did it"),
    Column("field", String(40), nullable=False),
    Column("before", JSON),
    Column("after", JSON),
    Column("why", Text, nullable=False, default=""),
    Column("edit_id", BigId, ForeignKey("edits.id"), index=True, comment="the edit of many cameras that it belongs to"),
    Index("ix_camera_changes_camera", "camera_id", "id"),
)

edits = Table(
    "edits",
    metadata,
    id_column(),
    Column("at", UtcInstant, nullable=False),
    Column("who", String(80), nullable=False),
    Column("why", Text, nullable=False, default=""),
    Column("fields", JSON, nullable=False, comment="{field: the new value}"),
    Column("cameras", Integer, nullable=False),
    Column("state", String(10), nullable=False, comment="running, done, undoing, undone"),
    Column("camera_ids", JSON, nullable=False, comment="in the order in which they are done"),
    Column("position", Integer, nullable=False, default=0, comment="so many of them are done, or undone"),
    Column("result", JSON, nullable=False, default=dict, comment="counts; what was refused or left, and why"),
    Column("undone_at", UtcInstant),
    Column("undone_by", String(80)),
)

photographs = Table(
    "photographs",
    metadata,
    id_column(),
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(10), nullable=False, comment="near, far, picture, box"),
    Column("added_at", UtcInstant, nullable=False),
    Column("added_by", String(80), nullable=False),
    Column("file", String(80), nullable=False, comment="below the data folder's photographs"),
    Column("sha256", String(64), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("removed_at", UtcInstant),
    Column("removed_by", String(80)),
)

accepted_differences = Table(
    "accepted_differences",
    metadata,
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), primary_key=True),
    Column("field", String(40), primary_key=True),
    Column("declared", Text, nullable=False),
    Column("observed", Text, nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("who", String(80), nullable=False),
    Column("why", Text, nullable=False, default=""),
    comment="differences that a person looked at and let stand; shown again when either side changes",
)

judgements = Table(
    "judgements",
    metadata,
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("point_class", Integer, nullable=False, comment="declared, else as is usual for its tier"),
    Column("filled", Integer, nullable=False),
    Column("required", Integer, nullable=False),
    Column("completeness_pct", Float, nullable=False, comment="100 exactly where nothing is missing"),
    Column("broken", Text, nullable=False, comment=",id_unique,filing, without what hangs on the watch; empty: none"),
    Column("differing", Text, nullable=False, comment=",model,address, where declared and observed differ"),
    Column("gb_device_id", String(20), nullable=False, comment="this and the next three: as they were judged"),
    Column("lon", Float),
    Column("lat", Float),
    Column("pole_code", String(40), nullable=False),
    Index("ix_judgements_by_completeness", "completeness_pct", "camera_id"),
    comment="what lists and figures say of a record; made after it was written: services/archive/keep_judged.py",
)

judging = Table(
    "judging",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False, comment="1: there is one row"),
    Column("event_id", BigId, nullable=False, comment="news up to this one are in the judgements"),
    Column("standing", String(64), nullable=False, comment="of what every judgement hangs on; empty: none was made"),
    Column("day", Date, comment="filings fall due by the day"),
    Column("judged_at", UtcInstant),
    Column("runner", String(80), nullable=False, default="", comment="who judges every record now; empty: nobody"),
    Column("lease_until", UtcInstant),
)

code_entries = Table(
    "code_entries",
    metadata,
    Column("table_name", String(40), primary_key=True),
    Column("edition", String(40), primary_key=True, comment="the standard and year, or the province, that defines it"),
    Column("code", String(20), primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("in_use", Boolean, nullable=False, default=True),
    Column("position", Integer, nullable=False, default=0),
)

column_mappings = Table(
    "column_mappings",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("content", JSON, nullable=False, comment="headings to columns, values to values, what stands for all rows"),
    Column("changed_at", UtcInstant, nullable=False),
    Column("changed_by", String(80), nullable=False),
)

imports = Table(
    "imports",
    metadata,
    id_column(),
    Column("file_name", Text, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("mapping", String(80), nullable=False, default="", comment="its name; empty: none"),
    Column("conditions", String(64), nullable=False, comment="SHA-256 of what else decides what the rows become"),
    Column("request", JSON, nullable=False, comment="the mapping's content, sheet, format: enough to go on with it"),
    Column("dry_run", Boolean, nullable=False, default=False),
    Column("who", String(80), nullable=False),
    Column("started_at", UtcInstant, nullable=False),
    Column("alive_at", UtcInstant, nullable=False, comment="its last step; an old one: nobody works on it"),
    Column("finished_at", UtcInstant),
    Column("last_row", Integer, nullable=False, default=0, comment="every row up to it is stored or rejected"),
    Column("result", JSON, nullable=False, default=dict, comment="rows, created, updated, unchanged, rejected_rows"),
    Column("problem", Text, nullable=False, default="", comment="why it ended before its end"),
)

import_errors = Table(
    "import_errors",
    metadata,
    id_column(),
    Column("import_id", BigId, ForeignKey("imports.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("row", Integer, nullable=False),
    Column("field", String(80), nullable=False),
    Column("value", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

views = Table(
    "views",
    metadata,
    id_column(),
    Column("user_id", BigId, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(80), nullable=False),
    Column("shared", Boolean, nullable=False, default=False),
    Column("content", JSON, nullable=False, comment="filter, columns, sort, group"),
    Column("changed_at", UtcInstant, nullable=False),
    UniqueConstraint("user_id", "name"),
)
