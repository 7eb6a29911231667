"""A device's web server that says exactly what a test tells it to."""

import asyncio
import hashlib
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import cv2
import numpy as np


@dataclass
class PretendHttp:
    host: str
    answers: list[bytes]
    """One for each connection; the last is repeated."""
    pause_s: float = 0.0
    """Between single bytes; 0: all at once."""
    repeat: int = 1
    port: int = 0
    tls: bool = False
    requests: list[str] = field(default_factory=list)

    @property
    def uri(self) -> str:
        return f"http{'s' if self.tls else ''}://{self.host}:{self.port}/snapshot.jpg?channel=1"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.requests.append((await reader.readuntil(b"\r\n\r\n")).decode())
            answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
            if self.pause_s:
                for byte in answer:
                    writer.write(bytes((byte,)))
                    await writer.drain()
                    await asyncio.sleep(self.pause_s)
            else:
                for _ in range(self.repeat):
                    writer.write(answer)
                    await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def a_web_server(
    *answers: bytes, pause_s: float = 0.0, repeat: int = 1, tls: ssl.SSLContext | None = None
) -> AsyncIterator[PretendHttp]:
    web = PretendHttp("127.21.0.3", list(answers), pause_s, repeat, tls=tls is not None)
    server = await asyncio.start_server(web.serve, web.host, 0, ssl=tls)
    web.port = server.sockets[0].getsockname()[1]
    try:
        yield web
    finally:
        server.close()


def ok(body: bytes, *headers: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", "Content-Type: image/jpeg", *(headers or (f"Content-Length: {len(body)}",))]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def digest_is_right(request: str, *, username: str, password: str, algorithm: str = "md5") -> bool:
    """Computed here anew, from RFC 7616 with qop=auth."""
    method, path, _ = request.split("\r\n")[0].split(" ")
    given = re.search(r"Authorization: Digest (.*)\r\n", request)
    if given is None:
        return False
    fields = {name: quoted or plain for name, quoted, plain in re.findall(r'(\w+)=(?:"([^"]*)"|([^,\s]+))', given[1])}

    def hashed(text: str) -> str:
        return hashlib.new(algorithm, text.encode()).hexdigest()

    first = hashed(f"{username}:{fields['realm']}:{password}")
    middle = f"{fields['nonce']}:{fields['nc']}:{fields['cnonce']}:auth"
    return fields["response"] == hashed(f"{first}:{middle}:{hashed(f'{method}:{path}')}") and fields["uri"] == path


def a_scene(
    width: int = 640, height: int = 360, *, walker_at: int | None = None, clock: str = "", brightness: int = 0
) -> np.ndarray:
    """A street as a grey picture: sky, houses with windows, a road, perhaps somebody who walks."""
    image = np.full((360, 640), 150, np.uint8)
    image[200:] = 90
    for left in range(0, 640, 80):
        cv2.rectangle(image, (left + 4, 80 + left % 60), (left + 70, 230), 60 + left % 120, -1)
        for row in range(120, 220, 24):
            cv2.rectangle(image, (left + 14, row), (left + 26, row + 12), 220, -1)
            cv2.rectangle(image, (left + 44, row), (left + 56, row + 12), 30, -1)
    noise = np.random.default_rng(1).normal(0, 6, image.shape)
    image = np.clip(image + noise + brightness, 0, 255).astype(np.uint8)
    if walker_at is not None:
        cv2.rectangle(image, (walker_at, 250), (walker_at + 10, 278), 240, -1)
    if clock:
        cv2.putText(image, clock, (8, 26), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 255, 2)
    if (width, height) != (640, 360):
        image = cv2.resize(image, (width, height), interpolation=cv2.INTER_LINEAR)
    return image


def a_jpeg(image: np.ndarray | None = None, quality: int = 85) -> bytes:
    done, encoded = cv2.imencode(".jpg", a_scene() if image is None else image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return encoded.tobytes()
