"""Which columns a written list has, and what stands above them."""

from enum import StrEnum

from vms.inventory.archive.fields import FIELDS
from vms.inventory.lists.collection_sheet import SHEET
from vms.inventory.lists.entry_columns import BESIDE, COLUMNS, LIFE_CYCLE, RECORD
from vms.inventory.lists.sensor_cell import SENSORS


class Columns(StrEnum):
    ALL = "all"
    ARCHIVE27 = "archive27"
    """The collection sheet of 27 columns, always with its Chinese headings."""


class Headings(StrEnum):
    NAMES = "names"
    """The columns' own names, for programs."""
    ZH = "zh"
    EN = "en"


Layout = tuple[tuple[str, str], ...]
"""(heading, column)"""


def layout(columns: Columns, headings: Headings) -> Layout:
    if columns is Columns.ARCHIVE27:
        return SHEET
    if headings is Headings.NAMES:
        return tuple((name, name) for name in (*COLUMNS, *BESIDE))
    if headings is Headings.ZH:
        return (*((_with_unit(field.zh, field.unit, "（）"), field.name) for field in FIELDS), *_BESIDE_ZH)
    return (*((_with_unit(field.en, field.unit, "()"), field.name) for field in FIELDS), *_BESIDE_EN)


_BESIDE_ZH = (("多镜头", SENSORS), ("本系统档案状态", LIFE_CYCLE), ("本系统档案标记", RECORD))
_BESIDE_EN = (("sensors", SENSORS), ("record state", LIFE_CYCLE), ("record mark", RECORD))
"""Last: the sensors of one housing; which record of this inventory a row is, and in which state."""


def _with_unit(name: str, unit: str, brackets: str) -> str:
    return f"{name}{brackets[0]}{unit}{brackets[1]}" if unit else name
