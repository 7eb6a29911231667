"""Instants become whole numbers in the database without being rounded."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from tests.builders.stored_cameras import store_camera
from vms.assessment.time_sums import microseconds as exactly
from vms.store.bulk_numbers import fetch_ints, microseconds
from vms.store.schema import cameras


def test_an_instant_just_before_a_second_stays_in_it(database) -> None:
    second = datetime(2026, 5, 9, 20, 39, 39, tzinfo=UTC)
    instants = [second + timedelta(microseconds=us) for us in (0, 1, 499_999, 999_499, 999_500, 999_999)]
    for number, instant in enumerate(instants):
        store_camera(database, instant, name=f"camera {number}")
    with database.reading() as tx:
        found = fetch_ints(tx, select(microseconds(tx, cameras.c.created_at)).order_by(cameras.c.id), 1)
    assert found[:, 0].tolist() == [exactly(instant) for instant in instants]
