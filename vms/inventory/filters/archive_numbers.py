"""Which cameras does a number of the archive's figures count? As a filter that a list can be opened with."""

from vms.inventory.archive.rule_names import RULE_NAMES
from vms.inventory.camera import IN_SERVICE_VALUES

IN_SERVICE = f"life_cycle in ({', '.join(IN_SERVICE_VALUES)})"
"""What the figures count at all."""
NUMBERS = {
    "complete": "completeness=100",
    "incomplete": "completeness<100",
    "conforming": "not has:breaks",
    "breaking": "has:breaks",
    "with_device": "has:device",
    "consistent": "has:device and not has:differs",
    "differing": "has:device and has:differs",
}
"""By number, to be joined to its group's filter with `and`."""
RULES = {code: f"breaks={code}" for code in RULE_NAMES}
"""The same for the cameras that break a rule."""
_FIELDS = {"region": "region", "tier": "tier", "owner": "owner_id", "point_class": "class"}


def group_filter(by: str, key: str) -> str:
    """The cameras of one group. `by`: region, tier, owner or point_class; an empty key: those that have none."""
    quoted = key.replace('"', '""')
    value = key if key and by != "region" else f'"{quoted}"'
    return f"{IN_SERVICE} and {_FIELDS[by]}={value}"
