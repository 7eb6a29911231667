"""Open sign-ins and refused ones. Tokens are kept as hashes only."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from vms.store.schema import sign_in_refusals, sign_ins, users
from vms.store.users import User, user_from_row

_FIND = (
    select(users, sign_ins.c.expires_at)
    .join(sign_ins, sign_ins.c.user_id == users.c.id)
    .where(
        sign_ins.c.token_hash == bindparam("token_hash"),
        sign_ins.c.expires_at > bindparam("now"),
        users.c.disabled_at.is_(None),
    )
)
"""Asked before every answer, so it is made once."""


def add(tx: Connection, token_hash: str, user_id: int, now: datetime, expires_at: datetime) -> None:
    tx.execute(insert(sign_ins).values(token_hash=token_hash, user_id=user_id, created_at=now, expires_at=expires_at))


def find(tx: Connection, token_hash: str, now: datetime) -> tuple[User, datetime] | None:
    """Whose sign-in it is and until when; None: none, expired, or the user was disabled."""
    row = tx.execute(_FIND, {"token_hash": token_hash, "now": now}).mappings().one_or_none()
    return None if row is None else (user_from_row(row), row["expires_at"])


def remove(tx: Connection, token_hash: str) -> None:
    tx.execute(delete(sign_ins).where(sign_ins.c.token_hash == token_hash))


def remove_of_user(tx: Connection, user_id: int) -> None:
    tx.execute(delete(sign_ins).where(sign_ins.c.user_id == user_id))


def forget_expired(tx: Connection, now: datetime) -> int:
    return tx.execute(delete(sign_ins).where(sign_ins.c.expires_at <= now)).rowcount


def add_refusal(tx: Connection, user_name: str, address: str, now: datetime) -> None:
    tx.execute(insert(sign_in_refusals).values(user_name=user_name, address=address, at=now))


def refusals_since(tx: Connection, user_name: str, address: str, since: datetime) -> tuple[int, datetime | None]:
    """How many, and when the first of them was."""
    r = sign_in_refusals.c
    statement = select(func.count(), func.min(r.at)).where(r.user_name == user_name, r.address == address, r.at > since)
    found, first = tx.execute(statement).one()
    return int(found), first


def forget_refusals(tx: Connection, user_name: str, address: str) -> None:
    r = sign_in_refusals.c
    tx.execute(delete(sign_in_refusals).where(r.user_name == user_name, r.address == address))


def forget_refusals_before(tx: Connection, before: datetime) -> int:
    return tx.execute(delete(sign_in_refusals).where(sign_in_refusals.c.at < before)).rowcount
