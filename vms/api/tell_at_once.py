"""After a change by this process readers need not wait for their next look at the store."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vms.services.follow_news import News

_HARMLESS = ("GET", "HEAD", "OPTIONS")


class TellAtOnce:
    def __init__(self, app: ASGIApp, news: News) -> None:
        self._app = app
        self._news = news

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                self._news.wake()
            await send(message)

        changes = scope["type"] == "http" and scope["method"] not in _HARMLESS
        await self._app(scope, receive, told if changes else send)
