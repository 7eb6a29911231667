"""The parts of a still: the strips where cameras write clock and name, and a small copy of it."""

TOP_STRIP_SHARE, BOTTOM_STRIP_SHARE = 1 / 8, 1 / 12
"""Such writing stays sharp and bright in a blurred or black picture, so statistics are taken of what lies between."""
SMALL_WIDTH_PX, SMALL_HEIGHT_PX = 160, 90
