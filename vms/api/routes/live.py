"""WS live/{camera_id}: JSON text messages and binary fMP4, as `vms/api/models/live.py` says."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Query, WebSocket
from fastapi.concurrency import run_in_threadpool
from starlette.websockets import WebSocketDisconnect, WebSocketState

from vms.access.decide import LookKind
from vms.api.failures import LIVE_CLOSE, live_close
from vms.api.guards import LiveDoor, rooms_of, same_origin, signed_in, still_signed_in
from vms.api.known_query import refuse_unknown
from vms.api.models.live import CloseCode, LiveInit, LiveState
from vms.api.models.shape import IdNumber
from vms.core.errors import VmsError
from vms.core.ids import CameraId
from vms.inventory.camera import StreamRole
from vms.media.live import InitSegment, LiveMessage, LiveNews, MediaFragment, NewsKind
from vms.services.live_pictures import AccessEnded, LiveDesk, watch_live
from vms.services.look_at_camera import Asked, LookRefused

LOG = logging.getLogger(__name__)
router = APIRouter(tags=["live"])
_TOKEN = frozenset({"token"})
"""Read by the door: a page cannot set headers of a WebSocket."""
_CHINESE = {
    "stalled": "画面中断，正在重试",
    "ended": "画面已结束",
    "refused": "无法播放该摄像机",
    "cold": "正在呼叫摄像机",
    "resumed": "画面已恢复",
}
_CHINESE_BECAUSE = {
    "another_device": "该摄像机的地址上现在是另一台设备，未向其登录",
    "login_withheld": "设备要求明文口令，而对方身份未确认，口令未发送",
    "budget": "该设备的取流路数已用完",
}
_KINDS = {
    NewsKind.COLD: "cold",
    NewsKind.PLAYING: "resumed",
    NewsKind.STALLED: "stalled",
    NewsKind.ENDED: "ended",
    NewsKind.REFUSED: "refused",
}


@router.websocket("/live/{camera_id}")
async def live(
    socket: WebSocket,
    camera_id: IdNumber,
    _door: LiveDoor,
    incident: IdNumber | None = None,
    role: StreamRole = StreamRole.SUB,
    purpose: Annotated[str, Query(max_length=200)] = "",
) -> None:
    if not same_origin(socket):
        await socket.close(CloseCode.REFUSED)  # before it is accepted: the browser of another site learns nothing
        return
    await socket.accept()
    try:
        call = await run_in_threadpool(signed_in, socket)
        refuse_unknown(socket, besides=_TOKEN)
        asked = Asked(
            person=call.person,
            camera_id=CameraId(camera_id),
            kind=LookKind.LIVE,
            incident_id=incident,
            purpose=purpose,
        )
        await _play(socket, asked, role, still_signed_in(rooms_of(socket), call))
    except WebSocketDisconnect:
        return
    except VmsError as error:
        sentence_zh = error.decision.because_zh if isinstance(error, LookRefused) else _CHINESE["refused"]
        said = LiveState(kind="refused", because=error.code, sentence_en=error.message, sentence_zh=sentence_zh)
        await _say(socket, said)
        await _close(socket, live_close(error), error.message)


async def _play(socket: WebSocket, asked: Asked, role: StreamRole, still_signed_in: Callable[[], bool]) -> None:
    desk: LiveDesk = socket.app.state.live_desk
    sending = asyncio.create_task(_send_all(socket, desk, asked, role, still_signed_in))
    leaving = asyncio.create_task(_left(socket))
    await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
    for task in (sending, leaving):
        task.cancel()
    results = await asyncio.gather(sending, leaving, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, WebSocketDisconnect):
            raise result


async def _send_all(
    socket: WebSocket, desk: LiveDesk, asked: Asked, role: StreamRole, still_signed_in: Callable[[], bool]
) -> None:
    gauge = socket.app.state.figures.live_viewers
    gauge.inc()
    try:
        async with aclosing(watch_live(desk, asked, role, still_signed_in)) as messages:
            async for message in messages:
                if await _pass_on(socket, message):
                    return
    finally:
        gauge.dec()


async def _pass_on(socket: WebSocket, message: LiveMessage | AccessEnded) -> bool:
    """True: it was the last one and the socket is closed."""
    match message:
        case MediaFragment() | InitSegment():
            await socket.send_bytes(message.data)
        case AccessEnded(decision=decision):
            state = LiveState(
                kind="ended",
                because=decision.code,
                sentence_en=decision.because_en,
                sentence_zh=decision.because_zh,
            )
            await _say(socket, state)
            await _close(socket, CloseCode.REFUSED, decision.because_en)
            return True
        case LiveNews(kind=NewsKind.INIT):
            init = LiveInit(codec=message.codec, width=message.width, height=message.height)
            await socket.send_text(init.model_dump_json())
        case LiveNews():
            kind = _KINDS[message.kind]
            sentence_en = message.message or kind
            await _say(
                socket,
                LiveState.model_validate(
                    {
                        "kind": kind,
                        "because": message.because,
                        "sentence_en": sentence_en,
                        "sentence_zh": _CHINESE_BECAUSE.get(message.because, _CHINESE[kind]),
                    }
                ),
            )
            if message.kind in LIVE_CLOSE:
                await _close(socket, LIVE_CLOSE[message.kind], sentence_en)
                return True
    return False


async def _left(socket: WebSocket) -> None:
    """Ends when the viewer goes. What viewers send means nothing and is dropped."""
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return


async def _say(socket: WebSocket, state: LiveState) -> None:
    if socket.application_state is WebSocketState.CONNECTED:
        await socket.send_text(state.model_dump_json())


async def _close(socket: WebSocket, code: CloseCode, sentence: str) -> None:
    if socket.application_state is WebSocketState.CONNECTED:
        await socket.close(code, sentence.encode()[:120].decode(errors="ignore"))  # at most 123 bytes on the wire
