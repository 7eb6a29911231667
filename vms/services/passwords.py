"""Passwords as argon2id hashes, tokens as SHA-256: what the store keeps tells nobody the secret."""

import hashlib
import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""OWASP's smallest recommended setting: 19 MiB and about 25 ms a guess."""
_AT_ONCE = threading.BoundedSemaphore(4)
"""So that a flood of sign-ins costs at most 76 MiB."""


def hash_password(password: str) -> str:
    with _AT_ONCE:
        return _HASHER.hash(password)


_OF_NOBODY = hash_password(secrets.token_urlsafe())


def password_fits(password: str, password_hash: str | None) -> bool:
    """Takes as long for a user that does not exist (None) as for one that does."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(password_hash or _OF_NOBODY, password) and password_hash is not None
        except (VerificationError, InvalidHashError):
            return False


def new_token() -> str:
    """256 bits of chance, safe in a header and an address."""
    return secrets.token_urlsafe(32)


def new_password() -> str:
    """To be read from a screen and typed: 80 bits, no look-alikes."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
