"""fsck for the store: looks at everything that must hold and says what does not; changes nothing."""

from dataclasses import dataclass
from datetime import datetime

from vms.core.clock import system_clock
from vms.store import check, check_identity
from vms.store.database import Database
from vms.store.migrate import current, newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    where: str
    """`file`, `cameras`, `looks`, …"""
    message: str


def check_store(database: Database, *, now: datetime | None = None) -> list[Finding]:
    """Empty where nothing is wrong. Blocking; reads everything once."""
    revision = current(database)
    if revision != newest():
        message = f"the database is at revision {revision}, this program needs {newest()}; `vms serve` brings it up"
        return [Finding(where="revision", message=message)]
    at = now or system_clock()
    with database.reading() as tx:
        found = {"file": check.files(tx)}
        if not found["file"]:
            found |= {
                "cameras": check.camera_records(tx),
                "streams": check.camera_streams(tx),
                "devices": check.device_records(tx),
                "identity": check_identity.every(tx),
                "events": check.event_order(tx, at),
                "looks": check.look_chain(tx),
                "flips": check.flip_chain(tx),
                "faults": check.open_faults(tx),
                "watch_sessions": check.sessions(tx),
                "daily_sets": check.kept_days(tx),
            }
    return [Finding(where=where, message=message) for where, messages in found.items() for message in messages]
