"""What is known of each camera's picture, recording and caption: baselines, references, verdicts, days of footage."""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from vms.store.schema.columns import BigId, UtcInstant, id_column, metadata

picture_baselines = Table(
    "picture_baselines",
    metadata,
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), primary_key=True),
    Column("preset", String(64), primary_key=True, comment="PTZ preset; empty: a fixed camera, or its home"),
    Column("light", String(10), primary_key=True, comment="day, night"),
    Column("pictures", Integer, nullable=False, comment="learnt from so many"),
    Column("content", JSON, nullable=False, comment="vms.health.picture.Baseline"),
    Column("updated_at", UtcInstant, nullable=False),
    Column("days", Integer, nullable=False, default=0, server_default="0", comment="different days it learnt from"),
    Column("day_parts", Integer, nullable=False, default=0, server_default="0", comment="a bit for each quarter"),
    Column("last_day", String(10), nullable=False, default="", server_default="", comment="of UTC"),
    Column("doubts", Integer, nullable=False, default=0, server_default="0", comment="how many speak against it"),
    Index("ix_picture_baselines_doubts", "doubts", "camera_id", "preset", "light"),
)

caption_regions = Table(
    "caption_regions",
    metadata,
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), primary_key=True),
    Column("left_share", Float, nullable=False, comment="of the picture's width, from the upper left corner"),
    Column("top_share", Float, nullable=False),
    Column("width_share", Float, nullable=False),
    Column("height_share", Float, nullable=False),
    Column("set_by", String(80), nullable=False),
    Column("set_at", UtcInstant, nullable=False),
)

reference_pictures = Table(
    "reference_pictures",
    metadata,
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), primary_key=True),
    Column("preset", String(64), primary_key=True),
    Column("light", String(10), primary_key=True),
    Column("at", UtcInstant, nullable=False),
    Column("file", Text, nullable=False, comment="below the data folder"),
    Column("chosen_by", String(80), nullable=False, comment="a person, or `program`"),
    Column("confirmed_by", String(80), comment="who said that it is how it should look; none: nobody yet"),
    Column("confirmed_at", UtcInstant),
    Index("ix_reference_pictures_confirmed", "confirmed_at", "camera_id", "preset", "light"),
)

picture_thresholds = Table(
    "picture_thresholds",
    metadata,
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(30), primary_key=True),
    Column("content", JSON, nullable=False, comment="how far from the usual threshold, and why"),
    Column("changed_at", UtcInstant, nullable=False),
)

fault_verdicts = Table(
    "fault_verdicts",
    metadata,
    id_column(),
    Column("fault_id", BigId, ForeignKey("faults.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("camera_id", BigId, nullable=False),
    Column("kind", String(30), nullable=False),
    Column("verdict", String(10), nullable=False, comment="true, false, accepted: it is so and shall stay so"),
    Column("who", String(80), nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("score", Float, comment="of the finding when it was judged; none: not a picture's"),
    Column("withdrawn_at", UtcInstant, comment="another word came, or the acceptance was taken back"),
    Column("withdrawn_by", String(80)),
    Index("ix_fault_verdicts_camera", "camera_id", "kind"),
    Index("ix_fault_verdicts_at", "at"),
)

picture_witnesses = Table(
    "picture_witnesses",
    metadata,
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), primary_key=True),
    Column("asked_at", UtcInstant, nullable=False),
    Column("offers", JSON, nullable=False, comment="kinds that the device tells of by itself; empty: none"),
    Column("says", JSON, nullable=False, comment="those that it sees now"),
    Column("because", Text, nullable=False, default="", comment="why it could not be told"),
    comment="what a device says of its own pictures (ONVIF imaging events): beside our own look, never instead",
)

recording_days = Table(
    "recording_days",
    metadata,
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), primary_key=True),
    Column("day", String(10), primary_key=True, comment="of the office's time zone"),
    Column("plan_s", Float, nullable=False),
    Column("recorded_s", Float, nullable=False, comment="of what the plan asks"),
    Column("expired_s", Float, nullable=False, comment="was there and is older than is kept"),
    Column("missing_s", Float, nullable=False),
    Column("gaps", JSON, nullable=False, comment="[[from, until] in seconds of the day], the longest 50"),
    Column("source", String(20), nullable=False, comment="camera, recorder"),
    Column("checked_at", UtcInstant, nullable=False),
)

recording_checks = Table(
    "recording_checks",
    metadata,
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), primary_key=True),
    Column("checked_at", UtcInstant, nullable=False),
    Column("source", String(20), nullable=False, comment="camera, recorder; none: nobody offers a search"),
    Column("oldest_at", UtcInstant),
    Column("newest_at", UtcInstant),
    Column("days_kept", Float, comment="from the oldest recording until now"),
    Column("played_at", UtcInstant, comment="when a sample was last played back"),
    Column("played_ok", Boolean),
    Column("because", Text, nullable=False, default="", comment="why it could not be told"),
    Column("play_tried_at", UtcInstant, comment="when a sample was last asked for, played or not"),
    Column("play_of", UtcInstant, comment="the moment that was asked for"),
    Column("play_because", String(40), nullable=False, default="", server_default="", comment="why it did not play"),
    Column("play_failures", Integer, nullable=False, default=0, server_default="0", comment="in a row"),
    Column("plan", String(80), nullable=False, default="", server_default="", comment="the plan's name; empty: none"),
    Column("days_wanted", Integer, comment="by the plan or the record"),
    Column(
        "missing_s", Float, nullable=False, default=0.0, server_default="0", comment="of the last 14 days, for lists"
    ),
    Index("ix_recording_checks_missing", "missing_s", "camera_id"),
)

ptz_checks = Table(
    "ptz_checks",
    metadata,
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "state", String(10), nullable=False, comment="rests, turned: it was told to move and has to be brought back"
    ),
    Column("noted_at", UtcInstant, comment="when it was last seen where `noted` says"),
    Column("noted", JSON, comment="{pan, tilt, zoom}: an hour later still there, nobody moves it"),
    Column("tried_at", UtcInstant, comment="when its turn was last"),
    Column("stood", JSON, comment="{pan, tilt, zoom}: where it stood before it was told to move"),
    Column("wanted", JSON, comment="{pan, tilt, zoom}: where it was told to go"),
    Column("sent_at", UtcInstant, comment="written down before the first move was sent"),
    Column("checked_at", UtcInstant, comment="when it was last seen to turn, or not to"),
    Column("ok", Boolean),
    Column("because", Text, nullable=False, default="", comment="what is wrong, or why it could not be told"),
    Column("failures", Integer, nullable=False, default=0, comment="in a row"),
    Index("ix_ptz_checks_state", "state"),
)

captions = Table(
    "captions",
    metadata,
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), primary_key=True),
    Column("checked_at", UtcInstant, nullable=False),
    Column("texts", JSON, nullable=False, comment="what the device writes into the picture, by its own word"),
    Column("name_ok", Boolean, comment="none: not offered"),
    Column("clock_ok", Boolean),
    Column("because", Text, nullable=False, default=""),
)

recording_plans = Table(
    "recording_plans",
    metadata,
    id_column(),
    Column("position", Integer, nullable=False, comment="the first that fits decides; none fits: day and night"),
    Column("name", String(80), nullable=False, unique=True),
    Column("fits", JSON, nullable=False, comment="{point_classes, tiers, regions, cameras}; empty: any"),
    Column("week", JSON, nullable=False, comment="seven lists of [from, until] in minutes of the day, Monday first"),
    Column("days_least", Integer, comment="none: as the camera's record says"),
    Column("days_most", Integer, comment="none: no limit"),
)
