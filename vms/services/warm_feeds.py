"""Opens the best feeds of a new incident before anybody clicks: the first viewer sees moving pictures at once.

Nobody looks while a stream is warm; still, only cameras that an operator may see by role or agreement are called, never
one whose owner's consent is needed: to be called is the owner's business too.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from vms.access.decide import IncidentScene
from vms.access.roles import Person, Role
from vms.core.clock import Clock
from vms.core.errors import VmsError
from vms.core.ids import UserId
from vms.devices.who_answers import Certainty
from vms.health.spending import PULL, Reason
from vms.inventory.camera import Camera, StreamRole
from vms.media.live import LivePictures, LiveSource
from vms.media.login import Login
from vms.media.tls import TlsTrust
from vms.services.coverage.answers import Coverage, Feed
from vms.services.credentials.note_use import note_use
from vms.services.follow_news import News
from vms.services.learn_of_device import session_limit_of
from vms.services.live_pictures import PLAYS_IN_BROWSERS, WhoAnswers, choose_stream
from vms.services.login_for import login_for
from vms.services.spending import Purse
from vms.services.trust_for import trust_for
from vms.store import cameras, incidents
from vms.store.credential_uses import Purpose
from vms.store.credentials import StoredLogin
from vms.store.database import Database
from vms.store.secret_box import SecretBox

log = logging.getLogger(__name__)

WARM_S = 45.0
WAIT_S = 30.0
WHO = "feeds opened ahead"
WITHOUT_CONSENT = ("by_role", "by_agreement")
OPERATOR = Person(user_id=UserId(0), name="", role=Role.OPERATOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedWarmer:
    """Call it with the news; runs until cancelled."""

    database: Database
    box: SecretBox
    coverage: Coverage
    live: LivePictures
    clock: Clock
    count: int
    who_answers: WhoAnswers | None = None
    purse: Purse | None = None

    async def __call__(self, news: News) -> None:
        seen = news.latest_id
        while True:
            for event in await news.after(seen, within_s=WAIT_S):
                seen = event.event_id
                if event.kind == "incident.opened" and event.subject is not None:
                    await self._warm(event.subject)

    async def _warm(self, incident_id: int) -> None:
        try:
            for feed in await asyncio.to_thread(self._chosen, incident_id):
                source = await self._source(feed)
                if source is not None:
                    await self.live.warm(source, seconds=WARM_S)
        except VmsError as problem:
            log.warning("the feeds of incident %d were not opened ahead: %s", incident_id, problem)

    def _chosen(self, incident_id: int) -> Sequence[Feed]:
        with self.database.reading() as tx:
            scene: IncidentScene = incidents.scene(tx, incident_id)
        ranked = self.coverage.feeds(scene, OPERATOR, self.count, self.clock())
        return [feed for feed in ranked if feed.usable and feed.decision.code in WITHOUT_CONSENT]

    async def _source(self, feed: Feed) -> LiveSource | None:
        """The same stream that a viewer will ask for, so that both share one pull."""
        camera, login, trust, limit = await asyncio.to_thread(self._look_up, feed)
        stream = choose_stream(camera, StreamRole.SUB)
        if stream is None or stream.encoding != PLAYS_IN_BROWSERS:
            return None
        certainty = Certainty.SURE
        if self.who_answers is not None:
            certainty = await self.who_answers(camera.device_id, login, WHO)
        if certainty in (Certainty.ANOTHER, Certainty.REFUSED):
            return None
        if self.purse is not None:
            await self.purse.spend(camera.device_id, PULL, Reason.INCIDENT)
        use = (self.database, login, camera.device_id, Purpose.LIVE, WHO, self.clock())
        await asyncio.to_thread(note_use, *use)
        return LiveSource(
            camera=str(feed.camera_id),
            role=stream.role,
            uri=stream.uri,
            login=None if login is None else Login(login.username, login.password, certainty is Certainty.OPEN),
            trust=trust,
            session_limit=limit,
        )

    def _look_up(self, feed: Feed) -> tuple[Camera, StoredLogin | None, TlsTrust, int]:
        with self.database.reading() as tx:
            camera = cameras.get(tx, feed.camera_id)
            limit = session_limit_of(tx, camera.device_id)
            return camera, login_for(tx, self.box, camera), trust_for(tx, camera), limit
