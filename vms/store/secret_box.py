"""The key under which passwords of devices are kept."""

import os
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from vms.core.errors import BadInput, PersonMustAct

ENVIRONMENT = "VMS_SECRET_KEY"
FILE = "secret.key"


class SecretBox:
    """Seals and opens small secrets (Fernet: AES-128-CBC with HMAC-SHA-256)."""

    __slots__ = ("_fernet",)

    def __init__(self, key: str | bytes) -> None:
        try:
            self._fernet = Fernet(key)
        except ValueError as problem:
            raise BadInput("the secret key is not 32 bytes in URL-safe base64", where=ENVIRONMENT) from problem

    def seal(self, secret: str) -> bytes:
        return self._fernet.encrypt(secret.encode())

    def open(self, sealed: bytes) -> str:
        """Raises PersonMustAct where it was sealed with another key."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as problem:
            raise PersonMustAct(
                "the stored passwords were sealed with another secret key; put the old key back or enter them again",
                code="wrong_secret_key",
            ) from problem


def open_secret_box(data_folder: Path, environment_key: str | None = None) -> SecretBox:
    """The key of the environment, else of `<data>/secret.key`, which is made at the first start (mode 0600)."""
    if environment_key:
        return SecretBox(environment_key)
    file = data_folder / FILE
    if not file.exists():
        _make(file)
    return SecretBox(file.read_bytes().strip())


def _make(file: Path) -> None:
    """Whole or not at all, and the first of two processes that start together wins."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".secret-")  # made with mode 0600
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(Fernet.generate_key())
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(name, file)
        except FileExistsError:
            return
    finally:
        os.unlink(name)
