"""What the poller has to ask: every device once, with its cameras."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from vms.core.ids import CameraId, CredentialId, DeviceId
from vms.inventory.camera import IN_SERVICE, LifeCycle
from vms.inventory.device import DevicePolicy, Quirks
from vms.store.device_rows import policy_from_json, quirks_from_json
from vms.store.schema import cameras, devices, streams


@dataclass(frozen=True, slots=True, kw_only=True)
class PollCamera:
    camera_id: CameraId
    channel: str
    main_uri: str | None = None
    sub_uri: str | None = None
    snapshot_uri: str | None = None


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
    by_device = _cameras_by_device(tx, [life_cycle.value for life_cycle in life_cycles])
    statement = select(devices).where(devices.c.displaced_at.is_(None)).order_by(devices.c.id)
    return [
        PollTarget(
            device_id=DeviceId(row["id"]),
            address=row["address"],
            port=row["port"],
            quirks=quirks_from_json(row["quirks"]),
            policy=policy_from_json(row["policy"]),
            clock_offset_s=row["clock_offset_s"],
            credential_id=None if row["credential_id"] is None else CredentialId(row["credential_id"]),
            login_refused_version=row["login_refused_version"],
            cameras=tuple(by_device[row["id"]]),
        )
        for row in tx.execute(statement).mappings()
        if row["id"] in by_device
    ]


def _cameras_by_device(tx: Connection, life_cycles: Sequence[str]) -> dict[int, list[PollCamera]]:
    chosen = (cameras.c.device_id.is_not(None), cameras.c.life_cycle.in_(life_cycles))
    uris: dict[int, dict[str, str]] = {}
    statement = select(streams.c.camera_id, streams.c.role, streams.c.uri).join(cameras).where(*chosen)
    for camera_id, role, uri in tx.execute(statement.order_by(streams.c.profile)):
        uris.setdefault(camera_id, {}).setdefault(role, uri)
    found: dict[int, list[PollCamera]] = {}
    columns = select(cameras.c.id, cameras.c.device_id, cameras.c.channel, cameras.c.snapshot_uri)
    for row in tx.execute(columns.where(*chosen).order_by(cameras.c.id)):
        roles = uris.get(row.id, {})
        camera = PollCamera(
            camera_id=CameraId(row.id),
            channel=row.channel,
            main_uri=roles.get("main"),
            sub_uri=roles.get("sub"),
            snapshot_uri=row.snapshot_uri,
        )
        found.setdefault(row.device_id, []).append(camera)
    return found
