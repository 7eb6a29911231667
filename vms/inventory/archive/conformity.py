"""Which rules a record breaks, each by name and with a sentence. A record conforms when it breaks none.

A rule about a field that the record's class requires also fails where the field is empty; else an empty field breaks
nothing. The rules themselves: vms/inventory/archive/rules.py.
"""

from dataclasses import dataclass

from vms.inventory.archive.city import City
from vms.inventory.archive.completeness import class_of, is_filled
from vms.inventory.archive.facts import Facts
from vms.inventory.archive.fields import field, required_for
from vms.inventory.archive.rules import RULES, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    code: str
    field: str
    en: str
    zh: str


def conformity(facts: Facts, city: City) -> tuple[Failed, ...]:
    """Empty: the record conforms."""
    found: list[Failed] = []
    required = _REQUIRED[class_of(facts)]
    for rule in RULES:
        if (why := rule.check(facts, city)) is not None:
            found.append(Failed(code=rule.code, field=rule.field, en=why[0], zh=why[1]))
        elif rule.asks and rule.field in required and not is_filled(facts, rule.field):
            found.append(_missing(rule))
    return tuple(found)


def failed_codes(facts: Facts, city: City) -> tuple[str, ...]:
    """For counting a whole town: each code once."""
    return tuple(dict.fromkeys(failed.code for failed in conformity(facts, city)))


def rule_codes() -> tuple[str, ...]:
    return tuple(dict.fromkeys(rule.code for rule in RULES))


def _missing(rule: Rule) -> Failed:
    about = field(rule.field)
    return Failed(code=rule.code, field=rule.field, en=f"{about.en} is missing", zh=f"未填写{about.zh}")


_REQUIRED = {one: frozenset(field.name for field in required_for(one)) for one in (1, 2, 3)}
