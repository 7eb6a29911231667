"""Live pictures for one viewer: decided and logged before the first, decided anew while they last.

The decision is made again when news comes that could change it (an owner's word, the incident, the camera, the person),
at the instant at which a grant runs out, and every 15 s in any case. When it falls the pictures stop at once and the
viewer is told why.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace

from vms.access.agreement import Agreements
from vms.access.decide import Decision, LookKind, Verdict
from vms.core.clock import Clock
from vms.core.errors import NotFound, VmsError
from vms.core.ids import DeviceId
from vms.devices.who_answers import Certainty
from vms.health.spending import PULL, Reason
from vms.inventory.camera import Camera, Stream, StreamRole
from vms.media.live import InitSegment, LiveMessage, LiveNews, LivePictures, LiveSource, NewsKind
from vms.media.login import Login
from vms.media.tls import TlsTrust
from vms.media.trouble import Trouble
from vms.services.credentials.first_showing import first_showing, note_worked
from vms.services.credentials.keep_refusal import keep_refusal
from vms.services.credentials.note_use import note_use
from vms.services.follow_news import News
from vms.services.learn_of_device import note_sessions, session_limit_of
from vms.services.login_for import login_for
from vms.services.look_at_camera import Asked, decide_now, end_look, take_ticket
from vms.services.spending import OverBudget, Purse, cost_of
from vms.services.trust_for import trust_for
from vms.services.who_answers import ANOTHER, ANOTHER_DEVICE
from vms.store import cameras
from vms.store.credential_uses import Purpose
from vms.store.credentials import StoredLogin
from vms.store.database import Database
from vms.store.events import Event
from vms.store.secret_box import SecretBox

LOG = logging.getLogger(__name__)
DECIDE_EVERY_S = 15.0
COLD_START_S = 5.0
PLAYS_IN_BROWSERS = "H264"

ColdStart = Callable[[Camera, Stream, StoredLogin | None], Awaitable[None]]
WhoAnswers = Callable[[DeviceId | None, StoredLogin | None, str], Awaitable[Certainty]]
"""Makes sure of the device before its login is shown for this person; see `vms.services.who_answers`."""
StillSignedIn = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessEnded:
    """The last message: the person may no longer look."""

    decision: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveDesk:
    """What live pictures need of the house."""

    database: Database
    box: SecretBox
    live: LivePictures
    news: News
    agreements: Agreements
    clock: Clock
    cold_start: ColdStart | None = None
    who_answers: WhoAnswers | None = None
    purse: Purse | None = None
    """What devices may be asked in a day; None: nobody counts."""


async def watch_live(
    desk: LiveDesk, asked: Asked, role: StreamRole, still_signed_in: StillSignedIn
) -> AsyncGenerator[LiveMessage | AccessEnded, None]:
    """Close it with `aclosing`: that ends the look in the log. Raises NotFound, NotAllowed, TryAgain at first."""
    seen_until = desk.news.latest_id
    ticket = await asyncio.to_thread(take_ticket, desk.database, asked, desk.agreements, desk.clock())
    try:
        camera, login, trust, limit = await asyncio.to_thread(_camera_and_login, desk, asked)
        stream = choose_stream(camera, role)
        if stream is None:
            yield LiveNews(kind=NewsKind.REFUSED, because="no_stream", message="the camera's streams are not known")
            return
        purpose = Purpose.CLIP if asked.kind is LookKind.CLIP else Purpose.LIVE
        who, device_id = asked.person.name, camera.device_id
        reason = Reason.WALL if asked.incident_id is None else Reason.INCIDENT
        if not await _may_pull(desk, camera, reason):
            yield LiveNews(kind=NewsKind.REFUSED, because=Trouble.BUDGET.value, message=OverBudget().message)
            return
        async with first_showing(desk.database, device_id, login, desk.clock) as showing:
            if not showing.allowed:
                yield _not_shown(Certainty.REFUSED)
                return
            certainty = await desk.who_answers(device_id, login, who) if desk.who_answers else Certainty.SURE
            if certainty in (Certainty.ANOTHER, Certainty.REFUSED):
                yield _not_shown(certainty)
                return
            await asyncio.to_thread(note_use, desk.database, login, device_id, purpose, who, desk.clock())
            source = LiveSource(
                camera=str(asked.camera_id),
                role=stream.role,
                uri=stream.uri,
                login=None if login is None else Login(login.username, login.password, certainty is Certainty.OPEN),
                trust=trust,
                session_limit=limit,
            )
            watching = asyncio.create_task(_until_refused(desk, asked, ticket.decision, seen_until, still_signed_in))
            starting: asyncio.Task[None] | None = None
            try:
                async with aclosing(desk.live.open(source)) as messages:
                    async for message in _unless(watching, messages):
                        if isinstance(message, LiveNews) and message.kind is NewsKind.COLD:
                            await _pay_for_pull(desk, device_id, reason)
                        if isinstance(message, InitSegment) and showing.first and not showing.worked:
                            showing.worked = True
                            await note_worked(desk.database, device_id, login, desk.clock())
                        if isinstance(message, LiveNews) and message.because == Trouble.LOGIN_REFUSED.value:
                            await asyncio.to_thread(_keep_refusal, desk, device_id, login, certainty)
                        if isinstance(message, LiveNews) and message.kind is NewsKind.COLD and desk.cold_start:
                            starting = asyncio.create_task(_start(desk.cold_start(camera, stream, login)))
                        if isinstance(message, LiveNews) and message.sessions:
                            told = (desk.database, device_id, message.sessions, desk.clock())
                            await asyncio.to_thread(note_sessions, *told)
                        yield message
            finally:
                await _stop(watching, starting)
    finally:
        await asyncio.shield(asyncio.to_thread(end_look, desk.database, ticket.look_id, desk.clock()))


async def _may_pull(desk: LiveDesk, camera: Camera, reason: Reason) -> bool:
    """Who joins a pull that runs costs the device nothing."""
    if desk.purse is None or await desk.purse.may(camera.device_id, PULL, reason):
        return True
    running = (await desk.live.status()).upstreams
    return any(upstream.camera == str(camera.camera_id) for upstream in running)


async def _pay_for_pull(desk: LiveDesk, device_id: DeviceId | None, reason: Reason) -> None:
    if desk.purse is not None and device_id is not None:
        await desk.purse.note([cost_of(device_id, desk.purse.today, PULL, reason)])


def choose_stream(camera: Camera, role: StreamRole) -> Stream | None:
    """The one of this role that browsers play, else of the other role, else any."""
    for fits in (
        lambda stream: stream.role is role and stream.encoding == PLAYS_IN_BROWSERS,
        lambda stream: stream.encoding == PLAYS_IN_BROWSERS,
        lambda stream: stream.role is role,
        lambda stream: True,
    ):
        found = next((stream for stream in camera.streams if fits(stream)), None)
        if found is not None:
            return found
    return None


async def _unless(
    ends: asyncio.Task[Decision], messages: AsyncGenerator[LiveMessage, None]
) -> AsyncGenerator[LiveMessage | AccessEnded, None]:
    """The messages, until the task ends; then its decision as the last one."""
    following: asyncio.Task[LiveMessage] | None = None
    try:
        while True:
            following = asyncio.create_task(_next(messages))
            await asyncio.wait({following, ends}, return_when=asyncio.FIRST_COMPLETED)
            if ends.done():
                yield AccessEnded(decision=ends.result())
                return
            try:
                message = following.result()
            except StopAsyncIteration:
                return
            yield message
    finally:
        if following is not None:
            following.cancel()
            with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration, VmsError):
                await following


async def _until_refused(
    desk: LiveDesk, asked: Asked, decision: Decision, seen_until: int, still_signed_in: StillSignedIn
) -> Decision:
    while True:
        within_s = DECIDE_EVERY_S
        if decision.until is not None:
            within_s = min(within_s, max(0.05, (decision.until - desk.clock()).total_seconds()))
        news = await desk.news.after(seen_until, within_s=within_s)
        if news:
            seen_until = news[-1].event_id
            if not any(_matters(event, asked) for event in news):
                continue
        decision = await asyncio.to_thread(_decide_again, desk, asked, still_signed_in)
        if not decision.allowed:
            return decision


def _matters(event: Event, asked: Asked) -> bool:
    match event.kind.partition(".")[0]:
        case "consent" | "access" | "camera" | "fault":
            return event.subject == asked.camera_id
        case "incident":
            return event.subject == asked.incident_id
        case "user" | "sign_in":
            return event.subject == asked.person.user_id
        case _:
            return False


def _decide_again(desk: LiveDesk, asked: Asked, still_signed_in: StillSignedIn) -> Decision:
    if not still_signed_in():
        return _signed_out()
    try:
        with desk.database.reading() as tx:
            return decide_now(tx, asked, desk.agreements, desk.clock(), looks_already=True)
    except NotFound:
        return replace(_signed_out(), code="gone", because_en="the camera is gone", because_zh="该摄像机已删除")


def _camera_and_login(desk: LiveDesk, asked: Asked) -> tuple[Camera, StoredLogin | None, TlsTrust, int]:
    with desk.database.reading() as tx:
        camera = cameras.get(tx, asked.camera_id)
        limit = session_limit_of(tx, camera.device_id)
        return camera, login_for(tx, desk.box, camera), trust_for(tx, camera), limit


def _keep_refusal(desk: LiveDesk, device_id: DeviceId | None, login: StoredLogin | None, certainty: Certainty) -> None:
    if device_id is None or login is None:
        return
    with desk.database.writing() as tx:
        made_sure = certainty is Certainty.SURE
        number, now = login.credential_id, desk.clock()
        keep_refusal(tx, device_id, number, login.version, now, somebody_else=not made_sure)


def _not_shown(certainty: Certainty) -> LiveNews:
    if certainty is Certainty.ANOTHER:
        return LiveNews(kind=NewsKind.REFUSED, because=ANOTHER_DEVICE, message=ANOTHER)
    return LiveNews(kind=NewsKind.REFUSED, because=Trouble.LOGIN_REFUSED.value, message="the device refused the login")


async def _start(cold_start: Awaitable[None]) -> None:
    try:
        async with asyncio.timeout(COLD_START_S):
            await cold_start
    except (TimeoutError, OSError, VmsError) as problem:
        LOG.info("the camera was not asked for a key frame: %s", problem)


async def _stop(*tasks: asyncio.Task[Decision] | asyncio.Task[None] | None) -> None:
    for task in tasks:
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _next(messages: AsyncGenerator[LiveMessage, None]) -> LiveMessage:
    return await anext(messages)


def _signed_out() -> Decision:
    return Decision(
        verdict=Verdict.REFUSED, code="signed_out", because_en="your sign-in has ended", because_zh="您的登录已失效"
    )
