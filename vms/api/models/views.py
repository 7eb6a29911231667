"""Saved views of the list of cameras."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from vms.api.models.shape import Answer, Asked
from vms.store.camera_groups import GroupBy

ColumnName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class ViewContent(Asked):
    filter: str = Field(default="", max_length=4000)
    q: str = Field(default="", max_length=200)
    columns: list[ColumnName] = Field(default_factory=list, max_length=60)
    widths: dict[ColumnName, Annotated[int, Field(ge=20, le=2000)]] = Field(
        default_factory=dict, max_length=60, description="in px"
    )
    sort: str = Field(default="", max_length=41)
    group: GroupBy | None = None


class NewView(Asked):
    name: str = Field(min_length=1, max_length=80)
    shared: bool = False
    content: ViewContent


class ViewRow(Answer):
    id: int
    name: str
    shared: bool
    mine: bool
    owner: str = Field(description="whose view it is")
    content: ViewContent
    changed_at: datetime


class ViewList(Answer):
    items: list[ViewRow] = Field(description="one's own and the shared ones, by name")
