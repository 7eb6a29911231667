"""Logins of devices: sealed at rest, opened only for the one who signs in, counted up when they change."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, RowMapping, and_, delete, func, insert, select, text, update

from vms.core.errors import Conflict, NotFound
from vms.core.ids import CredentialId, OwnerId
from vms.store import events
from vms.store.schema import credentials, device_tasks, devices, registrations
from vms.store.secret_box import SecretBox


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """What may be shown."""

    credential_id: CredentialId
    name: str
    username: str
    version: int
    changed_at: datetime
    owner_id: OwnerId | None = None
    """Whose set it is; None: the office's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicesOf:
    """How many devices are signed in to with a credential, and how many of them have refused its present version."""

    used_by: int
    refused_by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLogin:
    credential_id: CredentialId
    username: str
    password: str = field(repr=False)
    version: int


def put(
    tx: Connection,
    box: SecretBox,
    name: str,
    username: str,
    password: str,
    now: datetime,
    *,
    owner_id: OwnerId | None = None,
    try_again: bool = False,
) -> CredentialId:
    """Makes or changes it. The version counts up only when user name or password are really different, or where
    devices that refused it shall be asked again. An owner that is not named stays."""
    row = tx.execute(select(credentials).where(credentials.c.name == name)).mappings().one_or_none()
    if row is None:
        values = {
            "name": name,
            "username": username,
            "secret": box.seal(password),
            "version": 1,
            "changed_at": now,
            "owner_id": owner_id,
        }
        credential_id = tx.execute(insert(credentials).values(values).returning(credentials.c.id)).scalar_one()
        events.append(tx, "credential.added", credential_id, {"name": name}, now)
        return CredentialId(credential_id)
    if try_again or (row["username"], box.open(row["secret"])) != (username, password):
        values = {
            "username": username,
            "secret": box.seal(password),
            "version": row["version"] + 1,
            "changed_at": now,
        }
        tx.execute(update(credentials).where(credentials.c.id == row["id"]).values(values))
        events.append(tx, "credential.changed", row["id"], {"name": name}, now)
    if owner_id is not None and owner_id != row["owner_id"]:
        tx.execute(update(credentials).where(credentials.c.id == row["id"]).values(owner_id=owner_id))
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


def get(tx: Connection, credential_id: int) -> Credential:
    """Raises NotFound."""
    row = tx.execute(select(credentials).where(credentials.c.id == credential_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no credential {credential_id}")
    return _credential(row)


def devices_of(tx: Connection) -> dict[CredentialId, DevicesOf]:
    """For those that any device uses."""
    d, c = devices.c, credentials.c
    refused = and_(d.login_refused_version.is_not(None), d.login_refused_version == c.version)
    statement = (
        select(c.id, func.count(), func.count().filter(refused)).join(devices, d.credential_id == c.id).group_by(c.id)
    )
    return {
        CredentialId(credential_id): DevicesOf(used_by=used, refused_by=by)
        for credential_id, used, by in tx.execute(statement)
    }


def remove(tx: Connection, credential_id: int) -> None:
    """Raises Conflict while a device or a registration uses it."""
    used = select(func.count()).select_from(devices).where(devices.c.credential_id == credential_id)
    if count := tx.execute(used).scalar_one():
        raise Conflict(f"{count} devices are signed in to with this credential")
    brought = select(func.count()).select_from(registrations).where(registrations.c.credential_id == credential_id)
    if tx.execute(brought).scalar_one():
        raise Conflict("a registration came with this credential")
    tx.execute(delete(credentials).where(credentials.c.id == credential_id))


def hold_still(tx: Connection) -> None:
    """Nobody else writes a secret before this transaction ends. SQLite has one writer anyway."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("LOCK TABLE credentials, device_tasks IN SHARE ROW EXCLUSIVE MODE"))


def reseal_all(tx: Connection, box: SecretBox) -> int:
    """Every secret of the house under the box's first key; how many were not. Raises PersonMustAct where one cannot
    be opened."""
    done = 0
    for table in (credentials, device_tasks):
        rows = tx.execute(select(table.c.id, table.c.secret).where(table.c.secret.is_not(None))).all()
        for row in rows:
            if not box.is_of_first_key(row.secret):
                sealed = box.seal(box.open(row.secret))
                tx.execute(update(table).where(table.c.id == row.id).values(secret=sealed))
                done += 1
    return done


def _credential(row: RowMapping) -> Credential:
    return Credential(
        credential_id=CredentialId(row["id"]),
        name=row["name"],
        username=row["username"],
        version=row["version"],
        changed_at=row["changed_at"],
        owner_id=None if row["owner_id"] is None else OwnerId(row["owner_id"]),
    )
