"""The figures of the assessment (考核指标): what each divides by what, and why one cannot be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class FigureKind(StrEnum):
    ONLINE_RATE = "online_rate"
    INTACT_RATE = "intact_rate"
    IMAGE_QUALITY_RATE = "image_quality_rate"
    RECORDING_INTEGRITY = "recording_integrity"
    RETENTION_COMPLIANCE = "retention_compliance"
    CLOCK_ACCURACY_RATE = "clock_accuracy_rate"
    ARCHIVE_COMPLETENESS = "archive_completeness"
    ARCHIVE_CONFORMITY = "archive_conformity"
    ARCHIVE_CONSISTENCY = "archive_consistency"
    FAULT_RESPONSE_OK = "fault_response_ok"
    FAULT_FIX_OK = "fault_fix_ok"
    RESPONSE_TOLD_AFTERWARDS = "response_told_afterwards"
    FIX_TOLD_AFTERWARDS = "fix_told_afterwards"
    REPEAT_FAULT_RATE = "repeat_fault_rate"
    MTTR = "mttr"
    MTBF = "mtbf"
    COVERAGE_RATE = "coverage_rate"
    FILING_RATE = "filing_rate"


class Unit(StrEnum):
    SHARE = "share"
    """0 … 1."""
    SECONDS = "seconds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How a figure is made, in words for the report's last page."""

    part: str
    whole: str
    nothing: str
    """Why it cannot be told where `whole` is 0."""
    unit: Unit = Unit.SHARE
    less_is_better: bool = False


METHODS: Mapping[FigureKind, Method] = MappingProxyType(
    {
        FigureKind.ONLINE_RATE: Method(
            part="seconds online", whole="assessable seconds", nothing="no camera was watched in the period"
        ),
        FigureKind.INTACT_RATE: Method(
            part="seconds online without an open fault of major weight or worse",
            whole="assessable seconds",
            nothing="no camera was watched in the period",
        ),
        FigureKind.IMAGE_QUALITY_RATE: Method(
            part="seconds online on these days without an open picture fault",
            whole="seconds online on the days of a diagnosis of the picture and the days after",
            nothing="no picture was diagnosed in the period",
        ),
        FigureKind.RECORDING_INTEGRITY: Method(
            part="recorded seconds of these",
            whole="seconds that the plan asks for outside notices and outages that are not charged",
            nothing="no day of recordings could be judged in the period",
        ),
        FigureKind.RETENTION_COMPLIANCE: Method(
            part="cameras whose oldest recording is as old as required",
            whole="cameras whose recordings were checked",
            nothing="no day of recordings could be judged in the period",
        ),
        FigureKind.CLOCK_ACCURACY_RATE: Method(
            part="seconds online on these days without an open fault of the clock",
            whole="seconds online on the days on which the clock was read and the days after",
            nothing="no clock was read in the period",
        ),
        FigureKind.ARCHIVE_COMPLETENESS: Method(
            part="filled required fields", whole="required fields", nothing="no record is in service"
        ),
        FigureKind.ARCHIVE_CONFORMITY: Method(
            part="records that break no rule", whole="records", nothing="no record is in service"
        ),
        FigureKind.ARCHIVE_CONSISTENCY: Method(
            part="records that agree with what their device says",
            whole="records whose device told something",
            nothing="no device told anything about a record",
        ),
        FigureKind.FAULT_RESPONSE_OK: Method(
            part="orders answered within their time",
            whole="orders due to be answered in the period",
            nothing="no order was due to be answered in the period",
        ),
        FigureKind.FAULT_FIX_OK: Method(
            part="orders repaired within their time",
            whole="orders due to be repaired in the period",
            nothing="no order was due to be repaired in the period",
        ),
        FigureKind.RESPONSE_TOLD_AFTERWARDS: Method(
            part="orders of these whose answer was told only when their time was up or the fault was gone",
            whole="orders answered within their time",
            nothing="no order was answered within its time",
            less_is_better=True,
        ),
        FigureKind.FIX_TOLD_AFTERWARDS: Method(
            part="orders of these whose repair was told only when their time was up or the fault was gone",
            whole="orders repaired within their time",
            nothing="no order was repaired within its time",
            less_is_better=True,
        ),
        FigureKind.REPEAT_FAULT_RATE: Method(
            part="orders for a fault that had been repaired before",
            whole="orders opened in the period",
            nothing="no order was opened in the period",
            less_is_better=True,
        ),
        FigureKind.MTTR: Method(
            part="seconds from the fault to its repair, suspensions left out",
            whole="orders repaired in the period by somebody who was there before the fault was gone",
            nothing="no order was repaired in the period",
            unit=Unit.SECONDS,
            less_is_better=True,
        ),
        FigureKind.MTBF: Method(
            part="seconds online",
            whole="falls of cameras that are charged to them",
            nothing="no camera fell in the period",
            unit=Unit.SECONDS,
        ),
        FigureKind.COVERAGE_RATE: Method(
            part="key places that a working camera covers", whole="key places", nothing="no key place is on the map"
        ),
        FigureKind.FILING_RATE: Method(
            part="cameras that are filed", whole="cameras liable to filing", nothing="no camera is liable to filing"
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Ratio:
    """Whole numbers (microseconds or counts), so that sums of groups are exact and may be checked by hand."""

    part: int = 0
    whole: int = 0

    def __add__(self, other: "Ratio") -> "Ratio":
        return Ratio(self.part + other.part, self.whole + other.whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What was counted of one group of cameras; two of them add up."""

    cameras: int = 0
    ratios: Mapping[FigureKind, Ratio] = field(default_factory=dict)
    """A kind that is missing was not counted; `untold` says why."""
    untold: Mapping[FigureKind, str] = field(default_factory=dict)
    time_us: Mapping[str, int] = field(default_factory=dict)
    """The parts that add up to the period (vms.assessment.time_sums.Part): also what was excluded, and why."""

    def __add__(self, other: "Tally") -> "Tally":
        kinds = self.ratios.keys() | other.ratios.keys()
        return Tally(
            cameras=self.cameras + other.cameras,
            ratios={kind: self.ratios.get(kind, Ratio()) + other.ratios.get(kind, Ratio()) for kind in sorted(kinds)},
            untold={**other.untold, **self.untold},
            time_us={
                part: self.time_us.get(part, 0) + other.time_us.get(part, 0)
                for part in sorted(self.time_us.keys() | other.time_us.keys())
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    kind: FigureKind
    unit: Unit
    part: int
    whole: int
    value: float | None
    """A share 0 … 1 or seconds; None: it cannot be told, `because` says why."""
    target: float | None = None
    met: bool | None = None
    because: str = ""


def figure(kind: FigureKind, tally: Tally, target: float | None) -> Figure:
    method = METHODS[kind]
    ratio = tally.ratios.get(kind)
    if ratio is None or ratio.whole == 0:
        because = tally.untold.get(kind) or method.nothing
        return Figure(kind=kind, unit=method.unit, part=0, whole=0, value=None, target=target, because=because)
    value = ratio.part / ratio.whole
    if method.unit is Unit.SECONDS:
        value /= 1e6
    met = None
    if target is not None:
        met = value <= target if method.less_is_better else value >= target
    return Figure(kind=kind, unit=method.unit, part=ratio.part, whole=ratio.whole, value=value, target=target, met=met)
