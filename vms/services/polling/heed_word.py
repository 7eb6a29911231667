"""Staff have judged a fault: it leaves the poller's memory, and what was called false is learnt as normal."""

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError

from vms.core.errors import VmsError
from vms.core.ids import CameraId
from vms.health.fault import FaultKind
from vms.health.picture.finding import PICTURE_FINDINGS, Judgement
from vms.media.trouble import PictureFailed
from vms.services.diagnosis.judge_faults import ended_by
from vms.services.polling.book import WatchBook
from vms.services.polling.judge_still import learn_in_spite
from vms.services.polling.roster import Word
from vms.services.polling.stills import StillTaker
from vms.store import stills as stored_stills
from vms.store.database import Database
from vms.store.picture_baselines import KeptBaseline
from vms.store.picture_knowledge import PictureKnowledge, known_at

log = logging.getLogger(__name__)


async def heed_word(word: Word, book: WatchBook, stills: StillTaker, database: Database) -> None:
    """Only what the store has closed is over: what is found in another way than in the picture stands in spite of the
    word, until it is gone. The thresholds need no heed: they are read with each still."""
    if word.judgement is Judgement.TRUE or word.kind not in PICTURE_FINDINGS:
        return
    ended = ended_by(word.kind, word.judgement)
    if word.has_closed or len(ended) > 1:
        book.forgive(word.camera_id, ended)
    stills.memory.forget(word.camera_id)
    if word.judgement is not Judgement.FALSE:
        return
    try:
        known = await stills.memory.of(word.camera_id)
        learnt = await asyncio.to_thread(_learn, database, stills, word.camera_id, word.kind, known)
    except (SQLAlchemyError, VmsError, PictureFailed, OSError) as problem:
        log.warning("the still of camera %d could not be learnt: %s", word.camera_id, problem)
        return
    if learnt is not None:
        stills.memory.learn(learnt)


def _learn(
    database: Database, stills: StillTaker, camera_id: CameraId, kind: FaultKind, known: PictureKnowledge
) -> KeptBaseline | None:
    """Only from a still that still shows what was called false, and nothing else."""
    with database.reading() as tx:
        row = stored_stills.of_camera(tx, camera_id)
    jpeg = stills.read(camera_id) if row is not None else None
    if row is None or jpeg is None:
        return None
    seen_from = known_at(known, row.stands)
    return learn_in_spite(jpeg, camera_id, seen_from, row.at, kind) if seen_from.learns else None
