"""HTTP Digest (RFC 7616) with MD5 and SHA-256, as functions of a challenge."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

_PAIR = re.compile(r'([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.){0,1024})"|([^\s,"]{1,1024}))')
_HASHES = {"MD5": "md5", "SHA-256": "sha256", "MD5-SESS": "md5", "SHA-256-SESS": "sha256"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    realm: str
    nonce: str
    algorithm: str = "MD5"
    qop: str = ""
    """`auth` or nothing; a device that wants `auth-int` alone is not served."""
    opaque: str = ""
    stale: bool = False


def read_challenges(headers: Iterable[str]) -> Challenge | None:
    """The strongest Digest challenge of all WWW-Authenticate lines; None where there is none that can be answered."""
    found: list[Challenge] = []
    for header in headers:
        for part in re.split(r"(?i)(?:^|,\s*)(?=digest\s)", header[:8192]):
            if not part.lower().startswith("digest"):
                continue
            pairs = {name.lower(): quoted or bare for name, quoted, bare in _PAIR.findall(part[6:])}
            algorithm = pairs.get("algorithm", "MD5").upper()
            offered = [one.strip().lower() for one in pairs.get("qop", "").split(",") if one.strip()]
            if "nonce" not in pairs or algorithm not in _HASHES or (offered and "auth" not in offered):
                continue
            found.append(
                Challenge(
                    realm=pairs.get("realm", ""),
                    nonce=pairs["nonce"],
                    algorithm=algorithm,
                    qop="auth" if offered else "",
                    opaque=pairs.get("opaque", ""),
                    stale=pairs.get("stale", "").lower() == "true",
                )
            )
    return max(found, key=lambda one: one.algorithm.startswith("SHA"), default=None)


def authorization(
    challenge: Challenge, *, username: str, password: str, method: str, path: str, count: int, cnonce: str
) -> str:
    """The Authorization line's value. `count` is how often this nonce has been used, this time included."""

    def hashed(words: str) -> str:
        return hashlib.new(_HASHES[challenge.algorithm], words.encode(), usedforsecurity=False).hexdigest()

    ha1 = hashed(f"{username}:{challenge.realm}:{password}")
    if challenge.algorithm.endswith("-SESS"):
        ha1 = hashed(f"{ha1}:{challenge.nonce}:{cnonce}")
    ha2 = hashed(f"{method}:{path}")
    nc = f"{count:08x}"
    middle = f"{nc}:{cnonce}:{challenge.qop}:" if challenge.qop else ""
    response = hashed(f"{ha1}:{challenge.nonce}:{middle}{ha2}")
    parts = [
        f'username="{_quoted(username)}"',
        f'realm="{_quoted(challenge.realm)}"',
        f'nonce="{_quoted(challenge.nonce)}"',
        f'uri="{path}"',
        f'response="{response}"',
        f"algorithm={challenge.algorithm}",
    ]
    if challenge.qop:
        parts += [f"qop={challenge.qop}", f"nc={nc}", f'cnonce="{cnonce}"']
    if challenge.opaque:
        parts.append(f'opaque="{_quoted(challenge.opaque)}"')
    return "Digest " + ", ".join(parts)


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
