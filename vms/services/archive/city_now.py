"""What records are judged against, read from the store: codes, regions, the map's edge, what several records claim."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from importlib.metadata import version
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from vms.inventory.archive.city import Box, City
from vms.inventory.archive.facts import Facts
from vms.inventory.archive.judgement import Judgement, judge
from vms.inventory.archive.rule_names import RULE_NAMES
from vms.places.packed import PER_DEGREE
from vms.store import accepted_differences, archive_facts, archive_rules, code_tables, map_versions, regions

_PROGRAM = (version("vms"), tuple(RULE_NAMES))
"""Another release may judge otherwise."""


def whole_city(tx: Connection, now: datetime) -> City:
    """To judge every record by. Under a second for 100,000, the first time of a map some more."""
    return _city(tx, now, archive_facts.doubled_ids(tx), archive_facts.all_doubled_places(tx))


def city_around(tx: Connection, found: Iterable[Facts], now: datetime) -> City:
    """To judge these records by, and no others."""
    some = list(found)
    ids = archive_facts.doubled_ids(tx, (one.gb_device_id for one in some))
    return _city(tx, now, ids, archive_facts.doubled_places_near(tx, some))


def judge_cameras(tx: Connection, camera_ids: Iterable[int], now: datetime) -> dict[int, Judgement]:
    """By camera; for a page of a list or one record."""
    found = archive_facts.of_cameras(tx, camera_ids, now)
    city = city_around(tx, found.values(), now)
    accepted = accepted_differences.of_cameras(tx, found)
    return {number: judge(facts, city, accepted.get(number, {})) for number, facts in found.items()}


def standing(tx: Connection, now: datetime) -> str:
    """A digest of what every judgement hangs on but for what other records claim: while it stays, only records that
    change are judged again."""
    city = _city(tx, now, frozenset(), frozenset())
    parts = (
        _PROGRAM,
        city.codes.entries,
        city.today,
        sorted(city.civil_codes),
        sorted(city.region_boxes.items()),
        city.town_box,
        replace(city.rules, key_site_categories=frozenset()),
        sorted(city.rules.key_site_categories),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def office_day(tx: Connection, now: datetime) -> date:
    return now.astimezone(ZoneInfo(archive_rules.get(tx).time_zone)).date()


def _city(tx: Connection, now: datetime, ids: frozenset[str], places: frozenset[int]) -> City:
    rules = archive_rules.get(tx)
    return City(
        codes=code_tables.every(tx),
        today=now.astimezone(ZoneInfo(rules.time_zone)).date(),
        civil_codes=frozenset(regions.names(tx)),
        region_boxes=regions.boxes(tx),
        town_box=_town_box(tx),
        doubled_ids=ids,
        doubled_places=places,
        rules=rules,
    )


def _town_box(tx: Connection) -> Box | None:
    """Around everything that the current maps show; None: there is no map."""
    found = [version.box for version in map_versions.current(tx) if version.box is not None]
    if not found:
        return None
    west, south, east, north = zip(*found, strict=True)
    return (min(west) / PER_DEGREE, min(south) / PER_DEGREE, max(east) / PER_DEGREE, max(north) / PER_DEGREE)
