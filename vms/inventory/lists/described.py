"""What a camera may be known by once a row has described it."""

from dataclasses import replace

from vms.core.ids import CameraId
from vms.inventory.lists.camera_entry import Entry
from vms.inventory.lists.entry_claim import Claim
from vms.inventory.lists.entry_matching import Candidate


def new_candidate(entry: Entry, claim: Claim) -> Candidate:
    """A camera that this row makes; until it is stored its number is its row's, below zero."""
    return Candidate(
        camera_id=CameraId(-entry.row),
        row=entry.row,
        names=(claim.name,),
        gb_device_id=claim.gb_device_id,
        serials=frozenset({claim.serial} if claim.serial else ()),
        macs=frozenset({claim.mac} if claim.mac else ()),
        addresses=frozenset({(claim.address, claim.port)} if claim.address else ()),
        channels=frozenset({claim.channel}),
        place=claim.place,
    )


def described(known: Candidate, entry: Entry, claim: Claim) -> Candidate:
    """What the list does not say stays as it is known, as does what a device tells."""
    said = entry.columns
    names = tuple(dict.fromkeys((claim.name, *known.names[1:])))
    place = claim.place if "lon" in said or known.place is None else ("place", claim.name, *known.place[2:])
    ((address, port), *_) = known.addresses or {("", None)}
    address = claim.address if "address" in said else address
    port = claim.port if claim.says_port else port
    addresses = frozenset({(address, port)} if address else ())
    return replace(
        known,
        names=names,
        place=place,
        gb_device_id=claim.gb_device_id if "gb_device_id" in said else known.gb_device_id,
        serials=_now(known.serials, claim.serial, known.bound, "serial_no" in said),
        macs=_now(known.macs, claim.mac, known.bound, "mac" in said),
        addresses=known.addresses | addresses if known.bound else addresses,
        channels=known.channels | {claim.channel} - {""} if known.bound else _channels(known, claim),
    )


def _now(known: frozenset[str], given: str, bound: bool, said: bool) -> frozenset[str]:
    if given:
        return frozenset({given})
    return known if bound or not said else frozenset()


def _channels(known: Candidate, claim: Claim) -> frozenset[str]:
    return frozenset({claim.channel}) if claim.says_channel else known.channels
