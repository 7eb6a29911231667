"""The archive's part of the assessment, from the memory that judges it."""

from collections.abc import Mapping
from datetime import datetime

from vms.assessment.figure import FigureKind, Ratio
from vms.services.archive.archive_memory import ArchiveMemory
from vms.services.assessment.counting import ArchiveRatios


def archive_ratios(memory: ArchiveMemory, now: datetime) -> ArchiveRatios:
    def of_groups(group_of: Mapping[int, str]) -> Mapping[str, Mapping[FigureKind, Ratio]]:
        return {
            key: {
                FigureKind.ARCHIVE_COMPLETENESS: Ratio(found.filled, found.required),
                FigureKind.ARCHIVE_CONFORMITY: Ratio(found.conforming, found.cameras),
                FigureKind.ARCHIVE_CONSISTENCY: Ratio(found.consistent, found.with_device),
            }
            for key, found in memory.figures_of(group_of, now).items()
        }

    return of_groups
