"""What is known of the pictures that are judged now: read from the store for all stills of a moment together, and what
was learnt of them, until it is written. 100,000 normals (4 kB each) would not fit into the poller."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence

from vms.core.ids import CameraId
from vms.health.picture.baseline import Light
from vms.store.database import Database
from vms.store.picture_baselines import KeptBaseline
from vms.store.picture_knowledge import PictureKnowledge, knowledge_of, with_newer

log = logging.getLogger(__name__)

ReadKnowledge = Callable[[Sequence[CameraId]], Mapping[CameraId, PictureKnowledge]]
"""Blocking."""
GATHER_S = 0.1
"""A reading costs a millisecond however few it is for; no still is in such a hurry."""
MOST_AT_ONCE = 500
MOST_UNSAVED = 4000
"""Normals; when the store cannot be written for long, what would be learnt beyond is lost."""
NOTHING_KNOWN = PictureKnowledge()


def knowledge_in(database: Database) -> ReadKnowledge:
    def read(camera_ids: Sequence[CameraId]) -> Mapping[CameraId, PictureKnowledge]:
        with database.reading() as tx:
            return knowledge_of(tx, camera_ids)

    return read


class PictureMemory:
    """Those who ask within a moment, or while a reading runs, are answered together."""

    def __init__(self, read: ReadKnowledge, *, gather_s: float = GATHER_S) -> None:
        self._read = read
        self._gather_s = gather_s
        self._asked: dict[CameraId, asyncio.Future[PictureKnowledge]] = {}
        self._reading: asyncio.Task[None] | None = None
        self._learnt: dict[CameraId, dict[tuple[str, Light], KeptBaseline]] = {}
        self.unsaved = 0

    async def of(self, camera_id: CameraId) -> PictureKnowledge:
        answer = self._asked.get(camera_id)
        if answer is None:
            answer = self._asked[camera_id] = asyncio.get_running_loop().create_future()
        if self._reading is None:
            self._reading = asyncio.get_running_loop().create_task(self._answer())
        known = await asyncio.shield(answer)
        newer = self._learnt.get(camera_id)
        return with_newer(known, newer.values()) if newer else known

    def learn(self, kept: KeptBaseline) -> None:
        mine, key = self._learnt.get(kept.camera_id, {}), (kept.preset, kept.light)
        if key in mine or self.unsaved < MOST_UNSAVED:
            self._put(kept)

    def forget(self, camera_id: CameraId) -> None:
        """What was learnt and is not written is not true any more."""
        self.unsaved -= len(self._learnt.pop(camera_id, ()))

    def take(self, most: int) -> list[KeptBaseline]:
        """Some of what is to be written, a few more where one camera has them; forgotten here."""
        taken: list[KeptBaseline] = []
        for camera_id in list(self._learnt):
            if len(taken) >= most:
                break
            taken += self._learnt.pop(camera_id).values()
        self.unsaved -= len(taken)
        return taken

    def put_back(self, unsaved: Iterable[KeptBaseline]) -> None:
        """What has been learnt since was learnt on what the store knows, and is given up for it."""
        for kept in unsaved:
            self._put(kept)

    def _put(self, kept: KeptBaseline) -> None:
        mine, key = self._learnt.setdefault(kept.camera_id, {}), (kept.preset, kept.light)
        self.unsaved += key not in mine
        mine[key] = kept

    async def _answer(self) -> None:
        try:
            while self._asked:
                await asyncio.sleep(self._gather_s)
                some = dict(list(self._asked.items())[:MOST_AT_ONCE])
                for camera_id in some:
                    del self._asked[camera_id]
                try:
                    known = await asyncio.to_thread(self._read, list(some))
                except Exception as problem:
                    log.exception("what is known of %d cameras' pictures could not be read", len(some))
                    _fail(some.values(), problem)
                    continue
                for camera_id, answer in some.items():
                    if not answer.done():
                        answer.set_result(known.get(camera_id, NOTHING_KNOWN))
        finally:
            self._reading = None


def _fail(answers: Iterable["asyncio.Future[PictureKnowledge]"], problem: Exception) -> None:
    for answer in answers:
        if not answer.done():
            answer.set_exception(problem)
