"""One record judged: how complete it is, which rules it breaks, where it differs from what the device says."""

from dataclasses import dataclass

from vms.inventory.archive.city import City
from vms.inventory.archive.completeness import Completeness, completeness
from vms.inventory.archive.conformity import Failed, conformity
from vms.inventory.archive.facts import Facts
from vms.inventory.differences import Accepted, Difference, differences_of, still_open


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    completeness: Completeness
    failed: tuple[Failed, ...]
    differences: tuple[Difference, ...]
    """Open ones: those that a person let stand are left out."""


def judge(facts: Facts, city: City, accepted: Accepted) -> Judgement:
    filled = completeness(facts)
    return Judgement(
        completeness=filled,
        failed=conformity(facts, city, filled.missing),
        differences=still_open(differences_of(facts), accepted),
    )
