"""Who repairs what until when: maintainers, service levels, calendars, work orders, what was told to whom."""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from vms.store.schema.columns import BigId, UtcInstant, id_column, metadata

maintainers = Table(
    "maintainers",
    metadata,
    id_column(),
    Column("name", String(200), nullable=False, unique=True),
    Column("contact", Text, nullable=False, default="", comment="personal data: masked in lists"),
    Column("contract", String(80), nullable=False, default="", comment="number of the contract"),
    Column("calendar_id", BigId, comment="its working hours; none: day and night"),
    Column("created_at", UtcInstant, nullable=False),
    Column("retired_at", UtcInstant),
)

assignment_rules = Table(
    "assignment_rules",
    metadata,
    id_column(),
    Column("position", Integer, nullable=False, comment="the first rule that fits decides"),
    Column("region_code", String(20), nullable=False, default="", comment="and everything below it; empty: any"),
    Column("tier", String(20), nullable=False, default=""),
    Column("point_class", Integer),
    Column("owner_id", BigId),
    Column("layer", String(20), nullable=False, default="", comment="a fault's layer; empty: any"),
    Column("maintainer_id", BigId, ForeignKey("maintainers.id"), nullable=False),
    Column("crew", String(80), nullable=False, default="", comment="the user who gets it; empty: its office"),
)

calendars = Table(
    "calendars",
    metadata,
    id_column(),
    Column("name", String(80), nullable=False, unique=True),
    Column("time_zone", String(40), nullable=False),
    Column("week", JSON, nullable=False, comment="seven lists of [from, until] in minutes of the day, Monday first"),
    Column("days", JSON, nullable=False, comment="{2026-10-01: list as above}: holidays, and working days made up for"),
)

service_levels = Table(
    "service_levels",
    metadata,
    id_column(),
    Column("position", Integer, nullable=False, comment="the first that fits decides"),
    Column("name", String(80), nullable=False, unique=True),
    Column("fits", JSON, nullable=False, comment="{point_classes, tiers, regions, severities, maintainers}"),
    Column("respond_s", Integer, nullable=False, comment="until on site, seconds of the calendar"),
    Column("repair_s", Integer, nullable=False),
    Column("many_from", Integer, comment="with at least so many cameras down, `many_repair_s` holds"),
    Column("many_repair_s", Integer),
    Column("calendar_id", BigId, comment="none: day and night"),
)

work_orders = Table(
    "work_orders",
    metadata,
    id_column(),
    Column("number", String(20), nullable=False, unique=True, comment="20261122-0001: the local day and a count"),
    Column("state", String(20), nullable=False, index=True, comment="vms.maintenance.order.OrderState"),
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), index=True),
    Column("outage_id", BigId, ForeignKey("outages.id", ondelete="CASCADE"), index=True),
    Column("layer", String(20), nullable=False, comment="of the worst fault"),
    Column("kinds", JSON, nullable=False, comment="the kinds of fault, the worst first"),
    Column("severity", String(10), nullable=False),
    Column("cause", Text, nullable=False, comment="in words, for the crew"),
    Column("cameras", Integer, nullable=False, default=1),
    Column("region_code", String(20), nullable=False, default=""),
    Column("tier", String(20), nullable=False),
    Column("owner_id", BigId),
    Column("maintainer_id", BigId, ForeignKey("maintainers.id")),
    Column("crew", String(80), nullable=False, default="", comment="the user in charge"),
    Column("level_id", BigId, comment="the service level that it was opened under"),
    Column("detected_at", UtcInstant, nullable=False, comment="when the fault was opened: the clock starts here"),
    Column("respond_by", UtcInstant),
    Column("repair_by", UtcInstant),
    Column("assigned_at", UtcInstant),
    Column("accepted_at", UtcInstant),
    Column("on_site_at", UtcInstant),
    Column("repaired_at", UtcInstant),
    Column("verified_at", UtcInstant),
    Column("closed_at", UtcInstant),
    Column("suspended_at", UtcInstant, comment="none: the clock runs"),
    Column("suspended_until", UtcInstant, comment="then it goes on by itself"),
    Column("suspended_s", Float, nullable=False, default=0.0, comment="what the clock has stood still so far"),
    Column("respond_left_s", Float, comment="of its deadlines when it was suspended, by the calendar of then"),
    Column("repair_left_s", Float),
    Column("healed_at", UtcInstant, comment="its faults are gone since; it is verified when they stay away"),
    Column("outcome", String(12), comment="how it ended: repaired, healed, joined, withdrawn, false_alarm; none: open"),
    Column("late", String(8), nullable=False, default="", comment="which deadline was told as missed: respond, repair"),
    Column("reopened", Integer, nullable=False, default=0),
    Column("repeat_of", BigId, comment="the order after whose repair the fault came back"),
    Column("loss", Float, comment="what the fault costs in coverage; none: not known"),
    Column("changed_at", UtcInstant, nullable=False),
    Column("version", Integer, nullable=False, default=1, comment="counts up; who writes says which one he read"),
    Index("ix_work_orders_maintainer", "maintainer_id", "state"),
    Index("ix_work_orders_detected", "detected_at"),
    Index("ix_work_orders_repair_by", "repair_by"),
)

