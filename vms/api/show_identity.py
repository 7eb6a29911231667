"""Identity for the screen: questions, actions, hardware."""

from collections.abc import Iterable

from vms.api.models.conflicts import ChannelTold, ConflictRow
from vms.api.models.identity import CameraPathRow, EvidenceRow, HardwarePeriod, IdentityActionRow
from vms.inventory.identity.conflict_kind import ConflictKind, answers_to
from vms.inventory.identity.known_device import KnownDevice
from vms.inventory.identity.reason import Reason
from vms.store.camera_devices import Period
from vms.store.camera_paths import CameraPath
from vms.store.conflicts import StoredConflict
from vms.store.identity_actions import IdentityAction


def show_evidence(reasons: Iterable[Reason]) -> list[EvidenceRow]:
    return [
        EvidenceRow(
            code=reason.code,
            values={name: list(value) if isinstance(value, tuple) else value for name, value in reason.values},
            sentence=reason.sentence,
        )
        for reason in reasons
    ]


def show_conflict(conflict: StoredConflict, *, addresses: bool) -> ConflictRow:
    return ConflictRow(
        id=conflict.conflict_id,
        kind=conflict.kind.value,
        found_at=conflict.found_at,
        address=conflict.address if addresses else None,
        port=conflict.port if addresses else None,
        device_id=conflict.device_id,
        device_ids=list(conflict.device_ids),
        camera_ids=list(conflict.camera_ids),
        reasons=list(conflict.reasons),
        evidence=show_evidence(conflict.evidence),
        channels=_channels(conflict),
        answers=[answer.value for answer in answers_to(conflict.kind)],
        note=conflict.note,
    )


def _channels(conflict: StoredConflict) -> list[ChannelTold]:
    if conflict.kind is not ConflictKind.CHANNELS or conflict.observed is None:
        return []
    return [ChannelTold(channel=channel.token, name=channel.name) for channel in conflict.observed.channels]


def show_action(action: IdentityAction) -> IdentityActionRow:
    return IdentityActionRow(
        id=action.action_id,
        at=action.at,
        who=action.who,
        kind=action.kind,
        why=action.why,
        device_ids=list(action.device_ids),
        camera_ids=list(action.camera_ids),
        new_device_id=action.new_device_id,
        undone_at=action.undone_at,
        undone_by=action.undone_by,
    )


def show_period(period: Period, device: KnownDevice | None, *, whose: bool) -> HardwarePeriod:
    told = None if device is None else device.observed
    return HardwarePeriod(
        device_id=period.device_id,
        channel=period.channel,
        manufacturer=told.manufacturer if told else "",
        model=told.model if told else "",
        serial_no=told.serial_no if told and whose else "",
        from_at=period.from_at,
        until_at=period.until_at,
        why=period.why,
    )


def show_path(path: CameraPath) -> CameraPathRow:
    return CameraPathRow(
        device_id=path.device_id,
        channel=path.channel,
        found_at=path.found_at,
        evidence=show_evidence(path.evidence),
    )
