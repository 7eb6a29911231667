"""Two profiles held against the same days, as an answer."""

from vms.api.models.assessment import AimValue, ComparedGroup, ComparisonNow, JudgedGroup, ProfileValue
from vms.assessment.profile import Profile
from vms.services.assessment.assess import GroupFigures
from vms.services.assessment.compare import Comparison

SCORE_PLACES = 2


def show_comparison(found: Comparison) -> ComparisonNow:
    one = {group.key: group for group in found.one.groups}
    made = found.other
    return ComparisonNow.model_validate(
        {
            "from": made.period.first,
            "to": made.period.last,
            "until": made.until,
            "by": made.by,
            "one": _profile(found.one.profile),
            "other": _profile(made.profile),
            "groups": [_compared(one[group.key], group) for group in made.groups],
            "total": _compared(found.one.total, made.total),
        }
    )


def _compared(one: GroupFigures, other: GroupFigures) -> ComparedGroup:
    return ComparedGroup(
        key=other.key, name=other.name, cameras=other.tally.cameras, one=_judged(one), other=_judged(other)
    )


def _judged(group: GroupFigures) -> JudgedGroup:
    return JudgedGroup(
        rank=group.rank,
        score=None if group.score.points is None else round(group.score.points, SCORE_PLACES),
        missed=[figure.kind for figure in group.figures if figure.met is False],
        left_out=list(group.score.left_out),
    )


def _profile(profile: Profile) -> ProfileValue:
    return ProfileValue(
        name=profile.name,
        aims={kind: AimValue(target=aim.target, weight=aim.weight) for kind, aim in profile.aims.items()},
        outages_are_charged=profile.outages_are_charged,
    )
