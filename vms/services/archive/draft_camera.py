"""A person starts a record of a camera that nobody has entered or heard yet."""

from collections.abc import Mapping
from datetime import datetime

from vms.access.roles import Person
from vms.core.errors import BadInput
from vms.core.ids import CameraId
from vms.inventory.camera import Declared, LifeCycle
from vms.inventory.tier import Tier
from vms.services.archive.one_id_one_camera import one_at_a_time, refuse_taken_id
from vms.services.archive.record_columns import columns_of, read_fields
from vms.store import camera_changes, cameras
from vms.store.camera_changes import Author, FieldChange
from vms.store.database import Database


def draft_camera(database: Database, fields: Mapping[str, object], person: Person, why: str, now: datetime) -> CameraId:
    """`fields`: by name, with `name` and `tier` at least. Raises BadInput that names the field."""
    given = read_fields(fields)
    for name in ("name", "tier"):
        if name not in given:
            raise BadInput("a record needs it", where=name)
    declared = Declared(name=str(given["name"]), tier=Tier(str(given["tier"])))
    with database.writing() as tx:
        one_at_a_time(tx)
        refuse_taken_id(tx, None, given.get("gb_device_id"))
        row = cameras.new_columns(declared, life_cycle=LifeCycle.DRAFT, owner_id=None, now=now)
        camera_id = cameras.add_many(tx, [row | columns_of(tx, row, given, now)], now)[0]
        begun = FieldChange(camera_id=camera_id, field="life_cycle", before=None, after=LifeCycle.DRAFT.value)
        camera_changes.keep(tx, [begun], Author(who=person.name, why=why), now)
    return camera_id
