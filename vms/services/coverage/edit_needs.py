"""The office writes its own rules of demand; bad ones are refused with the reason, the old ones stay kept."""

from datetime import datetime

from vms.access.roles import Person
from vms.core.errors import BadInput, Conflict
from vms.coverage.needs import Needs, document_of_needs, needs_of_document
from vms.store import coverage_demand, events, regions
from vms.store.database import Database


def put_needs(
    database: Database, document: object | None, person: Person, now: datetime, *, why: str, version: int | None
) -> int:
    """The new version's number. `document`: None for the program's own rules again. Raises BadInput, Conflict."""
    needs = None if document is None else needs_of_document(document)
    with database.writing() as tx:
        last = coverage_demand.current(tx)
        if (last.version if last else None) != version:
            raise Conflict("somebody has edited the rules meanwhile; look at them again", code="needs_changed")
        if needs is not None:
            _check_areas(needs, set(regions.names(tx)))
        stored = None if needs is None else document_of_needs(needs)
        number = coverage_demand.put(tx, stored, who=person.name, why=why, now=now)
        events.append(tx, "coverage.needs_changed", number, {"who": person.name}, now)
    return number


def _check_areas(needs: Needs, known: set[str]) -> None:
    for number, rule in enumerate(needs.rules, start=1):
        if rule.area and rule.area not in known:
            raise BadInput(f"there is no region {rule.area}", where=f"rule {number} ({rule.ground.value}): area")
