"""Carries operations to one device: its SOAP dialect is learnt, its budget kept, its clock used, its refusals
respected."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from vms.core.clock import Clock, system_clock
from vms.core.errors import LoginRefused, TryAgain
from vms.devices.budget import Login, RequestBudget
from vms.devices.http import ExchangeFailed, Limits, TlsPolicy, exchange
from vms.devices.http_answer import HttpAnswer
from vms.devices.onvif.digest import Challenge, authorization, read_challenges
from vms.devices.onvif.faults import Fault, answer_of, attempts_left, read_fault
from vms.devices.onvif.operations import Operation
from vms.devices.onvif.soap import envelope, host_line, http_request, wsse_plain_token, wsse_token
from vms.devices.onvif.xml import BadXml, Element, read_xml
from vms.devices.trust import tls_for
from vms.inventory.device import AuthScheme, DevicePolicy, Quirks

Carry = Callable[..., Awaitable[HttpAnswer]]
"""As `exchange` does: bytes to a device, and its answer. Raises ExchangeFailed."""
_PAUSE_S = 0.3
"""Before a device that hung up on us is asked once more."""


class NotOnvif(TryAgain):
    """Something answered that does not speak SOAP; `code`: empty, html, not_xml, truncated, doctype, too_large,
    too_deep."""


class CallRefused(TryAgain):
    """The device answered with a fault."""

    def __init__(self, fault: Fault, status: int) -> None:
        super().__init__(fault.short, code="not_supported" if fault.not_supported else "fault")
        self.fault = fault
        self.status = status


class SignInRefused(LoginRefused):
    """The device wants credentials: none were sent (`tried` False), or those sent were refused."""

    def __init__(self, message: str, *, tried: bool, left: int | None = None, locked: bool = False) -> None:
        super().__init__(message)
        self.tried = tried
        self.attempts_left = left
        self.locked = locked

    @property
    def warns(self) -> bool:
        """The device counts: another wrong login may lock the account."""
        return self.locked or self.attempts_left is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    answer: Element
    """The `…Response` element."""
    root: Element
    asked_at: datetime
    total_s: float
    oddities: tuple[str, ...] = ()

    @property
    def middle(self) -> datetime:
        """Our instant halfway through the exchange: when the device most likely read its clock."""
        return self.asked_at + timedelta(seconds=self.total_s / 2)


class OnvifClient:
    """One device. Not shared between tasks that want different credentials."""

    def __init__(
        self,
        address: str,
        port: int,
        *,
        quirks: Quirks | None = None,
        policy: DevicePolicy | None = None,
        login: Login | None = None,
        signing_offset_s: float = 0.0,
        timeout_s: float = 10.0,
        budget: RequestBudget | None = None,
        tls: TlsPolicy | None = None,
        clock: Clock = system_clock,
        carry: Carry = exchange,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.address = address
        self.port = port
        self.quirks = quirks or Quirks()
        self.login = login
        self.scheme = self.quirks.auth
        self.signing_offset_s = signing_offset_s
        self.oddities: set[str] = set()
        self._limits = Limits(total_s=timeout_s)
        self._budget = budget if budget is not None else RequestBudget()
        self.policy = policy or DevicePolicy()
        self._tls = tls or tls_for(port, self.quirks, self.policy)
        self._clock = clock
        self._carry = carry
        self._pause = pause
        self._answered: set[bool] = set()
        """Whether questions without (False) and with a login (True) have been answered."""
        self._challenge: Challenge | None = None
        self._nonce_count = 0

    async def call(
        self, operation: Operation, *, path: str | None = None, port: int | None = None, signed: bool = True
    ) -> Reply:
        """Ask once (a Digest challenge that is new or stale is answered once). Raises ExchangeFailed, NotOnvif,
        CallRefused or
        SignInRefused."""
        path, port = path or self.quirks.device_path, port or self.port
        sign = signed and self.login is not None and self.scheme in (AuthScheme.WSSE, AuthScheme.DIGEST)
        challenge_before = self._challenge
        asked_at, answer = await self._send(operation, path, port, sign=sign)
        if sign and self.scheme is AuthScheme.DIGEST and answer.status == 401:
            fresh = read_challenges(answer.all_of("www-authenticate"))
            if fresh and (challenge_before is None or fresh.stale):
                self._challenge, self._nonce_count = fresh, 0
                asked_at, answer = await self._send(operation, path, port, sign=True)
        self._remember_challenge(answer)
        return self._read(operation, answer, asked_at, tried=sign)

    @property
    def was_answered(self) -> bool:
        return bool(self._answered)

    @property
    def speaks_tls(self) -> bool:
        return self._tls is not None

    async def _send(self, operation: Operation, path: str, port: int, *, sign: bool) -> tuple[datetime, HttpAnswer]:
        """A device with few connections hangs up while somebody else asks it; a mere question is then put once more,
        signed anew, unless nothing like it was ever answered."""
        try:
            return await self._send_once(operation, path, port, sign=sign)
        except ExchangeFailed as failed:
            if failed.code != "closed" or sign not in self._answered or not operation.name.startswith("Get"):
                raise
        self.oddities.add("connections_limited")
        await self._pause(_PAUSE_S)
        return await self._send_once(operation, path, port, sign=sign)

    async def _send_once(
        self, operation: Operation, path: str, port: int, *, sign: bool
    ) -> tuple[datetime, HttpAnswer]:
        security = header = ""
        if sign and self.login is not None:
            if self.scheme is AuthScheme.WSSE and self.policy.plain_password and self._tls is not None:
                security = wsse_plain_token(self.login.username, self.login.password)
            elif self.scheme is AuthScheme.WSSE:
                created = self._clock() + timedelta(seconds=self.signing_offset_s)
                security = wsse_token(
                    self.login.username, self.login.password, created=created, nonce=secrets.token_bytes(16)
                )
            elif self._challenge is not None:
                header = self._authorize(self._challenge, self.login, path)
        quirks = self.quirks
        body = envelope(operation, soap_version=quirks.soap_version, security=security)
        request = http_request(
            body,
            operation,
            host=host_line(self.address, port),
            path=path,
            soap_version=quirks.soap_version,
            action_in_content_type=quirks.action_in_content_type,
            authorization=header,
        )
        async with self._budget.turn(self.address, self.port):
            asked_at = self._clock()
            answer = await self._carry(self.address, port, request, limits=self._limits, tls=self._tls)
        self._answered.add(sign)
        if self._tls is not None and answer.tls_sha256 != quirks.tls_fingerprint:
            self.learn(tls=True, tls_fingerprint=answer.tls_sha256)
            self._tls = replace(self._tls, pinned_sha256=answer.tls_sha256)
        self.oddities.update(answer.oddities)
        return asked_at, answer

    def _authorize(self, challenge: Challenge, login: Login, path: str) -> str:
        self._nonce_count += 1
        return authorization(
            challenge,
            username=login.username,
            password=login.password,
            method="POST",
            path=path,
            count=self._nonce_count,
            cnonce=secrets.token_hex(8),
        )

    def _remember_challenge(self, answer: HttpAnswer) -> None:
        """A device that shows a Digest challenge is given Digest and nothing else."""
        if answer.status == 401:
            fresh = read_challenges(answer.all_of("www-authenticate"))
            if fresh:
                self._challenge, self._nonce_count = fresh, 0

    @property
    def was_challenged(self) -> bool:
        return self._challenge is not None

    def _read(self, operation: Operation, answer: HttpAnswer, asked_at: datetime, *, tried: bool) -> Reply:
        try:
            read = read_xml(answer.body)
        except BadXml as bad:
            if answer.status == 401:
                left = attempts_left(answer.body[:4096].decode("utf-8", "replace"))
                raise SignInRefused("the device wants credentials (HTTP 401)", tried=tried, left=left) from None
            raise NotOnvif(f"HTTP {answer.status}: {bad}", code=bad.code) from None
        self.oddities.update(read.oddities)
        fault = read_fault(read.root)
        if fault is not None and (fault.not_authorized or answer.status == 401):
            raise SignInRefused(fault.short, tried=tried, left=fault.attempts_left, locked=fault.locked)
        if fault is not None:
            raise CallRefused(fault, answer.status)
        found = answer_of(read.root, operation.name)
        if found is None:
            if answer.status == 401:
                raise SignInRefused("the device wants credentials (HTTP 401)", tried=tried)
            raise NotOnvif(f"HTTP {answer.status}: no {operation.name}Response in the answer", code="not_soap")
        return Reply(answer=found, root=read.root, asked_at=asked_at, total_s=answer.total_s, oddities=read.oddities)

    def learn(self, **changes: object) -> None:
        """Keep what was found out about the device's ways."""
        self.quirks = replace(self.quirks, **changes)  # type: ignore[arg-type]
        if "auth" in changes:
            self.scheme = self.quirks.auth
