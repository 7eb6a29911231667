"""Files of reference pictures: whole or not at all, below a folder of their own; what nobody names is cleared away."""

import hashlib
import time
from pathlib import Path

from vms.core.ids import CameraId
from vms.health.picture.baseline import Light
from vms.services.files_below import put_whole, read_below
from vms.store import reference_pictures
from vms.store.database import Database

MOST_BYTES = 8 * 1024 * 1024
LEFT_OVER_AFTER_S = 3600.0
"""A file without a row is left alone for so long: its row may be on the way."""


def keep_file(folder: Path, camera_id: CameraId, preset: str, light: Light, jpeg: bytes) -> str:
    """The file's name below the folder; no two references share one, so that one may go alone."""
    sha = hashlib.sha256(preset.encode() + b"\0" + jpeg).hexdigest()
    name = f"{camera_id % 1000:03d}/{camera_id}-{light}-{sha[:16]}.jpg"
    put_whole(folder / name, jpeg)
    return name


def read_reference(folder: Path, file: str) -> bytes:
    """Raises NotFound."""
    return read_below(folder, file, MOST_BYTES)


def clear_away(database: Database, folder: Path) -> int:
    """Files that no row names any more, and what a kill left behind. Returns how many."""
    files = [file for file in folder.glob("[0-9][0-9][0-9]/*") if file.suffix in (".jpg", ".part")]
    with database.reading() as tx:
        named = reference_pictures.files(tx)
    latest_s, gone = time.time() - LEFT_OVER_AFTER_S, 0
    for file in files:
        if f"{file.parent.name}/{file.name}" not in named and file.stat().st_mtime < latest_s:
            file.unlink(missing_ok=True)
            gone += 1
    return gone
