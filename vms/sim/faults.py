"""What can be broken in the pretend city while it runs."""

from enum import StrEnum


class Fault(StrEnum):
    OFF = "off"
    """Nobody listens: connections are refused."""
    SILENT = "silent"
    """Connections are accepted and nothing is ever answered."""
    SLOW = "slow"
    """Every answer takes 2.5 s longer."""
    LOGIN_CHANGED = "login_changed"
    CLOCK_SKEWED = "clock_skewed"
    """The clock is an hour ahead."""
    STREAM_DEAD = "stream_dead"
    """RTSP answers 503, the snapshot 500."""
    STALLS_AT_DESCRIBE = "stalls_at_describe"
    STALLS_AT_SETUP = "stalls_at_setup"
    STALLS_AT_PLAY = "stalls_at_play"
    STALLS_IN_MEDIA = "stalls_in_media"
    """Media stop in the middle of a picture; the connection stays."""
    DRIPS = "drips"
    """RTSP answers come one byte a second."""
    FROZEN = "frozen"
    BLACK = "black"
    BRIGHT = "bright"
    BLURRED = "blurred"
    OCCLUDED = "occluded"
    TURNED_ASIDE = "turned_aside"
    SHAKING = "shaking"
    """On its pole, in the wind."""

    @property
    def of_picture(self) -> bool:
        """Such a fault belongs to a channel; the others to the device."""
        return self in PICTURE_FAULTS


PICTURE_FAULTS = frozenset(
    {
        Fault.FROZEN,
        Fault.BLACK,
        Fault.BRIGHT,
        Fault.BLURRED,
        Fault.OCCLUDED,
        Fault.TURNED_ASIDE,
        Fault.SHAKING,
    }
)
SLOW_S = 2.5
SKEW_S = 3600.0
SHAKES_HZ, SHAKES_BY = 2.3, 0.025
"""To and fro, as a share of half the picture's width."""
CHANGED_SUFFIX = "-changed"
