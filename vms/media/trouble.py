"""What can go wrong with a camera's pictures, by name."""

from enum import StrEnum

from vms.core.errors import VmsError


class Trouble(StrEnum):
    BAD_ADDRESS = "bad_address"
    """The stream's or still's address cannot be used at all."""
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    LOGIN_REFUSED = "login_refused"
    LOGIN_WITHHELD = "login_withheld"
    """It wants the password in plain text, and nobody has made sure who answers there: it was not sent."""
    NOT_FOUND = "not_found"
    BUSY = "busy"
    """The device has no free session (RTSP 453)."""
    BUDGET = "budget"
    """We ourselves keep off: this device already serves as many pulls as we allow."""
    MOVED = "moved"
    """The device points elsewhere; we never follow."""
    TRANSPORT_REFUSED = "transport_refused"
    ERROR_ANSWER = "error_answer"
    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    NO_VIDEO = "no_video"
    H265 = "h265"
    """Video that a browser cannot play."""
    UNSUPPORTED_CODEC = "unsupported_codec"
    NO_MEDIA = "no_media"
    """Playing was agreed, but no packet came."""
    NO_KEY_FRAME = "no_key_frame"
    """Packets came, but no key frame among them."""
    NO_PARAMETER_SETS = "no_parameter_sets"
    """Key frames came, but nothing that says how to decode them."""
    NOT_A_PICTURE = "not_a_picture"
    CERTIFICATE_CHANGED = "tls_certificate_changed"
    """Somebody else may be answering: nothing was said to it."""
    ENDED = "ended"
    """The device closed the connection."""


FINAL = frozenset(
    {
        Trouble.BAD_ADDRESS,
        Trouble.LOGIN_REFUSED,
        Trouble.LOGIN_WITHHELD,
        Trouble.NOT_FOUND,
        Trouble.BUDGET,
        Trouble.MOVED,
        Trouble.CERTIFICATE_CHANGED,
        Trouble.TRANSPORT_REFUSED,
        Trouble.NO_VIDEO,
        Trouble.H265,
        Trouble.UNSUPPORTED_CODEC,
    }
)
"""Trying again without a change would end the same way."""

WITHHELD = "the device wants the password in plain text; it is not sent before it is certain who answers there"


class PictureFailed(VmsError):
    """A stream or still could not be had from the device; `trouble` is stable, the message is for people."""

    code = "picture_failed"

    def __init__(self, trouble: Trouble, message: str) -> None:
        super().__init__(message, code=trouble.value)
        self.trouble = trouble
