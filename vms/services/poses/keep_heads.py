"""What devices said of their heads goes into the store; what was learnt of a preset that they moved is forgotten."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from vms.core.ids import CameraId
from vms.store import heads, picture_baselines, reference_pictures
from vms.store.heads import HeadSeen


def keep_heads(tx: Connection, seen: Sequence[HeadSeen], now: datetime) -> set[CameraId]:
    """Those of which something was forgotten. Their references' files go with the day's clearing."""
    gone = heads.put_many(tx, seen, now)
    for camera_id, tokens in gone.items():
        for token in tokens:
            picture_baselines.forget(tx, camera_id, preset=token)
            reference_pictures.forget_preset(tx, camera_id, token)
    return set(gone)
