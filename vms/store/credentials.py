"""Logins of devices: sealed at rest, opened only for the one who signs in, counted up when they change."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from vms.core.errors import Conflict, NotFound
from vms.core.ids import CredentialId
from vms.store import events
from vms.store.schema import credentials, devices
from vms.store.secret_box import SecretBox


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """What may be shown."""

    credential_id: CredentialId
    name: str
    username: str
    version: int
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLogin:
    credential_id: CredentialId
    username: str
    password: str = field(repr=False)
    version: int


def put(tx: Connection, box: SecretBox, name: str, username: str, password: str, now: datetime) -> CredentialId:
    """Makes or changes it. The version counts up only when user name or password are really different."""
    row = tx.execute(select(credentials).where(credentials.c.name == name)).mappings().one_or_none()
    if row is None:
        values = {"name": name, "username": username, "secret": box.seal(password), "version": 1, "changed_at": now}
        statement = insert(credentials).values(values).returning(credentials.c.id)
        return CredentialId(tx.execute(statement).scalar_one())
    if (row["username"], box.open(row["secret"])) != (username, password):
        values = {
            "username": username,
            "secret": box.seal(password),
            "version": row["version"] + 1,
            "changed_at": now,
        }
        tx.execute(update(credentials).where(credentials.c.id == row["id"]).values(values))
        events.append(tx, "credential.changed", row["id"], {"name": name}, now)
    return CredentialId(row["id"])


def login_of(tx: Connection, box: SecretBox, credential_id: int | None) -> StoredLogin | None:
    """None where there is no such credential."""
    if credential_id is None:
        return None
    row = tx.execute(select(credentials).where(credentials.c.id == credential_id)).mappings().one_or_none()
    if row is None:
        return None
    return StoredLogin(
        credential_id=CredentialId(row["id"]),
        username=row["username"],
        password=box.open(row["secret"]),
        version=row["version"],
    )


def by_name(tx: Connection, name: str) -> Credential:
    """Raises NotFound."""
    row = tx.execute(select(credentials).where(credentials.c.name == name)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no credential called {name!r}")
    return _credential(row)


def every(tx: Connection) -> list[Credential]:
    return [_credential(row) for row in tx.execute(select(credentials).order_by(credentials.c.name)).mappings()]


def remove(tx: Connection, credential_id: int) -> None:
    """Raises Conflict while a device uses it."""
    used = select(func.count()).select_from(devices).where(devices.c.credential_id == credential_id)
    if count := tx.execute(used).scalar_one():
        raise Conflict(f"{count} devices are signed in to with this credential")
    tx.execute(delete(credentials).where(credentials.c.id == credential_id))


def _credential(row: RowMapping) -> Credential:
    return Credential(
        credential_id=CredentialId(row["id"]),
        name=row["name"],
        username=row["username"],
        version=row["version"],
        changed_at=row["changed_at"],
    )
