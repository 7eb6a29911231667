"""Pictures as files below a folder of the program's: written whole or not at all, read from nowhere else."""

import os
from pathlib import Path

from vms.core.errors import NotFound


def put_whole(path: Path, data: bytes) -> None:
    """Whenever the power goes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.{id(data):x}.part")
    with part.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    part.chmod(0o600)
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read_below(folder: Path, file: str, most_bytes: int) -> bytes:
    """Raises NotFound."""
    path = (folder / file).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise NotFound("the picture's file lies outside the data folder", code="no_picture")
    try:
        with path.open("rb") as stream:
            return stream.read(most_bytes)
    except OSError:
        raise NotFound("the picture's file is gone", code="no_picture") from None
