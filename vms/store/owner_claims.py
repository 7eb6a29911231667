"""Whose cameras a list says they are: the owner of that name; of households of one name the contact decides."""

import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from vms.core.ids import OwnerId
from vms.inventory.tier import Tier
from vms.store import owners
from vms.store.owners import Owner
from vms.store.schema import cameras

_BATCH = 400
_BETWEEN = re.compile(r"[\s()（）+-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerClaim:
    """Whose a camera is, as staff writes it."""

    name: str
    tier: Tier
    """Of the camera: an owner is who it is, and may have cameras of several tiers."""
    contact: str = ""
    """Of a household: two may have the same name, and their contacts tell them apart. Empty: nobody said."""


def claimed(
    tx: Connection, claims: Sequence[OwnerClaim], now: datetime, *, add: bool
) -> tuple[dict[OwnerClaim, OwnerId], set[OwnerClaim]]:
    """Who they are; those that several households fit. `add`: who is not there yet is made, of the tier that comes
    first."""
    found: dict[OwnerClaim, OwnerId] = {}
    doubtful: set[OwnerClaim] = set()
    called = _called(tx, {claim.name for claim in claims})
    for claim in claims:
        there = called[claim.name]
        fitting = _fitting(claim, there)
        if len(fitting) > 1:
            doubtful.add(claim)
        elif fitting:
            found[claim] = fitting[0].owner.owner_id
            fitting[0].contacts |= {plain_contact(claim.contact)} - {""}
        elif add:
            taken = {one.owner.name for one in there if one.owner.tier is claim.tier}
            name = next(name for name in _twins(claim.name) if name not in taken)
            found[claim] = owners.add(tx, name, claim.tier, claim.contact, now)
            made = Owner(owner_id=found[claim], name=name, tier=claim.tier, contact=claim.contact)
            there.append(_Called(owner=made, contacts={plain_contact(claim.contact)} - {""}))
    return found, doubtful


def plain_contact(contact: str) -> str:
    return _BETWEEN.sub("", contact).casefold()


@dataclass(slots=True, kw_only=True)
class _Called:
    owner: Owner
    contacts: set[str]
    """Known ones, plain."""


def _fitting(claim: OwnerClaim, there: Sequence[_Called]) -> list[_Called]:
    """`there`: all owners that are called so, twins among them."""
    contact = plain_contact(claim.contact)
    if claim.tier is not Tier.HOUSEHOLD:
        offices = [one for one in there if one.owner.name == claim.name and one.owner.tier is not Tier.HOUSEHOLD]
        return [one for one in offices if one.owner.tier is claim.tier] or offices[:1]
    households = [one for one in there if one.owner.tier is Tier.HOUSEHOLD]
    if not contact:
        return households
    known = [one for one in households if contact in one.contacts]
    return known[:1] or [one for one in households if not one.contacts][:1]


def _called(tx: Connection, wanted: Collection[str]) -> dict[str, list[_Called]]:
    """By name the owners that are called so, the oldest first; households also as 张三（2）, 张三（3）."""
    found: dict[str, list[Owner]] = {name: [] for name in wanted}
    names = {name: name for name in wanted}
    for place in itertools.count(2):
        rows = owners.named_any(tx, names)
        for owner in rows:
            found[names[owner.name]].append(owner)
        households = {names[owner.name] for owner in rows if owner.tier is Tier.HOUSEHOLD}
        names = {_twin(name, place): name for name in households}
        if not names:
            break
    contacts = _contacts(tx, [one.owner_id for there in found.values() for one in there if one.tier is Tier.HOUSEHOLD])
    return {
        name: [
            _Called(owner=one, contacts={plain_contact(one.contact), *contacts.get(one.owner_id, ())} - {""})
            for one in there
        ]
        for name, there in found.items()
    }


def _contacts(tx: Connection, owner_ids: Sequence[int]) -> dict[int, set[str]]:
    """That the records of their cameras give."""
    found: dict[int, set[str]] = {}
    for start in range(0, len(owner_ids), _BATCH):
        some = list(owner_ids[start : start + _BATCH])
        c = cameras.c
        statement = select(c.owner_id, c.mgmt_contact).where(c.owner_id.in_(some), c.mgmt_contact != "").distinct()
        for owner_id, contact in tx.execute(statement):
            found.setdefault(owner_id, set()).add(plain_contact(contact))
    return found


def _twins(name: str) -> Iterator[str]:
    yield name
    yield from (_twin(name, place) for place in itertools.count(2))


def _twin(name: str, place: int) -> str:
    return f"{name}（{place}）"
