"""Every word of the method is there in Chinese."""

from vms.assessment.figure import FigureKind
from vms.assessment.time_sums import WHOLE
from vms.assessment.words import NAMES, PARTS, untranslated


def test_every_figure_and_part_has_its_words() -> None:
    assert set(NAMES) == set(FigureKind)
    assert set(PARTS) == set(WHOLE)
    assert untranslated() == set()
