"""Alembic's entry: runs the steps on the connection and in the transaction that vms.store.migrate hands over."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

from vms.store.schema import UtcInstant, metadata


def render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """A step must not change its meaning when the program's own types change."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcInstant) else False


connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
