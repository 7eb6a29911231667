"""The questions about identity that are put to a person, and the answers that each may get."""

from enum import StrEnum


class ConflictKind(StrEnum):
    IDENTITY = "identity"
    """Which device is this?"""
    REPLACEMENT = "replacement"
    """Is it the new hardware of the points where another one was?"""
    CHANNELS = "channels"
    """Which camera is each of its channels?"""
    SAME_CAMERA = "same_camera"
    """Are these two cameras one?"""
    REPLACED_AGAIN = "replaced_again"
    """Hardware that was replaced answers again."""


class Decision(StrEnum):
    SAME_AS = "same_as"
    NEW_DEVICE = "new_device"
    REPLACED = "replaced"
    SAME_CAMERA = "same_camera"
    TWO_CAMERAS = "two_cameras"
    BIND = "bind"
    SEEN = "seen"
    LATER = "later"
    WITHDRAWN = "withdrawn"
    """By the program: what was seen later answered it."""


_ANSWERS = {
    ConflictKind.IDENTITY: (Decision.SAME_AS, Decision.NEW_DEVICE),
    ConflictKind.REPLACEMENT: (Decision.REPLACED, Decision.NEW_DEVICE),
    ConflictKind.CHANNELS: (Decision.BIND,),
    ConflictKind.SAME_CAMERA: (Decision.SAME_CAMERA, Decision.TWO_CAMERAS),
    ConflictKind.REPLACED_AGAIN: (Decision.SEEN,),
}


def answers_to(kind: ConflictKind) -> tuple[Decision, ...]:
    """What a person may say; to put it off is always one."""
    return (*_ANSWERS[kind], Decision.LATER)
