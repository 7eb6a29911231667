"""Which plan holds for a camera: the first that fits; where it names no days to keep, the record does."""

from collections.abc import Sequence

from vms.health.footage import DAY_AND_NIGHT, RecordingPlan
from vms.inventory.archive.city import ConformityRules
from vms.places.land import Land
from vms.store.recording_targets import KindOfCamera, RecordedCamera
from vms.store.recordings import StoredPlan


def choose_plan(
    camera: RecordedCamera, plans: Sequence[StoredPlan], rules: ConformityRules, land: Land
) -> tuple[str, RecordingPlan]:
    """With its name; empty: none fits, day and night."""
    usual = rules.key_retention_days if camera.site_category in rules.key_site_categories else rules.retention_days
    days_least = usual if camera.retention_days is None else camera.retention_days
    for plan in plans:
        if not fits(plan, camera, land):
            continue
        least = days_least if plan.days_least is None else plan.days_least
        most = plan.days_most if plan.days_most is None else max(plan.days_most, least)
        week = tuple(tuple((start, end) for start, end in day) for day in plan.week)
        return plan.name, RecordingPlan(week=week, days_least=least, days_most=most)
    return "", RecordingPlan(week=DAY_AND_NIGHT, days_least=days_least)


def fits(plan: StoredPlan, camera: RecordedCamera | KindOfCamera, land: Land) -> bool:
    """All that it names must fit; a region stands for everything below it."""
    wanted = plan.fits
    named = wanted.get("regions") or ()
    return (
        _is_among(camera.point_class, wanted.get("point_classes"))
        and _is_among(camera.tier, wanted.get("tiers"))
        and _is_among(camera.camera_id, wanted.get("cameras"))
        and (not named or any(land.holds(str(region), camera.region_code) for region in named))
    )


def _is_among(value: object, wanted: Sequence[object] | None) -> bool:
    return not wanted or value in wanted
