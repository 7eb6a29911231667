"""Credential sets: names and users, never secrets; who used which when."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from vms.api.guards import AdminCall, KeeperCall, RoomsNow
from vms.api.models.credentials import (
    CredentialList,
    CredentialRow,
    CredentialUse,
    CredentialUsePage,
    NewCredential,
)
from vms.api.models.shape import IdNumber
from vms.services.credentials.change_set import change_set, remove_set
from vms.services.credentials.overview import SetNow, every_set
from vms.store import credential_uses, credentials, devices
from vms.store.credential_uses import UsesOfADay
from vms.store.page import Page

router = APIRouter(tags=["credentials"])
Name = Annotated[str, Path(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f/]+$")]


@router.get("/credentials")
def all_sets(_call: KeeperCall, rooms: RoomsNow) -> CredentialList:
    with rooms.database.reading() as tx:
        return CredentialList(items=[_row(one) for one in every_set(tx)])


@router.put("/credentials/{name}")
def put_set(name: Name, body: NewCredential, call: AdminCall, rooms: RoomsNow) -> CredentialRow:
    """Its version counts up: devices that refused it are asked once more."""
    credential_id = change_set(
        rooms.database,
        rooms.box,
        name,
        body.username,
        body.password.get_secret_value(),
        call.person.name,
        rooms.clock(),
        owner=body.owner,
    )
    with rooms.database.reading() as tx:
        return next(_row(one) for one in every_set(tx) if one.credential.credential_id == credential_id)


@router.delete("/credentials/{name}", status_code=204)
def delete_set(name: Name, call: AdminCall, rooms: RoomsNow) -> None:
    """409 while a device uses it."""
    remove_set(rooms.database, name, call.person.name, rooms.clock())


@router.get("/credentials/{credential_id}/uses")
def uses(
    credential_id: IdNumber,
    _call: AdminCall,
    rooms: RoomsNow,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> CredentialUsePage:
    """The latest first."""
    with rooms.database.reading() as tx:
        credentials.get(tx, credential_id)
        page = credential_uses.of_credential(tx, credential_id, limit=limit, offset=offset)
    return show_uses(page)


@router.get("/devices/{device_id}/credential-uses")
def uses_at_device(
    device_id: IdNumber,
    _call: AdminCall,
    rooms: RoomsNow,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> CredentialUsePage:
    """Sets, and the camera's own credential; the latest first."""
    with rooms.database.reading() as tx:
        devices.get(tx, device_id)
        page = credential_uses.of_device(tx, device_id, limit=limit, offset=offset)
    return show_uses(page)


def show_uses(page: Page[UsesOfADay]) -> CredentialUsePage:
    return CredentialUsePage(
        total=page.total,
        items=[
            CredentialUse(
                credential=one.credential,
                device_id=one.device_id or None,
                address=one.address or None,
                purpose=one.purpose.value,
                who=one.who,
                day=one.day,
                first_at=one.first_at,
                last_at=one.last_at,
                count=one.count,
                refused=one.refused,
            )
            for one in page.items
        ],
    )


def _row(one: SetNow) -> CredentialRow:
    known = one.credential
    return CredentialRow(
        id=known.credential_id,
        name=known.name,
        username=known.username,
        version=known.version,
        changed_at=known.changed_at,
        owner=one.owner,
        devices=one.devices.used_by,
        refused_by=one.devices.refused_by,
        last_used_at=None if one.uses is None else one.uses.last_at,
        uses=0 if one.uses is None else one.uses.count,
        refused=0 if one.uses is None else one.uses.refused,
    )
