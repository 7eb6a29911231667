"""One still of a camera: fetched, judged, put into its file in one piece."""

import asyncio
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from vms.core.clock import Clock
from vms.core.errors import VmsError
from vms.core.ids import CameraId
from vms.health.fault import FaultKind
from vms.health.picture.frozen import looks_alike
from vms.health.reading import PictureReading
from vms.health.turning import Stands
from vms.media.login import Login
from vms.media.still import Still as FetchedStill
from vms.media.still import fetch_still, still_from_stream
from vms.media.tls import TlsTrust
from vms.media.trouble import PictureFailed
from vms.services.polling.judge_still import JudgedStill, judge_still
from vms.services.polling.picture_memory import PictureMemory
from vms.services.polling.still_ways import Way
from vms.store.picture_knowledge import PictureKnowledge, known_at
from vms.store.poll_targets import PollCamera
from vms.store.stills import Still


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenStill:
    reading: PictureReading
    still: Still | None = None
    """The row to write; the file is there already."""
    fetched: FetchedStill | None = None
    looks_as_before: bool | None = None
    """None: there is none to compare it with."""
    known: PictureKnowledge | None = None
    """What it was judged by."""


class Fetch(Protocol):
    async def __call__(
        self, camera: PollCamera, way: Way, login: Login | None, timeout_s: float, clock: Clock, trust: TlsTrust | None
    ) -> FetchedStill: ...


class StillTaker:
    """Keeps 144 bytes of each camera's last still to suspect a frozen picture."""

    def __init__(self, folder: Path, memory: PictureMemory, fetch: Fetch | None = None) -> None:
        self.fetch = fetch or fetch_by
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.memory = memory
        self.private: frozenset[CameraId] = frozenset()
        """Cameras of which no picture may be taken."""
        self._before: dict[CameraId, bytes] = {}

    async def judge(
        self,
        camera: PollCamera,
        fetched: FetchedStill,
        *,
        is_whole: bool,
        doubted: frozenset[FaultKind] = frozenset(),
        stands: Stands | None = None,
    ) -> TakenStill:
        """As `judge_still`. Raises PictureFailed."""
        try:
            known = known_at(await self.memory.of(camera.camera_id), stands)
        except (SQLAlchemyError, VmsError):
            return TakenStill(reading=PictureReading(fetched=True))  # it is there; what it shows cannot be judged now
        judged = await asyncio.to_thread(self._judge_and_write, camera.camera_id, known, fetched, is_whole, doubted)
        before = self._before.get(camera.camera_id)
        self._before[camera.camera_id] = judged.cells
        if judged.learnt is not None:
            self.memory.learn(judged.learnt)
        file = still_name(camera.camera_id)
        return TakenStill(
            reading=judged.reading,
            still=Still(camera_id=camera.camera_id, at=fetched.at, file=file, statistics=judged.figures, stands=stands),
            fetched=fetched,
            looks_as_before=None if before is None else looks_alike(before, judged.cells),
            known=known,
        )

    def may_take(self, camera: PollCamera) -> bool:
        has_picture = bool(camera.snapshot_uri or camera.sub_uri or camera.main_uri)
        return has_picture and camera.camera_id not in self.private

    def read(self, camera_id: CameraId) -> bytes | None:
        """The last still. Blocking."""
        try:
            return (self._folder / still_name(camera_id)).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, files: Iterable[str]) -> None:
        """Blocking."""
        for name in files:
            (self._folder / name).unlink(missing_ok=True)

    def forget(self, camera_id: CameraId) -> None:
        self._before.pop(camera_id, None)
        self.memory.forget(camera_id)

    def _judge_and_write(
        self,
        camera_id: CameraId,
        known: PictureKnowledge,
        fetched: FetchedStill,
        is_whole: bool,
        doubted: frozenset[FaultKind],
    ) -> JudgedStill:
        judged = judge_still(fetched.jpeg, camera_id, known, fetched.at, is_whole=is_whole, doubted=doubted)
        write_in_one_piece(self._folder / still_name(camera_id), fetched.jpeg)
        return judged


def still_name(camera_id: CameraId) -> str:
    return f"{camera_id}.jpg"


def write_in_one_piece(file: Path, content: bytes) -> None:
    """A reader sees the old file or the new one, never half of it."""
    part = file.with_suffix(".part")
    part.write_bytes(content)
    os.replace(part, file)


def no_picture(failure: PictureFailed) -> PictureReading:
    """The reading where no still was to be had."""
    return PictureReading(fetched=False, because=failure.trouble.value)


async def fetch_by(
    camera: PollCamera, way: Way, login: Login | None, timeout_s: float, clock: Clock, trust: TlsTrust | None
) -> FetchedStill:
    """Raises PictureFailed."""
    if way is Way.SNAPSHOT:
        uri = camera.snapshot_uri or ""
        return await fetch_still(uri, login, timeout_s=timeout_s, clock=clock, trust=trust)
    uri = camera.sub_uri or camera.main_uri or ""
    return await still_from_stream(uri, login, timeout_s=timeout_s, clock=clock, trust=trust)
