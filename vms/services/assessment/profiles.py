"""The profile to assess by: as stored, as asked for, or the usual one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from vms.assessment.figure import FigureKind
from vms.assessment.profile import USUAL, Aim, Profile
from vms.core.errors import BadInput
from vms.store import assessment_profiles
from vms.store.database import Database


def profile_named(tx: Connection, name: str) -> Profile:
    """Empty: the one that the office has made its default, else the usual one. Raises NotFound."""
    if name == USUAL.name:
        return USUAL
    stored = assessment_profiles.named(tx, name) if name else assessment_profiles.usual(tx)
    return USUAL if stored is None else read_profile(stored.name, stored.content)


def put_profile(database: Database, profile: Profile, *, is_default: bool, who: str, now: datetime) -> None:
    """Raises BadInput for the name that ships with the program."""
    if profile.name == USUAL.name:
        raise BadInput("this profile ships with the program; give yours another name", where="name")
    with database.writing() as tx:
        assessment_profiles.put(tx, profile.name, written_profile(profile), is_default=is_default, who=who, now=now)


def read_profile(name: str, content: Mapping[str, Any]) -> Profile:
    aims = {
        FigureKind(kind): Aim(target=aim["target"], weight=aim["weight"])
        for kind, aim in content["aims"].items()
        if kind in set(FigureKind)
    }
    return Profile(name=name, aims=aims, outages_are_charged=content["outages_are_charged"])


def written_profile(profile: Profile) -> dict[str, Any]:
    return {
        "name": profile.name,
        "aims": {kind.value: {"target": aim.target, "weight": aim.weight} for kind, aim in profile.aims.items()},
        "outages_are_charged": profile.outages_are_charged,
    }
