"""Who is told: a webhook receiver and a mail server on loopback that keep what came and answer what a test says."""

import asyncio
import json
import ssl
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any


@dataclass(slots=True)
class Receiver:
    address: str
    port: int
    answer: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    """What every call gets; empty: the line is cut."""
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    tls: ssl.SSLContext | None = None

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://{self.address}:{self.port}/hook"

    def told(self, number: int = -1) -> Any:
        return json.loads(self.calls[number][1])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            lines = head.split("\r\n")
            pairs = (line.partition(":") for line in lines[1:] if line)
            headers = {name.lower(): value.strip() for name, _, value in pairs} | {"line": lines[0]}
            body = await reader.readexactly(int(headers["content-length"]))
            self.calls.append((headers, body))
            if self.answer:
                writer.write(self.answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def running_receiver(address: str, tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    receiver = Receiver(address, 0, tls=tls)
    server = await asyncio.start_server(receiver.serve, address, 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        await server.wait_closed()


@dataclass(slots=True)
class Post:
    """SMTP as far as a client needs it (RFC 5321), with STARTTLS (RFC 3207) and AUTH PLAIN (RFC 4954) where told."""

    address: str
    port: int
    refuses: bool = False
    starttls: ssl.SSLContext | None = None
    login: tuple[str, str] | None = None
    """Who may send; None: everybody."""
    is_silent_at_quit: bool = False
    seen: list[str] = field(default_factory=list)
    """The words that clients said."""
    letters: list[tuple[list[str], EmailMessage]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to: list[str] = []
        is_safe, is_in = self.starttls is None, self.login is None

        async def say(line: str) -> None:
            writer.write(line.encode() + b"\r\n")
            await writer.drain()

        try:
            await say("220 post.test")
            while line := (await reader.readline()).decode().rstrip("\r\n"):
                word = line[:4].upper()
                self.seen.append(word)
                if word == "EHLO":
                    await say("250-post.test")
                    for offer in ("STARTTLS",) * (not is_safe) + ("AUTH PLAIN",) * (is_safe and not is_in):
                        await say(f"250-{offer}")
                    await say("250 8BITMIME")
                elif word == "STAR" and self.starttls is not None:
                    await say("220 go on")
                    await writer.start_tls(self.starttls)
                    is_safe = True
                elif word == "AUTH":
                    _, name, password = b64decode(line.rpartition(" ")[2]).decode().split("\0")
                    is_in = (name, password) == self.login
                    await say("235 welcome" if is_in else "535 who are you?")
                elif word in ("MAIL", "RCPT", "DATA") and not (is_safe and is_in):
                    await say("530 not before you have signed in")
                elif word == "RCPT":
                    if self.refuses:
                        await say("550 no such person")
                        continue
                    to.append(line.partition("<")[2].rstrip(">"))
                    await say("250 ok")
                elif word == "DATA":
                    await say("354 go on")
                    data = await reader.readuntil(b"\r\n.\r\n")
                    letter = message_from_bytes(data[:-3].replace(b"\r\n..", b"\r\n."), policy=default)
                    self.letters.append((list(to), letter))
                    await say("250 taken")
                elif word == "QUIT" and self.is_silent_at_quit:
                    await reader.read()
                elif word == "QUIT":
                    await say("221 bye")
                    break
                else:
                    await say("250 ok")
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def running_post(
    address: str,
    *,
    tls: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    login: tuple[str, str] | None = None,
) -> AsyncIterator[Post]:
    """`tls`: from the first byte on."""
    post = Post(address, 0, starttls=starttls, login=login)
    server = await asyncio.start_server(post.serve, address, 0, ssl=tls)
    post.port = server.sockets[0].getsockname()[1]
    try:
        yield post
    finally:
        server.close()
        await server.wait_closed()
