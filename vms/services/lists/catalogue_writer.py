"""The cameras as a GB/T 28181 catalogue: the body of the answer to a Catalog query (MANSCDP XML)."""

from enum import StrEnum
from typing import BinaryIO

from vms.health.status import Status
from vms.inventory.lists.catalogue import catalogue_item, platform_id_for
from vms.services.lists.exported import ExportedCamera
from vms.services.lists.xml_text import element


class CatalogueEncoding(StrEnum):
    GB18030 = "gb18030"
    UTF8 = "utf-8"


class CatalogueWriter:
    """`count`: how many will come; the standard wants it first. A camera that nobody watches is not called online."""

    def __init__(self, out: BinaryIO, count: int, platform_id: str, encoding: CatalogueEncoding) -> None:
        self._out = out
        self._count = count
        self._platform_id = platform_id
        self._encoding = encoding
        self._begun = False

    def put(self, one: ExportedCamera) -> None:
        if not self._begun:
            self._begin(self._platform_id or platform_id_for(one.camera.declared.gb_device_id))
        online = one.status in (Status.UP, Status.SUSPECT)
        item = catalogue_item(
            one.camera, parent_id=self._platform_id, owner=one.owner, online=online, contact=one.contact
        )
        told = "".join(element(tag, text) for tag, text in item.elements)
        info = "".join(element(tag, text) for tag, text in item.info)
        self._write(f"<Item>{told}<Info>{info}</Info></Item>\n")

    def end(self) -> None:
        if not self._begun:
            self._begin(self._platform_id or platform_id_for("0" * 20))
        self._write("</DeviceList>\n</Response>\n")

    def _begin(self, platform_id: str) -> None:
        self._begun = True
        self._platform_id = platform_id
        self._write(
            f'<?xml version="1.0" encoding="{self._encoding.value.upper()}"?>\n<Response>\n'
            f"<CmdType>Catalog</CmdType>\n<SN>1</SN>\n{element('DeviceID', platform_id)}\n"
            f'<SumNum>{self._count}</SumNum>\n<DeviceList Num="{self._count}">\n'
        )

    def _write(self, text: str) -> None:
        self._out.write(text.encode(self._encoding.value))
