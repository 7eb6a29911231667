"""How work orders stood before a step took their firm or a deadline from them: what past months are told by."""

from sqlalchemy import Column, ForeignKey, String, Table

from vms.store.schema.columns import BigId, UtcInstant, id_column, metadata

work_order_stands = Table(
    "work_order_stands",
    metadata,
    id_column(),
    Column("order_id", BigId, ForeignKey("work_orders.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("until_at", UtcInstant, nullable=False, comment="it stood so until then"),
    Column("maintainer_id", BigId),
    Column("respond_by", UtcInstant, index=True),
    Column("repair_by", UtcInstant, index=True),
    Column("on_site_at", UtcInstant),
    Column("repaired_at", UtcInstant),
    Column("healed_at", UtcInstant),
    Column("closed_at", UtcInstant),
    Column("suspended_at", UtcInstant),
    Column("outcome", String(12)),
)
