"""How sure it is where a camera looks: nobody said, one of eight words, a number, a measurement, a person's look."""

from enum import IntEnum

EIGHTH_DEG = 45.0


class PoseConfidence(IntEnum):
    """The least sure first; kept as a number in arrays, told by `word`."""

    UNKNOWN = 0
    """Nobody said where it looks."""
    EIGHT_WAY = 1
    """One of eight compass directions: up to 22.5° off."""
    DECLARED = 2
    MEASURED = 3
    """From points clicked in its picture and on the map, or told by the device."""
    VERIFIED = 4
    """A person laid the view over the picture and found it right."""

    @property
    def word(self) -> str:
        return self.name.lower()

    @property
    def doubt_deg(self) -> float | None:
        """How far off the direction may be; None: any, or not known."""
        return EIGHTH_DEG / 2.0 if self is PoseConfidence.EIGHT_WAY else None


def confidence_of(bearing_deg: float | None, known: PoseConfidence | None = None) -> PoseConfidence:
    """What is known of it counts; else a bearing that is one of the eight is taken to be no finer than that."""
    if bearing_deg is None:
        return PoseConfidence.UNKNOWN
    if known is not None and known is not PoseConfidence.UNKNOWN:
        return known
    return PoseConfidence.EIGHT_WAY if bearing_deg % EIGHTH_DEG == 0.0 else PoseConfidence.DECLARED
