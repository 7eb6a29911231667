"""What people make of a gap: confirmed, noted with a photograph, planned, given to somebody, commented on."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vms.access.roles import Person
from vms.core.errors import BadInput, NotFound
from vms.coverage.gap_steps import GapStep, stepped
from vms.media.photograph import tidy_photograph
from vms.services.archive.photographs import keep_file, read_file, thumbnail_of
from vms.store import coverage_gap_list, events
from vms.store.coverage_gap_list import GapRecord, GapStepRow
from vms.store.database import Database

MOST_PHOTOGRAPHS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class GapWord:
    step: GapStep
    text: str = ""
    plan_id: int | None = None
    assigned_to: str = ""


def step_gap(
    database: Database, gap_id: int, word: GapWord, person: Person, now: datetime, *, photograph: str | None = None
) -> GapRecord:
    """Raises NotFound, BadInput, Conflict."""
    with database.writing() as tx:
        gap = coverage_gap_list.get(tx, gap_id)
        closed = gap.closed_at is not None
        state = stepped(gap.state, word.step, closed=closed, text=word.text, plan_id=word.plan_id)
        values: dict[str, object] = {}
        if state is not gap.state:
            values |= {"state": state.value, "state_at": now}
        if word.step is GapStep.PLAN:
            values["plan_id"] = word.plan_id
        if word.step is GapStep.REOPEN:
            values["plan_id"] = None
        if word.step is GapStep.ASSIGN:
            values["assigned_to"] = word.assigned_to
        if values:
            coverage_gap_list.move(tx, gap_id, values)
        text = word.assigned_to if word.step is GapStep.ASSIGN else word.text
        if word.step is GapStep.PLAN:
            text = f"plan {word.plan_id} {word.text}".strip()
        coverage_gap_list.add_step(
            tx, gap_id, word.step.value, who=person.name, now=now, text=text, photograph=photograph
        )
        events.append(tx, "coverage.gap_stepped", gap_id, {"step": word.step.value, "state": state.value}, now)
        return coverage_gap_list.get(tx, gap_id)


def note_gap(
    database: Database, folder: Path, gap_id: int, data: bytes, text: str, person: Person, now: datetime
) -> GapRecord:
    """Noted with a photograph: JPEG or PNG. The file first, the row after. Blocking, up to a second."""
    with database.reading() as tx:
        gap = coverage_gap_list.get(tx, gap_id)
        if sum(one.photograph is not None for one in coverage_gap_list.steps(tx, gap_id)) >= MOST_PHOTOGRAPHS:
            raise BadInput(f"{MOST_PHOTOGRAPHS} photographs are the most of one gap", where="photograph")
    stepped(gap.state, GapStep.NOTE, closed=gap.closed_at is not None, text=text, plan_id=None)
    file = keep_file(folder, tidy_photograph(data))
    word = GapWord(step=GapStep.NOTE, text=text)
    return step_gap(database, gap_id, word, person, now, photograph=file)


def gap_photograph(database: Database, folder: Path, gap_id: int, step_id: int, *, thumbnail: bool = False) -> bytes:
    """Raises NotFound."""
    with database.reading() as tx:
        found = _step(coverage_gap_list.steps(tx, gap_id), step_id)
    if found.photograph is None:
        raise NotFound("no photograph belongs to this step", code="no_picture")
    return read_file(folder, thumbnail_of(found.photograph) if thumbnail else found.photograph)


def _step(found: list[GapStepRow], step_id: int) -> GapStepRow:
    step = next((one for one in found if one.step_id == step_id), None)
    if step is None:
        raise NotFound(f"this gap has no step {step_id}")
    return step