work_order_faults = Table(
    "work_order_faults",
    metadata,
    Column("order_id", BigId, ForeignKey("work_orders.id", ondelete="CASCADE"), primary_key=True),
    Column("fault_id", BigId, ForeignKey("faults.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_work_order_faults_fault", "fault_id", unique=True),  # a fault is ordered once, whoever is killed when
)

work_order_steps = Table(
    "work_order_steps",
    metadata,
    id_column(),
    Column("order_id", BigId, ForeignKey("work_orders.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", UtcInstant, nullable=False, comment="when it was done, also where it was sent later"),
    Column("told_at", UtcInstant, nullable=False),
    Column("who", String(80), nullable=False),
    Column("action", String(20), nullable=False),
    Column("from_state", String(20), nullable=False),
    Column("to_state", String(20), nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("content", JSON, nullable=False, default=dict, comment="parts, the new maintainer, the reason's code"),
    Column("token", String(64), unique=True, comment="made by the phone: what is sent twice is done once"),
)

work_order_photographs = Table(
    "work_order_photographs",
    metadata,
    id_column(),
    Column("order_id", BigId, ForeignKey("work_orders.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("moment", String(10), nullable=False, comment="before, after"),
    Column("added_at", UtcInstant, nullable=False),
    Column("added_by", String(80), nullable=False),
    Column("file", String(80), nullable=False, comment="below the data folder's photographs"),
    Column("sha256", String(64), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("token", String(64), unique=True),
)

dispatch = Table(
    "dispatch",
    metadata,
    Column("name", String(20), primary_key=True, comment="who reads the news: outages, orders, notifications"),
    Column("event_id", BigId, nullable=False, comment="the news up to here are worked in, in the same transaction"),
    Column("at", UtcInstant, nullable=False),
)

alert_channels = Table(
    "alert_channels",
    metadata,
    id_column(),
    Column("name", String(80), nullable=False, unique=True),
    Column("kind", String(10), nullable=False, comment="webhook, mail"),
    Column("target", Text, nullable=False, comment="address of the webhook, or of people"),
    Column("secret", LargeBinary, comment="sealed: what signs a webhook"),
    Column("wants", JSON, nullable=False, comment="{moments, severities, regions, maintainers}; empty: all"),
    Column("batch_s", Integer, nullable=False, comment="so long is collected before one message goes out"),
    Column("most_per_hour", Integer, nullable=False),
    Column("quiet", JSON, nullable=False, comment="[[from, until] in minutes of the local day]; critical goes through"),
    Column("time_zone", String(40), nullable=False),
    Column("enabled", Boolean, nullable=False, default=True),
)

alerts = Table(
    "alerts",
    metadata,
    id_column(),
    Column("channel_id", BigId, ForeignKey("alert_channels.id", ondelete="CASCADE"), nullable=False),
    Column("state", String(10), nullable=False, comment="collecting, sending, sent, given_up"),
    Column("items", JSON, nullable=False, comment="what it tells"),
    Column("opened_at", UtcInstant, nullable=False),
    Column("due_at", UtcInstant, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("sent_at", UtcInstant),
    Column("answer", Text, nullable=False, default=""),
    Index("ix_alerts_due", "state", "due_at"),
)
