"""Signing in without harm: no credential is refused twice, and a device that counts is left alone at once.

Which scheme a device wants is read off its answer to a question without credentials: one that shows an HTTP Digest
challenge gets
Digest and nothing else, any other WS-UsernameToken; so that finding out costs no refused login.
"""

from collections.abc import Sequence

from vms.devices.budget import Login, LoginGuard
from vms.devices.findings import Findings
from vms.devices.onvif.client import NotOnvif, OnvifClient, Reply, SignInRefused
from vms.devices.onvif.operations import Operation
from vms.inventory.device import AuthScheme


class Session:
    """Asks without credentials; signs in at the first question that needs it, once."""

    def __init__(
        self, client: OnvifClient, logins: Sequence[Login], *, guard: LoginGuard, device: str, findings: Findings
    ) -> None:
        self.client = client
        self.login_refused = False
        self._logins = logins
        self._guard = guard
        self._device = device
        self._findings = findings
        self._over = False
        client.learn(auth=AuthScheme.NONE)
        client.login = None

    async def ask(self, operation: Operation, *, path: str | None = None, port: int | None = None) -> Reply:
        """Raises what OnvifClient.call raises."""
        try:
            return await self.client.call(operation, path=path, port=port)
        except SignInRefused as refused:
            if refused.tried or self._over:
                raise
            reason: SignInRefused | NotOnvif = refused
        except NotOnvif as odd:
            # Some answer 200 with nothing in it instead of asking for credentials.
            if odd.code != "empty" or self._over or not self._logins:
                raise
            reason = odd
        return await self._sign_in(operation, path, port, reason)

    async def _sign_in(
        self, operation: Operation, path: str | None, port: int | None, reason: SignInRefused | NotOnvif
    ) -> Reply:
        self._over = True
        client = self.client
        if client.policy.plain_password and not client.speaks_tls:
            self._findings.note(
                "plain_password_needs_tls", "the password itself is sent over TLS only; a digest was sent"
            )
        if not self._logins:
            self._findings.note("login_needed", "the device wants credentials and none are known for it")
            client.learn(auth=AuthScheme.UNKNOWN)
            raise reason
        for login in self._logins:
            if not self._guard.may_sign_in(self._device, login):
                self.login_refused = True
                self._findings.note(
                    "login_refused_before", f"{login.username} was refused before; waiting for other credentials"
                )
                continue
            client.login = login
            await self._guard.begin(self._device, login)
            try:
                reply = await self._with(operation, path, port)
            except SignInRefused as refused:
                self._guard.refuse(self._device, login)
                self.login_refused = True
                reason = refused
                self._findings.note("login_refused", f"{login.username} was refused: {refused.message}")
                if refused.warns:
                    self._warn(refused)
                    for other in self._logins:
                        self._guard.withhold(self._device, other)
                    break
            except Exception:  # whatever else went wrong is no refusal: left open, the login would count as refused
                self._guard.settle(self._device, login)
                raise
            else:
                self._guard.settle(self._device, login)
                self.login_refused = False
                return reply
        client.login = None
        client.learn(auth=AuthScheme.REFUSED)
        raise reason

    async def _with(self, operation: Operation, path: str | None, port: int | None) -> Reply:
        client = self.client
        client.learn(auth=AuthScheme.DIGEST if client.was_challenged else AuthScheme.WSSE)
        try:
            return await client.call(operation, path=path, port=port)
        except SignInRefused:
            # The challenge that came with the refusal is a hint: this device looks at HTTP Digest only.
            if client.scheme is not AuthScheme.WSSE or not client.was_challenged:
                raise
        client.learn(auth=AuthScheme.DIGEST)
        return await client.call(operation, path=path, port=port)

    def _warn(self, refused: SignInRefused) -> None:
        if refused.locked:
            self._findings.note("account_locked", f"the device says that the account is locked: {refused.message}")
        else:
            self._findings.note("lock_warning", f"the device counts refused logins: {refused.attempts_left} left")
