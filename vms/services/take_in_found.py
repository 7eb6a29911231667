"""What was found on the network goes into the inventory, with what was learnt by signing in, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Connection

from vms.core.ids import CredentialId, DeviceId
from vms.health.spending import Price, Reason
from vms.inventory.device import AuthScheme, ObservedDevice
from vms.services.device_memory import DeviceMemory, device_key, version_of
from vms.services.record_device import Outcome, Recorded, SignedIn, record_device
from vms.services.spending import cost_of
from vms.store import credential_uses, device_costs, login_attempts
from vms.store.credential_uses import NOBODYS_DEVICE, Purpose, Use
from vms.store.credentials import StoredLogin
from vms.store.device_costs import DeviceCost

_LEFT_ALONE = {"not_allowed", "name_unknown"}
"""Nobody asked there: what was heard is told, and is no device of ours."""
_NO_LOGIN = (AuthScheme.UNKNOWN, AuthScheme.NONE, AuthScheme.REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    observed: ObservedDevice
    recorded: Recorded | None
    """None: it was to be shown only."""


def take_in(
    tx: Connection,
    batch: Sequence[ObservedDevice],
    memory: DeviceMemory,
    now: datetime,
    *,
    who: str,
    asked: Mapping[tuple[str, int], int] = MappingProxyType({}),
) -> list[Found]:
    """The journal must be flushed before, and `memory` forget the batch after the commit. `asked`: how many requests
    each place has had."""
    found: list[Found] = []
    costs: list[DeviceCost] = []
    uses: list[Use] = []
    kept: list[str] = []
    for told in batch:
        observed = replace(told, problems=(*told.problems, *memory.problems_of(told)))
        key = device_key(observed.address, observed.port)
        refused = {refusal.version for refusal in memory.journal.refusals_of(key)}
        logins = [one for one in memory.stored_logins(observed.address, observed.port) if one.credential_id]
        signed_in = _how_it_went(observed, logins, refused, set(memory.journal.held_back(key)))
        if _LEFT_ALONE & {problem.code for problem in observed.problems}:
            recorded = Recorded(outcome=Outcome.NOBODY, told=tuple(one.message for one in observed.problems))
        else:
            recorded = record_device(tx, observed, networks=memory.networks, now=now, signed_in=signed_in)
        found.append(Found(observed=observed, recorded=recorded))
        if recorded.outcome not in (Outcome.UNPROVEN, Outcome.NOBODY):
            kept.append(key)
        tried = memory.journal.tried(key)
        uses += _uses(logins, tried, refused, recorded.device_id, who)
        price = Price(requests=asked.get((observed.address, observed.port), 0), sign_ins=len(tried))
        if recorded.device_id is not None and price.requests:
            costs.append(cost_of(recorded.device_id, now.date(), price, Reason.DIAGNOSIS))
    device_costs.add_many(tx, costs)
    login_attempts.forget(tx, kept)
    credential_uses.note(tx, uses, now)
    return found


def _how_it_went(
    observed: ObservedDevice, logins: Sequence[StoredLogin], not_tried: set[str], refused: set[str]
) -> SignedIn | None:
    """None: nothing was learnt. The logins are tried in their order, so the first that was not refused worked.
    `not_tried`: `refused` by whoever is there, and what is known of the device that he was thought to be."""
    versions = {int(login.credential_id): login.version for login in logins}
    refused_ids = _kept_refusals(refused, versions)
    if observed.auth not in _NO_LOGIN:
        worked = next((login for login in logins if version_of(login) not in not_tried), None)
        return SignedIn(credential_id=worked.credential_id if worked else None, refused=refused_ids, versions=versions)
    if refused_ids:
        return SignedIn(credential_id=CredentialId(list(refused_ids)[-1]), refused=refused_ids, versions=versions)
    return None


def _kept_refusals(refused: set[str], versions: Mapping[int, int]) -> dict[int, int]:
    """Also of sets that are not tried here any more; not of those that have changed since. The last tried is last."""
    told = {int(number): int(version) for number, _, version in (one.partition(":") for one in sorted(refused))}
    others = {number: version for number, version in told.items() if number and number not in versions}
    return others | {number: version for number, version in versions.items() if told.get(number) == version}


def _uses(
    logins: Sequence[StoredLogin], tried: frozenset[str], refused: set[str], device_id: DeviceId | None, who: str
) -> list[Use]:
    return [
        Use(
            credential_id=login.credential_id,
            device_id=device_id or NOBODYS_DEVICE,
            purpose=Purpose.DISCOVERY,
            who=who,
            refused=int(version_of(login) in refused),
        )
        for login in logins
        if version_of(login) in tried
    ]
