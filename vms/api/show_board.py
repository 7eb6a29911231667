"""The office's board, as models."""

from collections.abc import Mapping

from vms.api.models.board import BoardNumbers, BoardRow, CoverageLost, FiguresMissed
from vms.coverage.gaps import GapCause
from vms.health import board
from vms.health.board import BoardBy, Tally
from vms.places.regions import RegionTree
from vms.services.coverage.answers import Gaps
from vms.services.missed_figures import MissedFigures


def show_numbers(row: board.BoardRow) -> BoardNumbers:
    return BoardNumbers(**_numbers(row.tally), recorded_share=row.tally.recorded_share, outages=row.outages)


def show_row(row: board.BoardRow, by: BoardBy, tree: RegionTree, firms: Mapping[int, str], within: str) -> BoardRow:
    name, level, deeper = row.key, "", False
    if by is BoardBy.MAINTAINER:
        name = firms.get(int(row.key or 0), "")
    elif by is BoardBy.REGION and row.key in tree:
        region = tree.regions[row.key]
        name, level = region.name, region.level.value
        deeper = row.key != within and bool(tree.children(row.key))
    return BoardRow(
        **_numbers(row.tally),
        recorded_share=row.tally.recorded_share,
        outages=row.outages,
        key=row.key,
        name=name,
        level=level,
        deeper=deeper,
    )


def show_lost(gaps: Gaps) -> CoverageLost | None:
    if gaps.measured_at is None:
        return None
    return CoverageLost(
        road_m=gaps.by_cause_m.get(GapCause.FAULTY, 0.0),
        places=gaps.by_cause_places.get(GapCause.FAULTY, 0),
        measured_at=gaps.measured_at,
    )


def show_missed(found: MissedFigures) -> FiguresMissed:
    return FiguresMissed(
        report_id=found.report_id,
        start_at=found.start_at,
        end_at=found.end_at,
        made_at=found.made_at,
        missed=list(found.missed),
        judged=found.judged,
    )


def _numbers(tally: Tally) -> dict[str, int]:
    return {
        "total": tally.total,
        "up": tally.up,
        "suspect": tally.suspect,
        "down": tally.down,
        "unknown": tally.unknown,
        "intact": tally.intact,
        "pictured": tally.pictured,
        "picture_ok": tally.picture_ok,
        "orders_open": tally.orders_open,
        "orders_overdue": tally.orders_overdue,
    }
