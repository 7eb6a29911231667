"""Plans for new cameras: what was asked, how far the work is, what came out; areas that nobody may see into."""

from sqlalchemy import JSON, Column, Float, ForeignKey, Integer, String, Table, Text

from vms.store.schema.columns import BigId, UtcInstant, id_column, metadata

plans = Table(
    "plans",
    metadata,
    id_column(),
    Column("name", String(120), nullable=False),
    Column("state", String(10), nullable=False, index=True, comment="waiting, running, done, failed, cancelled"),
    Column("request", JSON, nullable=False, comment="area (GeoJSON), budget, types, costs, options"),
    Column("who", String(80), nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("started_at", UtcInstant),
    Column("finished_at", UtcInstant),
    Column("stage", String(20), nullable=False, default="", comment="views, turns, sites, choice, proof"),
    Column("result", JSON, comment="shares, bound, turns, moves, onlookers; none: not done"),
    Column("problem", Text, nullable=False, default=""),
    Column("runner", String(80), nullable=False, default="", comment="which process works on it"),
    Column("lease_until", UtcInstant, comment="after that another may begin anew"),
    Column("tries", Integer, nullable=False, default=0, server_default="0", comment="how often it was begun"),
    Column("applied_at", UtcInstant, comment="when it was turned into draft records"),
    Column("applied_by", String(80), nullable=False, default=""),
    sqlite_autoincrement=True,  # a plan's number is never given twice, also when old plans are thrown away
)

plan_cameras = Table(
    "plan_cameras",
    metadata,
    Column("plan_id", BigId, ForeignKey("plans.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, comment="in the order to build"),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("bearing_deg", Float, nullable=False),
    Column("cost", Float, nullable=False),
    Column("gain", Float, nullable=False, comment="metres of road, weighted"),
    Column("about", JSON, nullable=False, comment="site, kind, label, type, shares, what it covers, which gaps"),
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="SET NULL"), index=True, comment="its draft record"),
)

private_areas = Table(
    "private_areas",
    metadata,
    id_column(),
    Column("name", String(120), nullable=False),
    Column("reason", Text, nullable=False),
    Column("shape", JSON, nullable=False, comment="GeoJSON Polygon, WGS-84"),
    Column("west", Float, nullable=False, index=True),
    Column("south", Float, nullable=False),
    Column("east", Float, nullable=False),
    Column("north", Float, nullable=False),
    Column("added_by", String(80), nullable=False),
    Column("added_at", UtcInstant, nullable=False),
    comment="windows and yards: no planned camera may look in",
)
