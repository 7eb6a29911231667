"""The append-only events, the maps, the settings."""

from sqlalchemy import JSON, Column, LargeBinary, String, Table, Text

from vms.store.schema.columns import BigId, UtcInstant, id_column, metadata

events = Table(
    "events",
    metadata,
    id_column(),
    Column("at", UtcInstant, nullable=False),
    Column("kind", String(40), nullable=False, comment="camera.added, camera.changed, camera.flip, incident.opened, …"),
    Column("subject", BigId, comment="the id of the camera, incident, registration, …"),
    Column("content", JSON, nullable=False, default=dict),
    sqlite_autoincrement=True,  # an id is never given twice, also when old events are deleted
)

maps = Table(
    "maps",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    Column("attribution", Text, nullable=False, default=""),
    Column("imported_at", UtcInstant, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="the town as gzipped GeoJSON"),
    sqlite_autoincrement=True,  # a newer map always has a higher id
)

settings = Table(
    "settings",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("value", JSON, nullable=False),
)
