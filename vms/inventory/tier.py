"""Who built a camera and runs it."""

from enum import StrEnum


class Tier(StrEnum):
    GOVERNMENT = "government"
    UNIT = "unit"
    COMMUNITY = "community"
    HOUSEHOLD = "household"
