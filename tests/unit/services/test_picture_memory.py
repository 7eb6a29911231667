"""What is known of pictures is read for many stills together; what was learnt waits to be written."""

import asyncio
import threading
from collections.abc import Mapping, Sequence

import pytest

from tests.builders.pictures import a_baseline
from vms.core.ids import CameraId
from vms.health.picture.baseline import Light
from vms.services.polling.picture_memory import MOST_UNSAVED, PictureMemory
from vms.store.picture_baselines import KeptBaseline
from vms.store.picture_knowledge import PictureKnowledge

NORMAL = a_baseline(1).lights[Light.DAY]


def kept(camera_id: int, light: Light = Light.DAY) -> KeptBaseline:
    return KeptBaseline(camera_id=CameraId(camera_id), light=light, normal=NORMAL, written_at=None)


class Store:
    """Notes what was asked together; the first reading waits until it is let go."""

    def __init__(self, *, fails: bool = False) -> None:
        self.asked: list[list[CameraId]] = []
        self.fails = fails
        self.began, self.go = threading.Event(), threading.Event()

    def read(self, camera_ids: Sequence[CameraId]) -> Mapping[CameraId, PictureKnowledge]:
        self.asked.append(list(camera_ids))
        self.began.set()
        assert self.go.wait(10)
        if self.fails:
            raise OSError("the store is away")
        return {camera_id: PictureKnowledge(turns=True) for camera_id in camera_ids}


async def test_who_asks_while_the_store_is_read_is_answered_together_by_the_next_reading():
    store = Store()
    memory = PictureMemory(store.read, gather_s=0)
    first = asyncio.create_task(memory.of(CameraId(1)))
    assert await asyncio.to_thread(store.began.wait, 10)
    others = [asyncio.create_task(memory.of(CameraId(number))) for number in (2, 3, 3, 1)]
    await asyncio.sleep(0)
    store.go.set()
    known = await asyncio.gather(first, *others)
    assert all(one.turns for one in known)
    assert store.asked == [[1], [2, 3, 1]]


async def test_what_was_learnt_counts_before_it_is_written_and_is_taken_once():
    store = Store()
    store.go.set()
    memory = PictureMemory(store.read, gather_s=0)
    memory.learn(kept(1))
    assert (await memory.of(CameraId(1))).normals[Light.DAY].normal is NORMAL
    assert (memory.take(10), memory.unsaved) == ([kept(1)], 0)
    memory.put_back([kept(1), kept(1, Light.NIGHT)])
    memory.forget(CameraId(1))
    assert memory.unsaved == 0


async def test_a_store_that_cannot_be_read_is_told_to_who_asked_and_asked_again_by_the_next():
    store = Store(fails=True)
    store.go.set()
    memory = PictureMemory(store.read, gather_s=0)
    with pytest.raises(OSError, match="away"):
        await memory.of(CameraId(1))
    store.fails = False
    assert (await memory.of(CameraId(1))).turns


def test_a_store_that_cannot_be_written_for_long_costs_learning_and_not_memory():
    memory = PictureMemory(lambda camera_ids: {})
    for number in range(MOST_UNSAVED + 100):
        memory.learn(kept(number))
    assert memory.unsaved == MOST_UNSAVED
