"""A spreadsheet (.xlsx) as the archive of XML parts that it is: which sheets, which styles are dates, how large."""

import contextlib
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from vms.core.errors import BadInput
from vms.services.lists.xml_part import BadXml, XmlHandler, parse_all

MAX_PARTS = 5_000
MAX_SMALL_BYTES = 32_000_000
MAX_LARGE_BYTES = 1_500_000_000
"""Of a sheet, or of its texts, unpacked; they are read as a stream."""
MAX_SHEETS = 50
_MOST_TIMES = 200
"""A part unpacks to as many times its size; sheets of real lists stay far below 100, a bomb comes to 1,000."""
_FREE_BYTES = 16_000_000
"""Smaller parts may."""
_CHINESE_DATES = frozenset((*range(27, 37), *range(50, 59)))
"""Built-in formats of Chinese spreadsheets that openpyxl's table does not have."""
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError),
    *(RuntimeError, OverflowError),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    name: str
    part: str
    hidden: bool


class XlsxParts:
    """Raises BadInput for anything that is no spreadsheet or would not end."""

    def __init__(self, path: Path) -> None:
        self._where = str(path)
        with self.problems():
            _refuse_others(path)
            self._size = path.stat().st_size
            self._archive = zipfile.ZipFile(path)
            self._parts = {_key(info.filename): info for info in self._archive.infolist()[: MAX_PARTS + 1]}
            if len(self._parts) > MAX_PARTS:
                raise BadXml(f"holds more than {MAX_PARTS} parts")
            self.sheets, self.from_1904 = self._workbook()
            self.date_styles = self._date_styles()
        if not self.sheets:
            raise BadInput("holds no sheet", where=self._where)

    @contextlib.contextmanager
    def problems(self) -> Iterator[None]:
        """Whatever is wrong with the file becomes a sentence about it."""
        try:
            yield
        except BadXml as problem:
            raise BadInput(f"{problem}", where=self._where) from None
        except _BROKEN as problem:
            raise BadInput(f"not a whole spreadsheet: {problem}", where=self._where) from None

    @contextlib.contextmanager
    def opened(self, part: str, max_bytes: int = MAX_LARGE_BYTES) -> Iterator[BinaryIO]:
        """Raises KeyError where there is no such part."""
        info = self._parts[_key(part)]
        if info.flag_bits & 1:
            raise BadXml("is protected by a password")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadXml("is packed in an unusual way")
        if info.file_size > max_bytes:
            raise BadXml(f"holds a part of more than {max_bytes // 1_000_000} MB")
        if info.file_size > max(_FREE_BYTES, _MOST_TIMES * min(info.compress_size, self._size)):
            raise BadXml(f"holds a part that unpacks to more than {_MOST_TIMES} times its size")
        with self._archive.open(info) as stream:
            yield stream  # type: ignore[misc]

    def has(self, part: str) -> bool:
        return _key(part) in self._parts

    def close(self) -> None:
        self._archive.close()

    def _workbook(self) -> tuple[tuple[Sheet, ...], bool]:
        book = next((target for _, target in self._related("_rels/.rels", "officeDocument")), "xl/workbook.xml")
        folder, name = posixpath.split(book)
        found = _Workbook()
        self._read(book, found)
        parts = dict(self._related(posixpath.join(folder, "_rels", f"{name}.rels"), "worksheet", folder))
        self.strings_part = next(
            (t for _, t in self._related(posixpath.join(folder, "_rels", f"{name}.rels"), "sharedStrings", folder)),
            posixpath.join(folder, "sharedStrings.xml"),
        )
        self._styles_part = next(
            (t for _, t in self._related(posixpath.join(folder, "_rels", f"{name}.rels"), "styles", folder)),
            posixpath.join(folder, "styles.xml"),
        )
        sheets = tuple(
            Sheet(name=name, part=parts[relation], hidden=hidden)
            for name, relation, hidden in found.sheets[:MAX_SHEETS]
            if relation in parts and self.has(parts[relation])
        )
        return sheets, found.from_1904

    def _related(self, part: str, kind: str, folder: str = "") -> list[tuple[str, str]]:
        if not self.has(part):
            return []
        found = _Relations(kind)
        self._read(part, found)
        return [
            (name, posixpath.normpath(target[1:] if target.startswith("/") else posixpath.join(folder, target)))
            for name, target in found.targets
        ]

    def _date_styles(self) -> frozenset[int]:
        if not self.has(self._styles_part):
            return frozenset()
        found = _Styles()
        self._read(self._styles_part, found)
        return frozenset(number for number, code in enumerate(found.styles) if found.is_date(code))

    def _read(self, part: str, handler: XmlHandler) -> None:
        if not self.has(part):
            raise BadXml(f"not a spreadsheet: it has no {part}")
        with self.opened(part, MAX_SMALL_BYTES) as stream:
            parse_all(stream, handler, max_bytes=MAX_SMALL_BYTES)


class _Workbook(XmlHandler):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.from_1904 = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            relation = next((value for name, value in attributes.items() if name.endswith(":id")), "")
            self.sheets.append((attributes.get("name", ""), relation, attributes.get("state", "visible") != "visible"))
        elif tag == "workbookPr":
            self.from_1904 = attributes.get("date1904") in ("1", "true")


class _Relations(XmlHandler):
    def __init__(self, kind: str) -> None:
        self._kind = f"/{kind}"
        self.targets: list[tuple[str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        inside = attributes.get("TargetMode", "Internal") == "Internal"
        if tag == "Relationship" and inside and attributes.get("Type", "").endswith(self._kind):
            self.targets.append((attributes.get("Id", ""), attributes.get("Target", "")))


class _Styles(XmlHandler):
    def __init__(self) -> None:
        self.styles: list[int] = []
        self._codes: dict[int, str] = dict(BUILTIN_FORMATS)
        self._inside = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt":
            self._codes[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            self._inside = True
        elif tag == "xf" and self._inside:
            self.styles.append(_number(attributes.get("numFmtId")))

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self._inside = False

    def is_date(self, number: int) -> bool:
        return number in _CHINESE_DATES or bool(is_date_format(self._codes.get(number, "General")))


def _refuse_others(path: Path) -> None:
    with path.open("rb") as stream:
        start = stream.read(8)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadXml("an old spreadsheet (.xls) or one with a password; save it as .xlsx without")
    if not start.startswith(b"PK"):
        raise BadXml("not a spreadsheet (.xlsx); if it is text, name it .csv")


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else 0
