"""A profile of the assessment: targets and weights, what is excluded, and the score that follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from vms.assessment.figure import METHODS, Figure, FigureKind, Tally, figure
from vms.core.errors import BadInput


@dataclass(frozen=True, slots=True)
class Aim:
    target: float | None
    """A share 0 … 1, or seconds; None: shown, not judged."""
    weight: float = 0.0
    """0: it does not enter the score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    name: str
    aims: Mapping[FigureKind, Aim]
    outages_are_charged: bool = False
    """True: time in an outage with a common cause counts against the cameras that fell with it."""

    def __post_init__(self) -> None:
        for kind, aim in self.aims.items():
            share = METHODS[kind].unit == "share"
            if aim.target is not None and not 0 <= aim.target <= (1 if share else 10**9):
                raise BadInput("a share lies between 0 and 1, a time is not negative", where=f"aims.{kind}.target")
            if not 0 <= aim.weight <= 1000:
                raise BadInput("a weight lies between 0 and 1000", where=f"aims.{kind}.weight")
            if aim.weight and aim.target is None:
                raise BadInput("a figure that counts needs a target", where=f"aims.{kind}.target")


USUAL = Profile(
    name="usual",
    aims=MappingProxyType(
        {
            FigureKind.ONLINE_RATE: Aim(0.98, 20),
            FigureKind.INTACT_RATE: Aim(0.98, 20),
            FigureKind.IMAGE_QUALITY_RATE: Aim(0.95, 10),
            FigureKind.RECORDING_INTEGRITY: Aim(0.98, 10),
            FigureKind.RETENTION_COMPLIANCE: Aim(1.0, 5),
            FigureKind.CLOCK_ACCURACY_RATE: Aim(0.98, 5),
            FigureKind.ARCHIVE_COMPLETENESS: Aim(1.0, 5),
            FigureKind.ARCHIVE_CONFORMITY: Aim(0.98, 5),
            FigureKind.ARCHIVE_CONSISTENCY: Aim(0.95, 5),
            FigureKind.FAULT_RESPONSE_OK: Aim(0.95, 5),
            FigureKind.FAULT_FIX_OK: Aim(0.95, 10),
            FigureKind.RESPONSE_TOLD_AFTERWARDS: Aim(None),
            FigureKind.FIX_TOLD_AFTERWARDS: Aim(None),
            FigureKind.REPEAT_FAULT_RATE: Aim(None),
            FigureKind.MTTR: Aim(None),
            FigureKind.MTBF: Aim(None),
            FigureKind.COVERAGE_RATE: Aim(1.0),
            FigureKind.FILING_RATE: Aim(1.0),
        }
    ),
)
"""What is usual where nobody has set anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    points: float | None
    """0 … 100; None: nothing that counts could be told."""
    counted: tuple[FigureKind, ...]
    left_out: tuple[FigureKind, ...]
    """They have a weight and could not be told: the others carry it."""


def figures(tally: Tally, profile: Profile) -> tuple[Figure, ...]:
    """All figures in the order of their kinds, those of the profile with their targets."""
    return tuple(
        figure(kind, tally, aim.target if (aim := profile.aims.get(kind)) is not None else None) for kind in FigureKind
    )


def score(found: Sequence[Figure], profile: Profile) -> Score:
    """The weighted mean of how far each target was reached, of those that could be told."""
    counted: list[FigureKind] = []
    left_out: list[FigureKind] = []
    reached = weights = 0.0
    for one in found:
        aim = profile.aims.get(one.kind)
        if aim is None or not aim.weight:
            continue
        if one.value is None:
            left_out.append(one.kind)
            continue
        counted.append(one.kind)
        weights += aim.weight
        reached += aim.weight * _reached(one)
    points = 100.0 * reached / weights if weights else None
    return Score(points=points, counted=tuple(counted), left_out=tuple(left_out))


def ranks(points: Sequence[float | None]) -> tuple[int | None, ...]:
    """1 for the best; equals share a rank and the next ones are left out (1, 2, 2, 4); None has none."""
    known = sorted((value for value in points if value is not None), reverse=True)
    return tuple(None if value is None else known.index(value) + 1 for value in points)


def _reached(one: Figure) -> float:
    """1 where the target is met, below it in proportion."""
    if one.met or one.value is None or one.target is None:
        return float(bool(one.met))
    return one.target / one.value if METHODS[one.kind].less_is_better else one.value / one.target
