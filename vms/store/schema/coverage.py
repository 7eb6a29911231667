"""What the town's network is asked to see and does not: rules of demand, gaps as records, rates as they changed."""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from vms.store.schema.columns import BigId, UtcInstant, id_column, metadata

coverage_needs = Table(
    "coverage_needs",
    metadata,
    id_column(),
    Column("at", UtcInstant, nullable=False),
    Column("who", String(80), nullable=False),
    Column("why", Text, nullable=False, default=""),
    Column("document", JSON, nullable=False, comment="vms.coverage.needs; null: the program's own rules again"),
    comment="rules of demand as they were edited; the last one holds",
)

coverage_gaps = Table(
    "coverage_gaps",
    metadata,
    id_column(),
    Column("ground", String(20), nullable=False, comment="vms.coverage.ground.Ground"),
    Column("kind", String(10), nullable=False, comment="road, place"),
    Column("cause", String(20), nullable=False),
    Column("night_only", Boolean, nullable=False, comment="by day it is covered"),
    Column("place_key", String(120), nullable=False, comment="road or place as the map calls it; of an entrance, both"),
    Column("side", Integer, nullable=False, comment="1 left, -1 right, 0 the middle of the road"),
    Column("from_m", Float, nullable=False, comment="along its road"),
    Column("to_m", Float, nullable=False),
    Column("name", Text, nullable=False),
    Column("category", String(80), nullable=False),
    Column("region_code", String(20), nullable=False),
    Column("length_m", Float, nullable=False),
    Column("weighted_m", Float, nullable=False, comment="its worth, as metres of road of weight 1"),
    Column("need_px_per_m", Float, nullable=False),
    Column("need_views", Integer, nullable=False),
    Column("best_px_per_m", Float, nullable=False),
    Column("camera_ids", JSON, nullable=False, comment="whom the cause names"),
    Column("geometry", JSON, nullable=False, comment="GeoJSON, WGS-84"),
    Column("west", Float, nullable=False),
    Column("south", Float, nullable=False),
    Column("east", Float, nullable=False),
    Column("north", Float, nullable=False),
    Column("first_at", UtcInstant, nullable=False, comment="a gap for the first time"),
    Column("since", UtcInstant, nullable=False, comment="uncovered for this cause"),
    Column("uncovered_since", UtcInstant, nullable=False, comment="whatever the cause was before"),
    Column("state", String(10), nullable=False, comment="open, confirmed, noted, planned: what people made of it"),
    Column("state_at", UtcInstant, nullable=False),
    Column("assigned_to", String(80), nullable=False, default=""),
    Column("plan_id", BigId, comment="the plan that is to close it"),
    Column("closed_at", UtcInstant, comment="it is covered, or has another cause; none: it is a gap now"),
    Column("reopened", Integer, nullable=False, default=0, comment="how often it came again"),
    Index("ix_coverage_gaps_place", "place_key", "closed_at"),
    Index("ix_coverage_gaps_worth", "closed_at", "weighted_m"),
    Index("ix_coverage_gaps_region", "region_code", "closed_at"),
    Index("ix_coverage_gaps_plan", "plan_id"),
)

coverage_gap_steps = Table(
    "coverage_gap_steps",
    metadata,
    id_column(),
    Column("gap_id", BigId, ForeignKey("coverage_gaps.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", UtcInstant, nullable=False),
    Column("who", String(80), nullable=False, comment="empty: the program"),
    Column(
        "step", String(20), nullable=False, comment="confirmed, noted, planned, assigned, comment, closed, reopened"
    ),
    Column("text", Text, nullable=False, default=""),
    Column("photograph", String(80), comment="its file's name"),
)

coverage_spells = Table(
    "coverage_spells",
    metadata,
    id_column(),
    Column("from_at", UtcInstant, nullable=False),
    Column("until_at", UtcInstant, nullable=False, comment="coverage was known from then until then"),
    Index("ix_coverage_spells_time", "until_at", "from_at"),
)

coverage_rates = Table(
    "coverage_rates",
    metadata,
    id_column(),
    Column("at", UtcInstant, nullable=False, comment="from then on, until the next of the same figure"),
    Column("region_code", String(20), nullable=False),
    Column("ground", String(20), nullable=False),
    Column("px_per_m", Float, nullable=False, comment="the density that is asked for"),
    Column("by_night", Boolean, nullable=False),
    Column("length_mm", BigId, nullable=False, comment="asked for"),
    Column("covered_mm", BigId, nullable=False),
    Column("places", Integer, nullable=False, comment="asked for"),
    Column("covered_places", Integer, nullable=False),
    Index("ix_coverage_rates_figure", "region_code", "ground", "px_per_m", "by_night", "at"),
    Index("ix_coverage_rates_at", "at"),
    comment="written when a rate changes, and only then",
)
