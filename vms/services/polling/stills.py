"""One still of a camera: fetched, measured, put into its file in one piece."""

import asyncio
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from vms.core.clock import Clock
from vms.core.ids import CameraId
from vms.health.reading import PictureReading
from vms.media.login import Login
from vms.media.picture import SmallFrame, measure, no_picture
from vms.media.still import Still as FetchedStill
from vms.media.still import fetch_still, still_from_stream
from vms.media.tls import TlsTrust
from vms.media.trouble import PictureFailed
from vms.store.poll_targets import PollCamera
from vms.store.stills import Still


@dataclass(frozen=True, slots=True)
class TakenStill:
    reading: PictureReading
    still: Still | None = None
    """The row to write; the file is there already."""


class Fetch(Protocol):
    async def __call__(
        self, camera: PollCamera, login: Login | None, timeout_s: float, clock: Clock, trust: TlsTrust | None
    ) -> FetchedStill: ...


class StillTaker:
    """Keeps a small frame of each camera's last still (14 kB) to tell a frozen picture."""

    def __init__(self, folder: Path, fetch: Fetch | None = None) -> None:
        self._fetch = fetch or fetch_cheapest
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.private: frozenset[CameraId] = frozenset()
        """Cameras of which no picture may be taken."""
        self._before: dict[CameraId, SmallFrame] = {}

    async def take(
        self, camera: PollCamera, login: Login | None, *, timeout_s: float, clock: Clock, trust: TlsTrust | None = None
    ) -> TakenStill:
        """Never raises for a device."""
        try:
            fetched = await self._fetch(camera, login, timeout_s, clock, trust)
            before = self._before.get(camera.camera_id)
            reading, small = await asyncio.to_thread(self._measure_and_write, camera.camera_id, fetched, before)
        except PictureFailed as failure:
            return TakenStill(no_picture(failure))
        self._before[camera.camera_id] = small
        statistics = {name: value for name, value in asdict(reading).items() if isinstance(value, float)}
        row = Still(camera_id=camera.camera_id, at=fetched.at, file=still_name(camera.camera_id), statistics=statistics)
        return TakenStill(reading, row)

    def may_take(self, camera: PollCamera) -> bool:
        has_picture = bool(camera.snapshot_uri or camera.sub_uri or camera.main_uri)
        return has_picture and camera.camera_id not in self.private

    def remove(self, files: Iterable[str]) -> None:
        """Blocking."""
        for name in files:
            (self._folder / name).unlink(missing_ok=True)

    def forget(self, camera_id: CameraId) -> None:
        self._before.pop(camera_id, None)

    def _measure_and_write(
        self, camera_id: CameraId, fetched: FetchedStill, before: SmallFrame | None
    ) -> tuple[PictureReading, SmallFrame]:
        measured = measure(fetched.jpeg, before)
        write_in_one_piece(self._folder / still_name(camera_id), fetched.jpeg)
        return measured.reading, measured.small


def still_name(camera_id: CameraId) -> str:
    return f"{camera_id}.jpg"


def write_in_one_piece(file: Path, content: bytes) -> None:
    """A reader sees the old file or the new one, never half of it."""
    part = file.with_suffix(".part")
    part.write_bytes(content)
    os.replace(part, file)


async def fetch_cheapest(
    camera: PollCamera, login: Login | None, timeout_s: float, clock: Clock, trust: TlsTrust | None
) -> FetchedStill:
    """Raises PictureFailed."""
    if camera.snapshot_uri:
        return await fetch_still(camera.snapshot_uri, login, timeout_s=timeout_s, clock=clock, trust=trust)
    uri = camera.sub_uri or camera.main_uri or ""
    return await still_from_stream(uri, login, timeout_s=timeout_s, clock=clock, trust=trust)
