"""Whether the caption that a device writes into its picture names the camera as its record does, and tells the time."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

LEAST_OF_A_CUT = 4
"""Characters of a name that a device has cut; fewer say nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionVerdict:
    """None: it cannot be said."""

    name_ok: bool | None
    clock_ok: bool
    because: str = ""
    """What is wrong, as one cause; empty where nothing is."""

    @property
    def is_wrong(self) -> bool:
        return self.name_ok is False or not self.clock_ok


def judge_caption(names: Sequence[str], texts: Sequence[str], *, shows_clock: bool) -> CaptionVerdict:
    """`names`: as the record has them, any will do. `texts`: the plain texts of one channel, in their order."""
    wanted = [name for name in map(_bare, names) if name]
    name_ok = _is_named(wanted, [_bare(text) for text in texts]) if wanted else None
    causes = []
    if name_ok is False:
        shown = " / ".join(text for text in texts if text.strip())
        causes.append(f"{_short(shown)} ≠ {_short(names[0])}" if shown else f"∅ ≠ {_short(names[0])}")
    if not shows_clock:
        causes.append("no_clock_shown")
    return CaptionVerdict(name_ok=name_ok, clock_ok=shows_clock, because="; ".join(causes))


def _is_named(wanted: Sequence[str], shown: Sequence[str]) -> bool:
    """A name may stand among other words, run over several lines, or be cut at the end by the device."""
    together = "".join(shown)
    if any(name in together for name in wanted):
        return True
    return any(len(text) >= LEAST_OF_A_CUT and name.startswith(text) for name in wanted for text in shown)


def _bare(text: str) -> str:
    """Letters and digits only, without width and case."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def _short(text: str) -> str:
    one_line = " ".join(text.replace(";", ",").replace(":", " ").split())
    return one_line if len(one_line) <= 60 else one_line[:59] + "…"
