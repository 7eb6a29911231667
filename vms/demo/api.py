"""The demo as a client of its own server: what a person would do in the console, over the same HTTP and WebSocket."""

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from vms.core.errors import TryAgain
from vms.demo.settings import new_password

LOOK_EVERY_S = 0.25


class NoAnswer(TryAgain):
    """Nobody knows whether it was accepted."""

    code = "no_answer"


class Client:
    """Signed in as one person. Raises TryAgain with what the server said, NoAnswer where it said nothing."""

    def __init__(self, base_url: str, username: str, password: str) -> None:
        self._base_url = base_url
        self._host = urlsplit(base_url).netloc
        self._http = httpx.Client(base_url=f"{base_url}/api/v1", timeout=30.0)
        session = self.post("/session", {"username": username, "password": password})
        self.token: str = session["token"]
        self._http.cookies.clear()
        self._http.headers["Authorization"] = f"Bearer {self.token}"

    def get(self, path: str, **query: Any) -> Any:
        return self._ask("GET", path, params=query)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self._ask("POST", path, json=body)

    def with_new_user(self, name: str, role: str) -> "Client":
        """A colleague, made by this administrator and signed in. Raises TryAgain where the name is taken."""
        password = new_password()
        self.post("/users", {"name": name, "password": password, "role": role})
        return Client(self._base_url, name, password)

    def _ask(self, method: str, path: str, **content: Any) -> Any:
        try:
            return answer_of(self._http.request(method, path, **content))
        except httpx.TransportError as problem:
            raise NoAnswer(f"{method} {path}: the server does not answer ({problem})") from problem

    def first_key_frame(self, url: str, within_s: float) -> dict[str, Any]:
        """Pulls a live stream as the browser does; returns codec, size, bytes and seconds to the first key frame."""
        try:
            return self._first_key_frame(url, within_s)
        except TimeoutError as problem:
            raise TryAgain(f"no key frame came within {within_s:.0f} s") from problem
        except (OSError, WebSocketException) as problem:
            raise TryAgain(f"the stream broke off: {problem}") from problem

    def _first_key_frame(self, url: str, within_s: float) -> dict[str, Any]:
        started_s = time.monotonic()
        init: dict[str, Any] = {}
        binary = 0
        headers = {"Authorization": f"Bearer {self.token}"}
        with connect(f"ws://{self._host}{url}", additional_headers=headers, max_size=16_000_000) as socket:
            while (left_s := started_s + within_s - time.monotonic()) > 0:
                message = socket.recv(timeout=left_s)
                if isinstance(message, str):
                    content = json.loads(message)
                    if content["kind"] == "init":
                        init = content
                    elif content["kind"] in ("ended", "refused"):
                        raise TryAgain(f"the stream was not shown: {content['sentence_en']}")
                    continue
                binary += len(message)
                if b"moof" in message[:64] and b"mdat" in message:
                    seconds = time.monotonic() - started_s
                    return {**init, "bytes": binary, "first_key_frame_s": round(seconds, 3)}
        raise TryAgain(f"no key frame came within {within_s:.0f} s")

    def close(self) -> None:
        self._http.close()


def until(look: Callable[[], Any], within_s: float, what: str) -> Any:
    """Asks again and again until there is an answer. Raises TryAgain that says what did not happen."""
    deadline_s = time.monotonic() + within_s
    while not (found := look()):
        if time.monotonic() > deadline_s:
            raise TryAgain(f"{what}: not within {within_s:.0f} s")
        time.sleep(LOOK_EVERY_S)
    return found


def answer_of(response: httpx.Response) -> Any:
    if response.is_success:
        return response.json() if response.content else None
    asked = f"{response.request.method} {response.request.url.path} → {response.status_code}"
    try:
        error = response.json()["error"]
        code, sentence = error["code"], f"{error['code']}: {error['message']}"
    except (ValueError, KeyError, TypeError):
        code, sentence = "", response.text[:200]
    raise (NoAnswer if code == "stopping" else TryAgain)(f"{asked} {sentence}")
