"""When a camera's normal counts, and when one more picture is learnt."""

from datetime import datetime, timedelta

from vms.health.picture.baseline import LightBaseline

LEAST_PICTURES = 5
"""Before that a camera is judged by what no ordinary picture shows."""
LEARNS_EVERY = timedelta(hours=1)
"""Once it is known a picture an hour is enough: the hours of the day count, not the number of pictures, and each costs
a row that is written."""


def is_known(normal: LightBaseline | None) -> bool:
    return normal is not None and normal.seen >= LEAST_PICTURES


def learns_now(normal: LightBaseline | None, learnt_at: datetime | None, now: datetime) -> bool:
    """`learnt_at`: when a picture was learnt last."""
    return not is_known(normal) or learnt_at is None or now - learnt_at >= LEARNS_EVERY
