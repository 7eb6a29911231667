"""A person puts in, changes or takes away a credential set."""

from datetime import datetime

from sqlalchemy import Connection

from vms.core.errors import BadInput
from vms.core.ids import CredentialId, OwnerId
from vms.store import credentials, events, owners
from vms.store.database import Database
from vms.store.secret_box import SecretBox


def change_set(
    database: Database,
    box: SecretBox,
    name: str,
    username: str,
    password: str,
    who: str,
    now: datetime,
    *,
    owner: str = "",
) -> CredentialId:
    """Devices that refused the set are asked once more, also where the password is the same: a person has looked at it.

    Raises BadInput for an owner whom nobody knows."""
    with database.writing() as tx:
        owner_id = owner_named(tx, owner)
        credential_id = credentials.put(tx, box, name, username, password, now, owner_id=owner_id, try_again=True)
        events.append(tx, "credential.set_by_person", credential_id, {"name": name, "by": who}, now)
        return credential_id


def remove_set(database: Database, name: str, who: str, now: datetime) -> None:
    """Raises NotFound; Conflict while a device or a registration uses it."""
    with database.writing() as tx:
        known = credentials.by_name(tx, name)
        credentials.remove(tx, known.credential_id)
        events.append(tx, "credential.removed", known.credential_id, {"name": name, "by": who}, now)


def owner_named(tx: Connection, name: str) -> OwnerId | None:
    """None where no name is given. Of several owners with this name the one that was there first."""
    if not name:
        return None
    found = [owner.owner_id for owner in owners.every(tx) if owner.name == name]
    if not found:
        raise BadInput(f"there is no owner called {name!r}", where="owner")
    return min(found)
