"""Sign in and out; the users."""

from fastapi import APIRouter, Request, Response

from vms.api.guards import COOKIE, AdminCall, Anybody, AnyCall, RoomsNow
from vms.api.models.shape import IdNumber
from vms.api.models.sign_in import NewUser, SessionNow, SessionOpened, SignIn, UserChange, UserList, UserRow
from vms.api.rate_limit import RateLimit
from vms.api.show import show_person, show_user
from vms.services.sign_in import STAYS_SIGNED_IN, UserEdit, add_user, change_user, sign_in, sign_out
from vms.store import users

router = APIRouter(tags=["sign-in"])


def caller_address(request: Request) -> str:
    """Who asks; without a proxy's word, which anybody could write."""
    return request.client.host if request.client else "?"


@router.post("/session")
def open_session(body: SignIn, request: Request, response: Response, rooms: RoomsNow, _door: Anybody) -> SessionOpened:
    address, now = caller_address(request), rooms.clock()
    limit: RateLimit = request.app.state.sign_in_limit
    limit.count(address, now)
    signed = sign_in(rooms.database, body.username, body.password, address, now)
    response.set_cookie(
        COOKIE,
        signed.token,
        max_age=int(STAYS_SIGNED_IN.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=rooms.settings.secure_cookie,
    )
    return SessionOpened(token=signed.token, user=show_person(signed.person), expires_at=signed.expires_at)


@router.get("/session")
def session_now(call: AnyCall) -> SessionNow:
    return SessionNow(user=show_person(call.person), expires_at=call.expires_at)


@router.delete("/session", status_code=204)
def close_session(call: AnyCall, response: Response, rooms: RoomsNow) -> None:
    sign_out(rooms.database, call.token, call.person, rooms.clock())
    response.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=rooms.settings.secure_cookie)


@router.get("/users")
def list_users(_call: AdminCall, rooms: RoomsNow) -> UserList:
    with rooms.database.reading() as tx:
        return UserList(items=[show_user(user) for user in users.every(tx)])


@router.post("/users", status_code=201)
def new_user(body: NewUser, call: AdminCall, rooms: RoomsNow) -> UserRow:
    added = add_user(
        rooms.database,
        body.name,
        body.password,
        body.role,
        call.person,
        rooms.clock(),
        owner_id=body.owner_id,
        maintainer_id=body.maintainer_id,
    )
    return show_user(added)


@router.patch("/users/{user_id}")
def alter_user(user_id: IdNumber, body: UserChange, call: AdminCall, rooms: RoomsNow) -> UserRow:
    edit = UserEdit(
        password=body.password,
        disabled=body.disabled,
        moves_firm="maintainer_id" in body.model_fields_set,
        maintainer_id=body.maintainer_id,
    )
    return show_user(change_user(rooms.database, user_id, call.person, rooms.clock(), edit))
