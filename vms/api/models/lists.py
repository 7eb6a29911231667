"""Lists to read and compare: groups, trees, what can be filtered by."""

from datetime import datetime

from pydantic import Field

from vms.api.models.shape import Answer
from vms.inventory.filters.fields import FieldKind
from vms.store.camera_groups import GroupBy


class CountsNow(Answer):
    total: int
    up: int
    suspect: int
    down: int
    unknown: int


class GroupRow(Answer):
    key: str = Field(description="empty: not filled in; of owners the id")
    name: str
    counts: CountsNow


class GroupList(Answer):
    at: datetime
    by: GroupBy
    truncated: bool = Field(description="there are more groups than are listed")
    items: list[GroupRow] = Field(description="the largest first")


class RegionTreeNode(Answer):
    code: str = Field(description="empty: cameras without a region")
    name: str = Field(description="empty where the tree of regions does not know the code")
    level: str
    parent: str | None
    own: int = Field(description="cameras of exactly this code")
    counts: CountsNow = Field(description="with everything below")


class RegionTreeNow(Answer):
    at: datetime
    items: list[RegionTreeNode] = Field(description="parents before children")


class OwnerTreeOwner(Answer):
    owner_id: int | None = Field(description="null: cameras that no owner is known of")
    name: str
    counts: CountsNow


class OwnerTreeTier(Answer):
    tier: str
    counts: CountsNow
    owners: list[OwnerTreeOwner] = Field(description="the largest first")


class OwnerTreeNow(Answer):
    at: datetime
    items: list[OwnerTreeTier]


class FilterChoice(Answer):
    value: str
    label_en: str
    label_zh: str


class FilterFieldNow(Answer):
    name: str
    kind: FieldKind
    label_en: str
    label_zh: str
    aliases: list[str]
    operators: list[str] = Field(description="besides `has:`, which every field has")
    choices: list[FilterChoice] = Field(description="every value there can be, or the usual ones; empty: free")
    sortable: bool


class FilterFieldList(Answer):
    items: list[FilterFieldNow]
    groups: list[GroupBy] = Field(description="what GET cameras/groups can count by")
