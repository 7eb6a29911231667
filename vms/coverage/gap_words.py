"""Words that gaps are narrowed down by: an unknown one is refused with those that are known."""

from vms.core.errors import BadInput
from vms.coverage.demand import DemandKind
from vms.coverage.gap_steps import GapState
from vms.coverage.gaps import GapCause
from vms.coverage.ground import Ground

CLOSED = "closed"
STATES = (*GapState, CLOSED)


def check_gap_words(*, cause: str = "", kind: str = "", ground: str = "", state: str = "", before: str = "") -> None:
    """Empty: whatever it is. `before`: what the names are written with, `--` on a command line. Raises BadInput."""
    for name, value, known in (
        ("cause", cause, GapCause),
        ("kind", kind, DemandKind),
        ("class", ground, Ground),
        ("state", state, STATES),
    ):
        words: list[str] = [str(one) for one in known]
        if value and value not in words:
            raise BadInput(f"one of {', '.join(words)} is expected", where=before + name)
