"""Sign in, stay signed in, sign out; the first administrator.

After five refusals of one name from one address that pair is locked out for 15 minutes. An attempt is counted before
the password is looked at, so that many attempts at once gain nothing.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from vms.access.roles import Person, Role
from vms.core.errors import BadInput, NotFound, NotSignedIn, PersonMustAct
from vms.core.ids import OwnerId
from vms.maintenance.order import PROGRAM
from vms.services.passwords import hash_password, new_password, new_token, password_fits, token_hash
from vms.store import events, maintainers, owners, sign_ins, users
from vms.store.database import Database
from vms.store.users import User

ATTEMPTS = 5
LOCKED_OUT = timedelta(minutes=15)
STAYS_SIGNED_IN = timedelta(hours=8)
SHORTEST_PASSWORD = 8
ADMINISTRATOR = "admin"


class LockedOut(PersonMustAct):
    code = "locked_out"

    def __init__(self, retry_after_s: int) -> None:
        minutes = -(-retry_after_s // 60)
        super().__init__(f"too many refused attempts; try again in {minutes} min")
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    token: str = field(repr=False)
    person: Person
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAdministrator:
    name: str
    made_password: str | None = field(repr=False)
    """To be shown once; None where the person gave one."""


def sign_in(database: Database, name: str, password: str, address: str, now: datetime) -> SignedIn:
    """Raises NotSignedIn or LockedOut."""
    with database.writing() as tx:
        refused, first_at = sign_ins.refusals_since(tx, name, address, now - LOCKED_OUT)
        if refused >= ATTEMPTS and first_at is not None:
            raise LockedOut(max(1, int((first_at + LOCKED_OUT - now).total_seconds())))
        sign_ins.add_refusal(tx, name, address, now)
        found = users.with_hash(tx, name)
    if not password_fits(password, found[1] if found else None) or found is None:
        with database.writing() as tx:
            events.append(tx, "sign_in.refused", None, {"name": name, "address": address}, now)
        raise NotSignedIn("the user name or the password is wrong", code="wrong_password")
    token, expires_at = new_token(), now + STAYS_SIGNED_IN
    with database.writing() as tx:
        sign_ins.forget_refusals(tx, name, address)
        sign_ins.forget_expired(tx, now)
        sign_ins.add(tx, token_hash(token), found[0].user_id, now, expires_at)
        events.append(tx, "sign_in.opened", found[0].user_id, {"name": name, "address": address}, now)
    return SignedIn(token=token, person=found[0].person, expires_at=expires_at)


def who_is_it(database: Database, token: str, now: datetime) -> tuple[Person, datetime]:
    """Whose token it is and until when. Raises NotSignedIn."""
    with database.reading() as tx:
        found = sign_ins.find(tx, token_hash(token), now)
    if found is None:
        raise NotSignedIn("please sign in")
    return found[0].person, found[1]


def sign_out(database: Database, token: str, person: Person, now: datetime) -> None:
    with database.writing() as tx:
        sign_ins.remove(tx, token_hash(token))
        events.append(tx, "sign_in.closed", person.user_id, {"name": person.name}, now)


def ensure_administrator(database: Database, given_password: str | None, now: datetime) -> FirstAdministrator | None:
    """None where there are users already. Raises BadInput for a password that is too short."""
    with database.reading() as tx:
        if users.count(tx):
            return None
    password = _long_enough(given_password or new_password(), "VMS_ADMIN_PASSWORD")
    password_hash = hash_password(password)
    with database.writing() as tx:
        if users.count(tx):
            return None
        user = users.add(tx, ADMINISTRATOR, password_hash, Role.ADMIN, now)
        events.append(tx, "user.added", user.user_id, {"name": user.name, "role": user.role.value}, now)
    return FirstAdministrator(name=ADMINISTRATOR, made_password=None if given_password else password)


def set_password(database: Database, name: str, given_password: str | None, now: datetime) -> str | None:
    """For whoever holds the database, without signing in: the way back when a password is forgotten.

    Returns the password where one was made; ends the user's open sign-ins. Raises NotFound, BadInput.
    """
    password = _long_enough(given_password if given_password is not None else new_password(), "password")
    password_hash = hash_password(password)
    with database.writing() as tx:
        found = users.with_hash(tx, name)
        if found is None:
            raise NotFound(f"there is no user {name} who may sign in; `vms serve` makes the first administrator")
        user_id = found[0].user_id
        users.set_password(tx, user_id, password_hash)
        sign_ins.remove_of_user(tx, user_id)
        events.append(tx, "user.changed", user_id, {"password": True, "disabled": None, "by": "command line"}, now)
    return None if given_password is not None else password


def _long_enough(password: str, where: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise BadInput(f"shorter than {SHORTEST_PASSWORD} characters", where=where)
    return password


def add_user(
    database: Database,
    name: str,
    password: str,
    role: Role,
    by: Person,
    now: datetime,
    *,
    owner_id: int | None = None,
    maintainer_id: int | None = None,
) -> User:
    """Raises Conflict, BadInput."""
    if name.casefold() == PROGRAM:
        raise BadInput("this name stands for what the program does by itself", where="name")
    if (role is Role.OWNER) != (owner_id is not None):
        raise BadInput("a user of role owner, and no other, has an owner", where="owner_id")
    _only_maintainers_have_a_firm(role, maintainer_id)
    password_hash = hash_password(password)
    with database.writing() as tx:
        owner = None if owner_id is None else OwnerId(owner_id)
        if owner is not None:
            owners.get(tx, owner)
        firm = None if maintainer_id is None else maintainers.working(tx, maintainer_id, "maintainer_id")
        user = users.add(tx, name, password_hash, role, now, owner_id=owner, maintainer_id=firm)
        content = {"name": name, "role": role.value, "by": by.name, "maintainer_id": firm}
        events.append(tx, "user.added", user.user_id, content, now)
    return user


@dataclass(frozen=True, slots=True, kw_only=True)
class UserEdit:
    """None: as it is."""

    password: str | None = None
    disabled: bool | None = None
    moves_firm: bool = False
    maintainer_id: int | None = None
    """With `moves_firm`: the firm; None: the office's own staff."""


def change_user(database: Database, user_id: int, by: Person, now: datetime, edit: UserEdit) -> User:
    """Every change ends all open sign-ins of that user. Raises NotFound, BadInput."""
    if edit.disabled and user_id == by.user_id:
        raise BadInput("nobody disables themselves", where="disabled")
    password_hash = None if edit.password is None else hash_password(edit.password)
    with database.writing() as tx:
        known = users.get(tx, user_id)
        if password_hash is not None:
            users.set_password(tx, user_id, password_hash)
        if edit.disabled is not None:
            users.set_disabled(tx, user_id, now if edit.disabled else None)
        content: dict[str, object] = {"password": edit.password is not None, "disabled": edit.disabled, "by": by.name}
        if edit.moves_firm:
            _only_maintainers_have_a_firm(known.role, edit.maintainer_id)
            wanted = edit.maintainer_id
            firm = None if wanted is None else maintainers.working(tx, wanted, "maintainer_id")
            users.set_maintainer(tx, user_id, firm)
            content |= {"maintainer_id": firm}
        sign_ins.remove_of_user(tx, user_id)
        events.append(tx, "user.changed", user_id, content, now)
        return users.get(tx, user_id)


def _only_maintainers_have_a_firm(role: Role, maintainer_id: int | None) -> None:
    if maintainer_id is not None and role is not Role.MAINTAINER:
        raise BadInput("only users of role maintainer work for a firm", where="maintainer_id")
