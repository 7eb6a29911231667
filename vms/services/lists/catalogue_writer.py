"""The cameras as a GB/T 28181 catalogue: the body of the answer to a Catalog query (MANSCDP XML)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import BinaryIO

from vms.core.ids import CameraId
from vms.health.status import Status
from vms.inventory.lists.catalogue import catalogue_item, platform_id_for
from vms.services.lists.exported import ExportedCamera
from vms.services.lists.xml_text import element


class CatalogueEncoding(StrEnum):
    GB18030 = "gb18030"
    UTF8 = "utf-8"


class CatalogueWriter:
    """`ids`: under which each camera goes out; the standard wants to know first how many. A camera that nobody watches
    is not called online."""

    def __init__(
        self, out: BinaryIO, ids: Mapping[CameraId, str], platform_id: str, encoding: CatalogueEncoding
    ) -> None:
        self._out = out
        self._ids = ids
        self._platform_id = platform_id or platform_id_for(ids.values())
        self._encoding = encoding
        self._write(
            f'<?xml version="1.0" encoding="{encoding.value.upper()}"?>\n<Response>\n'
            f"<CmdType>Catalog</CmdType>\n<SN>1</SN>\n{element('DeviceID', self._platform_id)}\n"
            f'<SumNum>{len(ids)}</SumNum>\n<DeviceList Num="{len(ids)}">\n'
        )

    def put(self, one: ExportedCamera) -> None:
        online = one.status in (Status.UP, Status.SUSPECT)
        item = catalogue_item(
            one.camera,
            device_id=self._ids[one.camera.camera_id],
            parent_id=self._platform_id,
            owner=one.owner,
            online=online,
            contact=one.contact,
        )
        told = "".join(element(tag, text) for tag, text in item.elements)
        info = "".join(element(tag, text) for tag, text in item.info)
        self._write(f"<Item>{told}<Info>{info}</Info></Item>\n")

    def end(self) -> None:
        self._write("</DeviceList>\n</Response>\n")

    def _write(self, text: str) -> None:
        self._out.write(text.encode(self._encoding.value))
