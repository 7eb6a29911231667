"""The running console as a test sees it: its HTTP interface, and a page that is visited."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import psutil
from playwright.sync_api import ConsoleMessage, Page

from vms.api.guards import COOKIE

T = TypeVar("T")
PASSWORD = "a-password-for-the-browser-test"
SIGNED_OUT = "401 (Unauthorized)"
"""What Chromium writes when the page asks who is signed in and nobody is: an answer, not a mistake."""
REFUSED = "403 (Forbidden)"
"""The same for a still that this person may not see; the screen says so in words."""
NONE_YET = "404 (Not Found)"
"""The same for a still that nobody has taken yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """The running demo: where it is, and its HTTP interface with an administrator's rights."""

    url: str
    api: httpx.Client

    @property
    def cookie(self) -> Any:
        """Of the administrator's session, for a browser."""
        token = self.api.headers["Authorization"].removeprefix("Bearer ")
        return {"name": COOKIE, "value": token, "url": self.url}

    def get(self, path: str, **query: Any) -> Any:
        answer = self.api.get(path, params=query)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = self.api.post(path, json=body)
        answer.raise_for_status()
        return answer.json()


@dataclass(kw_only=True)
class Visit:
    """One page, and what its console complained of. No slots: Playwright keeps wrappers of methods on it."""

    page: Page
    url: str
    password: str = PASSWORD
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.url}/{path}")
        self.page.wait_for_selector(".shell, .door, .public")

    def sign_in(self, name: str = "admin") -> None:
        self.page.fill("[name=username]", name)
        self.page.fill("[name=password]", self.password)
        self.page.click("[type=submit]")
        self.page.wait_for_selector(".shell")

    def wait_until(self, script: str, arg: Any = None, *, within_s: float = 20.0) -> None:
        """Until the script says yes. Playwright's own way needs `unsafe-eval`, which the console's pages refuse."""
        until(script, lambda: self.page.evaluate(script, arg), within_s, every_s=0.1)

    def hear(self, message: ConsoleMessage) -> None:
        no_still = any(word in message.text for word in (REFUSED, NONE_YET))
        no_still = no_still and "/snapshot" in message.location.get("url", "")
        if message.type == "error" and SIGNED_OUT not in message.text and not no_still:
            self.complaints.append(f"{message.text} {message.location.get('url', '')}")


def until(what: str, ask: Callable[[], T], within_s: float, every_s: float = 0.25) -> T:
    """The first true answer; asks anew until then. Fails with the last answer when time is over."""
    ends_at = time.monotonic() + within_s
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > ends_at:
            raise AssertionError(f"{what}: not within {within_s:.0f} s; the last answer was {answer!r}")
        time.sleep(every_s)


def server_cpu_s(url: str) -> dict[str, float]:
    """CPU seconds so far of the processes that bring pictures to the browser: web and the live gateway."""
    port = urlsplit(url).port
    for process in psutil.process_iter():
        if _module_of(process) != "vms.app.web":
            continue
        listens = {found.laddr.port for found in process.net_connections("tcp") if found.status == psutil.CONN_LISTEN}
        if port in listens:
            family = process.parent().children()
            return {
                name: sum(child.cpu_times()[:2])
                for child in family
                for name in [_module_of(child).removeprefix("vms.app.")]
                if name in ("web", "gateway")
            }
    raise AssertionError(f"no web process listens on {port}")


def _module_of(process: psutil.Process) -> str:
    """Of `python -m vms.…`, or of a fork that is named after what it runs; empty where neither is to be seen."""
    try:
        line, name = process.cmdline(), process.name()
    except psutil.Error:
        return ""
    return name if name.startswith("vms.") else (line or [""])[-1]
