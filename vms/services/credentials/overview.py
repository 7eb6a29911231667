"""All credential sets as they may be shown, with who uses them."""

from dataclasses import dataclass

from sqlalchemy import Connection

from vms.store import credential_uses, credentials, owners
from vms.store.credential_uses import UseTotal
from vms.store.credentials import Credential, DevicesOf

_UNUSED = DevicesOf(used_by=0, refused_by=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetNow:
    credential: Credential
    owner: str | None
    devices: DevicesOf
    uses: UseTotal | None


def every_set(tx: Connection) -> list[SetNow]:
    """By name. Four statements, whatever the number."""
    known = credentials.every(tx)
    by_owner = owners.names(tx, [one.owner_id for one in known if one.owner_id is not None])
    devices = credentials.devices_of(tx)
    totals = credential_uses.totals(tx)
    return [
        SetNow(
            credential=one,
            owner=None if one.owner_id is None else by_owner.get(one.owner_id),
            devices=devices.get(one.credential_id, _UNUSED),
            uses=totals.get(one.credential_id),
        )
        for one in known
    ]
