"""How much of what its class requires a record holds: filled required ÷ required.

What the device said of itself fills a field that nobody declared; the class is the declared one, else the tier's usual.
"""

from dataclasses import dataclass
from operator import itemgetter

from vms.inventory.archive.facts import OBSERVED_AS, Facts
from vms.inventory.archive.fields import CLASSES, required_for

USUAL_CLASS = {"government": 1, "unit": 2, "community": 2, "household": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    point_class: int
    required: int
    missing: tuple[str, ...]
    """Names of fields, in the record's order."""

    @property
    def filled(self) -> int:
        return self.required - len(self.missing)

    @property
    def share(self) -> float:
        return self.filled / self.required if self.required else 1.0


def class_of(facts: Facts) -> int:
    declared = facts.point_class
    return declared if declared is not None and declared in CLASSES else USUAL_CLASS[facts.tier]


def completeness(facts: Facts) -> Completeness:
    point_class = class_of(facts)
    names, declared = _REQUIRED[point_class]
    missing = tuple(
        name
        for name, value in zip(names, declared(facts), strict=True)
        if not value and value != 0 and not _told(facts, name)
    )
    return Completeness(point_class=point_class, required=len(names), missing=missing)


def _told(facts: Facts, name: str) -> bool:
    place = _OBSERVED.get(name)
    return place is not None and (bool(facts[place]) or facts[place] == 0)


def _place(column: str) -> int:
    return Facts._fields.index(column)


_OBSERVED = {name: _place(column) for name, column in OBSERVED_AS.items()}
_REQUIRED = {
    one: (
        tuple(field.name for field in required_for(one)),
        itemgetter(*(_place(field.column) for field in required_for(one))),
    )
    for one in CLASSES
}
