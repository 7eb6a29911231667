"""The list as TOML: one [[cameras]] table each, only what is filled in."""

from typing import BinaryIO

import tomli_w

from vms.inventory.lists.camera_entry import looks_escaped
from vms.services.lists.exported import Cell, ExportedCamera


class TomlWriter:
    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._empty = True

    def put(self, one: ExportedCamera) -> None:
        cells = {name: _plain(value) for name, value in one.list_cells.items()}
        self._out.write(b"[[cameras]]\n" + tomli_w.dumps(cells).encode() + b"\n")
        self._empty = False

    def end(self) -> None:
        if self._empty:
            self._out.write(b"cameras = []\n")


def _plain(value: Cell) -> object:
    if isinstance(value, str):
        return f"'{value}" if looks_escaped(value) else value
    return list(value) if isinstance(value, tuple) else value
