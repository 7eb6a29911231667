"""Remembers sign-ins: at once where a person asks, collected and written once a minute where a process does."""

from datetime import datetime

from vms.core.ids import CredentialId, DeviceId
from vms.store import credential_uses
from vms.store.credential_uses import NOBODYS_DEVICE, Purpose, Use
from vms.store.credentials import StoredLogin
from vms.store.database import Database


def note_use(
    database: Database,
    login: StoredLogin | None,
    device_id: DeviceId | None,
    purpose: Purpose,
    who: str,
    now: datetime,
    *,
    refused: bool = False,
) -> None:
    """Nothing where nobody signs in. Blocking."""
    if login is None:
        return
    use = Use(
        credential_id=login.credential_id,
        device_id=device_id or NOBODYS_DEVICE,
        purpose=purpose,
        who=who,
        refused=int(refused),
    )
    with database.writing() as tx:
        credential_uses.note(tx, [use], now)


def note_refused(database: Database, login: StoredLogin | None, purpose: Purpose, who: str, now: datetime) -> None:
    """The use was noted before; now it is known that it was refused. Blocking."""
    if login is None:
        return
    use = Use(credential_id=login.credential_id, purpose=purpose, who=who, count=0, refused=1)
    with database.writing() as tx:
        credential_uses.note(tx, [use], now)


class UseBook:
    """Sign-ins of one process since they were last written; as large as the devices that were signed in to."""

    def __init__(self, who: str) -> None:
        self._who = who
        self._counts: dict[tuple[CredentialId, DeviceId, Purpose], tuple[int, int]] = {}

    def add(
        self, login: StoredLogin | None, device_id: DeviceId, purpose: Purpose, *, count: int = 1, refused: int = 0
    ) -> None:
        if login is None or count == 0:
            return
        key = (login.credential_id, device_id, purpose)
        counted = self._counts.get(key, (0, 0))
        self._counts[key] = (counted[0] + count, counted[1] + refused)

    def take(self) -> list[Use]:
        """What came together since; forgotten here."""
        counts, self._counts = self._counts, {}
        return [
            Use(
                credential_id=credential_id,
                device_id=device_id,
                purpose=purpose,
                who=self._who,
                count=count,
                refused=refused,
            )
            for (credential_id, device_id, purpose), (count, refused) in counts.items()
        ]

    def put_back(self, uses: list[Use]) -> None:
        """They could not be written."""
        for use in uses:
            key = (use.credential_id, use.device_id, use.purpose)
            counted = self._counts.get(key, (0, 0))
            self._counts[key] = (counted[0] + use.count, counted[1] + use.refused)
