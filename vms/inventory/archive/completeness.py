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
    wanted = _REQUIRED[point_class]
    missing = tuple(
        name
        for name, declared, observed in wanted
        if not _said(declared(facts)) and (observed is None or not _said(observed(facts)))
    )
    return Completeness(point_class=point_class, required=len(wanted), missing=missing)


def is_filled(facts: Facts, name: str) -> bool:
    """`name` of a field that some class requires."""
    declared, observed = _GETTERS[name]
    return _said(declared(facts)) or (observed is not None and _said(observed(facts)))


def _said(value: object) -> bool:
    return bool(value) or value == 0


def _place(column: str) -> int:
    return Facts._fields.index(column)


_GETTERS = {
    field.name: (
        itemgetter(_place(field.column)),
        itemgetter(_place(OBSERVED_AS[field.name])) if field.name in OBSERVED_AS else None,
    )
    for one in CLASSES
    for field in required_for(one)
}
_REQUIRED = {one: tuple((field.name, *_GETTERS[field.name]) for field in required_for(one)) for one in CLASSES}
