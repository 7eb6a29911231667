"""The user name and password for a camera's streams and stills; the password is never shown."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Login:
    username: str
    password: str = field(repr=False)
    digest_only: bool = field(default=False, compare=False)
    """Nobody has made sure who answers there: a proof of the password may be sent, the password itself (Basic) not."""
