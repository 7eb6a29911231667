"""Long work on the network that survives a restart: sweeps, and tasks on many devices."""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from vms.store.schema.columns import BigId, UtcInstant, id_column, metadata

sweeps = Table(
    "sweeps",
    metadata,
    id_column(),
    Column("state", String(20), nullable=False, index=True, comment="waiting, running, paused, done, failed, …"),
    Column("scheduled", Boolean, nullable=False, default=False),
    Column("request", JSON, nullable=False, comment="networks, methods, ports, pace"),
    Column("who", String(80), nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("started_at", UtcInstant),
    Column("finished_at", UtcInstant),
    Column("blocks_total", Integer, nullable=False, default=0, comment="a block: a /24, a /120, hosts, multicast"),
    Column("blocks_done", Integer, nullable=False, default=0),
    Column("counts", JSON, nullable=False, default=dict, comment="addresses, packets, heard, identified, new, …"),
    Column("busy_s", Float, nullable=False, default=0.0),
    Column("compared_with", BigId, ForeignKey("sweeps.id"), comment="the sweep of the same networks before"),
    Column("runner", String(80), nullable=False, default="", comment="which process works on it"),
    Column("lease_until", UtcInstant, comment="after that another may go on"),
    Column("problem", Text, nullable=False, default=""),
)

sweep_blocks = Table(
    "sweep_blocks",
    metadata,
    Column("sweep_id", BigId, ForeignKey("sweeps.id", ondelete="CASCADE"), primary_key=True),
    Column("block", String(64), primary_key=True),
    Column("done_at", UtcInstant, nullable=False),
    Column("counts", JSON, nullable=False, default=dict),
)

sweep_findings = Table(
    "sweep_findings",
    metadata,
    Column("sweep_id", BigId, ForeignKey("sweeps.id", ondelete="CASCADE"), primary_key=True),
    Column("address", String(64), primary_key=True),
    Column("port", Integer, primary_key=True),
    Column("device_id", BigId, ForeignKey("devices.id", ondelete="SET NULL"), index=True),
    Column("outcome", String(20), nullable=False, comment="vms.services.record_device.Outcome"),
    Column("heard_by", JSON, nullable=False),
    Column("problems", JSON, nullable=False),
    Column("told", JSON, nullable=False, comment="maker, model, firmware, serial number, channels as told then"),
    Column("at", UtcInstant, nullable=False),
)

sweep_differences = Table(
    "sweep_differences",
    metadata,
    Column("sweep_id", BigId, ForeignKey("sweeps.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, comment="in the order of the list"),
    Column("kind", String(20), nullable=False, comment="vms.inventory.sweep_differences.Kind"),
    Column("device_id", BigId, ForeignKey("devices.id", ondelete="SET NULL")),
    Column("address", String(64), nullable=False, comment="now; of one that is gone: then"),
    Column("port", Integer, nullable=False),
    Column("fields", JSON, nullable=False, comment="[{name, before, now}]"),
    comment="against the sweep that this one is compared with",
)

login_attempts = Table(
    "login_attempts",
    metadata,
    Column("device", String(80), primary_key=True, comment="address:port"),
    Column("login", String(60), primary_key=True, comment="credential id:version"),
    Column("mark", String(20), primary_key=True, comment="vms.inventory.identity.open_evidence: who it was shown to"),
    Column("state", String(10), nullable=False, comment="sent, refused; gone once it is kept with the device"),
    Column("at", UtcInstant, nullable=False),
    comment="written before a login is shown to a device, so that none is shown again after a crash",
)

device_tasks = Table(
    "device_tasks",
    metadata,
    id_column(),
    Column("kind", String(30), nullable=False),
    Column("parameters", JSON, nullable=False, comment="nothing secret"),
    Column("secret", LargeBinary, comment="sealed: a new password"),
    Column("left_out", JSON, nullable=False, default=dict, comment="why cameras of the choice have no step: {why: n}"),
    Column("undo_of", BigId, ForeignKey("device_tasks.id")),
    Column("state", String(20), nullable=False, index=True, comment="waiting, running, paused, done, cancelled"),
    Column("who", String(80), nullable=False),
    Column("why", Text, nullable=False, default=""),
    Column("created_at", UtcInstant, nullable=False),
    Column("started_at", UtcInstant),
    Column("finished_at", UtcInstant),
    Column("runner", String(80), nullable=False, default=""),
    Column("lease_until", UtcInstant),
)

device_task_steps = Table(
    "device_task_steps",
    metadata,
    Column("task_id", BigId, ForeignKey("device_tasks.id", ondelete="CASCADE"), primary_key=True),
    Column("device_id", BigId, ForeignKey("devices.id"), primary_key=True),
    Column("channel", String(100), primary_key=True, comment="empty: the device as a whole"),
    Column("camera_id", BigId, ForeignKey("cameras.id")),
    Column("state", String(20), nullable=False, comment="waiting, sent, done, unchanged, refused, failed, …"),
    Column("before", JSON, comment="read before anything was sent"),
    Column("wanted", JSON, comment="what it shall be; committed before it is sent"),
    Column("after", JSON, comment="read back"),
    Column("marks", JSON, nullable=False, default=list, comment="how far it came: answered, tried_new, tried_old"),
    Column("message", Text, nullable=False, default=""),
    Column("sent_at", UtcInstant, comment="committed before anything is sent"),
    Column("finished_at", UtcInstant),
    Index("ix_device_task_steps_state", "task_id", "state"),
)
