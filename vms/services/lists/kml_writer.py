"""The cameras as KML 2.2 for earth viewers: one folder for each region. They must come by region."""

from html import escape
from typing import BinaryIO

from vms.services.lists.exported import WGS84_DIGITS, ExportedCamera, cell_text
from vms.services.lists.xml_text import element, legal

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n'
_SHOWN = (
    "tier",
    "owner",
    "pole_code",
    "gb_device_id",
    "manufacturer",
    "model",
    "serial_no",
    "bearing_deg",
    "h_fov_deg",
)
_NO_REGION = "无行政区划"


class KmlWriter:
    """A camera without a position is a placemark without a point."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._region: str | None = None
        self._write(_HEAD + element("name", "摄像机") + "\n")

    def put(self, one: ExportedCamera) -> None:
        code = one.camera.declared.region_code
        if code != self._region:
            self._write("</Folder>\n" if self._region is not None else "")
            self._write(f"<Folder>\n{element('name', one.region or _NO_REGION)}\n")
            self._region = code
        self._write(_placemark(one))

    def end(self) -> None:
        self._write(("</Folder>\n" if self._region is not None else "") + "</Document>\n</kml>\n")

    def _write(self, text: str) -> None:
        self._out.write(text.encode("utf-8"))


def _placemark(one: ExportedCamera) -> str:
    camera = one.camera
    told = {"status": one.status.value, "life_cycle": camera.life_cycle.value}
    told |= {name: cell_text(one.cells[name]) for name in _SHOWN if name in one.cells}
    data = "".join(
        f'<Data name="{name}"><value>{escape(legal(value), quote=False)}</value></Data>' for name, value in told.items()
    )
    address = camera.declared.install_address
    point = ""
    if camera.pose is not None:
        lon, lat = camera.pose.position.lon, camera.pose.position.lat
        point = f"<Point><coordinates>{lon:.{WGS84_DIGITS}f},{lat:.{WGS84_DIGITS}f}</coordinates></Point>"
    return (
        f'<Placemark id="camera-{camera.camera_id}">{element("name", camera.name)}'
        f"{element('address', address) if address else ''}<ExtendedData>{data}</ExtendedData>{point}</Placemark>\n"
    )
