"""Who may call an endpoint. Every route has exactly one guard; a test walks all routes and counts."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends
from starlette.requests import HTTPConnection

from vms.access.roles import STAFF, Person, Role
from vms.api.rooms import Rooms
from vms.core.errors import NotAllowed, NotFound, NotSignedIn
from vms.core.ids import RegistrationId
from vms.services.passwords import token_hash
from vms.services.sign_in import who_is_it
from vms.store import registrations

COOKIE = "vms_session"
ACCESS_KEY = "x-access-key"
_HARMLESS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class SignedInCall:
    person: Person
    token: str
    expires_at: datetime


class Guard:
    """Lets through who is signed in with one of these roles; with `office`, no crew of a firm among them."""

    def __init__(self, *roles: Role, office: bool = False) -> None:
        self.roles = frozenset(roles)
        self.office = office

    def __call__(self, connection: HTTPConnection) -> SignedInCall:
        call = signed_in(connection)
        if call.person.role not in self.roles:
            raise NotAllowed("your role may not do this", code="role")
        if self.office and call.person.maintainer_id is not None:
            raise NotAllowed("this is for the office, not for a firm's crew", code="role")
        return call


class OpenDoor:
    """Nobody needs to be signed in."""

    def __call__(self) -> None:
        return None


class SignsInLater:
    """The endpoint itself calls `signed_in`: a WebSocket must be accepted before it can say why it is refused."""

    def __call__(self) -> None:
        return None


class OwnerKey:
    """Lets through who has the access key of the registration that the path names."""

    def __call__(self, connection: HTTPConnection) -> RegistrationId:
        registration_id = _path_number(connection, "registration_id")
        with rooms_of(connection).database.reading() as tx:
            known = registrations.key_hash(tx, registration_id)
        given = token_hash(connection.headers.get(ACCESS_KEY, ""))
        if not hmac.compare_digest(known or "", given):
            raise NotFound("there is no registration with this number and access key")
        return RegistrationId(registration_id)


def rooms_of(connection: HTTPConnection) -> Rooms:
    rooms: Rooms = connection.app.state.rooms
    return rooms


def signed_in(connection: HTTPConnection) -> SignedInCall:
    """By bearer token or cookie. Raises NotSignedIn, NotAllowed for a call that another site's page has caused."""
    token, by_cookie = _token(connection)
    if not token:
        raise NotSignedIn("please sign in")
    if by_cookie and connection.scope.get("method") not in _HARMLESS and not same_origin(connection):
        raise NotAllowed("this call comes from another site", code="other_origin")
    rooms = rooms_of(connection)
    person, expires_at = who_is_it(rooms.database, token, rooms.clock())
    return SignedInCall(person=person, token=token, expires_at=expires_at)


def same_origin(connection: HTTPConnection) -> bool:
    """Browsers say where a call comes from; other programs say nothing and are no danger to a cookie."""
    origin = connection.headers.get("origin")
    if origin is None:
        return connection.headers.get("sec-fetch-site", "none") in ("none", "same-origin")
    return urlsplit(origin).netloc.lower() == connection.headers.get("host", "").lower()


def _token(connection: HTTPConnection) -> tuple[str, bool]:
    scheme, _, given = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and given.strip():
        return given.strip(), False
    if connection.scope["type"] == "websocket" and connection.query_params.get("token"):
        return connection.query_params["token"], False
    return connection.cookies.get(COOKIE, ""), True


def _path_number(connection: HTTPConnection, name: str) -> int:
    text = str(connection.path_params[name])
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise NotFound("there is no registration with this number and access key")
    return int(text)


def still_signed_in(rooms: Rooms, call: SignedInCall) -> Callable[[], bool]:
    """For looks that last: asked again and again, from a thread."""

    def still() -> bool:
        now: datetime = rooms.clock()
        try:
            return who_is_it(rooms.database, call.token, now)[0].role is call.person.role
        except NotSignedIn:
            return False

    return still


async def rooms_now(connection: HTTPConnection) -> Rooms:
    """Not worth a thread of its own, which is what a plain function would get."""
    return rooms_of(connection)


RoomsNow = Annotated[Rooms, Depends(rooms_now)]


AnyCall = Annotated[SignedInCall, Depends(Guard(*Role))]
StaffCall = Annotated[SignedInCall, Depends(Guard(*STAFF))]
OfficeCall = Annotated[SignedInCall, Depends(Guard(*STAFF, office=True))]
"""Staff of the office: what the network does not see, and what is to be built, is no firm's business."""
LookerCall = Annotated[SignedInCall, Depends(Guard(Role.ADMIN, Role.OPERATOR))]
ReviewerCall = Annotated[SignedInCall, Depends(Guard(Role.ADMIN, Role.REVIEWER))]
MaintenanceCall = Annotated[SignedInCall, Depends(Guard(Role.ADMIN, Role.OPERATOR, Role.MAINTAINER))]
DutyCall = Annotated[SignedInCall, Depends(Guard(Role.ADMIN, Role.OPERATOR, Role.MAINTAINER, office=True))]
"""The same without firms' crews."""
KeeperCall = Annotated[SignedInCall, Depends(Guard(Role.ADMIN, Role.MAINTAINER, office=True))]
"""Who keeps the archive."""
RecordCall = Annotated[SignedInCall, Depends(Guard(Role.ADMIN, Role.MAINTAINER, Role.REVIEWER, office=True))]
"""Who moves a record through its life: each step is for some of them."""
JudgeCall = Annotated[SignedInCall, Depends(Guard(Role.ADMIN, Role.MAINTAINER))]
"""Who says what a fault is: the office anything, a firm's crew about what it was sent for."""
PlannerCall = Annotated[SignedInCall, Depends(Guard(Role.ADMIN, Role.REVIEWER, Role.PLANNER))]
"""Who says where the next cameras stand, and what must be seen."""
AdminCall = Annotated[SignedInCall, Depends(Guard(Role.ADMIN))]
OwnerCall = Annotated[RegistrationId, Depends(OwnerKey())]
Anybody = Annotated[None, Depends(OpenDoor())]
LiveDoor = Annotated[None, Depends(SignsInLater())]
