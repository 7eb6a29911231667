"""Saved views: filter, columns, order and grouping of a list under a name, one's own or shared."""

from datetime import datetime

from fastapi import APIRouter
from sqlalchemy import Connection

from vms.access.roles import Person, Role, sees_addresses
from vms.api.guards import AnyCall, RoomsNow
from vms.api.models.shape import IdNumber
from vms.api.models.views import NewView, ViewContent, ViewList, ViewRow
from vms.core.errors import NotAllowed, NotFound
from vms.inventory.filters.expression import parse_filter
from vms.store import camera_order, views
from vms.store.camera_filter import refuse_hidden
from vms.store.views import View

router = APIRouter(tags=["views"])


@router.get("/views")
def list_views(call: AnyCall, rooms: RoomsNow) -> ViewList:
    with rooms.database.reading() as tx:
        found = views.visible_to(tx, call.person.user_id)
    shown = [view for view in found if view.user_id == call.person.user_id or call.person.role is not Role.OWNER]
    return ViewList(items=[_show(view, call.person) for view in shown])


@router.post("/views", status_code=201)
def add_view(asked: NewView, call: AnyCall, rooms: RoomsNow) -> ViewRow:
    now = rooms.clock()
    with rooms.database.writing() as tx:
        _check(tx, asked, call.person, now)
        view_id = views.add(
            tx, call.person.user_id, asked.name, asked.content.model_dump(mode="json"), now, shared=asked.shared
        )
        return _show(views.get(tx, view_id), call.person)


@router.put("/views/{view_id}")
def change_view(view_id: IdNumber, asked: NewView, call: AnyCall, rooms: RoomsNow) -> ViewRow:
    now = rooms.clock()
    with rooms.database.writing() as tx:
        view = _own(tx, view_id, call.person)
        _check(tx, asked, call.person, now)
        views.change(tx, view, asked.name, asked.content.model_dump(mode="json"), now, shared=asked.shared)
        return _show(views.get(tx, view_id), call.person)


@router.delete("/views/{view_id}", status_code=204)
def delete_view(view_id: IdNumber, call: AnyCall, rooms: RoomsNow) -> None:
    with rooms.database.writing() as tx:
        views.remove(tx, _own(tx, view_id, call.person).view_id)


def _own(tx: Connection, view_id: IdNumber, person: Person) -> View:
    """Raises NotFound for what the person may not know of, NotAllowed for a view that somebody else shares."""
    view = views.get(tx, view_id)
    if view.user_id == person.user_id or (view.shared and person.role is Role.ADMIN):
        return view
    if view.shared and person.role is not Role.OWNER:
        raise NotAllowed(f"this view belongs to {view.user_name}; save one of your own", code="not_yours")
    raise NotFound(f"there is no view {view_id}")


def _check(tx: Connection, asked: NewView, person: Person, now: datetime) -> None:
    """A view that could not be opened is not saved."""
    sees, owners = sees_addresses(person), person.maintainer_id is None
    refuse_hidden(parse_filter(asked.content.filter), sees_addresses=sees, sees_owners=owners)
    camera_order.order_of(tx, asked.content.sort, asked.content.q, now, sees_addresses=sees, sees_owners=owners)
    if asked.shared and person.role is Role.OWNER:
        raise NotAllowed("owners' views are their own", code="role")


def _show(view: View, person: Person) -> ViewRow:
    return ViewRow(
        id=view.view_id,
        name=view.name,
        shared=view.shared,
        mine=view.user_id == person.user_id,
        owner=view.user_name,
        content=ViewContent.model_validate(view.content),
        changed_at=view.changed_at,
    )
