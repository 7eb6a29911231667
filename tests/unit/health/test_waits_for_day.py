"""A view that was turned is known to be put right only by a light whose normal is known."""

from datetime import UTC, datetime

import pytest

from vms.core.geo import Wgs84
from vms.health.fault import FaultKind
from vms.health.picture.waits_for_day import waits_for_day

HERE = Wgs84(113.62, 34.75)
NOON, NIGHT = datetime(2026, 11, 22, 4, tzinfo=UTC), datetime(2026, 11, 22, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "night_is_known", "waits"),
    [
        (FaultKind.SCENE_CHANGE, False, True),
        (FaultKind.SCENE_CHANGE, True, False),
        (FaultKind.MONO, True, True),
        (FaultKind.BLUR, False, False),
    ],
)
def test_what_the_night_cannot_tell_waits_for_the_day(kind: FaultKind, night_is_known: bool, waits: bool) -> None:
    assert waits_for_day(kind, HERE, night_is_known=night_is_known, now=NIGHT) is waits
    assert not waits_for_day(kind, HERE, night_is_known=night_is_known, now=NOON)
    assert not waits_for_day(kind, None, night_is_known=night_is_known, now=NIGHT), "nobody knows where the sun is"
