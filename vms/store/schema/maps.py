"""The maps: every import is a version, its content lies in cells; what the town is are the current versions."""

from sqlalchemy import (
    JSON,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from vms.store.schema.columns import BigId, UtcInstant, id_column, metadata

map_versions = Table(
    "map_versions",
    metadata,
    id_column(),
    Column("source", String(80), nullable=False, comment="its name; of one source one version is current"),
    Column("state", String(12), nullable=False, comment="waiting, reading, current, replaced, removed, failed"),
    Column("kind", String(12), nullable=False, comment="town or candidates"),
    Column("attribution", Text, nullable=False),
    Column("file_name", Text, nullable=False, comment="as people know it"),
    Column("file_sha256", String(64), nullable=False, comment="of the file and how it was read; empty: no file"),
    Column("options", JSON, nullable=False),
    Column("who", Text, nullable=False),
    Column("asked_at", UtcInstant, nullable=False),
    Column("finished_at", UtcInstant),
    Column("runner", String(80), nullable=False, comment="who works on it"),
    Column("lease_until", UtcInstant, comment="so long nobody else does"),
    Column("progress", Float, nullable=False, comment="0 to 1"),
    Column("problem", Text, nullable=False),
    Column("counts", JSON, nullable=False, comment="items by layer; added, changed, removed"),
    Column("boundary", JSON, comment="[[lon, lat], …]"),
    Column("west_e7", Integer, comment="degrees × 1e7"),
    Column("south_e7", Integer),
    Column("east_e7", Integer),
    Column("north_e7", Integer),
    Index("ix_map_versions_state", "state", "source"),
    sqlite_autoincrement=True,  # a newer version always has a higher id
)

map_cells = Table(
    "map_cells",
    metadata,
    Column("version_id", BigId, ForeignKey("map_versions.id"), nullable=False),
    Column("layer", String(10), nullable=False, comment="building, road, railway, place; far_road: for small scales"),
    Column("cell_column", Integer, nullable=False, comment="of the web's Mercator grid, zoom 14; far_road: 10"),
    Column("cell_row", Integer, nullable=False),
    Column("item_count", Integer, nullable=False),
    Column("digest", String(32), nullable=False, comment="of the content before it was packed"),
    Column("west_e7", Integer, nullable=False, comment="around all its items, degrees × 1e7"),
    Column("south_e7", Integer, nullable=False),
    Column("east_e7", Integer, nullable=False),
    Column("north_e7", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="packed arrays, see vms/maps/cell_code.py"),
    PrimaryKeyConstraint("version_id", "layer", "cell_column", "cell_row"),
)

map_candidates = Table(
    "map_candidates",
    metadata,
    Column("source_id", String(40), primary_key=True, comment="of the object on the map"),
    Column("camera_id", BigId, nullable=False, comment="the draft that was made of it"),
    Column("taken_at", UtcInstant, nullable=False),
)
