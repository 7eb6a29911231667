"""What is measured of a still stays what it was when measuring is made quicker: limits were fitted to these figures."""

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.pictures import FAULTY, Picture, a_street, statistics_of
from vms.media.jpeg import count_scans

STREET = a_street(1)
FIGURES: dict[str, dict[str, float]] = {
    "street": {
        "mean_luma": 132.88, "chroma": 17.513, "along_columns": 1.7565, "detail": 8.81, "lean": 0.25954,
        "noise": 0.41777, "noise_fineness": 0.88889, "grain_share": 0.0084182, "stripe_rows": 2.9053,
        "row_coherence": 0.1862, "mosaic": 0.12138, "mosaic_step": 4.1638, "coding_step": 4.0,
    },
    "noise": {
        "mean_luma": 132.94, "chroma": 17.296, "along_columns": 13.817, "detail": 11.322, "lean": 0.14565,
        "noise": 10.884, "noise_fineness": 1.8375, "grain_share": 0.41961, "stripe_rows": 2.9723,
        "row_coherence": 0.18461, "mosaic": 0.093281, "mosaic_step": 1.6193,
    },
    "mosaic": {
        "mean_luma": 132.93, "chroma": 15.619, "along_columns": 0.75656, "detail": 5.5398, "lean": 0.36217,
        "grain_share": 0.0028164, "stripe_rows": 2.54, "row_coherence": 0.35745, "mosaic": 0.81685,
        "mosaic_step": 15.971, "mosaic_straight": 0.57843,
    },
}  # fmt: skip
"""As they were measured when the limits were fitted."""
SHOWN: dict[str, Picture] = {"street": STREET, "noise": FAULTY["noise"](STREET), "mosaic": FAULTY["mosaic"](STREET)}


@pytest.mark.parametrize("picture", FIGURES)
def test_a_still_measures_as_it_did_when_the_limits_were_fitted(picture):
    measured = asdict(statistics_of(SHOWN[picture]))
    assert {name: measured[name] for name in FIGURES[picture]} == pytest.approx(FIGURES[picture], rel=0.002)


@given(st.lists(st.sampled_from([b"\xff\xda", b"\xff\xd9", b"\xff", b"\xda", b"\x00", b"\xff\x00"]), max_size=60))
def test_the_scans_of_a_file_are_counted_as_the_plain_way_counts_them(parts):
    data = b"".join(parts)
    assert count_scans(data) == (data.count(b"\xff\xda"), data.rfind(b"\xff\xda"))
