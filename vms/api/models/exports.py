"""Lists given out."""

from typing import Annotated

from pydantic import Field

from vms.api.models.shape import Answer, Asked
from vms.services.export_cameras import ExportFormat
from vms.services.lists.catalogue_writer import CatalogueEncoding
from vms.services.lists.sheet_layout import Columns, Headings


class ExportAsked(Asked):
    format: ExportFormat
    filter: Annotated[str, Field(max_length=4000, description="as in GET cameras")] = ""
    q: Annotated[str, Field(max_length=200, description="words in anything that names a camera")] = ""
    sheet: Columns = Columns.ALL
    headings: Headings | None = None
    contacts: bool = Field(default=False, description="as they are; else masked in lists, left out of the rest")
    retired: bool = Field(default=False, description="also retired cameras, where the filter asks for no state")
    encoding: CatalogueEncoding = CatalogueEncoding.GB18030
    platform_id: Annotated[str, Field(pattern=r"^(\d{20})?$")] = ""
    without_valid_id: bool = Field(default=False, description="in gb28181, under their number here")


class NotInCatalogueRow(Answer):
    camera_id: int
    name: str
    gb_device_id: str
    reason: str


class ExportSummary(Answer):
    cameras: int = Field(description="in the file")
    registered: int = Field(description="left out: their owners registered them, and a list carries no consent")
    retired: int = Field(description="left out: nobody asked for them")
    not_entered: int = Field(description="left out of the collection sheet: nobody has accepted or named them yet")
    not_in_catalogue: int = Field(description="left out of gb28181")
    named: list[NotInCatalogueRow] = Field(description="those, with the reason; at most 10,000")
