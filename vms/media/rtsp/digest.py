"""HTTP and RTSP sign-in: challenges read from headers, answers made for them (RFC 7616, RFC 2617, RFC 7617)."""

import base64
import hashlib
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vms.media.login import Login

MAX_FIELD_CHARS = 1024
_SCHEME = re.compile(r"(?:^|,)\s*(Digest|Basic)\s+", re.IGNORECASE)
_FIELD = re.compile(r'([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
_HASHES = {"MD5": "md5", "SHA-256": "sha256"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    scheme: str
    """`digest` or `basic`."""
    realm: str
    nonce: str = ""
    algorithm: str = "MD5"
    """`MD5` or `SHA-256`, without `-sess`."""
    session: bool = False
    algorithm_named: bool = False
    qop_auth: bool = False
    opaque: str | None = None
    stale: bool = False


def read_challenges(values: Sequence[str]) -> list[Challenge]:
    """The challenges that we can answer, strongest first."""
    found: list[Challenge] = []
    for value in values:
        starts = list(_SCHEME.finditer(value))
        for start, after in zip(starts, (*starts[1:], None), strict=False):
            fields_text = value[start.end() : after.start() if after else len(value)]
            challenge = _read_one(start.group(1).lower(), fields_text)
            if challenge is not None:
                found.append(challenge)
    return sorted(found, key=_strength, reverse=True)


def _read_one(scheme: str, text: str) -> Challenge | None:
    fields = {
        name.lower(): re.sub(r"\\(.)", r"\1", quoted) if quoted else plain
        for name, quoted, plain in _FIELD.findall(text)
    }
    if any(len(field) > MAX_FIELD_CHARS for field in fields.values()):
        return None
    if scheme == "basic":
        return Challenge(scheme="basic", realm=fields.get("realm", ""))
    name = fields.get("algorithm", "MD5").upper()
    session = name.endswith("-SESS")
    algorithm = name.removesuffix("-SESS")
    if algorithm not in _HASHES or "nonce" not in fields:
        return None
    return Challenge(
        scheme="digest",
        realm=fields.get("realm", ""),
        nonce=fields["nonce"],
        algorithm=algorithm,
        session=session,
        algorithm_named="algorithm" in fields,
        qop_auth="auth" in re.split(r"[\s,]+", fields.get("qop", "").lower()),
        opaque=fields.get("opaque"),
        stale=fields.get("stale", "").lower() == "true",
    )


def _strength(challenge: Challenge) -> int:
    if challenge.scheme == "basic":
        return 0
    return 2 if challenge.algorithm == "SHA-256" else 1


def answer_challenge(
    challenge: Challenge, login: Login, *, method: str, uri: str, count: int = 1, client_nonce: str = ""
) -> str:
    """The value of the Authorization header."""
    if challenge.scheme == "basic":
        pair = f"{login.username}:{login.password}".encode()
        return "Basic " + base64.b64encode(pair).decode()
    hash_name = _HASHES[challenge.algorithm]

    def hashed(text: str) -> str:
        return hashlib.new(hash_name, text.encode(), usedforsecurity=False).hexdigest()

    secret = hashed(f"{login.username}:{challenge.realm}:{login.password}")
    if challenge.session:
        secret = hashed(f"{secret}:{challenge.nonce}:{client_nonce}")
    request = hashed(f"{method}:{uri}")
    if challenge.qop_auth:
        response = hashed(f"{secret}:{challenge.nonce}:{count:08x}:{client_nonce}:auth:{request}")
    else:
        response = hashed(f"{secret}:{challenge.nonce}:{request}")
    fields = [
        f'username="{_quoted(login.username)}"',
        f'realm="{_quoted(challenge.realm)}"',
        f'nonce="{_quoted(challenge.nonce)}"',
        f'uri="{uri}"',
        f'response="{response}"',
    ]
    if challenge.algorithm_named:
        fields.append(f"algorithm={challenge.algorithm}{'-sess' if challenge.session else ''}")
    if challenge.opaque is not None:
        fields.append(f'opaque="{_quoted(challenge.opaque)}"')
    if challenge.qop_auth:
        fields.append(f'qop=auth, nc={count:08x}, cnonce="{client_nonce}"')
    elif challenge.session:
        fields.append(f'cnonce="{client_nonce}"')
    return "Digest " + ", ".join(fields)


def _quoted(text: str) -> str:
    return re.sub(r"[\r\n]", "", text).replace("\\", "\\\\").replace('"', '\\"')


class SignIn:
    """The sign-in to one server: remembers its challenge, so that only the first request has to be sent twice."""

    def __init__(self, login: Login | None, new_nonce: Callable[[], str] = lambda: secrets.token_hex(8)) -> None:
        self._login = login
        self._new_nonce = new_nonce
        self._challenge: Challenge | None = None
        self._count = 0
        self._withheld = False

    @property
    def has_login(self) -> bool:
        return self._login is not None

    @property
    def was_withheld(self) -> bool:
        """Only the password itself would have done, which may not be sent."""
        return self._withheld

    def learn(self, challenge_headers: Sequence[str]) -> bool:
        """After a 401: True where sending the request again can help and cannot cost a second refusal."""
        found = read_challenges(challenge_headers)
        if self._login is None or not found:
            return False
        if self._login.digest_only and found[0].scheme == "basic":
            self._withheld = True
            return False
        answered_before = self._challenge is not None
        self._challenge, self._count = found[0], 0
        return not answered_before or found[0].stale

    def header(self, method: str, uri: str) -> dict[str, str]:
        """The Authorization header for one request; empty before anything was asked."""
        if self._challenge is None or self._login is None:
            return {}
        self._count += 1
        value = answer_challenge(
            self._challenge, self._login, method=method, uri=uri, count=self._count, client_nonce=self._new_nonce()
        )
        return {"Authorization": value}
