"""Is it our own side that is cut off? Judged from how many devices behind one piece of ground fell silent together.

Ground is what lies between us and devices: an interface, with the gateway behind which they are. Looks are counted in
cohorts of those that began together, since a device that answers is heard at once and one that is silent only when its
time is over. Only devices that were heard at their last look count, and those that nobody has looked at yet: who has
been dead for weeks proves nothing.

A switch that takes 25 of 1,000 cameras with it is not our side. Where everything behind a ground is silent while our
link is up, our side and a failure of the whole town cannot be told apart; the sentence says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OurSidePolicy:
    cut_share: float = 0.9
    """So many of those that were looked at must have fallen silent."""
    back_share: float = 0.5
    """Our side is back when so many of those that were tried answer again."""
    least_looks: int = 20
    """Fewer prove nothing either way; a small town is judged by its link alone."""
    tries: int = 5
    """Looks that must have ended before our side is called back."""
    together_share: float = 0.5
    """More of the streams or stills that were tried in one moment do not fail together by their own fault …"""
    together_least: int = 8
    """… where so many devices were tried …"""
    together_most_s: float = 600.0
    """… and it does not go on for longer."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Looks that began together, at devices that were heard before."""

    began_s: float
    begun: int
    fell: int
    """Have turned out silent."""
    stood: int
    """Have answered."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Our side is cut off."""

    since_s: float
    fell: int
    looked: int


def cut_off(cohorts: Sequence[Cohort], policy: OurSidePolicy) -> Cut | None:
    """`cohorts` of the last interval, oldest first. None: nothing speaks for it."""
    begun = fell = 0
    cut: Cut | None = None
    for cohort in reversed(cohorts):
        if begun == 0 and not _is_settled(cohort, policy):
            if cohort.stood:
                return None
            continue
        begun, fell = begun + cohort.begun, fell + cohort.fell
        if fell < policy.cut_share * begun:
            break
        if begun >= policy.least_looks:
            cut = Cut(cohort.began_s, fell, begun)
    return cut


def enough_to_judge(cohorts: Iterable[Cohort], since_s: float, policy: OurSidePolicy) -> bool:
    """Whether so much has been heard of what began from `since_s` on that a silent look need not wait for company."""
    known = begun = 0
    for cohort in cohorts:
        if cohort.began_s >= since_s:
            begun += cohort.begun
            known += cohort.fell + cohort.stood
    return known >= policy.least_looks and known >= policy.cut_share * begun


def is_back(cohorts: Sequence[Cohort], policy: OurSidePolicy) -> bool:
    """Whether those that were tried last answer again."""
    begun = stood = 0
    for cohort in reversed(cohorts):
        if not _is_settled(cohort, policy):
            continue
        begun, stood = begun + cohort.begun, stood + cohort.stood
        if begun >= policy.tries:
            return stood >= policy.back_share * begun
    return False


def _is_settled(cohort: Cohort, policy: OurSidePolicy) -> bool:
    """Nearly all of it is known; silence is known late."""
    return cohort.begun > 0 and cohort.fell + cohort.stood >= policy.cut_share * cohort.begun


def are_together(failed: int, tried: int, policy: OurSidePolicy) -> bool:
    """Devices that answer, and whose streams or stills fail in one moment with those of most others: a slow moment of
    ours."""
    return tried >= policy.together_least and failed > policy.together_share * tried


def in_words(ground: str, cut: Cut | None, link: str, whole: bool) -> str:
    """Why nobody is blamed. `link`: what is wrong with our own link, empty where nothing can be seen."""
    told = f"{cut.fell} of {cut.looked} devices behind {ground} fell silent together" if cut else ""
    if link:
        return f"{link}; {told}" if told else link
    everything = "everything" if whole else "all of that network"
    return f"{told}; our link is up: {everything} may be down out there, which cannot be told apart from here"


def status_words(since: datetime) -> str:
    return f"our own side is cut off since {since:%Y-%m-%d %H:%M:%S} UTC"
