"""What cameras hang on, what failed together, and what was announced: supply nodes, outages, notices, blind spells."""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from vms.store.schema.columns import BigId, UtcInstant, id_column, metadata

supply_nodes = Table(
    "supply_nodes",
    metadata,
    id_column(),
    Column("kind", String(20), nullable=False, comment="switch, power_feeder, pole, nvr, subnet, region, uplink"),
    Column("name", String(200), nullable=False),
    Column("parent_id", BigId, comment="the node that it hangs on itself"),
    Column("source", String(10), nullable=False, comment="typed, or learnt from what fails together"),
    Column("evidence", JSON, nullable=False, default=dict, comment="for a learnt one: how often, how surely"),
    Column("spot", JSON, comment="[lon, lat] in degrees WGS-84, where known"),
    Column("created_at", UtcInstant, nullable=False),
    Column("created_by", String(80), nullable=False),
    Column("confirmed_at", UtcInstant, comment="a person says that a learnt one is right"),
    Column("confirmed_by", String(80)),
    Column("retired_at", UtcInstant),
    UniqueConstraint("kind", "name"),
    comment="poles, recorders, subnets and regions that follow from the archive are not stored",
)

supply_members = Table(
    "supply_members",
    metadata,
    Column("node_id", BigId, ForeignKey("supply_nodes.id", ondelete="CASCADE"), primary_key=True),
    Column("device_id", BigId, ForeignKey("devices.id", ondelete="CASCADE"), primary_key=True),
    Column("source", String(10), nullable=False, comment="typed or learnt"),
    Column("since", UtcInstant, nullable=False),
    Index("ix_supply_members_device", "device_id"),
)

outages = Table(
    "outages",
    metadata,
    id_column(),
    Column("kind", String(20), nullable=False, comment="the cause's: a kind of supply node, or `weather`, `lighting`"),
    Column("cause", String(200), nullable=False, comment="key of the cause: a node's id, a pole's code, a network"),
    Column("name", Text, nullable=False, comment="the cause as people call it"),
    Column("source", String(10), nullable=False, comment="typed, learnt, or derived from the archive"),
    Column("because", Text, nullable=False, comment="the evidence in words: 25 of 25 within 40 s"),
    Column("cameras", Integer, nullable=False, comment="how many fell with it at most"),
    Column("opened_at", UtcInstant, nullable=False, comment="when the first of them fell"),
    Column("found_at", UtcInstant, nullable=False),
    Column("closed_at", UtcInstant),
    Column("whole", Boolean, nullable=False, default=True, comment="false: a part below the cause that nobody knows"),
    Column("fell_from", UtcInstant, nullable=False, comment="when its members fell last: then, or when it came again"),
    Column("spread_s", Float, nullable=False, default=0.0, comment="within so long they fell"),
    Column("part_of", BigId, comment="the wider outage that it turned out to belong to"),
    Column("verdict", String(10), comment="a person's word on the grouping: right, wrong"),
    Column("verdict_at", UtcInstant),
    Column("verdict_by", String(80)),
    Column("note", Text, nullable=False, default="", comment="of who judged it"),
    Index("ix_outages_cause", "kind", "cause"),
    Index("ix_outages_open", "closed_at", "opened_at"),
)

outage_cameras = Table(
    "outage_cameras",
    metadata,
    Column("outage_id", BigId, ForeignKey("outages.id", ondelete="CASCADE"), primary_key=True),
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), primary_key=True),
    Column("from_at", UtcInstant, nullable=False),
    Column("until_at", UtcInstant, comment="when it came back, or was found to be ill on its own"),
    Index("ix_outage_cameras_camera", "camera_id"),
)

notices = Table(
    "notices",
    metadata,
    id_column(),
    Column("kind", String(20), nullable=False, comment="maintenance, power_cut, road_works, disaster, other"),
    Column("reason", Text, nullable=False),
    Column("scope", JSON, nullable=False, comment="{kind: camera|device|pole|node|region|owner|network, values: []}"),
    Column("start_at", UtcInstant, nullable=False),
    Column("end_at", UtcInstant, nullable=False),
    Column("asked_at", UtcInstant, nullable=False),
    Column("asked_by", String(80), nullable=False),
    Column("state", String(10), nullable=False, comment="asked, approved, refused, withdrawn"),
    Column("decided_at", UtcInstant),
    Column("decided_by", String(80)),
    Column("note", Text, nullable=False, default="", comment="of who decided"),
    Column("cameras", Integer, nullable=False, default=0, comment="how many it covers, as decided"),
    Index("ix_notices_time", "end_at", "start_at"),
    comment="approved ones (报备) are excluded from the assessment and open no orders",
)

notice_cameras = Table(
    "notice_cameras",
    metadata,
    Column("notice_id", BigId, ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True),
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_notice_cameras_camera", "camera_id"),
    comment="whom an approved notice covers, as it was when it was approved: figures do not move afterwards",
)

blind_spells = Table(
    "blind_spells",
    metadata,
    id_column(),
    Column("session_id", BigId, ForeignKey("watch_sessions.id"), nullable=False),
    Column("ground", String(80), nullable=False, comment="the interface or network that went silent as a whole"),
    Column("from_at", UtcInstant, nullable=False),
    Column("until_at", UtcInstant),
    Column("because", Text, nullable=False),
    Column("whole", Boolean, nullable=False, comment="true: everything; false: the devices behind `ground`"),
    Index("ix_blind_spells_time", "until_at", "from_at"),
    comment="our own side was cut off: nobody is blamed, time counts as not watched",
)

blind_cameras = Table(
    "blind_cameras",
    metadata,
    Column("spell_id", BigId, ForeignKey("blind_spells.id", ondelete="CASCADE"), primary_key=True),
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_blind_cameras_camera", "camera_id"),
    comment="whom a spell that is not whole covers",
)

device_costs = Table(
    "device_costs",
    metadata,
    Column("device_id", BigId, ForeignKey("devices.id", ondelete="CASCADE"), primary_key=True),
    Column("day", String(10), primary_key=True, comment="UTC"),
    Column("requests", Integer, nullable=False),
    Column("bytes_in", BigId, nullable=False),
    Column("busy_ms", BigId, nullable=False, comment="how long it was kept answering"),
    Column("sign_ins", Integer, nullable=False),
    Column("refused", Integer, nullable=False, comment="refused logins"),
    Column("most_at_once", Integer, nullable=False, comment="connections open together at most"),
    Column("for_incident", Integer, nullable=False, default=0, server_default="0", comment="of the requests"),
    Column("for_wall", Integer, nullable=False, default=0, server_default="0", comment="of the requests"),
    Column("for_diagnosis", Integer, nullable=False, default=0, server_default="0", comment="of the requests"),
    comment="what our looking costs each device",
)
