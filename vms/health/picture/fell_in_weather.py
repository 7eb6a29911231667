"""Who came under a weather together: what a camera showed long before the others is its own fault, and stays it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from vms.core.ids import CameraId
from vms.health.fault import FaultKind
from vms.health.picture.area import AreaEvent, AreaPolicy, CameraLook, area_events

NO_KINDS = frozenset[FaultKind]()


def events_that_fell_together(
    looks: Sequence[CameraLook], policy: AreaPolicy, together_s: float
) -> tuple[AreaEvent, ...]:
    """As `area_events`, of the largest company that fell together alone. Whoever stays out counts as looked at.

    A fog that creeps over an area for hours is one company: no two who follow each other in it fell more than
    `together_s` apart.
    """
    while True:
        by_id = {look.camera_id: look for look in looks if look.kinds}
        apart: dict[CameraId, frozenset[FaultKind]] = {}
        events = []
        for event in area_events(looks, policy):
            shown = [by_id[camera_id] for camera_id in event.camera_ids]
            company = _largest_company(shown, event.kinds, timedelta(seconds=together_s))
            if company is None:
                events.append(event)
                continue
            first, last = company
            events.append(replace(event, fell_from=first))
            for look in shown:
                fell = {kind: look.since.get(kind, first) for kind in look.kinds & event.kinds}
                alone = frozenset(kind for kind, at in fell.items() if not first <= at <= last)
                if alone:
                    apart[look.camera_id] = apart.get(look.camera_id, NO_KINDS) | alone
        if not apart:
            return tuple(events)
        looks = showing_less(looks, apart)


def kinds_since(look: CameraLook, kinds: Collection[FaultKind], since: datetime | None) -> frozenset[FaultKind]:
    """Of these kinds, what the camera shows since then and not for longer."""
    return frozenset(
        kind for kind in look.kinds if kind in kinds and (since is None or look.since.get(kind, since) >= since)
    )


def showing_less(looks: Iterable[CameraLook], less: Mapping[CameraId, frozenset[FaultKind]]) -> list[CameraLook]:
    """The same looks, as though these cameras did not show these kinds."""
    return [
        replace(look, kinds=look.kinds - less[look.camera_id]) if look.camera_id in less else look for look in looks
    ]


def _largest_company(
    looks: Iterable[CameraLook], kinds: Collection[FaultKind], together: timedelta
) -> tuple[datetime, datetime] | None:
    """When its first and its last fell; of two as large, the later one's. None: nobody knows when any of them fell."""
    falls = sorted(
        (look.since[kind], look.camera_id)
        for look in looks
        for kind in look.kinds
        if kind in kinds and kind in look.since
    )
    if not falls:
        return None
    began = last = falls[0][0]
    best, most, company = (began, last), 0, set[CameraId]()
    for at, camera_id in falls:
        if at - last > together:
            company, began = set(), at
        last = at
        company.add(camera_id)
        if len(company) >= most:
            best, most = (began, at), len(company)
    return best
