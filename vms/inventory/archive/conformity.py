"""Which rules a record breaks, each by name and with a sentence. A record conforms when it breaks none.

Where a field is empty that the record's class requires, that is a broken rule of its own, by another name; an empty
field that nobody requires breaks nothing. The rules themselves: vms/inventory/archive/rules.py.
"""

from collections.abc import Collection
from dataclasses import dataclass

from vms.inventory.archive.city import City
from vms.inventory.archive.facts import Facts
from vms.inventory.archive.fields import field
from vms.inventory.archive.rules import RULES, UNKNOWN_CODE, unknown_codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    code: str
    field: str
    en: str
    zh: str


def conformity(facts: Facts, city: City, missing: Collection[str]) -> tuple[Failed, ...]:
    """`missing`: of `completeness`. Empty: the record conforms."""
    found: list[Failed] = []
    for code, name, check, if_missing in _RULES:
        if (why := check(facts, city)) is not None:
            found.append(Failed(code=code, field=name, en=why[0], zh=why[1]))
        elif if_missing and name in missing:
            found.append(_missing(if_missing, name))
    found.extend(Failed(code=UNKNOWN_CODE, field=name, en=en, zh=zh) for name, en, zh in unknown_codes(facts, city))
    return tuple(found)


def rule_codes() -> tuple[str, ...]:
    """In the order of the record; what is missing beside what is wrong."""
    return (*(code for rule in RULES for code in (rule.missing, rule.code) if code), UNKNOWN_CODE)


def _missing(code: str, name: str) -> Failed:
    about = field(name)
    return Failed(code=code, field=name, en=f"{about.en} is missing", zh=f"未填写{about.zh}")


_RULES = tuple((rule.code, rule.field, rule.check, rule.missing) for rule in RULES)
