"""What the poller has to ask: every device once, with its cameras."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from sys import intern
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, func, select, true

from vms.core.ids import CameraId, CredentialId, DeviceId
from vms.inventory.camera import IN_SERVICE, LifeCycle
from vms.inventory.device import DevicePolicy, Quirks
from vms.store.device_rows import policy_from_json, quirks_from_json
from vms.store.schema import cameras, devices, streams

_BATCH = 500
_DEVICE = [
    devices.c[name]
    for name in (
        *("id", "address", "port", "quirks", "policy", "clock_offset_s", "credential_id", "login_refused_version"),
    )
]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PollCamera:
    camera_id: CameraId
    channel: str
    main_uri: str | None = None
    sub_uri: str | None = None
    snapshot_uri: str | None = None
    turns: bool = False
    profile: str = ""
    """Of its main stream, else of any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollTarget:
    device_id: DeviceId
    address: str
    port: int
    quirks: Quirks
    policy: DevicePolicy = field(default_factory=DevicePolicy)
    clock_offset_s: float | None = None
    credential_id: CredentialId | None = None
    login_refused_version: int | None = None
    cameras: tuple[PollCamera, ...] = ()


def poll_targets(tx: Connection, *, life_cycles: Collection[LifeCycle] = IN_SERVICE) -> list[PollTarget]:
    """Devices that have at least one camera of these life cycles and that are where they were heard last.

    Nobody looks at a camera that is not approved yet. Three statements, whatever the number of devices.
    """
    return _targets(tx, life_cycles, cameras.c.device_id.is_not(None), true())


def poll_targets_after(tx: Connection, device_id: int, limit: int) -> tuple[list[PollTarget], int | None]:
    """The same for the next `limit` devices by id, and the last id looked at; None: there are no more."""
    c = devices.c
    ids = tx.execute(select(c.id).where(c.id > device_id).order_by(c.id).limit(limit)).scalars().all()
    if not ids:
        return [], None
    of_camera = cameras.c.device_id.between(ids[0], ids[-1])
    return _targets(tx, IN_SERVICE, of_camera, c.id.between(ids[0], ids[-1])), ids[-1]


def poll_targets_of(tx: Connection, device_ids: Collection[int]) -> list[PollTarget]:
    """The same for a few devices; those without a camera in service are left out."""
    found: list[PollTarget] = []
    wanted = sorted(device_ids)
    for start in range(0, len(wanted), _BATCH):
        some = wanted[start : start + _BATCH]
        found += _targets(tx, IN_SERVICE, cameras.c.device_id.in_(some), devices.c.id.in_(some))
    return found


def channels_of(tx: Connection, device_id: int) -> int:
    """How many cameras in service hang on that device: what its budget is measured by."""
    c = cameras.c
    in_service = [life_cycle.value for life_cycle in IN_SERVICE]
    statement = select(func.count()).where(c.device_id == device_id, c.life_cycle.concat("").in_(in_service))
    return tx.execute(statement).scalar_one()


def devices_of_cameras(tx: Connection, camera_ids: Collection[int]) -> set[int]:
    """Where these cameras hang now."""
    found: set[int] = set()
    wanted = sorted(camera_ids)
    for start in range(0, len(wanted), _BATCH):
        statement = select(cameras.c.device_id).where(cameras.c.id.in_(wanted[start : start + _BATCH]))
        found.update(number for number in tx.execute(statement).scalars() if number is not None)
    return found


def _targets(
    tx: Connection,
    life_cycles: Collection[LifeCycle],
    of_camera: ColumnElement[bool],
    of_device: ColumnElement[bool],
) -> list[PollTarget]:
    by_device = _cameras_by_device(tx, [life_cycle.value for life_cycle in life_cycles], of_camera)
    statement = select(*_DEVICE).where(devices.c.displaced_at.is_(None), of_device).order_by(devices.c.id)
    ways: dict[str, Quirks] = {}
    policies: dict[str, DevicePolicy] = {}
    return [
        PollTarget(
            device_id=DeviceId(row.id),
            address=row.address,
            port=row.port,
            quirks=_shared(ways, row.quirks, quirks_from_json),
            policy=_shared(policies, row.policy, policy_from_json),
            clock_offset_s=row.clock_offset_s,
            credential_id=None if row.credential_id is None else CredentialId(row.credential_id),
            login_refused_version=row.login_refused_version,
            cameras=tuple(by_device[row.id]),
        )
        for row in tx.execute(statement)
        if row.id in by_device
    ]


def _shared(known: dict[str, T], kept: dict[str, Any], read: Callable[[dict[str, Any]], T]) -> T:
    """Devices of one kind share one value: there may be 100,000 of them."""
    key = repr(kept)
    found = known.get(key)
    if found is None:
        found = known[key] = read(kept)
    return found


def _cameras_by_device(
    tx: Connection, life_cycles: Sequence[str], of_camera: ColumnElement[bool]
) -> dict[int, list[PollCamera]]:
    # Nearly all are in service: told by an expression, so that the index is not taken for a part of the city.
    chosen = (of_camera, cameras.c.life_cycle.concat("").in_(life_cycles))
    uris: dict[int, dict[str, str]] = {}
    profiles: dict[int, dict[str, str]] = {}
    wanted = (streams.c.camera_id, streams.c.role, streams.c.uri, streams.c.profile, cameras.c.ptz)
    statement = select(*wanted).join(cameras).where(*chosen)
    for camera_id, role, uri, profile, turns in tx.execute(statement.order_by(streams.c.profile)):
        uris.setdefault(camera_id, {}).setdefault(role, uri)
        if turns:
            profiles.setdefault(camera_id, {}).setdefault(role, profile)
    found: dict[int, list[PollCamera]] = {}
    columns = select(cameras.c.id, cameras.c.device_id, cameras.c.channel, cameras.c.snapshot_uri, cameras.c.ptz)
    for row in sorted(tx.execute(columns.where(*chosen)), key=lambda row: row.id):
        roles, named = uris.get(row.id, {}), profiles.get(row.id, {})
        camera = PollCamera(
            camera_id=CameraId(row.id),
            channel=intern(row.channel or ""),
            main_uri=roles.get("main"),
            sub_uri=roles.get("sub"),
            snapshot_uri=row.snapshot_uri,
            turns=bool(row.ptz),
            profile=named.get("main") or next(iter(named.values()), ""),
        )
        found.setdefault(row.device_id, []).append(camera)
    return found
