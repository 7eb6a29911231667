"""Which steps take something from an order that past months are told by: its firm, or a deadline."""

from vms.maintenance.order import Order


def loses_its_stand(before: Order, after: Order) -> bool:
    """Not while it rests: what was up before has its place still, and the rest of the deadlines is not up yet."""
    if before.suspended_at is not None:
        return False
    told = ("maintainer_id", "respond_by", "repair_by", "reopened")
    return any(getattr(before, name) != getattr(after, name) for name in told)
