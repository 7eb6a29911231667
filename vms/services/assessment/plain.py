"""An assessment as plain JSON values: what the API, the command and kept reports give."""

from typing import Any

from vms.assessment.figure import METHODS, Figure
from vms.assessment.grouping import GroupBy
from vms.assessment.words import NAMES, NO_CAMERA, NOBODYS, NOTHING_THAT_COUNTS, PARTS, in_chinese
from vms.services.assessment.assess import TOTAL, Assessment, GroupFigures
from vms.services.assessment.profiles import written_profile
from vms.services.assessment.said import ALL, NO_NAME, TIERS

PLACES = 6


def plain_assessment(made: Assessment) -> dict[str, Any]:
    """Shares 0 … 1 and seconds; sums in whole microseconds or counts, so that anybody can divide again."""
    return {
        "from": made.period.first.isoformat(),
        "to": made.period.last.isoformat(),
        "time_zone": made.period.zone.key,
        "start_at": made.period.interval.start.isoformat(),
        "until": made.until.isoformat(),
        "by": made.by.value,
        "region": made.within,
        "region_name": made.within_name,
        "profile": written_profile(made.profile),
        "groups": [_group(group, made.by) for group in made.groups],
        "total": _group(made.total, made.by),
        "days": [
            {
                "day": day.day.isoformat(),
                "online_rate": day.online_rate,
                "intact_rate": day.intact_rate,
                "image_quality_rate": day.image_quality_rate,
            }
            for day in made.days
        ],
        "method": plain_methods(),
        "parts": [{"part": part.value, "name": en, "name_zh": zh} for part, (en, zh) in PARTS.items()],
    }


def plain_methods() -> list[dict[str, Any]]:
    """What each figure is called and how it is counted."""
    return [
        {
            "kind": kind.value,
            "name": NAMES[kind][0],
            "name_zh": NAMES[kind][1],
            "unit": method.unit.value,
            "part": method.part,
            "whole": method.whole,
            "part_zh": in_chinese(method.part),
            "whole_zh": in_chinese(method.whole),
            "less_is_better": method.less_is_better,
        }
        for kind, method in METHODS.items()
    ]


def _group(group: GroupFigures, by: GroupBy) -> dict[str, Any]:
    name, name_zh = _names(group, by)
    return {
        "key": group.key,
        "name": name,
        "name_zh": name_zh,
        "cameras": group.tally.cameras,
        "rank": group.rank,
        "not_ranked": (why := _why_not_ranked(group, by)),
        "not_ranked_zh": in_chinese(why),
        "score": None if group.score.points is None else round(group.score.points, 2),
        "left_out": [kind.value for kind in group.score.left_out],
        "figures": [_figure(one) for one in group.figures],
        "time_s": {part: us / 1e6 for part, us in group.tally.time_us.items()},
    }


def _names(group: GroupFigures, by: GroupBy) -> tuple[str, str]:
    if not group.key:
        return NO_NAME[by.value]
    if group.key == TOTAL and group.name == ALL[0]:
        return ALL
    if by is GroupBy.TIER:
        return TIERS.get(group.key, (group.name, group.name))
    return group.name, group.name


def _why_not_ranked(group: GroupFigures, by: GroupBy) -> str:
    if group.rank is not None or group.key == TOTAL:
        return ""
    if not group.key:
        return NOBODYS[by]
    return NOTHING_THAT_COUNTS if group.tally.cameras else NO_CAMERA


def _figure(one: Figure) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "value": None if one.value is None else round(one.value, PLACES),
        "part": one.part,
        "whole": one.whole,
        "target": one.target,
        "met": one.met,
        "because": one.because,
        "because_zh": in_chinese(one.because),
    }
