"""What the settings file says about regions and credential sets, taken into the store."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from vms.core.errors import BadInput
from vms.inventory.archive.city import ConformityRules
from vms.inventory.tier import Tier
from vms.places.regions import Region
from vms.store import archive_rules, credentials, maintainers, owners, past_assignments, regions
from vms.store.database import Database
from vms.store.secret_box import SecretBox

MAX_PASSWORD_BYTES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialSet:
    name: str
    username: str
    password: str = field(repr=False)
    owner: str = ""
    """Whose set it is; empty: the office's."""
    owner_tier: Tier = Tier.GOVERNMENT
    """Of an owner who is not known yet."""


def read_credential(
    name: str, username: str, password_file: Path, *, owner: str = "", owner_tier: Tier = Tier.GOVERNMENT
) -> CredentialSet:
    """The password is the first line of the file. Raises BadInput that names the file."""
    try:
        with password_file.open("rb") as file:
            line = file.read(MAX_PASSWORD_BYTES).split(b"\n")[0].rstrip(b"\r")
        return CredentialSet(
            name=name, username=username, password=line.decode("utf-8"), owner=owner, owner_tier=owner_tier
        )
    except OSError as problem:
        raise BadInput(problem.strerror or "cannot be read", where=str(password_file)) from None
    except UnicodeDecodeError:
        raise BadInput("not UTF-8", where=str(password_file)) from None


def take_in_credentials(database: Database, box: SecretBox, sets: Sequence[CredentialSet], now: datetime) -> None:
    """A set whose password is another than before counts as changed: refused devices are asked again."""
    with database.writing() as tx:
        for item in sets:
            owner_id = owners.ensure(tx, item.owner, item.owner_tier, now) if item.owner else None
            credentials.put(tx, box, item.name, item.username, item.password, now, owner_id=owner_id)


def take_in_archive_rules(database: Database, rules: ConformityRules, now: datetime) -> None:
    """From now on every process judges records by these."""
    with database.writing() as tx:
        archive_rules.put(tx, rules, now)


def take_in_regions(database: Database, tree: Sequence[Region], now: datetime) -> None:
    """Instead of the old tree; none given: the old one stays. Raises BadInput where it is no tree."""
    if tree:
        with database.writing() as tx:
            if (rules := maintainers.rules(tx)) and not regions.land(tx).is_of(tree):
                past_assignments.keep(tx, rules, now)
            regions.replace(tx, tree)
