"""People who sign in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from vms.access.roles import Person, Role
from vms.core.errors import Conflict, NotFound
from vms.core.ids import MaintainerId, OwnerId, UserId
from vms.store.schema import users


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    user_id: UserId
    name: str
    role: Role
    owner_id: OwnerId | None
    maintainer_id: MaintainerId | None
    """The firm that a maintainer works for; None: the office's own staff."""
    created_at: datetime
    disabled_at: datetime | None

    @property
    def person(self) -> Person:
        return Person(
            user_id=self.user_id,
            name=self.name,
            role=self.role,
            owner_id=self.owner_id,
            maintainer_id=self.maintainer_id,
        )


def add(
    tx: Connection,
    name: str,
    password_hash: str,
    role: Role,
    now: datetime,
    *,
    owner_id: OwnerId | None = None,
    maintainer_id: MaintainerId | None = None,
) -> User:
    """Raises Conflict where somebody has the name already."""
    if tx.execute(select(users.c.id).where(users.c.name == name)).one_or_none() is not None:
        raise Conflict(f"there is a user {name} already")
    values = {
        "name": name,
        "password_hash": password_hash,
        "role": role.value,
        "owner_id": owner_id,
        "maintainer_id": maintainer_id,
        "created_at": now,
    }
    user_id = tx.execute(insert(users).values(**values).returning(users.c.id)).scalar_one()
    return get(tx, user_id)


def get(tx: Connection, user_id: int) -> User:
    row = tx.execute(select(users).where(users.c.id == user_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no user {user_id}")
    return user_from_row(row)


def with_hash(tx: Connection, name: str) -> tuple[User, str] | None:
    """The user of that name, if there is one and may sign in, with the hash of the password."""
    statement = select(users).where(users.c.name == name, users.c.disabled_at.is_(None))
    row = tx.execute(statement).mappings().one_or_none()
    return None if row is None else (user_from_row(row), row["password_hash"])


def every(tx: Connection) -> list[User]:
    return [user_from_row(row) for row in tx.execute(select(users).order_by(users.c.name)).mappings()]


def count(tx: Connection) -> int:
    return int(tx.execute(select(func.count()).select_from(users)).scalar_one())


def set_password(tx: Connection, user_id: int, password_hash: str) -> None:
    tx.execute(update(users).where(users.c.id == user_id).values(password_hash=password_hash))


def set_disabled(tx: Connection, user_id: int, disabled_at: datetime | None) -> None:
    tx.execute(update(users).where(users.c.id == user_id).values(disabled_at=disabled_at))


def set_maintainer(tx: Connection, user_id: int, maintainer_id: MaintainerId | None) -> None:
    tx.execute(update(users).where(users.c.id == user_id).values(maintainer_id=maintainer_id))


def user_from_row(row: RowMapping) -> User:
    return User(
        user_id=UserId(row["id"]),
        name=row["name"],
        role=Role(row["role"]),
        owner_id=None if row["owner_id"] is None else OwnerId(row["owner_id"]),
        maintainer_id=None if row["maintainer_id"] is None else MaintainerId(row["maintainer_id"]),
        created_at=row["created_at"],
        disabled_at=row["disabled_at"],
    )
