"""Reads a sheet of camera poses (CSV): one row per camera or sensor; what is wrong is named by line and column.

As offices write them: UTF-8 or GB 18030, commas, semicolons or tabs, headings in any case or in Chinese.
"""

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from vms.core.errors import BadInput
from vms.core.geo import Wgs84
from vms.coverage.density import DEFAULT_WIDTH_PX
from vms.inventory.camera import Pose

MAX_BYTES = 256 * 1024 * 1024
MAX_ROWS = 2_000_000
LONGEST_ID = 200
_MOST_COMPLAINTS = 20
_NEEDED = ("id", "lon", "lat")
_NUMBERS = {
    "lon": (-180.0, 180.0),
    "lat": (-90.0, 90.0),
    "height_m": (0.0, 1_000.0),
    "bearing_deg": (-180.0, 360.0),
    "tilt_deg": (-90.0, 90.0),
    "h_fov_deg": (0.1, 360.0),
    "v_fov_deg": (0.1, 180.0),
    "range_m": (0.1, 100_000.0),
    "width_px": (1.0, 100_000.0),
}
_YES_NO = {"": False, "0": False, "no": False, "false": False, "否": False} | dict.fromkeys(
    ("1", "yes", "true", "是"), True
)
_FLAGS = ("indoor", "ptz")
COLUMNS = ("id", *_NUMBERS, *_FLAGS, "sensor")
"""Those of the sheet; `id`, `lon` and `lat` must be there."""
_IN_CHINESE = {
    "编号": "id",
    "经度": "lon",
    "纬度": "lat",
    "高度": "height_m",
    "安装高度": "height_m",
    "方位角": "bearing_deg",
    "俯角": "tilt_deg",
    "水平视场角": "h_fov_deg",
    "垂直视场角": "v_fov_deg",
    "可视距离": "range_m",
    "图像宽度": "width_px",
    "室内": "indoor",
    "球机": "ptz",
    "镜头": "sensor",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPose:
    id: str
    pose: Pose
    width_px: int
    indoor: bool
    ptz: bool
    sensor: str
    """Of a camera that has several; else empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoseSheet:
    rows: tuple[ListedPose, ...]
    ignored: tuple[str, ...]
    """Columns that mean nothing here."""


def read_pose_sheet(path: Path) -> PoseSheet:
    """Empty cells are unknown. Raises BadInput naming line and column of what is wrong (the first twenty)."""
    where = str(path)
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise BadInput(f"larger than {MAX_BYTES // 1024**2} MB", where=where)
        content = path.read_bytes()
    except OSError as problem:
        raise BadInput(f"cannot be read: {problem.strerror}", where=where) from problem
    return poses_of_sheet(_text(content, where), where)


def _text(content: bytes, where: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError as problem:
        raise BadInput(f"line {line}: neither UTF-8 nor GB 18030", where=where) from problem


def poses_of_sheet(text: str, where: str) -> PoseSheet:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=_delimiter(text))
    try:
        told = [heading.strip() for heading in next(reader, [])]
        headings = [_IN_CHINESE.get(heading, heading.casefold()) for heading in told]
        _check_headings(headings, where)
        rows, complaints = _rows(_numbered(reader, where), headings)
    except csv.Error as problem:
        raise BadInput(f"line {reader.line_num}: {problem}", where=where) from problem
    if complaints:
        shown = "; ".join(complaints[:_MOST_COMPLAINTS])
        more = len(complaints) - _MOST_COMPLAINTS
        raise BadInput(shown + (f"; and {more} more" if more > 0 else ""), where=where)
    named = zip(told, headings, strict=True)
    return PoseSheet(
        rows=tuple(rows), ignored=tuple(words for words, column in named if words and column not in COLUMNS)
    )


def _delimiter(text: str) -> str:
    """Of the headings, where no comma stands."""
    first = text.partition("\n")[0]
    return next((sign for sign in ",;\t" if sign in first), ",")


def _check_headings(headings: list[str], where: str) -> None:
    missing = [name for name in _NEEDED if name not in headings]
    if missing:
        what = f"column {missing[0]} is" if len(missing) == 1 else f"columns {', '.join(missing)} are"
        raise BadInput(f"line 1: the {what} missing", where=where)
    twice = sorted({name for name in headings if name in COLUMNS and headings.count(name) > 1})
    if twice:
        what = f"column {twice[0]} is" if len(twice) == 1 else f"columns {', '.join(twice)} are"
        raise BadInput(f"line 1: the {what} there twice", where=where)


def _numbered(reader: "Iterator[list[str]]", where: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of the line that each begins at; empty ones are left out."""
    line, count = 2, 0
    for cells in reader:
        if any(cell.strip() for cell in cells):
            count += 1
            if count > MAX_ROWS:
                raise BadInput(f"more than {MAX_ROWS:,} rows", where=where)
            yield line, cells
        line = reader.line_num + 1  # type: ignore[attr-defined]


def _rows(numbered: Iterable[tuple[int, list[str]]], headings: list[str]) -> tuple[list[ListedPose], list[str]]:
    rows: list[ListedPose] = []
    complaints: list[str] = []
    seen: dict[tuple[str, str], int] = {}
    for line, cells in numbered:
        if len(cells) != len(headings):
            complaints.append(f"line {line}: {len(cells)} cells under {len(headings)} headings")
            continue
        told = {name: cell.strip() for name, cell in zip(headings, cells, strict=True) if name in COLUMNS}
        row = _row(told, line, complaints)
        if row is None:
            continue
        first = seen.setdefault((row.id, row.sensor), line)
        if first != line:
            complaints.append(f"line {line}, column id: {row.id[:40]!r} is in line {first} already")
        rows.append(row)
    return rows, complaints


def _row(told: Mapping[str, str], line: int, complaints: list[str]) -> ListedPose | None:
    before = len(complaints)
    number = {name: _number(told.get(name, ""), name, line, complaints) for name in _NUMBERS}
    flags = {name: _flag(told.get(name, ""), name, line, complaints) for name in _FLAGS}
    for name in _NEEDED:
        if not told[name]:
            complaints.append(f"line {line}, column {name}: empty")
    if len(told["id"]) > LONGEST_ID:
        complaints.append(f"line {line}, column id: longer than {LONGEST_ID} characters")
    lon, lat, bearing = number["lon"], number["lat"], number["bearing_deg"]
    if len(complaints) > before or lon is None or lat is None:
        return None
    width = number["width_px"]
    return ListedPose(
        id=told["id"],
        pose=Pose(
            position=Wgs84(lon, lat),
            mount_height_m=number["height_m"],
            bearing_deg=bearing + 360.0 if bearing is not None and bearing < 0.0 else bearing,
            tilt_deg=number["tilt_deg"],
            h_fov_deg=number["h_fov_deg"],
            v_fov_deg=number["v_fov_deg"],
            max_view_m=number["range_m"],
        ),
        width_px=DEFAULT_WIDTH_PX if width is None else round(width),
        indoor=flags["indoor"],
        ptz=flags["ptz"],
        sensor=told.get("sensor", ""),
    )


def _number(text: str, column: str, line: int, complaints: list[str]) -> float | None:
    if not text:
        return None
    least, most = _NUMBERS[column]
    try:
        value = float(text)
    except ValueError:
        complaints.append(f"line {line}, column {column}: not a number: {text[:40]!r}")
        return None
    if not (math.isfinite(value) and least <= value <= most):
        complaints.append(f"line {line}, column {column}: {text[:40]} is not between {least:g} and {most:g}")
        return None
    return value


def _flag(text: str, column: str, line: int, complaints: list[str]) -> bool:
    value = _YES_NO.get(text.casefold())
    if value is None:
        complaints.append(f"line {line}, column {column}: neither yes nor no: {text[:40]!r}")
    return bool(value)
