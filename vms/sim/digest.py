"""HTTP and RTSP Digest (RFC 2617, RFC 7616) from the side that challenges: MD5, SHA-256, nonce count, stale nonces."""

import hashlib
import hmac
import re
import secrets
from collections import OrderedDict
from enum import StrEnum

NONCE_LIVES_S = 300.0
NONCES_REMEMBERED = 64
_FIELD = re.compile(r'(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))')
_SECRET = secrets.token_bytes(16)
_ALGORITHMS = {"MD5": "md5", "SHA-256": "sha256"}


class Verdict(StrEnum):
    RIGHT = "right"
    MISSING = "missing"
    STALE = "stale"
    WRONG = "wrong"


class DigestGate:
    """One device's memory of nonce counts. `now_s` is any clock that does not go back."""

    __slots__ = ("_counts", "_realm")

    def __init__(self, realm: str) -> None:
        self._realm = realm
        self._counts: OrderedDict[str, int] = OrderedDict()

    def challenges(self, now_s: float, *, stale: bool = False, counted: bool = True) -> list[str]:
        """Values for WWW-Authenticate. `counted` False: RTSP's plain form, MD5 without qop."""
        nonce = f"{int(now_s * 1000):x}-{secrets.token_hex(6)}"
        nonce = f"{nonce}-{_seal(nonce)}"
        flag = ", stale=true" if stale else ""
        if not counted:
            return [f'Digest realm="{self._realm}", nonce="{nonce}"{flag}']
        return [
            f'Digest realm="{self._realm}", qop="auth", algorithm={name}, nonce="{nonce}", opaque=""{flag}'
            for name in _ALGORITHMS
        ]

    def check(self, authorization: str | None, *, method: str, username: str, password: str, now_s: float) -> Verdict:
        if not authorization or authorization[:7].lower() != "digest ":
            return Verdict.MISSING if not authorization else Verdict.WRONG
        fields = {name.lower(): quoted or bare for name, quoted, bare in _FIELD.findall(authorization)}
        nonce = fields.get("nonce", "")
        if fields.get("username") != username or not _answers(fields, method, username, password, self._realm):
            return Verdict.WRONG
        if not _fresh(nonce, now_s) or not self._counts_on(nonce, fields.get("nc")):
            return Verdict.STALE
        return Verdict.RIGHT

    def _counts_on(self, nonce: str, count: str | None) -> bool:
        if count is None:
            return True
        try:
            number = int(count, 16)
        except ValueError:
            return False
        if number <= self._counts.get(nonce, 0):
            return False
        self._counts[nonce] = number
        self._counts.move_to_end(nonce)
        if len(self._counts) > NONCES_REMEMBERED:
            self._counts.popitem(last=False)
        return True


def _seal(nonce: str) -> str:
    return hmac.new(_SECRET, nonce.encode(), "sha256").hexdigest()[:16]


def _fresh(nonce: str, now_s: float) -> bool:
    issued, _, rest = nonce.partition("-")
    salt, _, seal = rest.partition("-")
    if not hmac.compare_digest(seal.encode(), _seal(f"{issued}-{salt}").encode()):
        return False
    return now_s - int(issued, 16) / 1000 <= NONCE_LIVES_S


def _answers(fields: dict[str, str], method: str, username: str, password: str, realm: str) -> bool:
    algorithm = _ALGORITHMS.get(fields.get("algorithm", "MD5").upper())
    if algorithm is None:
        return False

    def digest(text: str) -> str:
        return hashlib.new(algorithm, text.encode(), usedforsecurity=False).hexdigest()

    secret = digest(f"{username}:{realm}:{password}")
    asked = digest(f"{method}:{fields.get('uri', '')}")
    if fields.get("qop"):
        middle = f"{fields.get('nonce')}:{fields.get('nc')}:{fields.get('cnonce')}:{fields.get('qop')}"
    else:
        middle = fields.get("nonce", "")
    return hmac.compare_digest(
        digest(f"{secret}:{middle}:{asked}").encode(), fields.get("response", "").lower().encode()
    )
