"""Makes the assessment of a period: every figure of every group, its score and rank, and its days."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache

import numpy as np
from sqlalchemy import Connection

from vms.assessment.figure import Figure, FigureKind, Ratio, Tally
from vms.assessment.grouping import GroupBy, region_groups
from vms.assessment.period import Period
from vms.assessment.profile import Profile, Score, figures, ranks, score
from vms.assessment.time_sums import Ints
from vms.core.errors import BadInput
from vms.health.session import WatchSession
from vms.places.land import Land
from vms.places.regions import RegionTree
from vms.services.assessment.counting import ArchiveRatios, Counting, count_archive, count_orders, count_slice
from vms.services.assessment.looked_at import looked_at_in
from vms.store import assessment_facts, key_places, owners, regions
from vms.store.assessed_orders import AssessedOrder, assessed_orders
from vms.store.assessment_facts import AssessedCamera
from vms.store.database import Database
from vms.store.key_places import KeyPlaces
from vms.store.watch_sessions import sessions_between

SLICE = 5000
"""Cameras whose time is summed together: what bounds the memory."""
TOTAL = "all"
"""Key and name of what holds all groups."""
MaintainerOf = Callable[[AssessedCamera], int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFigures:
    key: str
    """The region's code, the tier, the id of the owner or the maintainer; empty: none."""
    name: str
    tally: Tally
    figures: tuple[Figure, ...]
    score: Score
    rank: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    day: date
    online_rate: float | None
    intact_rate: float | None
    image_quality_rate: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    period: Period
    until: datetime
    """The period's end, or the moment of making where it is not over yet."""
    by: GroupBy
    within: str
    within_name: str
    profile: Profile
    groups: tuple[GroupFigures, ...]
    """The best first; those without a score or a camera in service, and what belongs to nobody, last."""
    total: GroupFigures
    days: tuple[DayFigures, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    period: Period
    by: GroupBy
    profile: Profile
    within: str = ""
    """A region's code: only what lies in it."""


def assess(
    database: Database,
    asked: Asked,
    now: datetime,
    *,
    archive: ArchiveRatios | None = None,
    maintainer_of: MaintainerOf | None = None,
    maintainer_names: Mapping[int, str] | None = None,
) -> Assessment:
    """Blocking: seconds for 100,000 cameras and a month. Raises BadInput for a period that has not begun."""
    start, end = asked.period.interval.start, asked.period.interval.end
    until = min(end, now)
    if until <= start:
        raise BadInput("the period has not begun", where="from")
    borders = [border for border in asked.period.borders() if border < until] + [until]
    with database.reading() as tx:
        tree = regions.tree(tx)
        if asked.within and asked.within not in tree:
            raise BadInput(f"there is no region {asked.within}", where="region")
        areas, land = region_groups(tree, asked.within), Land.of(tree.regions.values())
        within_name = tree.regions[asked.within].name if asked.within else ""
        everyone = assessment_facts.assessed_cameras(tx, until)
        looked_at = looked_at_in(tx, asked.period, now)
        sessions = _all_sessions(tx, start, until)
        orders = assessed_orders(tx, start, until)
        names = _names(tx, asked.by, maintainer_names or {})
        places = key_places.at(tx, until if until == end else until + timedelta(hours=1))

    @cache
    def lies_in(code: str) -> str:
        """Codes that the tree does not know lie where they begin like one of its regions'."""
        return code if code in tree.regions else land.holder("", code) or code

    def is_inside(region_code: str) -> bool:
        return not asked.within or lies_in(region_code) in areas

    def key_of(one: AssessedCamera | AssessedOrder, maintainer_id: int | None) -> str | None:
        if not is_inside(one.region_code):
            return None
        match asked.by:
            case GroupBy.REGION:
                lying = lies_in(one.region_code)
                return areas.get(lying, lying)
            case GroupBy.TIER:
                return one.tier
            case GroupBy.OWNER:
                return str(one.owner_id or "")
        return str(maintainer_id or "")

    def key_of_camera(camera: AssessedCamera) -> str | None:
        by_firm = asked.by is GroupBy.MAINTAINER and maintainer_of is not None
        return key_of(camera, maintainer_of(camera) if by_firm and maintainer_of else None)

    group_of = {camera.camera_id: key for camera in everyone if (key := key_of_camera(camera)) is not None}
    chosen = [camera for camera in everyone if camera.camera_id in group_of]
    counts: dict[str, Counting] = defaultdict(Counting)
    days = np.zeros((len(borders) - 1, 5), dtype=np.int64)
    for first in range(0, len(chosen), SLICE):
        some = chosen[first : first + SLICE]
        with database.reading() as tx:
            count_slice(
                tx,
                some,
                group_of,
                sessions,
                asked.period,
                borders,
                counts,
                days,
                looked_at=looked_at,
                outages_are_charged=asked.profile.outages_are_charged,
            )
    count_orders(orders, key_of, start, until, counts)
    untold = {**looked_at.untold, **count_archive(archive, group_of, end, now, counts)}
    tallies = {key: one.tally(untold) for key, one in counts.items()}
    whole = Tally()
    for tally in tallies.values():
        whole += tally
    told = _with_coverage(whole, asked, places)
    if asked.by is GroupBy.REGION:
        tallies = {key: one for key, one in tallies.items() if not _is_bare(key, one, tree)}
    return _assessment(asked, within_name, until, tallies, told, names, days, borders)


def _is_bare(key: str, tally: Tally, tree: RegionTree) -> bool:
    """A region that is told by those below it, with no camera in service of its own: nothing to rank among them."""
    return not tally.cameras and not tally.ratios and bool(key in tree and tree.children(key))


def _with_coverage(whole: Tally, asked: Asked, places: KeyPlaces | None) -> Tally:
    """Key places belong to no camera's group: they are told for the whole town, as they were at the end."""
    kind = FigureKind.COVERAGE_RATE
    if asked.within:
        return whole
    if places is None:
        return replace(whole, untold={**whole.untold, kind: "coverage had not been measured by then"})
    untold = {other: why for other, why in whole.untold.items() if other is not kind}
    return replace(whole, ratios={**whole.ratios, kind: Ratio(*places)}, untold=untold)


def judged_anew(made: Assessment, profile: Profile) -> Assessment:
    """The same counts held against another profile, which charges outages as theirs does."""
    tallies = {group.key: group.tally for group in made.groups}
    names = {group.key: group.name for group in made.groups}
    groups, total = _judged(profile, tallies, made.total.tally, names)
    return replace(made, profile=profile, groups=groups, total=total)


def _assessment(
    asked: Asked,
    within_name: str,
    until: datetime,
    tallies: Mapping[str, Tally],
    whole: Tally,
    names: Mapping[str, str],
    days: Ints,
    borders: Sequence[datetime],
) -> Assessment:
    groups, total = _judged(asked.profile, tallies, whole, names)
    return Assessment(
        period=asked.period,
        until=until,
        by=asked.by,
        within=asked.within,
        within_name=within_name,
        profile=asked.profile,
        groups=groups,
        total=total,
        days=tuple(
            DayFigures(
                day=day,
                online_rate=_share(row[1], row[0]),
                intact_rate=_share(row[2], row[0]),
                image_quality_rate=_share(row[4], row[3]),
            )
            for day, row in zip(asked.period.days, days, strict=False)
        ),
    )


def _judged(
    profile: Profile, tallies: Mapping[str, Tally], whole: Tally, names: Mapping[str, str]
) -> tuple[tuple[GroupFigures, ...], GroupFigures]:
    """The groups, the best first, and all of them together."""
    keys = sorted(key for key, tally in tallies.items() if tally.cameras or any(r.whole for r in tally.ratios.values()))
    told = {key: figures(tallies[key], profile) for key in keys}
    scores = {key: score(told[key], profile) for key in keys}
    ranked = {key for key in keys if key and tallies[key].cameras}  # not who has no camera, nor what belongs to nobody
    points = [scores[key].points if key in ranked else None for key in keys]
    places = dict(zip(keys, ranks(points), strict=True))
    groups = tuple(
        GroupFigures(
            key=key,
            name=names.get(key, key),
            tally=tallies[key],
            figures=told[key],
            score=scores[key],
            rank=places[key],
        )
        for key in sorted(keys, key=lambda key: (places[key] is None, places[key] or 0, names.get(key, key)))
    )
    all_figures = figures(whole, profile)
    total = GroupFigures(
        key=TOTAL, name=TOTAL, tally=whole, figures=all_figures, score=score(all_figures, profile), rank=None
    )
    return groups, total


def _share(part: np.int64, whole: np.int64) -> float | None:
    return int(part) / int(whole) if whole else None


def _all_sessions(tx: Connection, start: datetime, end: datetime) -> list[WatchSession]:
    return sessions_between(tx, start, end)


def _names(tx: Connection, by: GroupBy, maintainers: Mapping[int, str]) -> dict[str, str]:
    match by:
        case GroupBy.REGION:
            return regions.names(tx)
        case GroupBy.OWNER:
            return {
                str(number): name for number, name in {owner.owner_id: owner.name for owner in owners.every(tx)}.items()
            }
        case GroupBy.MAINTAINER:
            return {str(number): name for number, name in maintainers.items()}
    return {}
