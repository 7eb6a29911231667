"""GET events: news as server-sent events, only what the person may know."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from vms.access.roles import Person
from vms.api.guards import AnyCall, RoomsNow, SignedInCall
from vms.api.models.news import NewsItem
from vms.api.models.shape import IdNumber
from vms.api.rooms import Rooms
from vms.core.errors import NotSignedIn
from vms.services.follow_news import News, what_may_be_heard
from vms.services.sign_in import who_is_it
from vms.store.events import Event

router = APIRouter(tags=["events"])
PING_S = 15.0
RETRY_MS = 2000


class EventStream(StreamingResponse):
    media_type = "text/event-stream"


@router.get("/events", response_class=EventStream)
async def news(
    call: AnyCall,
    rooms: RoomsNow,
    request: Request,
    last_event_id: Annotated[IdNumber | None, Query(description="resumes behind this event")] = None,
    header_id: Annotated[str, Header(alias="Last-Event-ID", max_length=20)] = "",
) -> EventStream:
    followed: News = request.app.state.news
    since = last_event_id
    if header_id.isascii() and header_id.isdigit():
        since = int(header_id)
    if since is None or since > followed.latest_id:
        since = followed.latest_id
    return EventStream(_stream(rooms, followed, call, since), headers={"Cache-Control": "no-cache"})


async def _stream(rooms: Rooms, followed: News, call: SignedInCall, since: int) -> AsyncIterator[str]:
    yield f"retry: {RETRY_MS}\nid: {since}\nevent: hello\ndata: {{}}\n\n"
    while True:
        found = await followed.after(since, within_s=PING_S)
        try:
            heard = await run_in_threadpool(_heard, rooms, call, found)
        except NotSignedIn:
            yield "event: signed_out\ndata: {}\n\n"
            return
        if found:
            since = found[-1].event_id
        if heard:
            yield "".join(_lines(event) for event in heard)
        elif not found:
            yield f": {rooms.clock():%H:%M:%S}\n\n"
        else:
            yield f"id: {since}\n\n"
            await asyncio.sleep(0)


def _heard(rooms: Rooms, call: SignedInCall, found: Sequence[Event]) -> list[Event]:
    person: Person = who_is_it(rooms.database, call.token, rooms.clock())[0]
    if not found:
        return []
    with rooms.database.reading() as tx:
        return what_may_be_heard(tx, person, found)


def _lines(event: Event) -> str:
    item = NewsItem(id=event.event_id, at=event.at, kind=event.kind, subject=event.subject, content=event.content)
    return f"id: {event.event_id}\nevent: {event.kind}\ndata: {item.model_dump_json()}\n\n"
