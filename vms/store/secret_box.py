"""The keys under which passwords of devices are kept: the first seals, all of them open.

Several keys are there only while the key is being changed. The file is looked at before every sealing and when a secret
cannot be opened, so that a process that has been running since before the change goes on with the new key.
"""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from vms.core.errors import BadInput, PersonMustAct

ENVIRONMENT = "VMS_SECRET_KEY"
FILE = "secret.key"
MAX_KEY_FILE_BYTES = 4096


class SecretBox:
    """Seals and opens small secrets (Fernet: AES-128-CBC with HMAC-SHA-256)."""

    __slots__ = ("_fernet", "_file", "_first", "_seen", "keys")

    def __init__(self, key: str | bytes, *, file: Path | None = None) -> None:
        """`key`: one, or several by commas or lines, the one that seals first. `file`: where they came from."""
        self._file = file
        self._seen = _stamp(file)
        self._take(split_keys(key))

    def _take(self, keys: Sequence[str]) -> None:
        self.keys = tuple(keys)
        self._first = _fernet(self.keys[0])
        self._fernet = MultiFernet([_fernet(key) for key in self.keys])

    def seal(self, secret: str) -> bytes:
        self._follow()
        return self._fernet.encrypt(secret.encode())

    def open(self, sealed: bytes) -> str:
        """Raises PersonMustAct where it was sealed with another key."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            pass
        self._follow()
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as problem:
            raise PersonMustAct(
                "the stored passwords were sealed with another secret key; put the old key back or enter them again",
                code="wrong_secret_key",
            ) from problem

    def is_of_first_key(self, sealed: bytes) -> bool:
        """Does the key that seals now open it without the others?"""
        try:
            self._first.decrypt(sealed)
        except InvalidToken:
            return False
        return True

    def _follow(self) -> None:
        """Takes over what another process has written into the key file."""
        if self._file is None:
            return
        stamp = _stamp(self._file)
        if stamp is not None and stamp != self._seen:
            self._take(split_keys(read_keys(self._file)))
            self._seen = stamp


def open_secret_box(data_folder: Path, environment_key: str | None = None) -> SecretBox:
    """The keys of the environment, else of `<data>/secret.key`, which is made at the first start (mode 0600)."""
    if environment_key:
        return SecretBox(environment_key)
    file = data_folder / FILE
    if not file.exists():
        _make(file)
    return SecretBox(read_keys(file), file=file)


def split_keys(text: str | bytes) -> list[str]:
    """Raises BadInput where there is none, or one that is no key."""
    try:
        words = (text if isinstance(text, str) else text.decode("ascii")).replace(",", "\n").split()
    except UnicodeDecodeError:
        words = [""]
    for word in words or [""]:
        _fernet(word)
    return list(dict.fromkeys(words))


def new_key() -> str:
    return Fernet.generate_key().decode()


def read_keys(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(MAX_KEY_FILE_BYTES)


def write_keys(file: Path, keys: Sequence[str]) -> None:
    """A reader sees the old file or the new one; on disk before this returns."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".secret-")  # made with mode 0600
    try:
        with os.fdopen(handle, "w") as stream:
            stream.write("\n".join(keys) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _settle(file.parent)


def _fernet(key: str) -> Fernet:
    try:
        return Fernet(key)
    except ValueError as problem:
        raise BadInput("the secret key is not 32 bytes in URL-safe base64", where=ENVIRONMENT) from problem


def _stamp(file: Path | None) -> tuple[int, int] | None:
    if file is None:
        return None
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


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
