"""How many cameras in service each recording plan fits now, whether or not an earlier one takes them first."""

from collections.abc import Sequence

from sqlalchemy import Connection

from vms.services.recordings.choose_plan import fits
from vms.store import recording_targets, regions
from vms.store.recordings import StoredPlan


def count_fits(tx: Connection, plans: Sequence[StoredPlan]) -> list[int]:
    """In the order of the plans; one walk through all cameras, and one through those that plans name."""
    if not plans:
        return []
    kinds, land = recording_targets.kinds_of_cameras(tx), regions.land(tx)
    named = sorted({camera_id for plan in plans for camera_id in plan.fits.get("cameras", ())})
    alone = recording_targets.kinds_by_id(tx, named)
    return [
        sum(kind.cameras for kind in (alone if plan.fits.get("cameras") else kinds) if fits(plan, kind, land))
        for plan in plans
    ]
