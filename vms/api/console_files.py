"""The console's files and the headers that fence the page in."""

from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vms import console

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; worker-src 'self' blob:; img-src 'self' data: blob:; media-src 'self' blob:; "
    "connect-src 'self' ws: wss:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_FENCE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def packaged_folder() -> Path:
    return Path(console.__file__).parent / "static"


class ConsoleFiles(StaticFiles):
    """Files from elsewhere (`vendor/`) carry their version and are kept for a day; the page's own are asked again."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        path = str(args[0])
        response.headers["Cache-Control"] = "public, max-age=86400" if "/vendor/" in path else "no-cache"
        return response


def content_security_policy(beside: str = "") -> str:
    """`beside`: the one other server whose map tiles the page may fetch."""
    if not beside:
        return CONTENT_SECURITY_POLICY
    opened = CONTENT_SECURITY_POLICY.replace("connect-src 'self'", f"connect-src 'self' {beside}")
    return opened.replace("img-src 'self'", f"img-src 'self' {beside}")


class Fence:
    def __init__(self, app: ASGIApp, *, beside: str = "") -> None:
        self._app = app
        self._headers = {"Content-Security-Policy": content_security_policy(beside), **_FENCE}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def fenced(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, fenced if scope["type"] == "http" else send)
