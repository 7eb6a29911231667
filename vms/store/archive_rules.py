"""The office's thresholds for conformity, as its settings last said: every process judges by the same."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection

from vms.inventory.archive.city import ConformityRules
from vms.store import settings

_KEY = "archive_rules"


def get(tx: Connection) -> ConformityRules:
    """The usual ones where nobody has said anything."""
    kept = settings.get(tx, _KEY)
    if kept is None:
        return ConformityRules()
    return ConformityRules(**kept | {"key_site_categories": frozenset(kept["key_site_categories"])})


def put(tx: Connection, rules: ConformityRules, now: datetime) -> bool:
    """False: they were so already."""
    wanted = asdict(rules) | {"key_site_categories": sorted(rules.key_site_categories)}
    if settings.get(tx, _KEY) == wanted:
        return False
    settings.put(tx, _KEY, wanted, now)
    return True
