"""How the poses of cameras were corrected: who, from what to what, by which points."""

from sqlalchemy import JSON, Column, Float, ForeignKey, Index, String, Table, Text

from vms.store.schema.columns import BigId, UtcInstant, id_column, metadata

pose_corrections = Table(
    "pose_corrections",
    metadata,
    id_column(),
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("who", String(80), nullable=False),
    Column("how", String(10), nullable=False, comment="dragged, fitted, measured"),
    Column("why", Text, nullable=False, default=""),
    Column("before", JSON, comment="the pose as it was; none: nobody had said"),
    Column("after", JSON, nullable=False),
    Column("mark", String(16), nullable=False, comment="of `after`: inventory/pose_check.py"),
    Column("picture", JSON, comment="vms.store.poses.PictureUsed: what the points were clicked in"),
    Column("points", JSON, nullable=False, default=list, comment="[{x_px, y_px, lon, lat, height_m, off_px}]"),
    Column("rms_px", Float, comment="of the points under the pose that was kept"),
    Column("ended_at", UtcInstant, comment="somebody said that the camera was moved"),
    Column("ended_by", String(80)),
    Column("ended_why", String(30), comment="scene_change"),
    Index("ix_pose_corrections_camera", "camera_id", "id"),
)
