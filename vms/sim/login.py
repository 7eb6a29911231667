"""Who may: a device's one account, by WS-UsernameToken or Digest; refusals are counted and lock the account."""

import base64
import binascii
import hashlib
import hmac
from collections import OrderedDict
from datetime import UTC, datetime

from vms.sim.digest import DigestGate, Verdict
from vms.sim.personality import Personality, SignIn
from vms.sim.soap import SoapFault, StaleNonce, UsernameToken

NONCES_REMEMBERED = 256


class LoginGate:
    """One device's account. `now_s` is a clock that does not go back; `clock` is the device's own."""

    __slots__ = (
        "_locked_until_s",
        "_nonces",
        "_personality",
        "_refused",
        "_username",
        "digest",
        "password",
        "refused_in_all",
    )

    def __init__(self, *, username: str, password: str, realm: str, personality: Personality) -> None:
        self._username = username
        self.password = password
        self._personality = personality
        self._refused = 0
        self._locked_until_s = 0.0
        self._nonces: OrderedDict[str, None] = OrderedDict()
        self.digest = DigestGate(realm)
        self.refused_in_all = 0
        """Refused logins since the start."""

    def reset(self, password: str) -> None:
        """New credentials, no refusals."""
        self.password = password
        self._refused = 0
        self._locked_until_s = 0.0

    @property
    def refusals(self) -> int:
        """Logins refused since the last right one."""
        return self._refused

    def locked(self, now_s: float) -> bool:
        return now_s < self._locked_until_s

    def check_soap(
        self, token: UsernameToken | None, authorization: str | None, *, clock: datetime, now_s: float
    ) -> None:
        """Raises the Fault of a device that refuses. A missing login is refused without being counted."""
        if self._personality.auth is SignIn.NONE:
            return
        if self._personality.auth is SignIn.DIGEST:
            self.check_digest(authorization, method="POST", now_s=now_s)
            return
        if token is None:
            raise self._refusal("a login is needed")
        if self.locked(now_s):
            raise self._refusal(self._locked_text(now_s))
        because = self._wrong_token(token, clock)
        if because:
            raise self._counted(because, now_s)
        self._refused = 0

    def check_digest(self, authorization: str | None, *, method: str, now_s: float) -> None:
        """Raises the Fault of a device that refuses; the caller adds the challenge where the status is 401."""
        if self.locked(now_s) and authorization:
            raise self._refusal(self._locked_text(now_s), status=401)
        verdict = self.digest.check(
            authorization, method=method, username=self._username, password=self.password, now_s=now_s
        )
        if verdict is Verdict.RIGHT:
            self._refused = 0
            return
        if verdict is Verdict.WRONG:
            raise self._counted("wrong user name or password", now_s, status=401)
        if verdict is Verdict.STALE:
            raise StaleNonce(401, "Sender", ("ter:NotAuthorized",), "the nonce is stale")
        raise self._refusal("a login is needed", status=401)

    def _wrong_token(self, token: UsernameToken, clock: datetime) -> str:
        """Why the token is refused; empty where it is right."""
        if self._personality.plain_password:
            right = hmac.compare_digest(self.password.encode(), token.password.encode())
            if token.is_digest or token.username != self._username or not right:
                return "wrong user name or password"
            return ""
        if not token.is_digest:
            return "only PasswordDigest is accepted"
        try:
            created = datetime.fromisoformat(token.created)
            nonce = base64.b64decode(token.nonce, validate=True)
        except (ValueError, binascii.Error):
            return "Nonce or Created cannot be read"
        if not token.created.endswith("Z"):
            return "Created must end with Z"
        if abs((created - clock.astimezone(UTC)).total_seconds()) > self._personality.clock_window_s:
            return "Created is too far from the device's clock"
        # ONVIF Core 5.9.4: Base64(SHA-1(nonce + created + password))
        whole = nonce + token.created.encode() + self.password.encode()
        expected = base64.b64encode(hashlib.sha1(whole, usedforsecurity=False).digest())
        if token.username != self._username or not hmac.compare_digest(expected, token.password.encode()):
            return "wrong user name or password"
        used = token.nonce if self._personality.strict_nonce else token.nonce + token.created
        if used in self._nonces:
            return "the nonce was used before"
        self._nonces[used] = None
        if len(self._nonces) > NONCES_REMEMBERED:
            self._nonces.popitem(last=False)
        return ""

    def _counted(self, because: str, now_s: float, *, status: int | None = None) -> SoapFault:
        self._refused += 1
        self.refused_in_all += 1
        limit = self._personality.locks_after
        if limit is None:
            return self._refusal(because, status=status)
        if self._refused >= limit:
            self._refused = 0
            self._locked_until_s = now_s + self._personality.locked_for_s
            return self._refusal(self._locked_text(now_s), status=status)
        return self._refusal(f"{because}. You still have {limit - self._refused} attempt(s)", status=status)

    def _locked_text(self, now_s: float) -> str:
        return f"The account is locked. Try again in {round(self._locked_until_s - now_s)} s"

    def _refusal(self, reason: str, *, status: int | None = None) -> SoapFault:
        return SoapFault(status or self._personality.refusal_status, "Sender", ("ter:NotAuthorized",), reason)
