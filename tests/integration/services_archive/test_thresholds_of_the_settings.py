"""The thresholds of conformity come from the settings, and every process judges by them."""

from datetime import UTC, datetime
from pathlib import Path

from tests.builders.inventory import declared
from vms.app.check_settings import check_database
from vms.app.stage import open_database, prepare
from vms.config import Settings
from vms.config_sections import ArchiveSettings
from vms.inventory.camera import LifeCycle
from vms.services.archive.city_now import judge_cameras
from vms.store import cameras

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def a_settings(folder: Path, **archive: object) -> Settings:
    return Settings(data_folder=folder, archive=ArchiveSettings(**archive))


def broken(settings: Settings, **entered: object) -> set[str]:
    """By a fresh process."""
    prepare(settings)
    database = open_database(settings)
    try:
        with database.writing() as tx:
            camera_id = cameras.add(tx, declared(**entered), life_cycle=LifeCycle.APPROVED, now=NOON)
        with database.reading() as tx:
            return {one.code for one in judge_cameras(tx, [camera_id], NOON)[camera_id].failed}
    finally:
        database.close()


def test_how_long_recordings_are_kept_is_the_offices_word(tmp_path: Path) -> None:
    assert "retention" in broken(a_settings(tmp_path), retention_days=29)
    assert "retention" not in broken(a_settings(tmp_path, retention_days=20), retention_days=29)
    key = a_settings(tmp_path, retention_days=20, key_site_categories=("school_gate",))
    assert "retention" in broken(key, retention_days=29, site_category="school_gate")


def test_decimals_and_filing_are_too(tmp_path: Path) -> None:
    entered = {"installed_on": datetime(2026, 4, 20, tzinfo=UTC).date(), "point_class": 1}
    assert "filing_missing" not in broken(a_settings(tmp_path), **entered)
    assert "filing_missing" in broken(a_settings(tmp_path, filing_within_days=7), **entered)


def test_a_key_site_that_no_table_knows_is_found_by_the_check(tmp_path: Path) -> None:
    settings = a_settings(tmp_path, key_site_categories=("counter_terror", "moon_base"))
    prepare(settings)
    assert [(one.where, one.message) for one in check_database(settings)] == [
        ("archive.key_site_categories", "no site category moon_base is known: no camera is at such a site")
    ]
