"""A new secret key for the stored passwords. Stopped at any moment, everything can still be opened.

Order: the new key is written in front of the old one; every secret is sealed anew in one transaction; a second look
takes in what another process sealed meanwhile; only then is the old key taken away. Called again after an interruption
it goes on where it was.
"""

from dataclasses import dataclass
from pathlib import Path

from vms.core.errors import BadInput
from vms.store import credentials
from vms.store.database import Database
from vms.store.secret_box import ENVIRONMENT, FILE, SecretBox, new_key, open_secret_box, split_keys, write_keys


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRotated:
    resealed: int
    """Secrets that were sealed with an older key."""
    went_on: bool
    """An earlier change of the key had been interrupted; this was its end."""
    keys_left: int
    """1; with keys from the environment as many as are given there: the old ones may be taken out now."""


def rotate_key(database: Database, data_folder: Path, environment_key: str | None = None) -> KeyRotated:
    """Raises BadInput where the environment names no new key; PersonMustAct where a secret cannot be opened."""
    if environment_key:
        return _by_environment(database, environment_key)
    file = data_folder / FILE
    box = open_secret_box(data_folder)
    went_on = len(box.keys) > 1
    if not went_on:
        write_keys(file, [new_key(), *box.keys])
        box = open_secret_box(data_folder)
    resealed = _reseal(database, box)
    write_keys(file, box.keys[:1])
    return KeyRotated(resealed=resealed, went_on=went_on, keys_left=1)


def _by_environment(database: Database, environment_key: str) -> KeyRotated:
    keys = split_keys(environment_key)
    if len(keys) < 2:
        raise BadInput(
            "put the new key in front of the old one, `new,old`, and start the server again; then rotate; then take "
            "the old one out. A key is 32 random bytes in URL-safe base64",
            where=ENVIRONMENT,
        )
    return KeyRotated(resealed=_reseal(database, SecretBox(environment_key)), went_on=False, keys_left=len(keys))


def _reseal(database: Database, box: SecretBox) -> int:
    resealed = 0
    for _ in range(2):
        with database.writing() as tx:
            credentials.hold_still(tx)
            resealed += credentials.reseal_all(tx, box)
    return resealed
