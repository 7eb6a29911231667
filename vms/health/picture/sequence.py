"""A short sequence of one camera: frozen, jittering, or turned away in its midst."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vms.health.fault import FaultKind
from vms.health.picture.finding import Finding, Thresholds, grade

STILL_STEPS = 2
"""So many steps without any change make a picture frozen: sensors and encoders never repeat themselves."""
CHANGE_LEVELS, NO_CHANGE_LEVELS = 0.3, 0.08
SAME_TWICE = 0.55
"""Score of two equal pictures: rather frozen than a still that the device hands out twice."""
JITTER_SHARE, STRONG_JITTER_SHARE = 0.004, 0.012
TO_AND_FRO = 0.6
"""Way in one direction over the whole way: a pan is near 1."""
ONE_WAY, MOST_STEPS, PANNED_SHARE = 0.9, 0.8, (0.15, 0.3)
"""Nearly the whole way lies in one direction, in most steps, and leads so far from the first view."""
ALIKE, UNLIKE, LESS_ALIKE = 0.6, 0.5, 0.25
"""Of steps within one view, of the step to another one, and how far at least the two lie apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From one picture to the next."""

    change_levels: float
    """Mean difference of the pixels outside the strips where clocks are written."""
    right_share: float
    """Shift of the whole picture, as shares of its width."""
    down_share: float
    shift_sure: float
    """0 … 1: how clear the shift is."""
    alike: float
    """-1 … 1: structure against structure (`baseline.match`)."""


def diagnose_sequence(steps: Sequence[Step], thresholds: Thresholds | None = None) -> tuple[Finding, ...]:
    thresholds = thresholds or Thresholds()
    found = (*_frozen(steps), *_jitter(steps), *_turned(steps), *_panned(steps))
    return tuple(finding for finding in found if finding.score >= thresholds.of(finding.kind))


def _frozen(steps: Sequence[Step]) -> Iterator[Finding]:
    longest, run, most = 0, 0, 0.0
    for step in steps:
        run = run + 1 if step.change_levels <= CHANGE_LEVELS else 0
        longest = max(longest, run)
    if longest >= STILL_STEPS:
        most = sorted(step.change_levels for step in steps)[longest - 1]
        score = grade(most, CHANGE_LEVELS, NO_CHANGE_LEVELS)
        because = f"{longest + 1} pictures in a row differ by {most:.2f} levels, limit {CHANGE_LEVELS:g}"
        yield Finding(kind=FaultKind.FROZEN, score=score, because=because)
    elif any(step.change_levels <= 0 for step in steps):
        because = "two pictures in a row are the same to the last pixel; a third would settle it"
        yield Finding(kind=FaultKind.FROZEN, score=SAME_TWICE, because=because)


def _jitter(steps: Sequence[Step]) -> Iterator[Finding]:
    sure = [step for step in steps if step.shift_sure > 0.1 and step.alike > 0.2]
    if len(sure) < 3 or len(sure) < len(steps) / 2:
        return
    ways = sorted(math.hypot(step.right_share, step.down_share) for step in sure)
    usual = ways[(len(ways) - 1) // 2]
    far = math.hypot(sum(step.right_share for step in sure), sum(step.down_share for step in sure))
    if sum(ways) <= 0 or far / sum(ways) > TO_AND_FRO:
        return
    because = f"from picture to picture it jumps by {usual:.1%} of its width to and fro, limit {JITTER_SHARE:.1%}"
    yield Finding(kind=FaultKind.JITTER, score=grade(usual, JITTER_SHARE, STRONG_JITTER_SHARE), because=because)


def _turned(steps: Sequence[Step]) -> Iterator[Finding]:
    """One break between two views that each stay as they are."""
    if not steps:
        return
    breaks = [step for step in steps if step.alike < UNLIKE]
    if len(breaks) != 1:
        return
    least = max(ALIKE, breaks[0].alike + LESS_ALIKE)
    if sum(step.alike >= least for step in steps) < len(steps) - 1:
        return
    because = f"at one moment the view becomes {breaks[0].alike:.2f} like the one before, limit {UNLIKE:g}"
    yield Finding(kind=FaultKind.SCENE_CHANGE, score=grade(breaks[0].alike, UNLIKE, 0.2), because=because)


def _panned(steps: Sequence[Step]) -> Iterator[Finding]:
    """It moves on and on, until the last view is another one than the first."""
    sure = [step for step in steps if step.shift_sure > 0.1]
    if len(sure) < 3 or len(sure) < MOST_STEPS * len(steps):
        return
    way = sum(math.hypot(step.right_share, step.down_share) for step in sure)
    far = math.hypot(sum(step.right_share for step in sure), sum(step.down_share for step in sure))
    if far < ONE_WAY * way:
        return
    because = f"from picture to picture it moves on, {far:.0%} of its width in all, limit {PANNED_SHARE[0]:.0%}"
    yield Finding(kind=FaultKind.SCENE_CHANGE, score=grade(far, *PANNED_SHARE), because=because)
