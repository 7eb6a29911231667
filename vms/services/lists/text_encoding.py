"""In which encoding a text file is, by the bulk of its lines, and which of its lines are in none or in another."""

import re
from dataclasses import dataclass
from pathlib import Path

from vms.core.errors import BadInput
from vms.services.lists.text_files import BINARY, BOM, CUT_OFF, blocks_of_lines, fits, is_cut_off, named, opened

UTF8, GB18030 = "utf-8", "gb18030"
ESCAPED = "surrogateescape"
"""How such a file is decoded: bytes that do not fit stay what they are, and their line can be told from others."""
_MISFIT = re.compile(r"[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEncoding:
    name: str
    may_be_utf8: bool
    """Read as GB 18030, but some lines are UTF-8: read so, they would silently become other characters."""

    @property
    def codec(self) -> str:
        return "utf-8-sig" if self.name == UTF8 else self.name

    def misfit(self, text: str) -> str:
        """Why this line, decoded with ESCAPED, cannot be relied on; empty: it can."""
        if "\0" in text:
            return "this line holds NUL characters"
        if text.isascii() or not (self.may_be_utf8 or _MISFIT.search(text)):
            return ""
        try:
            line = text.encode(self.name, ESCAPED)
        except UnicodeEncodeError:
            return f"this line holds what is no text in {named(self.name)}"
        for other in (UTF8, GB18030):
            if other != self.name and (_is_surely_utf8(line) if other == UTF8 else fits(line, other)):
                return f"this line is in another encoding: {named(other)}, the file in {named(self.name)}"
        return f"this line holds what is no text in {named(self.name)}" if _MISFIT.search(text) else ""


def legible(text: str) -> str:
    """What does not fit is shown as the sign for that."""
    return text if text.isascii() and "\0" not in text else _MISFIT.sub("\ufffd", text)


def encoding_of(path: Path, *, max_bytes: int, said: str = "") -> TextEncoding:
    """`said`: the encoding, where somebody knows. Raises BadInput where most lines fit none, and for what would make
    reading endless or senseless."""
    lines, votes, last, where = 0, _Votes(said), b"", str(path)
    with opened(path) as stream:
        for block in blocks_of_lines(stream, where, max_bytes):
            if not lines:
                votes.begin(block[0])
            lines += len(block)
            last = block[-1]
            if not (joined := b"".join(block)).isascii() or b"\0" in joined:
                for line in block:
                    votes.take(line)
    found = votes.result()
    if lines and 2 * votes.with_nul >= lines:
        raise BadInput(BINARY, where=where)
    if is_cut_off(last, found.name):
        raise BadInput(CUT_OFF, where=where)
    if votes.first and votes.first != found.name:
        raise BadInput(
            f"its first line is in {named(votes.first)}, most of the others in {named(found.name)}", where=where
        )
    if lines and 2 * votes.misfits(found.name) >= lines:
        raise BadInput(
            f"not in {named(said)}: it does not fit most of the lines"
            if said
            else f"not in {named(UTF8, GB18030)}: neither fits most of the lines",
            where=where,
        )
    return found


class _Votes:
    """Of the lines that are not plain ASCII."""

    def __init__(self, said: str) -> None:
        self._said = said
        self.has_bom = False
        self.first = ""
        """The encoding of the first line, where that can be told: it is the headings or stands above them."""
        self.with_nul = 0
        self._sure = self._either = self._gb = self._neither = 0

    def begin(self, line: bytes) -> None:
        self.has_bom = line.startswith(BOM)
        if not (self._said or line.isascii()):
            self.first = UTF8 if _is_surely_utf8(line) else ""
            if not fits(line, UTF8) and fits(line, GB18030):
                self.first = GB18030

    def take(self, line: bytes) -> None:
        if b"\0" in line:
            self.with_nul += 1
        elif line.isascii():
            return
        elif self._said:
            self._sure += fits(line, self._said)
            self._neither += not fits(line, self._said)
        elif fits(line, UTF8):
            sure = _is_surely_utf8(line) or not fits(line, GB18030)
            self._sure += sure
            self._either += not sure
        elif fits(line, GB18030):
            self._gb += 1
        else:
            self._neither += 1

    def result(self) -> TextEncoding:
        if self._said:
            return TextEncoding(name=self._said, may_be_utf8=False)
        if self.has_bom or self._sure + self._either >= self._gb:
            return TextEncoding(name=UTF8, may_be_utf8=False)
        return TextEncoding(name=GB18030, may_be_utf8=self._sure > 0)

    def misfits(self, name: str) -> int:
        if self._said:
            return self._neither + self.with_nul
        return self._neither + self.with_nul + (self._gb if name == UTF8 else self._sure)


def _is_surely_utf8(line: bytes) -> bool:
    """It fits, with characters of three bytes or more. Those of two are also what Chinese in GB 18030 can look like."""
    try:
        return any(character > "\u07ff" for character in line.decode(UTF8))
    except UnicodeDecodeError:
        return False
